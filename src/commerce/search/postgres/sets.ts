import type { Sql } from "postgres"

/** The values that stand behind the numbers of `search_set`. */
export interface Sets {
  get(ids: number[]): Promise<Map<number, string[]>>
}

/** Sets never change, so those that were read stay; so many that a shop's usual ones fit. */
const MOST_HELD = 100_000

export function openSets(sql: Sql): Sets {
  const held = new Map<number, string[]>()
  return {
    async get(ids) {
      const found = new Map<number, string[]>()
      const missing: number[] = []
      for (const id of ids) {
        const members = held.get(id)
        if (members) found.set(id, members)
        else missing.push(id)
      }
      if (missing.length === 0) return found
      if (held.size + missing.length > MOST_HELD) held.clear()
      const rows = await sql<{ id: number; members: string[] }[]>`
        select id, members from mostrador.search_set where id = any(${missing}::int[])`
      for (const { id, members } of rows) {
        found.set(id, members)
        held.set(id, members)
      }
      return found
    },
  }
}
