import type { ISql, PendingQuery, Sql, TransactionSql } from "postgres"
import { newId } from "../../platform/ids.ts"
import { isStatus } from "./deliveries.ts"
import { lastReplays, type Replay } from "./replay.ts"
import { newSecret } from "./signing.ts"

/** Where an integrator wants to be told of events, and how that goes. Times are ISO. */
export interface Endpoint {
  id: string
  url: string
  description: string | null
  event_types: string[]
  metadata: Record<string, unknown> | null
  disabled: boolean
  disabled_at: string | null
  disabled_reason: "by_staff" | "gone" | "failing" | null
  /** Until then the secret before this one signs, too. */
  previous_secret_until: string | null
  created_at: string
  updated_at: string
  health: Health
}

export interface Health {
  last_success_at: string | null
  last_failure_at: string | null
  /** In a few words. */
  last_failure: string | null
  /** The first failure since the last success. */
  failing_since: string | null
  /** It takes nothing, and is not tried before then. */
  retry_at: string | null
  /** Deliveries that wait, and that were given up. */
  waiting: number
  dead: number
  last_replay: Replay | null
}

/** What is decided of an endpoint. */
export interface EndpointSettings {
  /** As `checkUrl` gives it. */
  url: string
  description: string | null
  event_types: string[]
  metadata: Record<string, unknown> | null
  disabled: boolean
}

/** How long a secret signs beside the one that has replaced it. */
const ROTATION_HOURS = 24
/** Of those that were replaced within that time, so many sign: the answer with a new one may have been lost. */
const MOST_SECRETS = 4

/** @returns the endpoint's id, and the secret, which is not shown again */
export async function createEndpoint(
  sql: ISql,
  { url, description, event_types, metadata, disabled }: EndpointSettings,
  secret = newSecret(),
): Promise<{ id: string; secret: string }> {
  const id = newId("whep")
  await sql`
    insert into mostrador.webhook_endpoint
      (id, url, description, event_types, metadata, secret, disabled_at, disabled_reason)
    values (${id}, ${url}, ${description}, ${event_types}, ${json(metadata)}, ${secret},
      case when ${disabled} then now() end, case when ${disabled} then 'by_staff' end)`
  return { id, secret }
}

/** Changes what is given; one that is enabled, or moved, is tried anew with all that waits for it. @returns whether there is one */
export async function updateEndpoint(
  tx: TransactionSql,
  id: string,
  change: Partial<EndpointSettings>,
): Promise<boolean> {
  const { url, description, event_types, metadata, disabled } = change
  const set = [
    ...(url === undefined ? [] : [tx`url = ${url}`]),
    ...(description === undefined ? [] : [tx`description = ${description}`]),
    ...(event_types === undefined ? [] : [tx`event_types = ${event_types}`]),
    ...(metadata === undefined ? [] : [tx`metadata = ${json(metadata)}`]),
    ...(disabled === true
      ? [tx`disabled_at = coalesce(disabled_at, now())`, tx`disabled_reason = coalesce(disabled_reason, 'by_staff')`]
      : []),
    ...(disabled === false ? [tx`disabled_at = null`, tx`disabled_reason = null`] : []),
  ]
  const assignments = set.reduce((all, it) => tx`${all}, ${it}`, tx`updated_at = now()`)
  const updated = await tx`
    update mostrador.webhook_endpoint set ${assignments} where id = ${id} and deleted_at is null returning id`
  if (updated.length > 0 && (url !== undefined || disabled === false)) await tryAnew(tx, id)
  return updated.length > 0
}

/** Forgets how it has failed. */
async function tryAnew(tx: TransactionSql, id: string): Promise<void> {
  await tx`
    update mostrador.webhook_endpoint set failing_since = null, failing_subjects = '{}', retry_at = null, retries = 0
    where id = ${id}`
  await tx`
    update mostrador.webhook_delivery set due_at = now(), attempts = 0, first_attempt_at = null
    where endpoint_id = ${id} and status = 'waiting' and (due_at > now() or attempts > 0)`
}

