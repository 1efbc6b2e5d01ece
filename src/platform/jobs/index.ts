import PgBoss from "pg-boss"
import type { TransactionSql } from "postgres"
import type { Log } from "../log.ts"

/** Work that is done in the background, once or more, by whichever process comes first. */
export interface Jobs<T extends object> {
  /** Asks for work in the caller's transaction: it is done once that is committed, and never unless it is. */
  ask(tx: TransactionSql, data: T): Promise<void>
  /** @returns those of the values of a field of their data for which there is work that has not ended */
  waiting(tx: TransactionSql, field: keyof T & string, values: readonly string[]): Promise<Set<string>>
  close(): Promise<void>
}

export interface JobsOptions<T extends object> {
  /** Letters, digits, dashes: what kind of work it is. */
  queue: string
  databaseUrl: string
  log: Log
  /** How often it is tried again when it fails, with waits that double: 5 seconds, 10, 20... */
  retries: number
  /** After so long without an end it counts as failed: its process is gone. */
  seconds: number
  work(data: T): Promise<void>
}

const CONNECTIONS = 2
/** How soon work is begun that somebody asks for. */
const LOOK_SECONDS = 0.5
const PAUSE_SECONDS = 5
/** How often it looks for work whose process is gone. */
const LOST_SECONDS = 20
/** So many pieces of work at once in each process. */
const AT_ONCE = 4

/** A queue of jobs in Postgres (pg-boss, in a schema `pgboss` of its own). */
export async function openJobs<T extends object>(options: JobsOptions<T>): Promise<Jobs<T>> {
  const { queue, databaseUrl, log, retries, seconds, work } = options
  const boss = new PgBoss({
    ...{ connectionString: databaseUrl, max: CONNECTIONS, application_name: "mostrador-jobs" },
    maintenanceIntervalSeconds: LOST_SECONDS,
  })
  boss.on("error", (err) => log.error({ err }, "the job queue"))
  await boss.start()
  const policy = { retryLimit: retries, retryDelay: PAUSE_SECONDS, retryBackoff: true, expireInSeconds: seconds }
  await boss.createQueue(queue, { name: queue, ...policy })
  for (let worker = 0; worker < AT_ONCE; worker++) {
    await boss.work<T>(queue, { pollingIntervalSeconds: LOOK_SECONDS, batchSize: 1 }, async (jobs) => {
      for (const { id, data } of jobs) {
        await work(data).catch((error) => {
          const err = withoutDetails(error)
          log.warn({ job: id, queue, err }, "a job failed, and is tried again")
          throw err
        })
      }
    })
  }
  return {
    async ask(tx, data) {
      const values = (given: unknown[]) =>
        given.map((it) => (typeof it === "object" && it !== null ? JSON.stringify(it) : ((it ?? null) as string)))
      const executeSql = async (text: string, given: unknown[]) => ({
        rows: [...(await tx.unsafe(text, values(given)))],
      })
      await boss.send(queue, data, { ...policy, db: { executeSql } })
    },
    async waiting(tx, field, values) {
      const rows = await tx<{ value: string }[]>`
        select data->>${field}::text as value from pgboss.job
        where name = ${queue} and state in ('created', 'retry', 'active') and data->>${field}::text = any(${[...values]})`
      return new Set(rows.map((it) => it.value))
    },
    close: () => boss.stop({ graceful: true, wait: true, timeout: 5_000 }),
  }
}

/** An error as it may be kept: a service's own may hold its whole answer, with what it says of a person. */
function withoutDetails(error: Error & { code?: string; requestId?: string }): Error {
  const { name, message, code, requestId } = error
  return new Error([name, code, message, requestId].filter((it) => it).join(" "))
}
