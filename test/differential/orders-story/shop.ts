import { type Database, openDatabase } from "../../../src/platform/db/index.ts"
import type { OpenCounter } from "../../../src/server.ts"
import { demo, openCounterBeforeMedusa } from "../../support/counter.ts"
import { type Answer, ask } from "../../support/http.ts"
import { theMedusa } from "../../support/medusa.ts"
import { bodyOf, type Ordered, post, webKey } from "../../support/orders.ts"
import { send } from "../compare.ts"

type Body = Record<string, unknown>

/** A shop with two counters before one Medusa, and its staff. */
export interface StoryShop {
  counters: [OpenCounter, OpenCounter]
  database: Database
  /** Of staff. */
  authorization: string
  /** Staff do something, through a counter, as the dashboard does; it has to succeed. */
  staff(path: string, body?: object): Promise<Body>
  /** The same, whatever comes of it. */
  tryStaff(path: string, body?: object): Promise<Answer>
  /** What a shopper needs to follow his order. */
  tokenFor(order: Ordered): Promise<string>
  timeline(order: Ordered, headers?: Record<string, string>): Promise<Timeline>
  cancel(order: Ordered, token: string, counter?: 0 | 1, headers?: Record<string, string>): Promise<Answer>
  /** The id of the order's first payment. */
  paymentOf(order: Ordered): Promise<string>
  /** What was told of the order, by the names of the events. */
  told(order: Ordered): Promise<string[]>
  close(): Promise<void>
}

export interface Timeline {
  timeline: {
    id: string
    code: string
    message: string
    occurred_at: string
    lines: { line_item_id: string; title: string; quantity: number; previous_quantity: number | null }[]
    amount: number | null
    tracking: object[]
    place: { id: string; name: string } | null
    channel: { id: string; name: string } | null
  }[]
  cursor: string
  cancellation: { is_possible: boolean; reason: string | null; until: string | null }
}

export async function openStoryShop(): Promise<StoryShop> {
  const { url: medusa, databaseUrl, stripe } = theMedusa()
  const counters: [OpenCounter, OpenCounter] = [
    await openCounterBeforeMedusa({ stripe }),
    await openCounterBeforeMedusa({ stripe }),
  ]
  const database = openDatabase(databaseUrl, { connections: 2 })
  // What these tests send away, others' tests sell.
  const levels = await database.sql`
    select id, stocked_quantity::text as stocked, raw_stocked_quantity::text as raw from inventory_level`
  const { email, password } = demo().admin
  const login = await send(medusa, { method: "POST", path: "/auth/user/emailpass", body: { email, password } })
  const authorization = `Bearer ${(login.body as { token: string }).token}`
  const [{ url }] = counters
  const tryStaff = (path: string, body: object = {}) => post(url, path, body, { authorization })
  const shop: StoryShop = {
    ...{ counters, database, authorization, tryStaff },
    staff: async (path, body) => bodyOf(await tryStaff(path, body)),
    tokenFor: async (order) =>
      bodyOf(await post(url, `/store/orders/${order.id}/access`, { email: order.email })).token as string,
    async timeline(order, headers = {}) {
      const token = await shop.tokenFor(order)
      const path = `/store/orders/${order.id}/timeline?token=${token}`
      return bodyOf(await ask(url, path, { headers: { ...webKey(), ...headers } })) as unknown as Timeline
    },
    cancel: (order, token, counter = 0, headers = {}) =>
      post(counters[counter].url, `/store/orders/${order.id}/cancel?token=${token}`, undefined, headers),
    async paymentOf(order) {
      const [row] = await database.sql<{ id: string }[]>`
        select payment.id from payment join order_payment_collection link using (payment_collection_id)
        where link.order_id = ${order.id}`
      return row?.id ?? ""
    },
    async told(order) {
      const rows = await database.sql<{ name: string }[]>`
        select name from mostrador.event where subject_id = ${order.id} order by position`
      return rows.map((it) => it.name)
    },
    async close() {
      for (const it of counters) await it.close()
      await database.sql`
        update inventory_level level
        set stocked_quantity = was.stocked::numeric, raw_stocked_quantity = was.raw::jsonb
        from jsonb_to_recordset(${JSON.stringify(levels)}::text::jsonb) as was (id text, stocked text, raw text)
        where level.id = was.id and level.stocked_quantity <> was.stocked::numeric`
      await database.close()
    },
  }
  return shop
}
