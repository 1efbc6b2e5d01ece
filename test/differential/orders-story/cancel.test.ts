import { setTimeout as wait } from "node:timers/promises"
import Stripe from "stripe"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { freePort } from "../../support/cluster.ts"
import { demo, openCounterBeforeMedusa, openTestCounter } from "../../support/counter.ts"
import { type Answer, ask, until } from "../../support/http.ts"
import { theMedusa } from "../../support/medusa.ts"
import { bodyOf, fillCart, type Ordered, placeOrder, post } from "../../support/orders.ts"
import { openStripe, type StripeStandIn } from "../../support/stripe/index.ts"
import { send } from "../compare.ts"
import { openStoryShop, type StoryShop } from "./shop.ts"

const CARDS = "pp_stripe_stripe"
/** How often what happens at once is tried: 5 times, or `CANCEL_RACES` times. */
const TIMES = Number(process.env.CANCEL_RACES ?? 5)

let shop: StoryShop
let bank: StripeStandIn
let stripe: Stripe
beforeAll(async () => {
  const { stripe: config } = theMedusa()
  bank = await openStripe({ port: config.port, webhookSecret: config.webhookSecret })
  stripe = new Stripe(config.apiKey, { host: "127.0.0.1", port: config.port, protocol: "http", maxNetworkRetries: 0 })
  shop = await openStoryShop()
  await shop.database.sql`
    insert into region_payment_provider (region_id, payment_provider_id, id)
    values (${demo().regions.es}, ${CARDS}, 'regpp_stripe') on conflict do nothing`
}, 300_000)
afterAll(async () => {
  if (shop) await shop.database.sql`delete from region_payment_provider where payment_provider_id = ${CARDS}`
  await shop?.close()
  await bank?.close()
})

const codeOf = ({ body }: Answer) => (body as { code?: string } | undefined)?.code
const codes = async (order: Ordered) => (await shop.timeline(order)).timeline.map((it) => it.code)
/** Units of what a kit is made of that are taken, and that are there. */
async function stock(): Promise<{ reserved: number; stocked: number }> {
  const [row] = await shop.database.sql<{ reserved: number; stocked: number }[]>`
    select sum(reserved_quantity)::float8 as reserved, sum(stocked_quantity)::float8 as stocked from inventory_level
    where deleted_at is null and inventory_item_id in (
      select inventory_item_id from product_variant_inventory_item
      where variant_id = ${demo().variants.kit} and deleted_at is null)`
  return row ?? { reserved: 0, stocked: 0 }
}
const kit = () => placeOrder(shop.counters[0].url, { variant: "kit", quantity: 1 })
const policy = (change: object) => shop.staff("/admin/omnichannel/policies", { cancellation: change })

/** An order that is paid by card: authorised, and not taken yet. */
async function payByCard(): Promise<{ order: Ordered; intent: string }> {
  const { url } = shop.counters[0]
  const { cart, collection } = await fillCart(url, { variant: "kit", quantity: 1 })
  const sessions = `/store/payment-collections/${collection}/payment-sessions`
  const { payment_collection } = bodyOf(await post(url, sessions, { provider_id: CARDS }))
  const [session] = (payment_collection as { payment_sessions: { data: { id: string } }[] }).payment_sessions
  const intent = session?.data.id ?? ""
  await stripe.paymentIntents.confirm(intent, { payment_method: "pm_card_visa", return_url: "https://x.example.com" })
  const { order } = bodyOf(await post(url, `/store/carts/${cart}/complete`))
  return { order: order as Ordered, intent }
}

