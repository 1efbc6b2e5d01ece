import { describe, expect, it } from "vitest"
import { counterForFile, demo, openTestCounter } from "../../support/counter.ts"
import { admin, audit, guest, type Headers, send, signIn, tokenOf } from "../../support/desks.ts"
import { follow } from "../../support/events.ts"
import { until } from "../../support/http.ts"

// Carts answer to their owner alone, unless they have come to the desk.
const shop = counterForFile({ cartMerge: "sum", cartAccess: "owner" })
const [, oriol, nerea] = demo().customers
const { variants, regions } = demo()

const call = (method: string, path: string, headers: Headers, body?: unknown) =>
  send(shop.counter.url, method, path, headers, body)
const asStaff = async (who: "agent" | "supervisor" | "cashier"): Promise<Headers> => {
  const [user] = await shop.database.sql<{ id: string }[]>`
    select id from "user" where email = ${demo().staff[who].email}`
  return await tokenOf({ actor_id: user?.id })
}
const asCustomer = async (id: string | undefined) => ({
  ...guest(),
  ...(await tokenOf({ actor_type: "customer", actor_id: id })),
})
const cartOf = async (id: string | undefined) =>
  (await call("GET", `/store/customers/me/cart?region_id=${regions.es}`, await asCustomer(id))).body.cart
const ADDRESS = { first_name: "Oriol", last_name: "C", address_1: "Calle 1", city: "Madrid", postal_code: "28001" }

