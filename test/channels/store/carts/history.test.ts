import { sign } from "hono/jwt"
import { beforeAll, describe, expect, it } from "vitest"
import { loadConfig } from "../../../../src/config.ts"
import { orderWriter } from "../../../commerce/orders/rows.ts"
import { counterForFile, demo } from "../../../support/counter.ts"
import { untilBuilt } from "../../../support/documents.ts"
import { ask, until } from "../../../support/http.ts"
import { bodyOf, fillCart, post, webKey } from "../../../support/orders.ts"

const { jwtSecret } = loadConfig({})
const shop = counterForFile({ cartMerge: "sum" })
beforeAll(async () => {
  await untilBuilt(shop.database, 60)
})

interface Entry {
  id: string
  name: string
  message: string
  cart_id: string
  order_id: string | null
  actor: Record<string, unknown>
  what: { lines: object[] }
}
interface Page {
  cart_id: string
  history: Entry[]
  cursor: string | null
}

const bearer = async (actor_id: string, actor_type: string) => ({
  authorization: `Bearer ${await sign({ actor_id, actor_type, exp: Math.floor(Date.now() / 1000) + 600 }, jwtSecret)}`,
})
const historyOf = async (cart: string, query = "", headers: Record<string, string> = {}) =>
  bodyOf(
    await ask(shop.counter.url, `/store/carts/${cart}/history${query}`, { headers: { ...webKey(), ...headers } }),
  ) as unknown as Page
const staffHistoryOf = async (cart: string, query = "") =>
  bodyOf(
    await ask(shop.counter.url, `/admin/omnichannel/carts/${cart}/history${query}`, {
      headers: await bearer("user_any", "user"),
    }),
  ) as unknown as Page
const add = async (cart: string, quantity: number, headers = {}) =>
  bodyOf(
    await post(
      shop.counter.url,
      `/store/carts/${cart}/line-items`,
      { variant_id: demo().variants.unmanaged, quantity },
      headers,
    ),
  ).cart as { items: { id: string; title: string }[] }
const newCart = async (headers = {}) =>
  (
    bodyOf(await post(shop.counter.url, "/store/carts", { region_id: demo().regions.es }, headers)).cart as {
      id: string
    }
  ).id

let customers = 0
async function newCustomer() {
  const id = `cus_history_${customers++}`
  await shop.database.sql`
    insert into customer (id, email, has_account, first_name, last_name)
    values (${id}, ${`${id}@example.com`}, true, 'Vega', 'Montearce')`
  return { id, headers: await bearer(id, "customer") }
}