describe("a shopper who cancels his order", () => {
  it("has it canceled once, with the stock given back, and is told so", async () => {
    const before = await stock()
    const order = await kit()
    expect((await stock()).reserved).toBeGreaterThan(before.reserved)
    const token = await shop.tokenFor(order)
    const offered = (await shop.timeline(order)).cancellation
    expect(offered).toEqual({ is_possible: true, reason: null, until: expect.any(String) })

    const answer = await shop.cancel(order, token, 0, { "x-device-id": "phone of Vega" })
    const { order: canceled } = bodyOf(answer) as { order: { id: string; status: string; payment_status: string } }
    expect(canceled).toMatchObject({ id: order.id, status: "canceled", payment_status: "canceled" })
    expect(await stock()).toEqual(before)
    const { timeline, cancellation } = await shop.timeline(order)
    expect(timeline.map((it) => it.code)).toEqual(["placed", "canceled"])
    expect(timeline.at(-1)).toMatchObject({
      ...{ message: "Your order has been canceled.", lines: [{ quantity: 1 }] },
      channel: { id: demo().channels.web.sales_channel_id, name: expect.any(String) },
    })
    expect(cancellation).toMatchObject({ is_possible: false, reason: "order_canceled" })
    const rows = await shop.database.sql`
      select actor, channel, device from mostrador.event where subject_id = ${order.id} and name = 'order.canceled'`
    expect(rows).toEqual([
      { actor: { type: "guest", id: null }, channel: demo().channels.web.sales_channel_id, device: "phone of Vega" },
    ])

    const again = bodyOf(await shop.cancel(order, token, 1)) as { order: { status: string } }
    expect(again.order.status).toBe("canceled")
    expect(await shop.told(order)).toEqual(["order.placed", "order.canceled"])
  })

  it("has it canceled once when he asks several times at once, at several counters", async () => {
    const before = await stock()
    for (let n = 0; n < TIMES; n++) {
      const order = await kit()
      await shop.staff(`/admin/payments/${await shop.paymentOf(order)}/capture`)
      const token = await shop.tokenFor(order)
      const asked = [0, 1, 0, 1].map((counter) => shop.cancel(order, token, counter as 0 | 1))
      expect((await Promise.all(asked)).map((it) => it.status)).toEqual([200, 200, 200, 200])
      expect(await codes(order)).toEqual(["placed", "captured", "refunded", "canceled"])
      expect(await shop.told(order)).toEqual(["placed", "captured", "refunded", "canceled"].map((it) => `order.${it}`))
    }
    expect(await stock()).toEqual(before)
  })

  it("is answered the same under the same Idempotency-Key, and nobody else gets that answer", async () => {
    const order = await kit()
    const token = await shop.tokenFor(order)
    const path = `/store/orders/${order.id}/cancel`
    const headers = { "idempotency-key": `cancel-${order.id}`, "x-order-token": token }
    const first = await post(shop.counters[0].url, path, undefined, headers)
    const again = await post(shop.counters[1].url, path, undefined, headers)
    expect([first.status, again.text, again.headers.get("idempotency-replayed")]).toEqual([200, first.text, "true"])
    const stranger = await post(shop.counters[0].url, path, undefined, { "idempotency-key": `cancel-${order.id}` })
    expect(stranger.status).toBe(404)
  })
})

