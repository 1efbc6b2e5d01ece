import type { Sql, TransactionSql } from "postgres"
import { recordEvents } from "../../platform/events/index.ts"
import type { Log } from "../../platform/log.ts"
import { type WebhookOptions, waitSeconds } from "./options.ts"
import type { Attempt } from "./sending.ts"
import type { Due } from "./turn.ts"

/** Deliveries of so many subjects have failed, and none was taken: the endpoint is down, and not what it is sent. */
const DOWN_AFTER = 3
const GONE = 410
/** After so long without a try, which no wait is, an old failure says nothing of the endpoint any more. */
const QUIET_SECONDS = 25 * 3600
/** With these `Retry-After` speaks of the endpoint as a whole. */
const LEAVE_ALONE = [429, 503]

/**
 * Writes down that a delivery was taken; what stood behind it can go on.
 *
 * @returns whether the endpoint wants more: it may be disabled or removed
 */
export async function noteSuccess(
  sql: Sql,
  endpointId: string,
  { position, subject_id, attempts }: Due,
  it: Attempt,
): Promise<boolean> {
  const [noted] = await sql<{ is_wanted: boolean }[]>`
    update mostrador.webhook_delivery
    set status = 'delivered', delivered_at = now(), ${attempted(sql, it)}
    where endpoint_id = ${endpointId} and event_position = ${position}::bigint and status = 'waiting'
    returning exists (
      select from mostrador.webhook_endpoint
      where id = ${endpointId} and disabled_at is null and deleted_at is null) as is_wanted`
  if (attempts > 0) await goOn(sql, endpointId, subject_id)
  return noted?.is_wanted ?? true
}

/** The endpoint takes something again: all that was put off can be tried. */
export async function noteRecovery(sql: Sql, endpointId: string): Promise<void> {
  await sql.begin(async (tx) => {
    const [was] = await tx<{ is_down: boolean }[]>`
      select retry_at is not null as is_down from mostrador.webhook_endpoint where id = ${endpointId} for update`
    await tx`
      update mostrador.webhook_endpoint
      set failing_since = null, failing_subjects = '{}', retry_at = null, retries = 0, last_success_at = now()
      where id = ${endpointId}`
    if (was?.is_down) await goOn(tx, endpointId)
  })
}

interface Endpoint {
  failing_subjects: string[]
  is_down: boolean
  is_due: boolean
  retries: number
  has_failed_for_long: boolean
}

/**
 * Writes down that a delivery was not taken, and what follows from it: it is tried again later, and what stands behind it
 * waits; or it is dead, and what stands behind it goes on. An endpoint that is down is left alone for a while, and
 * disabled when it is gone, or has taken nothing for as long as a delivery is tried: what waits for it then stays.
 *
 * @returns whether the endpoint is down now
 */
export async function noteFailure(
  sql: Sql,
  log: Log,
  options: WebhookOptions,
  endpointId: string,
  due: Due,
  it: Attempt,
): Promise<boolean> {
  return await sql.begin(async (tx) => {
    const endpoint = await noteEndpointFailure(tx, options, endpointId, it)
    if (!endpoint) return true
    // One who is well may refuse a single event for ever: then it is the event that is given up.
    const isDead = endpoint.has_failed_for_long && (endpoint.is_down || !isRefusal(it))
    if (it.status === GONE || isDead) {
      await tx`
        update mostrador.webhook_delivery set ${attempted(tx, it)}
        where endpoint_id = ${endpointId} and event_position = ${due.position}::bigint and status = 'waiting'`
      await disable(tx, log, endpointId, it.status === GONE ? "gone" : "failing")
      return true
    }
    await putOff(tx, log, options, endpointId, due, it)
    return await leaveAlone(tx, options, endpointId, endpoint, due.subject_id, it)
  })
}

/** The endpoint understands requests, and wants this one not. */
const isRefusal = ({ status = 0 }: Attempt) => status >= 400 && status < 500 && !LEAVE_ALONE.includes(status)

async function noteEndpointFailure(
  tx: TransactionSql,
  { giveUpSeconds }: WebhookOptions,
  endpointId: string,
  it: Attempt,
): Promise<Endpoint | undefined> {
  const [endpoint] = await tx<Endpoint[]>`
    update mostrador.webhook_endpoint
    set last_failure_at = now(), last_failure = ${it.error ?? `answered ${it.status}`},
      failing_since = case when last_failure_at > now() - make_interval(secs => ${QUIET_SECONDS})
        then coalesce(failing_since, now()) else now() end
    where id = ${endpointId} and disabled_at is null and deleted_at is null
    returning failing_subjects, retries, retry_at is not null as is_down, coalesce(retry_at <= now(), true) as is_due,
      failing_since <= now() - make_interval(secs => ${giveUpSeconds}) as has_failed_for_long`
  return endpoint
}

