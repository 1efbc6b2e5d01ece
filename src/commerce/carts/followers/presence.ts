import { randomUUID } from "node:crypto"
import type { ISql, Sql } from "postgres"
import type { Log } from "../../../platform/log.ts"
import { repeat } from "../../../platform/repeat.ts"

/** Who looks at a cart. */
export interface Viewer {
  /** Of his stream. */
  id: string
  /** Id of the sales channel. */
  channel: string | null
  /** What his client calls itself. */
  device: string | null
  actor_type: string
  /** ISO. */
  joined_at: string
}

/** Says for one process who looks at carts through it, and finds out about those whose process is no more. */
export interface Presence {
  join(cartId: string, viewer: Pick<Viewer, "channel" | "device" | "actor_type">): Promise<string>
  /** He looks at the cart into which his was merged. */
  move(id: string, cartId: string): Promise<void>
  leave(id: string): Promise<void>
  close(): Promise<void>
}

const BEAT_SECONDS = 2
/** Who has said nothing for so long is no more. */
const DEAD_SECONDS = 6
/** How long it can be seen that somebody has left. */
const LEFT_SECONDS = 60

export function openPresence(sql: Sql, log: Log): Presence {
  const process = randomUUID()
  const present = new Map<string, { cart_id: string } & Pick<Viewer, "channel" | "device" | "actor_type">>()

  /** In one statement with what it is said for: nobody may find a viewer without his process. */
  const alive = (tx: ISql) => tx`
    insert into mostrador.stream_process (id, seen_at) values (${process}, clock_timestamp())
    on conflict (id) do update set seen_at = excluded.seen_at`

  async function write(ids: readonly string[]): Promise<void> {
    const rows = ids.flatMap((id) => {
      const viewer = present.get(id)
      return viewer ? [{ id, ...viewer }] : []
    })
    await sql`
      with alive as (${alive(sql)})
      insert into mostrador.cart_presence as known (id, process_id, cart_id, channel, device, actor_type)
      select id, ${process}, cart_id, channel, device, actor_type
      from jsonb_to_recordset(${JSON.stringify(rows)}::text::jsonb)
        as it (id uuid, cart_id text, channel text, device text, actor_type text)
      on conflict (id) do update set cart_id = excluded.cart_id, left_at = null, tx = excluded.tx`
  }

  async function beat(): Promise<void> {
    if (present.size > 0) {
      const [was] = await sql<{ is_new: boolean }[]>`${alive(sql)} returning xmax = 0 as is_new`
      // Others have taken this process for dead, or Postgres has come up again with an empty table.
      if (was?.is_new) await write([...present.keys()])
    }
    await sql`delete from mostrador.stream_process where seen_at < clock_timestamp() - make_interval(secs => ${DEAD_SECONDS})`
    await sql`
      update mostrador.cart_presence it set left_at = clock_timestamp(), tx = pg_current_xact_id()
      where left_at is null and not exists (select from mostrador.stream_process where id = it.process_id)`
    await sql`
      delete from mostrador.cart_presence where left_at < clock_timestamp() - make_interval(secs => ${LEFT_SECONDS})`
  }
  const beating = repeat(beat, {
    ...{ every: BEAT_SECONDS * 1000, log, failing: "who looks at carts cannot be said" },
  })

  async function leave(ids: readonly string[]): Promise<void> {
    await sql`
      update mostrador.cart_presence set left_at = clock_timestamp(), tx = pg_current_xact_id()
      where id = any(${[...ids]}::uuid[]) and left_at is null`
  }

  return {
    async join(cart_id, viewer) {
      const id = randomUUID()
      present.set(id, { cart_id, ...viewer })
      await write([id])
      return id
    },
    async move(id, cart_id) {
      const known = present.get(id)
      if (!known) return
      present.set(id, { ...known, cart_id })
      await write([id])
    },
    async leave(id) {
      if (present.delete(id)) await leave([id])
    },
    async close() {
      await beating.close()
      const ids = [...present.keys()]
      present.clear()
      if (ids.length > 0) await leave(ids)
    },
  }
}

/** Who looks at these carts now, the first who came first. */
export async function viewersOf(sql: Sql, cartIds: readonly string[]): Promise<Map<string, Viewer[]>> {
  const rows = await sql<({ cart_id: string } & Viewer)[]>`
    select cart_id, id::text as id, channel, device, actor_type, mostrador.iso(it.joined_at) as joined_at
    from mostrador.cart_presence it
    where cart_id = any(${[...cartIds]}) and left_at is null order by it.joined_at, id`
  const viewers = new Map<string, Viewer[]>(cartIds.map((id) => [id, []]))
  for (const { cart_id, ...viewer } of rows) viewers.get(cart_id)?.push(viewer)
  return viewers
}
