import type { Sql } from "postgres"
import type Stripe from "stripe"
import { ifUnlocked, type LockConnections } from "../../platform/db/index.ts"
import { type PaymentEvent, paymentEvent } from "./events.ts"

/** What may change what is to be done about a payment. */
const TYPES = [
  ...["payment_intent.amount_capturable_updated", "payment_intent.succeeded"],
  ...["payment_intent.canceled", "payment_intent.payment_failed", "charge.refunded"],
]
/** How far back the first time. */
const FIRST_SECONDS = 24 * 3600
/** Stripe does not give out events in the order in which they happen to the second. */
const OVERLAP_SECONDS = 600
const PAGE = 100

/**
 * Asks Stripe for the events since it was asked last: those that it could not tell us, because the endpoint was down, or
 * not set up, or the message was lost. One process at a time; costs one request as long as little happens.
 *
 * @param store  stores an event, unless it is known; and says whether it was new
 * @returns how many of them were new
 */
export async function reconcile(
  { sql, locks }: { sql: Sql; locks: LockConnections },
  stripe: Stripe,
  store: (event: PaymentEvent) => Promise<boolean>,
  signal?: AbortSignal,
): Promise<number> {
  const found = await ifUnlocked(locks, "asking-stripe", () => askSince(sql, stripe, store, signal))
  return found ?? 0
}

async function askSince(
  sql: Sql,
  stripe: Stripe,
  store: (event: PaymentEvent) => Promise<boolean>,
  signal: AbortSignal | undefined,
): Promise<number> {
  const now = Math.floor(Date.now() / 1000)
  const [asked] = await sql<{ until: number }[]>`
    select extract(epoch from until)::float8 as until from mostrador.stripe_asked`
  const since = Math.floor(asked?.until ?? now - FIRST_SECONDS) - OVERLAP_SECONDS
  let found = 0
  for await (const event of stripe.events.list({ types: TYPES, created: { gte: since }, limit: PAGE })) {
    if (signal?.aborted) return found
    const about = paymentEvent(event)
    if (about && (await store(about))) found++
  }
  await sql`
    insert into mostrador.stripe_asked (until) values (to_timestamp(${now}))
    on conflict (is_one) do update set until = excluded.until`
  return found
}
