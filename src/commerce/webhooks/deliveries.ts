import type { ISql, Sql, TransactionSql } from "postgres"

export const DELIVERY_STATUSES = ["waiting", "delivered", "dead"] as const

/** A row of the delivery log. Times are ISO. */
export interface Delivery {
  event_id: string
  event_type: string
  subject_id: string
  occurred_at: string
  status: (typeof DELIVERY_STATUSES)[number]
  attempts: number
  first_attempt_at: string | null
  last_attempt_at: string | null
  /** When it is tried next, of one that waits. */
  next_attempt_at: string | null
  delivered_at: string | null
  /** Of the last attempt: how long it took, and what was answered, or why nothing was. */
  duration_ms: number | null
  response_status: number | null
  response_body: string | null
  error: string | null
}

/** What of the log is asked for. */
export interface DeliveryFilter {
  status?: Delivery["status"] | undefined
  event_type?: string[] | undefined
  event_id?: string[] | undefined
  subject_id?: string[] | undefined
}

/** Lists the deliveries to an endpoint, those of the newest events first. @returns a page, and how many there are in all */
export async function listDeliveries(
  sql: Sql,
  endpointId: string,
  { status, event_type, event_id, subject_id }: DeliveryFilter,
  { limit, offset }: { limit: number; offset: number },
): Promise<{ rows: Delivery[]; count: number }> {
  const wanted = sql`
    endpoint_id = ${endpointId}
    ${status === undefined ? sql`` : sql`and ${isStatus(sql, status)}`}
    ${event_type === undefined ? sql`` : sql`and event_type = any(${event_type})`}
    ${event_id === undefined ? sql`` : sql`and event_id = any(${event_id})`}
    ${subject_id === undefined ? sql`` : sql`and subject_id = any(${subject_id})`}`
  const [rows, [all]] = await Promise.all([
    sql<Delivery[]>`
      select ${columns(sql)} from mostrador.webhook_delivery where ${wanted}
      order by event_position desc limit ${limit} offset ${offset}`,
    sql<{ count: number }[]>`select count(*)::int as count from mostrador.webhook_delivery where ${wanted}`,
  ])
  return { rows, count: all?.count ?? 0 }
}

/**
 * Sends an event once more, at once: of those of its subject that wait it keeps its place. An endpoint that is down is
 * tried with it.
 *
 * @returns undefined when the endpoint was never to get it
 */
export async function retryDelivery(
  tx: TransactionSql,
  endpointId: string,
  eventId: string,
): Promise<Delivery | undefined> {
  await tx`
    update mostrador.webhook_endpoint set retry_at = now()
    where id = ${endpointId} and retry_at > now()`
  const [delivery] = await tx<Delivery[]>`
    update mostrador.webhook_delivery
    set status = 'waiting', attempts = 0, first_attempt_at = null, due_at = least(now(), (
      select min(due_at) - interval '1 millisecond' from mostrador.webhook_delivery
      where endpoint_id = ${endpointId} and status = 'waiting'))
    where endpoint_id = ${endpointId} and event_id = ${eventId}
    returning ${columns(tx)}`
  if (delivery) {
    await tx`
      update mostrador.webhook_delivery set due_at = now()
      where endpoint_id = ${endpointId} and subject_id = ${delivery.subject_id} and status = 'waiting'
        and due_at > now()`
  }
  return delivery
}

/** Condition. Spelt out and no parameter: only so can Postgres tell that a partial index is meant. */
export const isStatus = (sql: ISql, status: Delivery["status"]) =>
  ({ waiting: sql`status = 'waiting'`, delivered: sql`status = 'delivered'`, dead: sql`status = 'dead'` })[status]

const columns = (sql: ISql) => {
  const iso = (column: string) => sql`mostrador.iso(${sql(column)}) as ${sql(column)}`
  return sql`
    event_id, event_type, subject_id, ${iso("occurred_at")}, status, attempts, ${iso("first_attempt_at")},
    ${iso("last_attempt_at")}, case when status = 'waiting' then mostrador.iso(due_at) end as next_attempt_at,
    ${iso("delivered_at")}, duration_ms, response_status, response_body, error`
}
