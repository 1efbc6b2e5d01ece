import type { Sql } from "postgres"
import type Stripe from "stripe"
import { type PaymentEvent, paymentEvent } from "./events.ts"

/** What may change what is to be done about a payment. */
const TYPES = [
  ...["payment_intent.amount_capturable_updated", "payment_intent.succeeded"],
  ...["payment_intent.canceled", "payment_intent.payment_failed"],
]
/** How far back the first time. */
const FIRST_SECONDS = 24 * 3600
/** Stripe does not give out events in the order in which they happen to the second. */
const OVERLAP_SECONDS = 600
const PAGE = 100

/** Who asks and is killed keeps others from asking for so long. */
const TURN_SECONDS = 300

/**
 * Asks Stripe for the events since it was asked last: those that it could not tell us, because the endpoint was down, or
 * not set up, or the message was lost. One process at a time; costs one request as long as little happens.
 *
 * @param store  stores an event, unless it is known; and says whether it was new
 * @returns how many of them were new
 */
export async function reconcile(
  sql: Sql,
  stripe: Stripe,
  store: (event: PaymentEvent) => Promise<boolean>,
  signal?: AbortSignal,
): Promise<number> {
  const now = Math.floor(Date.now() / 1000)
  const turn = sql`clock_timestamp() + make_interval(secs => ${TURN_SECONDS})`
  const [taken] = await sql<{ until: number }[]>`
    insert into mostrador.stripe_asked as asked (until, taken_until)
    values (to_timestamp(${now - FIRST_SECONDS}), ${turn})
    on conflict (is_one) do update set taken_until = excluded.taken_until where asked.taken_until < clock_timestamp()
    returning extract(epoch from until)::float8 as until`
  if (!taken) return 0
  let until = taken.until
  let found = 0
  try {
    const since = Math.floor(until) - OVERLAP_SECONDS
    for await (const event of stripe.events.list({ types: TYPES, created: { gte: since }, limit: PAGE })) {
      if (signal?.aborted) return found
      const about = paymentEvent(event)
      if (about && (await store(about))) found++
    }
    until = now
    return found
  } finally {
    await sql`update mostrador.stripe_asked set until = to_timestamp(${until}), taken_until = clock_timestamp()`
  }
}
