import type { Sql, TransactionSql } from "postgres"
import type Stripe from "stripe"
import type { Jobs } from "../../platform/jobs/index.ts"

/** Work for an event that is stored. */
export interface EventJob {
  event_id: string
  payment_intent_id: string
}

/** An event about a payment. */
export interface PaymentEvent {
  id: string
  type: string
  payment_intent_id: string
  /** Seconds since 1970. */
  created: number
}

/** @returns what an event says of a payment; undefined when it is about something else */
export function paymentEvent({ id, type, created, data }: Stripe.Event): PaymentEvent | undefined {
  // What is signed need not be of the form that we know.
  const { object } = (data ?? {}) as { object?: { object?: string; id?: string; payment_intent?: unknown } }
  const intent = type === "charge.refunded" ? object?.payment_intent : object?.id
  const isAbout = object?.object === (type === "charge.refunded" ? "charge" : "payment_intent")
  if (!isAbout || typeof intent !== "string" || !intent || !id || !type || !created) return undefined
  return { id, type, created, payment_intent_id: intent }
}

/**
 * Stores an event, and asks for what is to be done about it, in one transaction; of one that is there already nothing.
 *
 * @returns whether it is new
 */
export async function storeEvent(sql: Sql, jobs: Pick<Jobs<EventJob>, "ask">, event: PaymentEvent): Promise<boolean> {
  return await sql.begin((tx: TransactionSql) => storeIn(tx, jobs, event))
}

/** The same in the caller's transaction. */
export async function storeIn(
  tx: TransactionSql,
  jobs: Pick<Jobs<EventJob>, "ask">,
  { id, type, payment_intent_id, created }: PaymentEvent,
): Promise<boolean> {
  const stored = await tx`
    insert into mostrador.stripe_event (id, type, payment_intent_id, created_at)
    values (${id}, ${type}, ${payment_intent_id}, to_timestamp(${created}))
    on conflict (id) do nothing returning id`
  if (stored.length === 0) return false
  await jobs.ask(tx, { event_id: id, payment_intent_id })
  return true
}

/** How long a job may be on its way before it is looked for. */
const LOST_MINUTES = 10
const MOST = 100

/**
 * Asks again for what was asked for and never ended: its retries are used up, or its job is lost.
 *
 * @returns how many events had nobody who dealt with them
 */
export async function askAgain(sql: Sql, jobs: Jobs<EventJob>): Promise<number> {
  return await sql.begin(async (tx) => {
    const rows = await tx<EventJob[]>`
      select id as event_id, payment_intent_id from mostrador.stripe_event
      where settled_at is null and received_at < now() - make_interval(mins => ${LOST_MINUTES})
      order by received_at limit ${MOST} for update skip locked`
    const waiting = await jobs.waiting(
      tx,
      "event_id",
      rows.map((it) => it.event_id),
    )
    const lost = rows.filter((it) => !waiting.has(it.event_id))
    for (const it of lost) await jobs.ask(tx, it)
    return lost.length
  })
}

/** What is dealt with stays, so that it is known when it comes again. Stripe tells nothing for longer than 30 days. */
export async function settled(sql: Sql, eventId: string, outcome: string): Promise<void> {
  await sql`update mostrador.stripe_event set settled_at = now(), outcome = ${outcome} where id = ${eventId}`
}

const KEPT_DAYS = 60

export async function pruneEvents(sql: Sql): Promise<void> {
  await sql`
    delete from mostrador.stripe_event
    where received_at < now() - make_interval(days => ${KEPT_DAYS}) and settled_at is not null`
}