describe("the shop's policy", () => {
  it("lets nobody cancel what is packed; what is unpacked again he may", async () => {
    const order = await kit()
    const token = await shop.tokenFor(order)
    const at = `/admin/orders/${order.id}/fulfillments`
    const { order: packed } = await shop.staff(`${at}?fields=fulfillments.id`, {
      items: order.items.map(({ id }) => ({ id, quantity: 1 })),
    })
    const refused = await shop.cancel(order, token)
    expect([refused.status, refused.body]).toEqual([
      409,
      { type: "not_allowed", code: "fulfillment_started", message: expect.stringContaining("return") },
    ])
    expect((await shop.timeline(order)).cancellation.reason).toBe("fulfillment_started")
    const [fulfillment] = (packed as { fulfillments: { id: string }[] }).fulfillments
    await shop.staff(`${at}/${fulfillment?.id}/cancel`)
    expect((await shop.cancel(order, token)).status).toBe(200)
    expect(await codes(order)).toEqual(["placed", "fulfilled", "fulfillment_canceled", "canceled"])
    expect(await shop.database.sql`select from mostrador.order_cancellation where order_id = ${order.id}`).toHaveLength(
      1,
    )
  })

  it("ends after the time that the merchant sets, or never, or does not begin", async () => {
    const order = await kit()
    const token = await shop.tokenFor(order)
    const old = await kit()
    const oldToken = await shop.tokenFor(old)
    await shop.database.sql`update "order" set created_at = now() - interval '61 minutes' where id = ${old.id}`
    try {
      const late = await shop.cancel(old, oldToken)
      expect([late.status, codeOf(late)]).toEqual([409, "cancellation_window_over"])
      await policy({ allowed: false })
      const never = await shop.cancel(order, token)
      expect([never.status, codeOf(never)]).toEqual([409, "cancellation_not_offered"])
      await policy({ allowed: true, within_minutes: null })
      expect((await shop.cancel(old, oldToken)).status).toBe(200)
      await shop.staff(`/admin/orders/${order.id}/complete`)
      const completed = await shop.cancel(order, token)
      expect([completed.status, codeOf(completed)]).toEqual([409, "order_completed"])
    } finally {
      await policy({ allowed: true, within_minutes: 60 })
    }
    const asked = await shop.database.sql`select from mostrador.order_cancellation where order_id = ${order.id}`
    expect(asked).toHaveLength(0)
  })
})