describe("the agent's desk", () => {
  it("finds a customer by phone, adds to his very cart, and he sees who it was", async () => {
    const { id } = await cartOf(oriol?.id)
    const agent = await asStaff("agent")
    expect((await call("GET", `/agent/carts/${id}`, agent)).status).toBe(404)
    const found = await call("GET", "/agent/customers?phone=600%20100%20202", agent)
    expect(found.body.customers).toEqual([
      expect.objectContaining({ id: oriol?.id, email: oriol?.email, phone: "+34600100202", cart_id: id }),
    ])
    const device = await follow(`${shop.counter.url}/store/carts/${id}/stream`, await asCustomer(oriol?.id))
    expect(device.status).toBe(200)
    const added = await call("POST", `/agent/carts/${id}/line-items`, agent, {
      ...{ variant_id: variants.kit, quantity: 1 },
    })
    expect([added.status, added.body.cart.items]).toEqual([200, [expect.objectContaining({ quantity: 1 })]])
    await until("he sees it", () => device.events.some((it) => it.name === "cart.line_added"))
    expect(device.events.find((it) => it.name === "cart.line_added")?.data).toMatchObject({ actor: { type: "agent" } })
    device.leave()
    expect((await cartOf(oriol?.id)).items).toHaveLength(1)
    expect(await audit(shop, "cart.reached")).toContainEqual(expect.objectContaining({ subject_id: id, till_id: null }))
  })

  it("finds by words of the name and by e-mail, and makes a cart where there is none", async () => {
    const agent = await asStaff("agent")
    const unfound = await call("GET", `/agent/customers/${nerea?.id}/cart`, agent)
    expect(unfound.status).toBe(404)
    for (const asked of ["q=valdeolmos%20ner", `email=${nerea?.email.toUpperCase()}`]) {
      const { body } = await call("GET", `/agent/customers?${asked}`, agent)
      expect(body.customers).toEqual([expect.objectContaining({ id: nerea?.id })])
    }
    expect((await call("GET", "/agent/customers?q=%25%25%25", agent)).body.customers).toEqual([])
    expect((await call("GET", "/agent/customers?q=ab", agent)).status).toBe(400)
    for (const unclear of ["", "?phone=600100202&q=valdeolmos"]) {
      const refused = await call("GET", `/agent/customers${unclear}`, agent)
      expect([refused.status, refused.body.message]).toEqual([400, "Invalid request: one of phone, email, q is needed"])
    }
    const made = await call("GET", `/agent/customers/${nerea?.id}/cart?region_id=${regions.es}`, agent)
    expect([made.status, made.body.cart]).toMatchObject([
      200,
      { customer_id: nerea?.id, sales_channel_id: demo().channels.phone.sales_channel_id },
    ])
    expect((await cartOf(nerea?.id)).id).toBe(made.body.cart.id)
  })

  it("goes on with the line that he knows when the customer's cart was merged meanwhile", async () => {
    const customer = await asCustomer(oriol?.id)
    const agent = await asStaff("agent")
    await call("GET", "/agent/customers?phone=600%20100%20202", agent)
    const { id } = await cartOf(oriol?.id)
    const of = ({ items }: { items: { id: string; variant_id: string; quantity: number }[] }) =>
      items.find((it) => it.variant_id === variants.unmanaged)
    const wanted = { variant_id: variants.unmanaged, quantity: 1 }
    const line = of((await call("POST", `/agent/carts/${id}/line-items`, agent, wanted)).body.cart)
    const made = await call("POST", "/store/carts", guest(), { region_id: regions.es, items: [wanted] })
    const met = await call("POST", `/store/carts/${made.body.cart.id}/customer`, customer)
    expect([met.body.merge.from, of(met.body.cart)?.quantity]).toEqual([id, 2])
    const changed = await call("POST", `/agent/carts/${id}/line-items/${line?.id}`, agent, { quantity: 5 })
    expect([changed.status, of(changed.body.cart)?.quantity]).toEqual([200, 5])
    const removed = await call("DELETE", `/agent/carts/${id}/line-items/${line?.id}`, agent)
    expect([removed.status, of(removed.body.cart)]).toEqual([200, undefined])
  })

  it("orders a cart on invoice, once: authorised and not captured, in the channel of the telephone", async () => {
    const agent = await asStaff("agent")
    const { customers } = (await call("GET", "/agent/customers?phone=600100202", agent)).body
    const { id } = (await call("GET", `/agent/customers/${customers[0].id}/cart`, agent)).body.cart
    const path = `/agent/carts/${id}`
    await call("POST", `${path}/line-items`, agent, { variant_id: variants.unmanaged, quantity: 1 })
    await call("POST", path, agent, { shipping_address: { ...ADDRESS, country_code: "es" } })
    const unsent = await call("POST", `${path}/place`, agent, {})
    expect([unsent.status, unsent.body.message]).toEqual([400, expect.stringContaining("shipping method")])
    const offered = await call("GET", `${path}/shipping-options`, agent)
    const hisOwn = await call("GET", `/store/shipping-options?cart_id=${id}`, await asCustomer(oriol?.id))
    expect([offered.status, offered.body]).toEqual([200, hisOwn.body])
    const more = await call("GET", `${path}/shipping-options?fields=%2Bmetadata&is_return=false`, agent)
    expect(more.body.shipping_options[0]).toHaveProperty("metadata")
    for (const wrong of ["fields=prices", "is_return=perhaps", "cart_id=cart_1"]) {
      const refused = await call("GET", `${path}/shipping-options?${wrong}`, agent)
      expect([wrong, refused.status, refused.body.type]).toEqual([wrong, 400, "invalid_data"])
    }
    const option_id = offered.body.shipping_options[0].id
    expect((await call("POST", `${path}/shipping-methods`, agent, { option_id })).status).toBe(200)
    const code = demo().promotions.code
    const taken = await call("POST", `${path}/promotions`, agent, { promo_codes: [code] })
    expect(taken.status).toBe(200)
    expect((await call("DELETE", `${path}/promotions`, agent, { promo_codes: [code] })).status).toBe(200)
    const placed = await call("POST", `${path}/place`, agent, {})
    expect([placed.status, placed.body.order.items.length]).toEqual([200, 2])
    const again = await call("POST", `${path}/place`, agent, {})
    expect([again.status, again.body.order.id]).toEqual([200, placed.body.order.id])
    const rows = await shop.database.sql`
      select payment_collection.status, captured_at, till_id, channel_id, actor->>'type' as actor
      from mostrador.order_channel known
      join order_payment_collection using (order_id)
      join payment_collection on payment_collection.id = payment_collection_id
      join payment on payment.payment_collection_id = payment_collection.id
      where order_id = ${placed.body.order.id}`
    expect(rows).toEqual([
      {
        ...{ status: "authorized", captured_at: null, till_id: null, actor: "agent" },
        channel_id: demo().channels.phone.channel_id,
      },
    ])
  })

  it("tells of what was sold at a till or on the web that it was, and which order it is", async () => {
    const [agent, till, customer] = [await asStaff("agent"), await signIn(shop, "madrid"), await asCustomer(oriol?.id)]
    const filled = async () => {
      const { id } = (await call("GET", `/agent/customers/${oriol?.id}/cart`, agent)).body.cart
      await call("POST", `/agent/carts/${id}/line-items`, agent, { variant_id: variants.unmanaged, quantity: 1 })
      await call("GET", "/pos/carts?phone=600100202", till)
      return id
    }
    const placed = async (id: string) => {
      const { status, body } = await call("POST", `/agent/carts/${id}/place`, agent, {})
      return [status, body.code, body.details]
    }
    const atTill = await filled()
    const paid = await call("POST", `/pos/carts/${atTill}/pay`, till, { tender: "cash", amount: 1_000 })
    expect(paid.status).toBe(200)
    expect(await placed(atTill)).toEqual([400, "cart_completed", { order_id: paid.body.order.id }])

    const onWeb = await filled()
    const path = `/agent/carts/${onWeb}`
    await call("POST", path, agent, { shipping_address: { ...ADDRESS, country_code: "es" } })
    const [option] = (await call("GET", `${path}/shipping-options`, agent)).body.shipping_options
    await call("POST", `${path}/shipping-methods`, agent, { option_id: option.id })
    const { payment_collection } = (await call("POST", "/store/payment-collections", customer, { cart_id: onWeb })).body
    await call("POST", `/store/payment-collections/${payment_collection.id}/payment-sessions`, customer, {
      provider_id: "pp_system_default",
    })
    const bought = await call("POST", `/store/carts/${onWeb}/complete`, customer)
    expect([bought.status, bought.body.type]).toEqual([200, "order"])
    expect(await placed(onWeb)).toEqual([400, "cart_completed", { order_id: bought.body.order.id }])
    const cashed = await call("POST", `/pos/carts/${onWeb}/pay`, till, { tender: "cash", amount: 1_000 })
    const { code, details } = cashed.body
    expect([cashed.status, code, details]).toEqual([400, "cart_completed", { order_id: bought.body.order.id }])
  })

  it("tells of a code that was mistyped, and of a region that is none, what the web tells", async () => {
    const agent = await asStaff("agent")
    await call("GET", "/agent/customers?phone=600100202", agent)
    const { id } = (await call("GET", `/agent/customers/${oriol?.id}/cart`, agent)).body.cart
    const code = await call("POST", `/agent/carts/${id}/promotions`, agent, { promo_codes: ["HOLA1O"] })
    expect([code.status, code.body]).toEqual([
      400,
      { type: "invalid_data", message: "The promotion code HOLA1O is invalid" },
    ])
    const region = await call("POST", `/agent/carts/${id}`, agent, { region_id: "reg_none" })
    expect([region.status, region.body]).toEqual([404, { type: "not_found", message: "Region id not found: reg_none" }])
  })

  it("orders nothing where the channel may not", async () => {
    const agent = await asStaff("agent")
    const { id } = (await call("GET", `/agent/customers/${oriol?.id}/cart`, agent)).body.cart
    const { channel_id } = demo().channels.phone
    const change = async (may: string[]) =>
      await call("POST", `/admin/omnichannel/channels/${channel_id}`, await admin(), { may })
    expect((await change(["browse", "cart"])).status).toBe(200)
    const refused = await call("POST", `/agent/carts/${id}/place`, agent, {})
    expect([refused.status, refused.body.code]).toEqual([403, "channel_not_allowed"])
    await change(["browse", "cart", "checkout", "invoice"])
  })
})

