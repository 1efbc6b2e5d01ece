import { setTimeout as wait } from "node:timers/promises"
import type { Sql } from "postgres"

/** Ends all connections of ours to the database but this one, so many times, at odd moments. */
export async function cutConnections(sql: Sql, times: number): Promise<void> {
  for (let cuts = 0; cuts < times; cuts++) {
    await wait(Math.random() * 150)
    await sql`
      select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and pid <> pg_backend_pid() and application_name = 'mostrador'`
  }
}
