import type { Sql } from "postgres"
import type { Database } from "../db/index.ts"
import type { Log } from "../log.ts"
import { repeat } from "../repeat.ts"

/** Follows `mostrador.change` from now on and tells each subscriber of the tables that it asked for. */
export interface ChangeFeed {
  /**
   * `handler` is called when rows of one of these tables were written, once for all that was committed by then. It runs
   * one at a time, beside those of the others; one that throws is called again.
   */
  subscribe(relations: readonly string[], handler: () => Promise<void>): void
  /** Reads what is committed by now, and resolves when every subscriber has handled it. */
  catchUp(): Promise<void>
  close(): Promise<void>
}

interface Subscriber {
  relations: Set<string>
  handler: () => Promise<void>
  /** Something was written that it has not begun to handle. */
  isDue: boolean
  /** A run of it waits for the one before. */
  isQueued: boolean
  /** What it has begun, and will. */
  handled: Promise<void>
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

  /** Finds who is concerned, and waits for nobody: one that is slow must not keep the others from what comes next. */
  async function read(): Promise<void> {
    const rows = await sql<{ now: string; relation: string | null }[]>`
      select reading.now::text, change.relation
      from (select pg_current_snapshot() as now) reading
      left join (
        select distinct relation from mostrador.change
        where tx >= pg_snapshot_xmin(${position}::pg_snapshot) and not pg_visible_in_snapshot(tx, ${position}::pg_snapshot)
      ) change on true`
    for (const subscriber of subscribers) {
      if (rows.some(({ relation }) => relation !== null && subscriber.relations.has(relation))) subscriber.isDue = true
    }
    position = rows[0]?.now ?? position
    for (const subscriber of subscribers) if (subscriber.isDue) tell(subscriber)
  }

  const failing = new Set<Subscriber>()
  function tell(subscriber: Subscriber): void {
    // What is due again while it runs is one more run, and not one for each reading.
    if (subscriber.isQueued) return
    subscriber.isQueued = true
    const run = async () => {
      subscriber.isQueued = false
      subscriber.isDue = false
      try {
        await subscriber.handler()
        failing.delete(subscriber)
      } catch (error) {
        subscriber.isDue = true
        const tables = [...subscriber.relations].slice(0, 3)
        if (!failing.has(subscriber)) log.error({ err: error, tables }, "a change could not be followed; trying again")
        failing.add(subscriber)
        throw error
      }
    }
    subscriber.handled = subscriber.handled.then(run, run)
    subscriber.handled.catch(() => {})
  }

  const reading = repeat(read, {
    ...{ every: POLL_MILLISECONDS, log, failing: "the change feed cannot be read; what is in memory may be stale" },
  })
  const pruning = repeat(() => prune(sql), {
    ...{ every: PRUNE_MILLISECONDS, log, failing: "the change feed could not be pruned" },
  })

  return {
    subscribe(relations, handler) {
      subscribers.push({
        relations: new Set(relations),
        handler,
        isDue: false,
        isQueued: false,
        handled: Promise.resolve(),
      })
    },
    async catchUp() {
      await reading.now()
      await Promise.all(subscribers.map((it) => it.handled))
    },
    async close() {
      await Promise.all([reading.close(), pruning.close()])
      await Promise.allSettled(subscribers.map((it) => it.handled))
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