it("an agent follows a cart for as long as he works at the telephone, and no longer", async () => {
  const agent = await asStaff("agent")
  const [user] = await shop.database.sql<{ id: string }[]>`
    select id from "user" where email = ${demo().staff.agent.email}`
  await call("GET", "/agent/customers?phone=600100202", agent)
  const { id } = (await call("GET", `/agent/customers/${oriol?.id}/cart`, agent)).body.cart
  const settings = async (change: object) =>
    await call("POST", `/admin/omnichannel/staff/${user?.id}`, await admin(), change)
  const other = await openTestCounter(shop.database.url, { liveHeartbeatSeconds: 1 })
  try {
    for (const [shutOut, letIn] of [
      [{ is_active: false }, { is_active: true }],
      [{ role: "cashier" }, { role: "agent" }],
    ]) {
      const path = `/agent/carts/${id}/stream`
      const { ticket } = (await call("POST", `${path}-ticket`, agent)).body
      const streams = [await follow(other.url + path, agent), await follow(`${other.url}${path}?ticket=${ticket}`, {})]
      expect(streams.map((it) => it.status)).toEqual([200, 200])
      await until("they beat", () => streams.every((it) => it.text.includes(": heartbeat")))
      expect(streams.map((it) => it.isClosed)).toEqual([false, false])
      expect((await settings(shutOut ?? {})).status).toBe(200)
      await until("they are ended", () => streams.every((it) => it.isClosed), 20)
      expect((await follow(other.url + path, agent)).status).toBe(403)
      await settings(letIn ?? {})
    }
  } finally {
    await other.close()
  }
})