describe("what has happened to a cart", () => {
  it("is told in words, in the language of who asks, and in codes", async () => {
    const cart = await newCart()
    const { items } = await add(cart, 2)
    const [line] = items
    await post(shop.counter.url, `/store/carts/${cart}/line-items/${line?.id}`, { quantity: 3 })
    await ask(shop.counter.url, `/store/carts/${cart}/line-items/${line?.id}`, { method: "DELETE", headers: webKey() })
    const english = await historyOf(cart)
    expect(english.history.map((it) => [it.name, it.message])).toEqual([
      ["cart.created", "The cart was begun."],
      ["cart.line_added", `Added 2 × ${line?.title}.`],
      ["cart.line_updated", `${line?.title}: 3 instead of 2.`],
      ["cart.line_removed", `Removed 3 × ${line?.title}.`],
    ])
    const spanish = await historyOf(cart, "", { "accept-language": "es-MX,es" })
    expect(spanish.history.map((it) => it.message)[1]).toBe(`Añadido: 2 × ${line?.title}.`)
    expect(english.history.map((it) => it.actor)).toEqual(Array(4).fill({ type: "guest" }))
  })

  it("comes in pages that lack nothing and repeat nothing, while more happens", async () => {
    const cart = await newCart()
    for (let n = 1; n <= 6; n++) await add(cart, n)
    const found: string[] = []
    let cursor: string | null = null
    do {
      const page: Page = await historyOf(cart, `?limit=2${cursor ? `&cursor=${cursor}` : ""}`)
      expect(page.history.length).toBeLessThanOrEqual(2)
      found.push(...page.history.map((it) => it.id))
      cursor = page.cursor
      if (found.length === 4) await add(cart, 1)
    } while (cursor !== null)
    const rows = await shop.database.sql`select id from mostrador.event where subject_id = ${cart} order by position`
    expect(rows).toHaveLength(8)
    expect(found).toEqual(rows.map((it) => it.id))
    for (const query of ["?limit=0", "?limit=201", "?limit=x", "?cursor=", "?cursor=guessed", "?unknown=1"]) {
      const path = `/store/carts/${cart}/history${query}`
      expect([query, (await ask(shop.counter.url, path, { headers: webKey() })).status]).toEqual([query, 400])
    }
  })

  it("goes across a merge, each entry with its cart, and is told under both ids", async () => {
    const { id, headers } = await newCustomer()
    const before = await newCart(headers)
    await add(before, 1, headers)
    const guest = await newCart()
    await add(guest, 2)
    bodyOf(await post(shop.counter.url, `/store/carts/${guest}/customer`, {}, headers))
    const { history, cart_id } = await historyOf(before, "", headers)
    expect(cart_id).toBe(guest)
    expect(history.map((it) => [it.name, it.cart_id])).toEqual([
      ["cart.created", before],
      ["cart.line_added", before],
      ["cart.created", guest],
      ["cart.line_added", guest],
      ["cart.merged", guest],
      ["cart.merged_away", before],
    ])
    expect((await historyOf(guest, "", headers)).history).toEqual(history)
    expect(JSON.stringify(history)).not.toMatch(/@example\.com|cus_/)

    const staff = await staffHistoryOf(before)
    expect(staff.history.map((it) => it.id)).toEqual(history.map((it) => it.id))
    expect(staff.history[1]?.actor).toEqual({ type: "customer", id, name: "Vega Montearce", role: null })
    expect(staff.history[3]?.actor).toEqual({ type: "guest", id: null, name: null, role: null })
  })

  it("goes on with the order and what becomes of it, without what is only for who may see the order", async () => {
    const write = orderWriter(shop.database.sql)
    const { cart, collection } = await fillCart(shop.counter.url, { email: "vega@example.com" })
    const sessions = `/store/payment-collections/${collection}/payment-sessions`
    bodyOf(await post(shop.counter.url, sessions, { provider_id: "pp_system_default" }))
    const { order } = bodyOf(await post(shop.counter.url, `/store/carts/${cart}/complete`)) as {
      order: { id: string; display_id: number }
    }
    await write.ship(await write.fulfill(order.id))
    await until("it is told", async () => (await historyOf(cart)).history.some((it) => it.name === "order.shipped"), 10)
    const { history } = await historyOf(cart)
    const after = history.slice(history.findIndex((it) => it.name === "cart.completed"))
    expect(after.map((it) => [it.name, it.order_id, it.cart_id])).toEqual([
      ["cart.completed", null, cart],
      ["order.placed", order.id, cart],
      ["order.fulfilled", order.id, cart],
      ["order.shipped", order.id, cart],
    ])
    expect(after[1]?.message).toBe(`Order ${order.display_id} was placed.`)
    expect(JSON.stringify(history)).not.toMatch(/vega@example|tracking/i)
  })

  it("names staff by who they are, to staff alone", async () => {
    const { sql } = shop.database
    const cart = await newCart()
    await sql`insert into "user" (id, email, first_name, last_name) values ('user_agent', 'agent@example.com', 'Ana', 'Ruiz')`
    await sql`
      insert into mostrador.event (id, name, subject_type, subject_id, actor, data)
      values ('evt_by_agent', 'cart.line_added', 'cart', ${cart},
        '{"type":"agent","id":"user_agent","role":"supervisor"}', '{"before":null,"after":null}')`
    const entry = (page: Page) => page.history.find((it) => it.id === "evt_by_agent")
    expect(entry(await staffHistoryOf(cart))?.actor).toEqual({
      ...{ type: "agent", id: "user_agent", name: "Ana Ruiz", role: "supervisor" },
    })
    expect(entry(await historyOf(cart))?.actor).toEqual({ type: "agent" })
  })

  it("is no affair of who is not staff, and of no cart there is none", async () => {
    const cart = await newCart()
    const path = `/admin/omnichannel/carts/${cart}/history`
    const { headers } = await newCustomer()
    for (const given of [{}, headers, webKey()]) {
      expect((await ask(shop.counter.url, path, { headers: given })).status).toBe(401)
    }
    const staff = await bearer("user_any", "user")
    const unknown = await ask(shop.counter.url, "/admin/omnichannel/carts/cart_unknown/history", { headers: staff })
    expect([unknown.status, (unknown.body as { type: string }).type]).toEqual([404, "not_found"])
    expect((await ask(shop.counter.url, `${path}?limit=0`, { headers: staff })).status).toBe(400)
  })
})