describe("while staff are at the order", () => {
  it("it is canceled or packed, never both, and the stock is right", async () => {
    const outcomes: string[] = []
    for (let n = 0; n < TIMES; n++) {
      const before = await stock()
      const order = await kit()
      const token = await shop.tokenFor(order)
      const items = order.items.map(({ id }) => ({ id, quantity: 1 }))
      const [canceled, packed] = await Promise.all([
        shop.cancel(order, token, (n % 2) as 0 | 1),
        shop.tryStaff(`/admin/orders/${order.id}/fulfillments`, { items }),
      ])
      outcomes.push(canceled.status === 200 ? "canceled" : "packed")
      const found = await codes(order)
      if (canceled.status === 200) {
        expect([packed.status, found]).toEqual([400, ["placed", "canceled"]])
        expect(await stock()).toEqual(before)
      } else {
        expect([canceled.status, codeOf(canceled), packed.status]).toEqual([409, "fulfillment_started", 200])
        expect(found).toEqual(["placed", "fulfilled"])
        const after = await stock()
        expect([after.reserved, after.stocked < before.stocked]).toEqual([before.reserved, true])
      }
    }
    expect(outcomes).toHaveLength(TIMES)
  })

  it("its money is back and it is canceled, or neither, whatever change is begun meanwhile", async () => {
    const medusa = theMedusa().url
    const [person] = demo().customers
    const login = await send(medusa, {
      ...{ method: "POST", path: "/auth/customer/emailpass" },
      body: { email: person?.email, password: person?.password },
    })
    const customer = { authorization: `Bearer ${(login.body as { token: string }).token}` }
    const { url } = shop.counters[0]
    for (let n = 0; n < TIMES; n++) {
      const order = await kit()
      const token = await shop.tokenFor(order)
      await shop.staff(`/admin/payments/${await shop.paymentOf(order)}/capture`)
      const begun = [
        () => post(url, `/store/orders/${order.id}/transfer/request`, {}, customer),
        () => shop.tryStaff("/admin/returns", { order_id: order.id }),
        () => shop.tryStaff("/admin/claims", { order_id: order.id, type: "refund" }),
        () => shop.tryStaff("/admin/exchanges", { order_id: order.id }),
        () => shop.tryStaff("/admin/order-edits", { order_id: order.id }),
      ][n % 5]
      const cancels = shop.cancel(order, token)
      await wait((n * 70) % 350)
      const [canceled, changed] = await Promise.all([cancels, begun?.()])
      const refunds = await shop.database.sql`
        select from refund where payment_id = ${await shop.paymentOf(order)} and deleted_at is null`
      // What Medusa lets be begun with an order that is canceled is Medusa's affair.
      if (canceled.status === 200) expect(refunds).toHaveLength(1)
      else expect([canceled.status, codeOf(canceled), refunds.length]).toEqual([409, "order_changing", 0])
      expect(changed?.status).toBeLessThan(500)
      expect((await codes(order)).includes("canceled")).toBe(canceled.status === 200)
    }
  })

  it("and where a plugin has begun one all the same, the cancellation that has given money back goes on", async () => {
    const order = await kit()
    const { sql } = shop.database
    const payment = await shop.paymentOf(order)
    await shop.staff(`/admin/payments/${payment}/capture`)
    const token = await shop.tokenFor(order)
    // As a plugin's workflow does it, after our look and before Medusa's.
    await sql.unsafe(`
      create function pg_temp_begin_change() returns trigger language plpgsql as $$
      begin
        insert into order_change (id, order_id, version, status, change_type)
        values ('ordch_plugin', '${order.id}', 2, 'pending', 'edit') on conflict do nothing;
        return new;
      end $$;
      create trigger plugin_begins before insert on refund for each row
        when (new.payment_id = '${payment}') execute function pg_temp_begin_change()`)
    try {
      const answer = await shop.cancel(order, token)
      expect([answer.status, codeOf(answer)]).toEqual([503, "cancellation_uncertain"])
      const asked =
        await sql`select from mostrador.order_cancellation where order_id = ${order.id} and refused_at is null`
      expect(asked).toHaveLength(1)
      const items = order.items.map(({ id }) => ({ id, quantity: 1 }))
      const packed = await shop.tryStaff(`/admin/orders/${order.id}/fulfillments`, { items })
      expect([packed.status, codeOf(packed)]).toEqual([400, "order_being_canceled"])
    } finally {
      await sql.unsafe("drop trigger plugin_begins on refund; drop function pg_temp_begin_change()")
    }
    await sql`update order_change set status = 'canceled', canceled_at = now() where id = 'ordch_plugin'`
    await sql`
      update mostrador.order_cancellation set asked_at = asked_at - interval '1 hour' where order_id = ${order.id}`
    await until("it is canceled", async () => (await codes(order)).includes("canceled"), 60)
  })

  it("it is canceled once, whether they or the shopper do it", async () => {
    const order = await kit()
    const token = await shop.tokenFor(order)
    const [mine, theirs] = await Promise.all([
      shop.cancel(order, token),
      shop.tryStaff(`/admin/orders/${order.id}/cancel`),
    ])
    expect(mine.status).toBe(200)
    expect([200, 400]).toContain(theirs.status)
    expect(await shop.told(order)).toEqual(["order.placed", "order.canceled"])
  })

  it("it keeps its money while it is being changed: neither they nor the shopper cancel it then", async () => {
    const order = await kit()
    const payment = await shop.paymentOf(order)
    await shop.staff(`/admin/payments/${payment}/capture`)
    const token = await shop.tokenFor(order)
    await shop.staff("/admin/order-edits", { order_id: order.id })
    const [mine, theirs] = [await shop.cancel(order, token), await shop.tryStaff(`/admin/orders/${order.id}/cancel`)]
    expect([mine.status, codeOf(mine), theirs.status, codeOf(theirs)]).toEqual([
      ...[409, "order_changing", 400, "order_changing"],
    ])
    expect((await shop.timeline(order)).cancellation).toMatchObject({ is_possible: false, reason: "order_changing" })
    expect(await shop.database.sql`select from refund where payment_id = ${payment}`).toHaveLength(0)
    const path = `/admin/order-edits/${order.id}`
    const { authorization } = shop
    const dropped = await send(shop.counters[0].url, { method: "DELETE", path, headers: { authorization } })
    expect(dropped.status).toBe(200)
    expect((await shop.cancel(order, token)).status).toBe(200)
    expect(await codes(order)).toEqual(["placed", "captured", "refunded", "canceled"])
  })

  it("a cancellation that was broken off keeps it from being packed, and is brought to its end", async () => {
    const order = await kit()
    const { sql } = shop.database
    // As Medusa leaves it when it is killed in the middle, three minutes ago.
    await sql`
      insert into mostrador.order_cancellation (order_id, actor, asked_at)
      values (${order.id}, '{"type":"guest","id":null}', now() - interval '3 minutes')`
    const items = await sql`select item_id as id, 1 as quantity from order_item where order_id = ${order.id}`
    const packed = await shop.tryStaff(`/admin/orders/${order.id}/fulfillments`, { items })
    const [row] = await sql`select canceled_at from "order" where id = ${order.id}`
    // It may have been brought to its end just now.
    expect([packed.status, row?.canceled_at ? undefined : codeOf(packed)]).toEqual([
      ...[400, row?.canceled_at ? undefined : "order_being_canceled"],
    ])
    await until("it is canceled", async () => (await codes(order)).includes("canceled"), 60)
    expect(await shop.told(order)).toEqual(["order.placed", "order.canceled"])
  })

  it("a cancellation that was broken off ends when staff have completed the order, which is told, and frees it", async () => {
    const [order, changing] = [await kit(), await kit()]
    const { sql } = shop.database
    const payment = await shop.paymentOf(order)
    await shop.staff(`/admin/payments/${payment}/capture`)
    for (const { id } of [order, changing]) {
      await sql`insert into mostrador.order_cancellation (order_id, actor) values (${id}, '{"type":"guest","id":null}')`
    }
    const pack = async (it: Ordered) => {
      const items = it.items.map(({ id }) => ({ id, quantity: 1 }))
      return codeOf(await shop.tryStaff(`/admin/orders/${it.id}/fulfillments`, { items }))
    }
    expect([await pack(order), await pack(changing)]).toEqual(["order_being_canceled", "order_being_canceled"])
    // Part of the money is back, as it may be where Medusa was killed in the middle.
    await shop.staff(`/admin/payments/${payment}/refund`, { amount: 1 })
    await shop.staff(`/admin/orders/${order.id}/complete`)
    await shop.staff("/admin/order-edits", { order_id: changing.id })
    // Three minutes later; the other one's turn is before it.
    await sql`
      update mostrador.order_cancellation
      set asked_at = now() - make_interval(mins => case order_id when ${order.id} then 3 else 4 end)
      where order_id in (${order.id}, ${changing.id})`
    const isOver = async () => (await shop.told(order)).includes("order.cancellation_refused")
    await until("it has come to its end", isOver, 60)
    const { timeline } = await shop.timeline(order)
    expect(timeline.map((it) => [it.code, it.message]).at(-1)).toEqual([
      ...["cancellation_refused", "Your order could not be canceled: the shop goes on with it."],
    ])
    expect(await pack(order)).not.toBe("order_being_canceled")
    const refused = await shop.cancel(order, await shop.tokenFor(order))
    expect(refused.status).toBe(409)

    // What is being changed waits, and is canceled when it is changed no more.
    expect([await shop.told(changing), await pack(changing)]).toEqual([["order.placed"], "order_being_canceled"])
    const { authorization } = shop
    const path = `/admin/order-edits/${changing.id}`
    await send(shop.counters[0].url, { method: "DELETE", path, headers: { authorization } })
    await until("it is canceled", async () => (await codes(changing)).includes("canceled"), 60)
    expect(await shop.told(changing)).toEqual(["order.placed", "order.canceled"])
  }, 180_000)

  it("many who cancel it under keys take no connection from others, and are told to come back", async () => {
    const order = await kit()
    const token = await shop.tokenFor(order)
    const { sql } = shop.database
    const counter = await openCounterBeforeMedusa({ lockConnections: 2 })
    const keyed = (path: string, key: string, body?: object) =>
      post(counter.url, path, body, { "idempotency-key": `${key}-${order.id}` })
    const path = `/store/orders/${order.id}/cancel`
    try {
      await sql`
        insert into mostrador.medusa_lock (key, owner, expires_at)
        values (${order.id}, 'busy', now() + interval '60 seconds')`
      const answers: Answer[] = []
      const asked = Array.from({ length: 20 }, async (_, n) => {
        answers.push(await keyed(`${path}?token=${token}`, `cancel-${n}`))
      })
      await until("all but one are answered", () => answers.length === 19, 20)
      for (const it of answers) {
        expect([it.status, codeOf(it), it.headers.get("retry-after")]).toEqual([409, "order_busy", "1"])
      }
      // For others it does not exist, busy or not; and there are connections for them.
      expect((await keyed(path, "stranger")).status).toBe(404)
      expect((await keyed(`/store/orders/${order.id}/access`, "access", { email: order.email })).status).toBe(200)
      await sql`delete from mostrador.medusa_lock where key = ${order.id} and owner = 'busy'`
      await Promise.all(asked)
      expect(answers.at(-1)?.status).toBe(200)
      expect(await shop.told(order)).toEqual(["order.placed", "order.canceled"])
    } finally {
      await sql`delete from mostrador.medusa_lock where key = ${order.id} and owner = 'busy'`
      await counter.close()
    }
  })

  it("who says that something else is his order takes no lock of that name, and waits for none", async () => {
    const { sql } = shop.database
    const [item] = await sql<{ id: string }[]>`
      select inventory_item_id as id from product_variant_inventory_item
      where variant_id = ${demo().variants.kit} and deleted_at is null limit 1`
    const key = item?.id ?? ""
    // As Medusa holds it while it reserves: who waited for it would be told that the order is busy.
    await sql`
      insert into mostrador.medusa_lock (key, owner, expires_at)
      values (${key}, 'reserving', now() + interval '60 seconds')`
    try {
      for (const id of [key, "order_nobody"]) {
        const asked = await post(shop.counters[0].url, "/store/returns", { order_id: id, items: [] })
        expect([id, asked.status >= 400 && asked.status < 500, codeOf(asked)]).toEqual([id, true, undefined])
        const told = await shop.tryStaff("/admin/returns", { order_id: id })
        expect([id, told.status, codeOf(told)]).toEqual([id, 404, undefined])
      }
      expect(await sql`select owner from mostrador.medusa_lock where key = ${key}`).toEqual([{ owner: "reserving" }])
    } finally {
      await sql`delete from mostrador.medusa_lock where key = ${key} and owner = 'reserving'`
    }
  })

  it("a lock that somebody has left behind keeps the shopper waiting, and nothing is done twice", async () => {
    const order = await kit()
    const token = await shop.tokenFor(order)
    const { sql } = shop.database
    await sql`
      insert into mostrador.medusa_lock (key, owner, expires_at)
      values (${order.id}, 'killed', now() + interval '2 seconds')`
    expect((await shop.cancel(order, token)).status).toBe(200)
    expect(await sql`select from mostrador.medusa_lock where key = ${order.id}`).toHaveLength(0)
  })
})

