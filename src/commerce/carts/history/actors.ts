import type { Sql } from "postgres"
import type { CartEvent } from "./events.ts"

/** What those are called who have done these things, by their id: customers, and users of the shop. */
export async function actorNames(sql: Sql, events: readonly CartEvent[]): Promise<Map<string, string>> {
  const ids = [...new Set(events.flatMap((it) => it.actor.id ?? []))]
  if (ids.length === 0) return new Map()
  const rows = await sql<{ id: string; name: string }[]>`
    select id, concat_ws(' ', first_name, last_name) as name from customer where id = any(${ids})
    union all
    select id, concat_ws(' ', first_name, last_name) from "user" where id = any(${ids})`
  return new Map(rows.flatMap(({ id, name }) => (name === "" ? [] : [[id, name] as const])))
}
