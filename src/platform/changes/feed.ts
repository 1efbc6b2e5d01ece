import type { Sql } from "postgres"
import type { Database } from "../db/index.ts"
import type { Log } from "../log.ts"
import { repeat } from "../repeat.ts"

/** A row of a watched table was written; `key` is null when it is not known which. */
export interface Change {
  relation: string
  key: string | null
}

/** Follows `mostrador.change` from now on and tells each subscriber of the tables that it asked for. */
export interface ChangeFeed {
  /** `handler` gets changes in batches, one batch at a time; one that throws gets the same changes again later. */
  subscribe(relations: readonly string[], handler: (changes: Change[]) => Promise<void>): void
  /** Reads what is committed by now, and resolves when every subscriber has handled it. */
  catchUp(): Promise<void>
  close(): Promise<void>
}

interface Subscriber {
  relations: Set<string>
  handler: (changes: Change[]) => Promise<void>
  pending: Change[]
}

const POLL_MILLISECONDS = 200
const PRUNE_MILLISECONDS = 60 * 60 * 1000

/**
 * Opens the feed at the present: what is committed before this resolves may be told or not, all later changes are.
 *
 * Ids of the feed are given out before the commit, so a later one may be visible first. Therefore the position is not
 * an id but what the last reading could see (`pg_snapshot`): new is what is visible now and was not then. A long
 * transaction therefore holds nobody up.
 */
export async function openChangeFeed({ sql }: Database, log: Log): Promise<ChangeFeed> {
  const subscribers: Subscriber[] = []

  const [now] = await sql<{ position: string }[]>`select pg_current_snapshot()::text as position`
  let position = now?.position ?? ""

  async function read(): Promise<void> {
    const rows = await sql<{ now: string; relation: string | null; key: string | null }[]>`
      select reading.now::text, change.relation, change.key
      from (select pg_current_snapshot() as now) reading
      left join (
        select distinct relation, key from mostrador.change
        where tx >= pg_snapshot_xmin(${position}::pg_snapshot) and not pg_visible_in_snapshot(tx, ${position}::pg_snapshot)
      ) change on true`
    for (const subscriber of subscribers) {
      for (const { relation, key } of rows) {
        if (relation !== null && subscriber.relations.has(relation)) subscriber.pending.push({ relation, key })
      }
    }
    position = rows[0]?.now ?? position
    const outcomes = await Promise.allSettled(subscribers.map(tell))
    const failure = outcomes.find((it) => it.status === "rejected")
    if (failure) throw failure.reason
  }

  async function tell(subscriber: Subscriber): Promise<void> {
    if (subscriber.pending.length === 0) return
    const batch = subscriber.pending
    await subscriber.handler(batch)
    subscriber.pending = subscriber.pending.slice(batch.length)
  }

  const reading = repeat(read, {
    ...{ every: POLL_MILLISECONDS, log, failing: "the change feed cannot be read; what is in memory may be stale" },
  })
  const pruning = repeat(() => prune(sql), {
    ...{ every: PRUNE_MILLISECONDS, log, failing: "the change feed could not be pruned" },
  })

  return {
    subscribe(relations, handler) {
      subscribers.push({ relations: new Set(relations), handler, pending: [] })
    },
    catchUp: reading.now,
    async close() {
      await Promise.all([reading.close(), pruning.close()])
    },
  }
}

/** Nothing that a consumer has still to read, however long it was away. */
async function prune(sql: Sql): Promise<void> {
  await sql`
    delete from mostrador.change
    where at < now() - interval '1 day'
      and not exists (select from mostrador.consumer where not pg_visible_in_snapshot(change.tx, consumer.position))`
}