async function putOff(
  tx: TransactionSql,
  log: Log,
  { backoffSeconds, giveUpSeconds }: WebhookOptions,
  endpointId: string,
  { position, subject_id, event_id, attempts }: Due,
  it: Attempt,
): Promise<void> {
  const wait = waitSeconds(backoffSeconds, attempts + 1, it.retryAfterSeconds)
  const [put] = await tx<{ is_dead: boolean }[]>`
    update mostrador.webhook_delivery
    set ${attempted(tx, it)}, due_at = now() + make_interval(secs => ${wait}),
      status = case when first_attempt_at <= now() - make_interval(secs => ${giveUpSeconds})
        then 'dead' else 'waiting' end
    where endpoint_id = ${endpointId} and event_position = ${position}::bigint and status = 'waiting'
    returning status = 'dead' as is_dead`
  if (put?.is_dead) {
    log.error({ endpoint_id: endpointId, event_id }, "a webhook's delivery has failed for days, and is given up")
    return await goOn(tx, endpointId, subject_id)
  }
  await tx`
    update mostrador.webhook_delivery set due_at = now() + make_interval(secs => ${wait})
    where endpoint_id = ${endpointId} and subject_id = ${subject_id} and status = 'waiting'`
}

async function leaveAlone(
  tx: TransactionSql,
  { downSeconds }: WebhookOptions,
  endpointId: string,
  { failing_subjects, is_down, is_due, retries }: Endpoint,
  subject: string,
  { status, retryAfterSeconds }: Attempt,
): Promise<boolean> {
  const subjects = [...new Set([...failing_subjects, subject])].slice(0, DOWN_AFTER)
  const asked = LEAVE_ALONE.includes(status ?? 0) ? retryAfterSeconds : undefined
  const isDown = is_down || asked !== undefined || subjects.length === DOWN_AFTER
  // Of many requests that fail at once, one counts.
  const begins = isDown && is_due
  const wait = begins ? waitSeconds(downSeconds, retries + 1, asked) : 0
  await tx`
    update mostrador.webhook_endpoint
    set failing_subjects = ${subjects}, retries = retries + ${begins ? 1 : 0},
      retry_at = case when ${begins} then now() + make_interval(secs => ${wait}) else retry_at end
    where id = ${endpointId}`
  return isDown
}

/** Sends an endpoint nothing more, and tells of it: in the log, and those endpoints that want to hear of it. */
async function disable(tx: TransactionSql, log: Log, endpointId: string, reason: "gone" | "failing"): Promise<void> {
  await tx`
    update mostrador.webhook_endpoint set disabled_at = now(), disabled_reason = ${reason}, updated_at = now()
    where id = ${endpointId}`
  await recordEvents(tx, [
    {
      name: "webhook_endpoint.disabled",
      subject: { type: "webhook_endpoint", id: endpointId },
      ...{ version: null, channel: null, device: null, actor: { type: "system", id: null } },
      ...{ before: { disabled: false }, after: { disabled: true, disabled_reason: reason } },
    },
  ])
  log.error({ endpoint_id: endpointId, reason }, "a webhook's endpoint is disabled")
}

/** An event that is pruned can be sent no more. */
export async function noteForgotten(sql: Sql, endpointId: string, { position, subject_id }: Due): Promise<void> {
  await sql`
    update mostrador.webhook_delivery set status = 'dead', error = 'the event is not kept any more'
    where endpoint_id = ${endpointId} and event_position = ${position}::bigint and status = 'waiting'`
  await goOn(sql, endpointId, subject_id)
}

/** Ends the waiting of what was put off: of one subject, or all. */
async function goOn(sql: Sql | TransactionSql, endpointId: string, subject?: string): Promise<void> {
  await sql`
    update mostrador.webhook_delivery set due_at = now()
    where endpoint_id = ${endpointId} and status = 'waiting' and due_at > now()
      and ${subject === undefined ? sql`true` : sql`subject_id = ${subject}`}`
}

const attempted = (sql: Sql | TransactionSql, { status, body, error, durationMs }: Attempt) => sql`
  attempts = attempts + 1, first_attempt_at = coalesce(first_attempt_at, now()), last_attempt_at = now(),
  duration_ms = ${durationMs}, response_status = ${status ?? null}, response_body = ${body}, error = ${error}`
