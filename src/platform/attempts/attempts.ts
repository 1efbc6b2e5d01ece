import { createHmac } from "node:crypto"
import type { Sql } from "postgres"

/** What attempts are counted by: at what, or from where. */
export interface Counted {
  name: string
  /** So many of them within `minutes`. */
  most: number
}

/** There were too many attempts. */
export class TooManyAttempts extends Error {
  constructor(readonly retryAfterSeconds: number) {
    super(`There were too many attempts; the next one in ${retryAfterSeconds} seconds`)
  }
}

export interface Attempts {
  /**
   * Counts an attempt before it is looked at, so that who sends a thousand at once has no more than the others.
   *
   * @returns takes it back: it was a good one
   * @throws TooManyAttempts
   */
  begin(counted: readonly Counted[], minutes: number): Promise<() => Promise<void>>
}

/**
 * Counts attempts in Postgres, for all processes of the shop together.
 *
 * @param secret  keeps addresses and ids out of the table: they cannot be found out by trying
 */
export function countAttempts(sql: Sql, secret: string): Attempts {
  const keyOf = (name: string) => createHmac("sha256", secret).update(`attempt ${name}`).digest("base64url")
  return {
    async begin(counted, minutes) {
      const most = new Map(counted.map((it) => [keyOf(it.name), it.most]))
      // In one order, so that two who count the same wait for each other and never in a circle.
      const keys = [...most.keys()].sort()
      const rows = await sql<{ key: string; count: number; seconds: number }[]>`
        with forgotten as (
          delete from mostrador.attempt where key in (
            select key from mostrador.attempt where until < now() - interval '1 hour' limit 20 for update skip locked)
        )
        insert into mostrador.attempt as known (key, count, until)
        select key, 1, now() + make_interval(mins => ${minutes}) from unnest(${keys}::text[]) key order by key
        on conflict (key) do update set
          count = case when known.until <= now() then 1 else known.count + 1 end,
          until = case when known.until <= now() then excluded.until else known.until end
        returning key, count, ceil(extract(epoch from until - now()))::int as seconds`
      const over = rows.filter((it) => it.count > (most.get(it.key) ?? 0))
      if (over.length > 0) throw new TooManyAttempts(Math.max(1, ...over.map((it) => it.seconds)))
      return async () => {
        await sql`update mostrador.attempt set count = count - 1 where key = any(${keys}) and count > 0`
      }
    },
  }
}