it("each route refuses every wrong identity", async () => {
  const { id } = await cartOf(oriol?.id)
  const routes: [string, string, unknown?][] = [
    ["GET", "/agent/customers?phone=600100202"],
    ["GET", `/agent/customers/${oriol?.id}/cart`],
    ["POST", "/agent/handoffs/ABCDEF/claim", {}],
    ["GET", `/agent/carts/${id}`],
    ["POST", `/agent/carts/${id}`, {}],
    ["POST", `/agent/carts/${id}/line-items`, { variant_id: "x", quantity: 1 }],
    ["POST", `/agent/carts/${id}/line-items/cali_1`, { quantity: 1 }],
    ["DELETE", `/agent/carts/${id}/line-items/cali_1`],
    ["POST", `/agent/carts/${id}/promotions`, { promo_codes: ["X"] }],
    ["DELETE", `/agent/carts/${id}/promotions`, { promo_codes: ["X"] }],
    ["GET", `/agent/carts/${id}/shipping-options`],
    ["POST", `/agent/carts/${id}/shipping-methods`, { option_id: "so_1" }],
    ["POST", `/agent/carts/${id}/place`, {}],
    ["GET", `/agent/carts/${id}/stream`],
    ["POST", `/agent/carts/${id}/stream-ticket`, {}],
  ]
  const wrong: [number, Headers][] = [
    [401, {}],
    [401, guest()],
    [401, await asCustomer(oriol?.id)],
    [401, await signIn(shop, "madrid")],
    [403, await admin()],
    [403, await asStaff("cashier")],
  ]
  for (const [method, path, body] of routes) {
    for (const [expected, headers] of wrong) {
      const { status, text } = await call(method, path, headers, body)
      expect([method, path, status]).toEqual([method, path, expected])
      expect(text).not.toContain(id)
    }
  }
  await shop.database.sql`delete from mostrador.cart_reach`
  const agent = await asStaff("agent")
  for (const [method, path, body] of routes.filter(([, it]) => it.includes(id))) {
    const { status, body: said } = await call(method, path, agent, body)
    expect([method, path, status, said.message]).toEqual([method, path, 404, `Cart with id '${id}' not found`])
  }
})