describe("an order that is paid by card", () => {
  const refunds = async (intent: string) =>
    (await stripe.refunds.list({ payment_intent: intent })).data.map((it) => it.amount)
  /** What came of looking at its payment after it was canceled; null: nothing yet. */
  const outcomes = async (intent: string) =>
    (
      await shop.database.sql<{ outcome: string | null }[]>`
        select outcome from mostrador.stripe_event where payment_intent_id = ${intent} and type = 'order.canceled'`
    ).map((it) => it.outcome)

  it("has its authorisation canceled, so that nothing is taken", async () => {
    const { order, intent } = await payByCard()
    const token = await shop.tokenFor(order)
    expect((await shop.cancel(order, token)).status).toBe(200)
    expect((await stripe.paymentIntents.retrieve(intent)).status).toBe("canceled")
    expect(await codes(order)).toEqual(["placed", "authorized", "payment_canceled", "canceled"])
  })

  it("has refunded what was taken, once", async () => {
    const { order, intent } = await payByCard()
    await shop.staff(`/admin/payments/${await shop.paymentOf(order)}/capture`)
    const token = await shop.tokenFor(order)
    const asked = [0, 1].map((counter) => shop.cancel(order, token, counter as 0 | 1))
    expect((await Promise.all(asked)).map((it) => it.status)).toEqual([200, 200])
    const { amount_received } = await stripe.paymentIntents.retrieve(intent)
    expect(await refunds(intent)).toEqual([amount_received])
    expect(await codes(order)).toEqual(["placed", "authorized", "captured", "refunded", "canceled"])
  })

  it("has its money given back though Stripe refuses it at first, of which Medusa says nothing", async () => {
    const { order, intent } = await payByCard()
    await shop.staff(`/admin/payments/${await shop.paymentOf(order)}/capture`)
    const token = await shop.tokenFor(order)
    bank.fail({ match: /POST \/v1\/refunds/, status: 500 })
    expect((await shop.cancel(order, token)).status).toBe(200)
    await until("it is given back", async () => (await refunds(intent)).length > 0, 30)
    await until("it is looked at", async () => (await outcomes(intent)).includes("given_back"), 30)
    const { amount_received } = await stripe.paymentIntents.retrieve(intent)
    expect(await refunds(intent)).toEqual([amount_received])
  })

  it("is left to staff when Stripe refuses for good, who have it tried again", async () => {
    const { order, intent } = await payByCard()
    await shop.staff(`/admin/payments/${await shop.paymentOf(order)}/capture`)
    const token = await shop.tokenFor(order)
    // Medusa asks once, and the counter three times; more when two of its jobs are at it at once.
    const relent = bank.fail({ match: /POST \/v1\/refunds/, status: 400, times: 1_000 })
    expect((await shop.cancel(order, token)).status).toBe(200)
    const { authorization } = shop
    const headers = { authorization }
    const path = "/admin/omnichannel/payment-repairs"
    const repair = async () => {
      const { payment_repairs } = bodyOf(await ask(shop.counters[0].url, `${path}?limit=1000`, { headers }))
      return (payment_repairs as { id: string; payment_intent_id: string }[]).find(
        (it) => it.payment_intent_id === intent,
      )
    }
    await until("staff see it", async () => (await repair()) !== undefined, 90)
    const { amount_received } = await stripe.paymentIntents.retrieve(intent)
    const found = await repair()
    expect(found).toMatchObject({
      ...{ reason: "refund_refused", action: "none", done_at: null, amount: amount_received / 100, retries: 0 },
      message: expect.stringContaining("Stripe does not give it back"),
    })
    expect(await refunds(intent)).toEqual([])
    // Nobody asks Stripe any more.
    await until("it is settled", async () => (await outcomes(intent)).every((it) => it === "repaired"), 30)

    const retry = (id: string, given: Record<string, string> = headers) =>
      post(shop.counters[1].url, `${path}/${id}/retry`, undefined, given)
    expect((await retry(found?.id ?? "", {})).status).toBe(401)
    expect((await retry("payrep_nobody")).status).toBe(404)
    relent()
    const keyed = { ...headers, "idempotency-key": `retry-${order.id}` }
    const [first, same] = [await retry(found?.id ?? "", keyed), await retry(found?.id ?? "", keyed)]
    expect([bodyOf(first).payment_repair, same.text]).toEqual([{ ...found, retries: 1 }, first.text])
    expect(same.headers.get("idempotency-replayed")).toBe("true")
    await until("it is given back", async () => (await refunds(intent)).length > 0, 30)
    const done = { action: "refund", done_at: expect.any(String) }
    await until("staff see that", async () => ((await repair()) as { done_at?: string }).done_at !== null, 30)
    expect([await repair(), await refunds(intent)]).toMatchObject([done, [amount_received]])
    // What is refused leaves nothing behind, and no refusal under its key.
    for (const given of [headers, { ...headers, "idempotency-key": `late-${order.id}` }]) {
      const again = await retry(found?.id ?? "", given)
      expect([again.status, codeOf(again)]).toEqual([409, "payment_repair_not_to_be_retried"])
    }
    expect(await repair()).toMatchObject({ retries: 1 })
  }, 180_000)

  it("has its money given back when Medusa was killed after it noted the refund, and before Stripe heard of it", async () => {
    const { order, intent } = await payByCard()
    const payment = await shop.paymentOf(order)
    await shop.staff(`/admin/payments/${payment}/capture`)
    const token = await shop.tokenFor(order)
    // What such a Medusa leaves behind: to who asks again everything is refunded already.
    await shop.database.sql`
      insert into refund (id, amount, raw_amount, payment_id)
      select 'ref_killed_' || id, amount, raw_amount, id from payment where id = ${payment}`
    expect((await shop.cancel(order, token)).status).toBe(200)
    await until("it is given back", async () => (await refunds(intent)).length > 0, 30)
    const { amount_received } = await stripe.paymentIntents.retrieve(intent)
    expect(await refunds(intent)).toEqual([amount_received])
  })

  it("keeps no authorisation though Stripe does not cancel it at first", async () => {
    const { order, intent } = await payByCard()
    const token = await shop.tokenFor(order)
    bank.fail({ match: /POST \/v1\/payment_intents\/\w+\/cancel/, status: 500 })
    expect((await shop.cancel(order, token)).status).toBe(200)
    const status = async () => (await stripe.paymentIntents.retrieve(intent)).status
    await until("it is canceled", async () => (await status()) === "canceled", 30)
    await until("the order says so", async () => (await codes(order)).includes("payment_canceled"), 30)
  })

  it("has its money given back, once, though staff take it while the shopper cancels", async () => {
    for (let n = 0; n < TIMES; n++) {
      const { order, intent } = await payByCard()
      const token = await shop.tokenFor(order)
      const capture = `/admin/payments/${await shop.paymentOf(order)}/capture`
      const [canceled] = await Promise.all([shop.cancel(order, token), shop.tryStaff(capture)])
      expect(canceled.status).toBe(200)
      await until("it is looked at", async () => (await outcomes(intent)).some((it) => it !== null), 30)
      const { status, amount_received } = await stripe.paymentIntents.retrieve(intent)
      const isTaken = status !== "canceled"
      expect([status, await refunds(intent)]).toEqual(isTaken ? ["succeeded", [amount_received]] : ["canceled", []])
    }
  })
})

describe("when Medusa is away", () => {
  it("the shopper is told so, nothing is done, and he may ask again", async () => {
    const order = await kit()
    const token = await shop.tokenFor(order)
    const alone = await openTestCounter(theMedusa().databaseUrl, {
      medusaUrl: `http://127.0.0.1:${await freePort()}`,
    })
    try {
      const path = `/store/orders/${order.id}/cancel?token=${token}`
      const away = await post(alone.url, path)
      expect([away.status, codeOf(away)]).toEqual([503, "medusa_unavailable"])
      expect(await codes(order)).toEqual(["placed"])
      await until("it is canceled", async () => (await shop.cancel(order, token)).status === 200)
    } finally {
      await alone.close()
    }
    expect(await shop.told(order)).toEqual(["order.placed", "order.canceled"])
  })
})
