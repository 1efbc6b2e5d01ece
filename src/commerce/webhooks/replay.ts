import type { ISql, Sql, TransactionSql } from "postgres"
import { newId } from "../../platform/ids.ts"
import { wants } from "./follow.ts"

/** Which events an endpoint is to get again: from a time or an event on. */
export interface Range {
  since?: string | undefined
  /** Id of the first one. */
  from_event_id?: string | undefined
  /** Id of the last one that is not sent again. */
  after_event_id?: string | undefined
  /** Not from then on. */
  until?: string | undefined
  /** Of those that the endpoint wants, only these. */
  event_types?: string[] | undefined
}

export interface Replay {
  id: string
  asked: Range
  /** How many events were found. */
  events: number
  created_at: string
  /** When all were found; they are sent from then on. */
  finished_at: string | null
}

/** There is no such event, or not any more. */
export class UnknownEvent extends Error {}
/** The endpoint is about to get others again. */
export class ReplayRunning extends Error {}

/** So many events in one transaction. */
const BATCH = 1_000
/** The log is in the order of transactions, and that of time differs from it by no more. */
const SLACK_SECONDS = 600

/**
 * Asks for events to be sent to an endpoint again, or for the first time. Asked twice while they are looked up it is the
 * same replay.
 *
 * @throws UnknownEvent ReplayRunning
 */
export async function askForReplay(sql: ISql, endpointId: string, asked: Range): Promise<Replay> {
  const first = asked.from_event_id ?? asked.after_event_id
  const found = first === undefined ? undefined : await findEvent(sql, first)
  const since = asked.since ?? new Date(0).toISOString()
  const read = await transactionAt(sql, found?.occurred_at ?? since, -SLACK_SECONDS)
  const end = asked.until && (await transactionAt(sql, asked.until, SLACK_SECONDS))
  const from = found && (BigInt(found.position) + (asked.after_event_id === undefined ? 0n : 1n)).toString()
  const [made] = await sql<Replay[]>`
    insert into mostrador.webhook_replay
      (id, endpoint_id, asked, since, until, from_position, event_types, read_tx, read_position, end_tx)
    select ${newId("whrp")}, ${endpointId}, ${JSON.stringify(asked)}, ${found ? null : since}::timestamptz,
      ${asked.until ?? null}::timestamptz, ${from ?? null}::bigint, ${asked.event_types ?? null}::text[],
      ${read}::xid8, 0, coalesce(${end ?? null}::xid8, pg_snapshot_xmax(pg_current_snapshot()))
    on conflict (endpoint_id) where finished_at is null do update set endpoint_id = excluded.endpoint_id
      where webhook_replay.asked = excluded.asked
    returning ${columns(sql)}`
  if (!made) throw new ReplayRunning()
  return made
}

/** The newest replay of each of these endpoints that has had one. */
export async function lastReplays(sql: ISql, endpointIds: readonly string[]): Promise<Map<string, Replay>> {
  const rows = await sql<(Replay & { endpoint_id: string })[]>`
    select distinct on (endpoint_id) endpoint_id, ${columns(sql)} from mostrador.webhook_replay replay
    where endpoint_id = any(${[...endpointIds]}) order by endpoint_id, replay.created_at desc`
  return new Map(rows.map(({ endpoint_id, ...replay }) => [endpoint_id, replay]))
}

/**
 * Goes on with one replay by a batch: its events wait to be sent, whatever became of them before. Its place is moved in
 * the same transaction, so that whoever is killed loses nothing. One process at a time for each replay.
 *
 * @returns whether there was anything to do
 */
export async function replaySome(sql: Sql): Promise<boolean> {
  const [look] = await sql`select from mostrador.webhook_replay where finished_at is null limit 1`
  if (!look) return false
  return await sql.begin(async (tx) => {
    const [replay] = await tx<{ id: string }[]>`
      select id from mostrador.webhook_replay where finished_at is null limit 1 for update skip locked`
    if (replay) await replayBatch(tx, replay.id)
    return replay !== undefined
  })
}