/** Sends it nothing more, and shows it to nobody. @returns whether there was one */
export async function removeEndpoint(sql: ISql, id: string): Promise<boolean> {
  const removed = await sql`
    update mostrador.webhook_endpoint set deleted_at = now(), secret = '', previous_secrets = '{}'
    where id = ${id} and deleted_at is null returning id`
  return removed.length > 0
}

/** Gives an endpoint a new secret; the old one signs beside it for a day. @returns undefined when there is no such endpoint */
export async function rotateSecret(sql: ISql, id: string, secret = newSecret()): Promise<string | undefined> {
  const rotated = await sql`
    update mostrador.webhook_endpoint
    set previous_secrets = (secret || case when previous_secret_until > now() then previous_secrets else '{}' end)[:${MOST_SECRETS}],
      previous_secret_until = now() + make_interval(hours => ${ROTATION_HOURS}), secret = ${secret}, updated_at = now()
    where id = ${id} and deleted_at is null returning id`
  return rotated.length > 0 ? secret : undefined
}

/** With what, and where, messages to an endpoint go now. */
export async function readAddress(sql: Sql, id: string): Promise<{ url: string; secrets: string[] } | undefined> {
  const [row] = await sql<{ url: string; secrets: string[] }[]>`
    select url, secret || case when previous_secret_until > now() then previous_secrets else '{}' end as secrets
    from mostrador.webhook_endpoint where id = ${id} and deleted_at is null`
  return row
}

export async function findEndpoint(sql: ISql, id: string): Promise<Endpoint | undefined> {
  const [found] = await readEndpoints(sql, sql`endpoint.id = ${id}`, { limit: 1, offset: 0 })
  return found
}

/** Lists endpoints, the newest first. @returns a page, and how many there are in all */
export async function listEndpoints(
  sql: Sql,
  page: { limit: number; offset: number },
): Promise<{ rows: Endpoint[]; count: number }> {
  const [rows, [all]] = await Promise.all([
    readEndpoints(sql, sql`true`, page),
    sql<{ count: number }[]>`
      select count(*)::int as count from mostrador.webhook_endpoint where deleted_at is null`,
  ])
  return { rows, count: all?.count ?? 0 }
}

type Row = Omit<Endpoint, "health"> & Omit<Health, "last_replay">

async function readEndpoints(
  sql: ISql,
  condition: PendingQuery<Row[]>,
  { limit, offset }: { limit: number; offset: number },
): Promise<Endpoint[]> {
  const iso = (column: string) => sql`mostrador.iso(${sql(column)}) as ${sql(column)}`
  const deliveries = (status: "waiting" | "dead") => sql`(
    select count(*)::int from mostrador.webhook_delivery
    where endpoint_id = endpoint.id and ${isStatus(sql, status)})`
  const rows = await sql<Row[]>`
    select id, url, description, event_types, metadata, disabled_at is not null as disabled, disabled_reason,
      last_failure, ${iso("disabled_at")}, ${iso("created_at")}, ${iso("updated_at")}, ${iso("last_success_at")},
      ${iso("last_failure_at")}, ${iso("failing_since")}, ${iso("retry_at")},
      case when previous_secret_until > now() then mostrador.iso(previous_secret_until) end as previous_secret_until,
      ${deliveries("waiting")} as waiting, ${deliveries("dead")} as dead
    from mostrador.webhook_endpoint endpoint where deleted_at is null and ${condition}
    order by endpoint.created_at desc, id limit ${limit} offset ${offset}`
  const ids = rows.map(({ id }) => id)
  const replays = await lastReplays(sql, ids)
  return rows.map((row) => {
    const { last_success_at, last_failure_at, last_failure, failing_since, retry_at, waiting, dead, ...endpoint } = row
    return {
      ...endpoint,
      health: {
        ...{ last_success_at, last_failure_at, last_failure, failing_since, retry_at, waiting, dead },
        last_replay: replays.get(endpoint.id) ?? null,
      },
    }
  })
}

const json = (value: Record<string, unknown> | null) => (value === null ? null : JSON.stringify(value))
