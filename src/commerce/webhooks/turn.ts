import type { Sql } from "postgres"

/** A delivery that can be made now: the first one of its subject. */
export interface Due {
  /** As text: it has 64 bits. */
  position: string
  event_id: string
  subject_id: string
  attempts: number
  /** What is sent; null when the event is not kept any more. */
  body: string | null
}

/** What an endpoint has to be sent, and how. */
export interface Round {
  url: string
  secrets: string[]
  /** Deliveries have failed since the last success. */
  isFailing: boolean
  /** Nothing else is due: neither is the endpoint down, nor is anything looked up that it is to get again. */
  isWhole: boolean
  due: Due[]
}

/** Who works for an endpoint, and for how long at a time. */
export interface Turn {
  endpointId: string
  by: string
  seconds: number
}

/**
 * Takes the turn of every endpoint that has something due and of which nobody has it. A turn ends by itself, so that a
 * process that is killed keeps nobody waiting for long.
 *
 * @param active  those for which this process is at work already
 * @returns their ids
 */
export async function takeTurns(sql: Sql, by: string, seconds: number, active: readonly string[]): Promise<string[]> {
  const rows = await sql<{ id: string }[]>`
    update mostrador.webhook_endpoint
    set taken_by = ${by}, taken_until = clock_timestamp() + make_interval(secs => ${seconds})
    where id in (
      select id from mostrador.webhook_endpoint endpoint
      where disabled_at is null and deleted_at is null and id <> all(${[...active]})
        and (taken_until is null or taken_until < clock_timestamp() or taken_by = ${by})
        and (retry_at is null or retry_at <= now())
        and ${isNotReplaying(sql)}
        and (
          select retry_at is not null or due_at <= now() from mostrador.webhook_delivery
          where endpoint_id = endpoint.id and status = 'waiting' order by due_at limit 1)
      for update skip locked)
    returning id`
  return rows.map(({ id }) => id)
}

/**
 * Keeps the turn, and finds what can be sent: of each subject the first that waits, if it is due. Of an endpoint that is
 * down it is one delivery, once nothing is on its way, whether or not it is due itself: the one that is soonest, so that
 * each has its try.
 *
 * @param inHand       subjects that are being dealt with
 * @param lastSuccess  to be noted, when there was one
 * @returns undefined when the turn is lost, or the endpoint disabled
 */
export async function nextRound(
  sql: Sql,
  { endpointId, by, seconds }: Turn,
  { inHand, most, lastSuccess }: { inHand: readonly string[]; most: number; lastSuccess: Date | null },
): Promise<Round | undefined> {
  // The smallest position is looked up for each row by the index, and never for all of them at once: with a limit that
  // is a few look-ups, however much waits.
  const rows = await sql<(Pick<Round, "url" | "secrets"> & Due & { is_failing: boolean; is_whole: boolean })[]>`
    with turn as (
      update mostrador.webhook_endpoint endpoint
      set taken_until = clock_timestamp() + make_interval(secs => ${seconds}),
        last_success_at = coalesce(${lastSuccess?.toISOString() ?? null}::timestamptz, last_success_at)
      where id = ${endpointId} and taken_by = ${by} and disabled_at is null and deleted_at is null
      returning id, url, retry_at, failing_since, ${isNotReplaying(sql)} as is_free,
        secret || case when previous_secret_until > now() then previous_secrets else '{}' end as secrets
    )
    select url, secrets,
      failing_since is not null as is_failing, is_free and retry_at is null as is_whole, due.*
    from turn left join lateral (
      select event_position::text as position, delivery.event_id, delivery.subject_id, attempts, (
        select json_build_object('type', name, 'timestamp', mostrador.iso(event.occurred_at), 'data', json_build_object(
          'id', id, 'subject', json_build_object('type', subject_type, 'id', subject_id), 'version', version,
          'channel', channel, 'channel_id', channel_id, 'actor', actor, 'device', device, 'before', data->'before', 'after', data->'after'))::text
        from mostrador.event where tx = event_tx and event.position = event_position) as body
      from mostrador.webhook_delivery delivery
      where endpoint_id = turn.id and status = 'waiting' and turn.is_free
        and (turn.retry_at <= now() or turn.retry_at is null and due_at <= now())
        and subject_id <> all(${[...inHand]})
        and event_position = (
          select min(event_position) from mostrador.webhook_delivery earlier
          where earlier.endpoint_id = turn.id and earlier.subject_id = delivery.subject_id and status = 'waiting')
      order by due_at, event_position
      limit case when turn.retry_at is null then ${most}::int else ${inHand.length === 0 ? 1 : 0}::int end
    ) due on true`
  const [first] = rows
  if (!first) return undefined
  const { url, secrets, is_failing: isFailing, is_whole: isWhole } = first
  return { url, secrets, isFailing, isWhole, due: rows.filter((it) => it.position !== null) }
}

/**
 * Lets those wait that stand behind one that waits: they look as if they were due, and nothing can be done about them.
 */
export async function park(sql: Sql, endpointId: string): Promise<void> {
  const untilFirstIsDue = sql`(
    select due_at from mostrador.webhook_delivery first
    where first.endpoint_id = ${endpointId} and first.subject_id = delivery.subject_id and status = 'waiting'
    order by event_position limit 1)`
  // A look-up for each row: joined, Postgres may compare all with all when suddenly much waits.
  await sql`
    update mostrador.webhook_delivery delivery set due_at = ${untilFirstIsDue}
    where endpoint_id = ${endpointId} and status = 'waiting' and due_at <= now() and ${untilFirstIsDue} > now()`
}

/** Gives the turn to whoever comes next. */
export async function endTurn(sql: Sql, { endpointId, by }: Turn, lastSuccess: Date | null): Promise<void> {
  await sql`
    update mostrador.webhook_endpoint
    set taken_by = null, taken_until = null,
      last_success_at = coalesce(${lastSuccess?.toISOString() ?? null}::timestamptz, last_success_at)
    where id = ${endpointId} and taken_by = ${by}`
}

/** Condition on `endpoint`: nothing is being looked up that it is to get again. */
const isNotReplaying = (sql: Sql) => sql`
  not exists (select from mostrador.webhook_replay where endpoint_id = endpoint.id and finished_at is null)`