async function replayBatch(tx: TransactionSql, id: string): Promise<void> {
  await tx`
    with page as materialized (
      select event.* from mostrador.webhook_replay replay, lateral (
        select * from mostrador.event
        where (tx, position) > (replay.read_tx, replay.read_position) and tx < replay.end_tx
        order by tx, position limit ${BATCH}) event
      where replay.id = ${id}
    ), made as (
      insert into mostrador.webhook_delivery
        (endpoint_id, event_position, event_tx, event_id, event_type, subject_id, occurred_at)
      select endpoint.id, page.position, page.tx, page.id, page.name, page.subject_id, page.occurred_at
      from page, mostrador.webhook_replay replay
      join mostrador.webhook_endpoint endpoint on endpoint.id = replay.endpoint_id and endpoint.deleted_at is null
      where replay.id = ${id} and ${wants(tx, "endpoint", "page")}
        and (replay.event_types is null or ${wants(tx, "replay", "page")})
        and (replay.since is null or page.occurred_at >= replay.since)
        and (replay.from_position is null or page.position >= replay.from_position)
        and (replay.until is null or page.occurred_at < replay.until)
      order by page.position
      on conflict (endpoint_id, event_position) do update
        set status = 'waiting', due_at = now(), attempts = 0, first_attempt_at = null
        where webhook_delivery.status <> 'waiting'
      returning 1
    ), last as (
      select tx, position from page order by tx desc, position desc limit 1
    )
    update mostrador.webhook_replay replay
    set events = events + (select count(*) from made),
      read_tx = coalesce((select tx from last), read_tx),
      read_position = coalesce((select position from last), read_position),
      finished_at = case when (select count(*) from page) < ${BATCH} then clock_timestamp() end
    where id = ${id}`
}

interface Found {
  tx: string
  position: string
  occurred_at: string
}

/** An event by its id, which tells when it was made: no index on the log is needed. */
async function findEvent(sql: ISql, id: string): Promise<Found> {
  const made = timeOf(id)
  const [from, to] = [await transactionAt(sql, made, -SLACK_SECONDS), await transactionAt(sql, made, SLACK_SECONDS)]
  const [found] = await sql<Found[]>`
    select tx::text as tx, position::text as position, mostrador.iso(occurred_at) as occurred_at
    from mostrador.event where tx >= ${from}::xid8 and tx <= ${to}::xid8 and id = ${id}`
  if (!found) throw new UnknownEvent()
  return found
}

const DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

/** @throws UnknownEvent when it is not of the form of our ids (`newId`) */
function timeOf(id: string): string {
  const moment = /^evt_([0-7][0-9A-HJKMNP-TV-Z]{9})[0-9A-HJKMNP-TV-Z]{16}$/.exec(id)?.[1]
  if (!moment) throw new UnknownEvent()
  const milliseconds = [...moment].reduce((sum, digit) => sum * 32 + DIGITS.indexOf(digit), 0)
  // Later than Postgres and JavaScript can tell is later than any event.
  return new Date(Math.min(milliseconds, Date.UTC(9999, 0))).toISOString()
}

/**
 * The transaction of the first event from a time on, near enough; by halves, since the log has no index on time.
 *
 * @param shift  seconds to be added to the time
 * @returns the next transaction of all when there is none
 */
async function transactionAt(sql: ISql, time: string, shift: number): Promise<string> {
  const [bounds] = await sql<{ low: string; high: string }[]>`
    select coalesce((select tx from mostrador.event order by tx, position limit 1), next)::text as low,
      next::text as high
    from (select pg_snapshot_xmax(pg_current_snapshot()) as next) it`
  let low = BigInt(bounds?.low ?? 0)
  let high = BigInt(bounds?.high ?? 0)
  while (low < high) {
    const middle = (low + high) / 2n
    const [event] = await sql<{ tx: string; is_later: boolean }[]>`
      select tx::text as tx, occurred_at >= ${time}::timestamptz + make_interval(secs => ${shift}) as is_later
      from mostrador.event where tx >= ${middle.toString()}::xid8 order by tx, position limit 1`
    if (!event || event.is_later) high = middle
    else low = BigInt(event.tx) + 1n
  }
  return low.toString()
}

const columns = (sql: ISql) => sql`
  id, asked, events, mostrador.iso(created_at) as created_at, mostrador.iso(finished_at) as finished_at`
