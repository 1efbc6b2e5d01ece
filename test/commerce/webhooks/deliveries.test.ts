import { pino } from "pino"
import { expect, it } from "vitest"
import {
  findEndpoint,
  listDeliveries,
  removeEndpoint,
  retryDelivery,
  rotateSecret,
  updateEndpoint,
} from "../../../src/commerce/webhooks/index.ts"
import { until } from "../../support/http.ts"
import { dawdles, refuses, takes } from "./receiver.ts"
import { happens, told, webhooksForFile } from "./shop.ts"

const shop = webhooksForFile()
const page = { limit: 100, offset: 0 }
const health = async (id: string) => (await findEndpoint(shop.sql, id))?.health
const log = async (id: string) => (await listDeliveries(shop.sql, id, {}, page)).rows

it("tells an integrator what has happened, signed, and as he has asked for it", async () => {
  const [all, orders, lines] = [
    await shop.integrator(["*"]),
    await shop.integrator(["order.*"]),
    await shop.integrator(["cart.line_added", "cart.line_removed"]),
  ]
  await shop.open()
  await happens(shop.sql, "cart_1", 1, "cart.created")
  await happens(shop.sql, "cart_1", 2, "cart.line_added", { items: [{ quantity: 2, note: "größer 😀" }] })
  await happens(shop.sql, "order_1", 1, "order.placed")
  await shop.untilAllDelivered(5)
  expect(told(all.taken).sort()).toEqual(["cart_1 1", "cart_1 2", "order_1 1"])
  expect(told(orders.taken)).toEqual(["order_1 1"])
  expect(told(lines.taken)).toEqual(["cart_1 2"])
  const [message] = lines.taken
  expect(message?.body).toEqual({
    type: "cart.line_added",
    timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
    data: {
      id: expect.stringMatching(/^evt_[0-9A-Z]{26}$/),
      subject: { type: "cart", id: "cart_1" },
      version: 2,
      channel: "sc_web",
      channel_id: "chan_web",
      actor: { type: "customer", id: "cus_1" },
      device: "phone",
      before: null,
      after: { items: [{ quantity: 2, note: "größer 😀" }] },
    },
  })
  expect(message?.headers).toMatchObject({ "content-type": "application/json", "user-agent": "Mostrador-Webhooks/1" })
  expect([all.forged, orders.forged, lines.forged]).toEqual([0, 0, 0])
  expect(await log(lines.id)).toEqual([
    expect.objectContaining({
      ...{ event_id: message?.id, event_type: "cart.line_added", subject_id: "cart_1", status: "delivered" },
      ...{ attempts: 1, response_status: 200, response_body: "thank you", error: null, next_attempt_at: null },
    }),
  ])
})

it("tells of a cart in the order of its changes, one at a time, and of several carts at once", async () => {
  const slow = await shop.integrator()
  slow.behaviour = dawdles(5)
  await shop.open()
  await shop.open()
  const carts = Array.from({ length: 20 }, (_, at) => `cart_${at}`)
  await Promise.all(
    carts.map(async (cart) => {
      for (let at = 1; at <= 10; at++) await happens(shop.sql, cart, at)
    }),
  )
  await shop.untilAllDelivered(200, 20)
  for (const cart of carts) {
    const expected = Array.from({ length: 10 }, (_, at) => `${cart} ${at + 1}`)
    expect(told(slow.taken.filter((it) => it.subject === cart))).toEqual(expected)
  }
  expect(slow.most.ofOneSubject).toBe(1)
  expect(slow.most.inAll).toBeGreaterThan(1)
  expect(slow.most.inAll).toBeLessThanOrEqual(8)
})

it("misses no event that is committed after later ones, and tells none that is taken back", async () => {
  const integrator = await shop.integrator()
  await shop.open()
  await shop.sql.begin(async (slow) => {
    await happens({ begin: (work: (tx: unknown) => unknown) => work(slow) } as never, "cart_slow", 1)
    await happens(shop.sql, "cart_quick", 1)
    await until("the quick one is told", () => told(integrator.taken).includes("cart_quick 1"))
  })
  const undone = shop.sql.begin(async (tx) => {
    await happens({ begin: (work: (tx: unknown) => unknown) => work(tx) } as never, "cart_undone", 1)
    throw new Error("out of stock")
  })
  await expect(undone).rejects.toThrow("out of stock")
  await happens(shop.sql, "cart_last", 1)
  await shop.untilAllDelivered(3)
  expect(told(integrator.taken).sort()).toEqual(["cart_last 1", "cart_quick 1", "cart_slow 1"])
})

it("a delivery that is refused holds up its own cart only, and is tried again with growing waits", async () => {
  const choosy = await shop.integrator()
  let isWell = false
  choosy.behaviour = (message, response) =>
    isWell || message.subject !== "cart_bad" || message.version !== 1
      ? takes(message, response)
      : refuses(422)(message, response)
  await shop.open()
  await happens(shop.sql, "cart_bad", 1)
  await happens(shop.sql, "cart_bad", 2)
  await happens(shop.sql, "cart_good", 1)
  const attempts = async () =>
    (await listDeliveries(shop.sql, choosy.id, { status: "waiting" }, page)).rows.find((it) => it.attempts > 0)
  for (const [times, least, most] of [
    [1, 4, 6],
    [2, 26, 34],
    [3, 107, 133],
    [4, 530, 670],
  ] as const) {
    await until("it is refused again", async () => (await attempts())?.attempts === times)
    await happens(shop.sql, "cart_bad", times + 2)
    await happens(shop.sql, "cart_good", times + 1)
    await until("the good one goes on", () => told(choosy.taken).includes(`cart_good ${times + 1}`))
    // What stands behind it does not look as if it were due, or it would be looked at again and again.
    await until("nothing looks due", async () => {
      const due = await shop.sql`select from mostrador.webhook_delivery where status = 'waiting' and due_at <= now()`
      return due.length === 0
    })
    const next = await attempts()
    const wait = (Date.parse(next?.next_attempt_at ?? "") - Date.parse(next?.last_attempt_at ?? "")) / 1000
    expect(wait).toBeGreaterThan(least)
    expect(wait).toBeLessThan(most)
    expect(next).toMatchObject({ response_status: 422, response_body: "no", status: "waiting" })
    expect(choosy.heard.filter((it) => it.subject === "cart_bad")).toHaveLength(times)
    await shop.timePasses()
  }
  isWell = true
  await shop.timePasses()
  await shop.untilAllDelivered(11)
  expect(told(choosy.taken.filter((it) => it.subject === "cart_bad"))).toEqual(
    [1, 2, 3, 4, 5, 6].map((it) => `cart_bad ${it}`),
  )
  expect((await health(choosy.id))?.failing_since).toBeNull()
})

it("gives up a delivery that was refused for three days, says so, and goes on with what stood behind it", async () => {
  const choosy = await shop.integrator()
  const lines: string[] = []
  choosy.behaviour = (message, response) =>
    message.subject === "cart_bad" && message.version === 1 ? refuses(400)(message, response) : takes(message, response)
  await shop.open({}, logTo(lines))
  await happens(shop.sql, "cart_bad", 1)
  await happens(shop.sql, "cart_bad", 2)
  await until("it is refused", async () => ((await log(choosy.id))[1]?.attempts ?? 0) === 1)
  await happens(shop.sql, "cart_good", 1)
  await until("another is taken", () => choosy.taken.length === 1)
  await shop.sql`
    update mostrador.webhook_delivery set first_attempt_at = now() - interval '73 hours' where attempts > 0
      and status = 'waiting'`
  await shop.timePasses()
  await until("what stood behind it is taken", () => told(choosy.taken).includes("cart_bad 2"))
  await until("that is written down", async () => (await shop.count("waiting")) === 0)
  expect(await health(choosy.id)).toMatchObject({ waiting: 0, dead: 1, last_failure: "answered 400" })
  const dead = (await listDeliveries(shop.sql, choosy.id, { status: "dead" }, page)).rows
  expect(dead).toEqual([
    expect.objectContaining({ subject_id: "cart_bad", attempts: 2, response_status: 400, next_attempt_at: null }),
  ])
  const line = lines.find((it) => it.includes("given up")) ?? ""
  expect(line).toContain(dead[0]?.event_id)
  expect(line).not.toContain("cart_bad") // who has a cart's id has the cart

  choosy.behaviour = takes
  await shop.sql.begin((tx) => retryDelivery(tx, choosy.id, dead[0]?.event_id ?? ""))
  await shop.untilAllDelivered(3)
  expect(told(choosy.taken).at(-1)).toBe("cart_bad 1")
})

it("an endpoint that takes nothing is left alone, tried with one delivery at a time, and sent all when it is back", async () => {
  const down = await shop.integrator()
  down.behaviour = refuses(500)
  // So long that none of them ends by itself.
  await shop.open({ downSeconds: [100, 200, 400, 800, 1_600, 3_200] })
  for (let cart = 0; cart < 60; cart++) for (const at of [1, 2]) await happens(shop.sql, `cart_${cart}`, at)
  await until("it is seen to be down", async () => (await health(down.id))?.retry_at !== null)
  await untilIdle()
  const first = down.heard.length
  expect(first).toBeLessThanOrEqual(16)
  const waits: number[] = []
  for (let probe = 1; probe <= 5; probe++) {
    await shop.timePasses()
    await until("it is tried", () => down.heard.length === first + probe)
    await until("and left alone", async () => Date.parse((await health(down.id))?.retry_at ?? "") > Date.now())
    await untilIdle()
    expect(down.heard).toHaveLength(first + probe)
    waits.push((Date.parse((await health(down.id))?.retry_at ?? "") - Date.now()) / 1000)
  }
  expect(waits).toEqual([...waits].sort((a, b) => a - b))
  expect(waits.at(-1)).toBeGreaterThan(1_000)
  expect(await shop.count("dead")).toBe(0)
  down.behaviour = takes
  await shop.timePasses()
  await shop.untilAllDelivered(120)
  for (let cart = 0; cart < 60; cart++) {
    expect(told(down.taken.filter((it) => it.subject === `cart_${cart}`))).toEqual(
      [1, 2].map((at) => `cart_${cart} ${at}`),
    )
  }
  expect(await health(down.id)).toMatchObject({ retry_at: null, failing_since: null, waiting: 0, dead: 0 })
})

it("is found well at its next try, however long each delivery itself would wait", async () => {
  const integrator = await shop.integrator()
  integrator.behaviour = refuses(500)
  await shop.open({ backoffSeconds: [3_600], downSeconds: [0.2] })
  const carts = ["cart_1", "cart_2", "cart_3"]
  for (const cart of carts) await happens(shop.sql, cart, 1)
  await until("it is down", async () => (await health(integrator.id))?.retry_at !== null)
  for (const cart of carts) await happens(shop.sql, cart, 2)
  integrator.behaviour = takes
  await shop.untilAllDelivered(6)
  for (const cart of carts) {
    expect(told(integrator.taken.filter((it) => it.subject === cart))).toEqual([`${cart} 1`, `${cart} 2`])
  }
})

it("is not disabled for one event that it refuses for three days, nor for one failure long after another", async () => {
  const choosy = await shop.integrator()
  choosy.behaviour = refuses(422)
  await shop.open({ backoffSeconds: [0.1] })
  await happens(shop.sql, "cart_bad", 1)
  await until("it is refused", async () => (await log(choosy.id))[0]?.attempts === 1)
  const longAgo = () => shop.sql`
    update mostrador.webhook_endpoint set failing_since = now() - interval '73 hours' where id = ${choosy.id}`
  await longAgo()
  await shop.sql`update mostrador.webhook_delivery set first_attempt_at = now() - interval '73 hours'`
  await until("it is given up", async () => (await shop.count("dead")) === 1)
  await longAgo()
  await shop.sql`update mostrador.webhook_endpoint set last_failure_at = now() - interval '72 hours'`
  choosy.behaviour = refuses(500)
  await happens(shop.sql, "cart_good", 1)
  await until("it fails", async () => (await log(choosy.id))[0]?.attempts === 1)
  expect((await findEndpoint(shop.sql, choosy.id))?.disabled).toBe(false)
  choosy.behaviour = takes
  await until("it is taken", async () => (await shop.count("delivered")) === 1)
})

it("is disabled when it has taken nothing for three days; it is told of, and what waits is sent when it is enabled", async () => {
  const down = await shop.integrator(["cart.*"])
  const watchful = await shop.integrator(["webhook_endpoint.*"])
  const lines: string[] = []
  down.behaviour = refuses(503)
  await shop.open({}, logTo(lines))
  await happens(shop.sql, "cart_1", 1)
  await happens(shop.sql, "cart_1", 2)
  await until("it fails", async () => (await health(down.id))?.failing_since !== null)
  await untilIdle()
  await shop.sql`update mostrador.webhook_endpoint set failing_since = now() - interval '73 hours' where id = ${down.id}`
  await shop.timePasses()
  await until("it is disabled", async () => (await findEndpoint(shop.sql, down.id))?.disabled === true)
  expect(await findEndpoint(shop.sql, down.id)).toMatchObject({
    disabled_reason: "failing",
    health: { waiting: 2, dead: 0, last_failure: "answered 503" },
  })
  await until("others hear of it", () => watchful.taken.length === 1)
  expect(watchful.taken[0]?.body.data).toMatchObject({
    subject: { type: "webhook_endpoint", id: down.id },
    after: { disabled: true, disabled_reason: "failing" },
  })
  expect(lines.filter((it) => it.includes("is disabled"))).toHaveLength(1)
  await happens(shop.sql, "cart_1", 3) // while it is disabled: not for it
  await until("it is read", async () => (await unread()) === 0)
  down.behaviour = takes
  await shop.sql.begin((tx) => updateEndpoint(tx, down.id, { disabled: false }))
  await happens(shop.sql, "cart_1", 4)
  await until("what waited is taken", () => down.taken.length === 3)
  expect(told(down.taken)).toEqual(["cart_1 1", "cart_1 2", "cart_1 4"])
})

it("is disabled at once when it says that it is gone", async () => {
  const gone = await shop.integrator()
  gone.behaviour = refuses(410)
  await shop.open()
  await happens(shop.sql, "cart_1", 1)
  await until("it is disabled", async () => (await findEndpoint(shop.sql, gone.id))?.disabled === true)
  await happens(shop.sql, "cart_2", 1)
  await until("it is read", async () => (await unread()) === 0)
  expect((await findEndpoint(shop.sql, gone.id))?.disabled_reason).toBe("gone")
  expect(gone.heard).toHaveLength(1)
})

it("leaves an endpoint alone for as long as it asks", async () => {
  const busy = await shop.integrator()
  busy.behaviour = refuses(429, { "retry-after": "7200" })
  await shop.open()
  await happens(shop.sql, "cart_1", 1)
  await until("it is left alone", async () => (await health(busy.id))?.retry_at !== null)
  await happens(shop.sql, "cart_2", 1)
  await until("it is read", async () => (await unread()) === 0)
  const { retry_at } = (await health(busy.id)) ?? {}
  expect(Math.abs(Date.parse(retry_at ?? "") - Date.now() - 7_200_000)).toBeLessThan(60_000)
  const [, refused] = await log(busy.id)
  expect(Date.parse(refused?.next_attempt_at ?? "")).toBeGreaterThan(Date.now() + 7_000_000)
  expect(busy.heard).toHaveLength(1)
})

it("an endpoint that hangs or is down keeps no other waiting", async () => {
  const [hanging, down, well] = [await shop.integrator(), await shop.integrator(), await shop.integrator()]
  hanging.behaviour = () => {}
  await down.goAway()
  await shop.open({ timeoutSeconds: 30 })
  for (let cart = 0; cart < 20; cart++) await happens(shop.sql, `cart_${cart}`, 1)
  await until("the well one has all", () => well.taken.length === 20)
  expect(hanging.taken).toHaveLength(0)
  expect(hanging.heard.length).toBeLessThanOrEqual(8)
  expect((await health(down.id))?.last_failure).toMatch(/ECONNREFUSED|UND_ERR/)
})

it("takes an endpoint that does not answer in time for one that has failed", async () => {
  const hanging = await shop.integrator()
  hanging.behaviour = () => {}
  await shop.open({ timeoutSeconds: 0.2 })
  await happens(shop.sql, "cart_1", 1)
  await until("it has failed", async () => (await log(hanging.id))[0]?.attempts === 1)
  expect((await log(hanging.id))[0]).toMatchObject({ response_status: null, error: "no answer within 0.2 seconds" })
})

it("follows no redirect, and keeps the beginning of an answer only", async () => {
  const [elsewhere, moved] = [await shop.integrator(["order.*"]), await shop.integrator(["cart.*"])]
  moved.behaviour = (_, response) =>
    void response.writeHead(307, { location: elsewhere.url }).end(`${"x".repeat(1_023)}😀\0${"y".repeat(200_000)}`)
  await shop.open()
  await happens(shop.sql, "cart_1", 1)
  await until("it has failed", async () => (await log(moved.id))[0]?.attempts === 1)
  expect((await log(moved.id))[0]).toMatchObject({ response_status: 307, response_body: "x".repeat(1_023) })
  expect(elsewhere.heard).toHaveLength(0)
  expect(elsewhere.forged).toBe(0)
})

it("signs with the old secret, too, for a day after it was changed", async () => {
  const integrator = await shop.integrator()
  const old = integrator.secret
  await shop.open()
  const fresh = (await rotateSecret(shop.sql, integrator.id)) ?? ""
  await happens(shop.sql, "cart_1", 1)
  await until("who has the old one takes it", () => integrator.taken.length === 1)
  integrator.secret = fresh
  await happens(shop.sql, "cart_1", 2)
  await until("so does who has the new one", () => integrator.taken.length === 2)
  expect(String(integrator.taken[1]?.headers["webhook-signature"]).split(" ")).toHaveLength(2)
  await shop.sql`update mostrador.webhook_endpoint set previous_secret_until = now()`
  integrator.secret = old
  await happens(shop.sql, "cart_1", 3)
  await until("the old one is worth nothing now", () => integrator.forged > 0)
  expect(integrator.taken).toHaveLength(2)
})

it("sends a removed endpoint nothing, and forgets its deliveries and those of old events", async () => {
  const [kept, removed] = [await shop.integrator(), await shop.integrator()]
  const webhooks = await shop.open()
  await happens(shop.sql, "cart_1", 1)
  await happens(shop.sql, "cart_2", 1)
  await shop.untilAllDelivered(4)
  await removeEndpoint(shop.sql, removed.id)
  await shop.sql`
    update mostrador.webhook_delivery set occurred_at = now() - interval '31 days' where subject_id = 'cart_1'`
  await happens(shop.sql, "cart_3", 1)
  await until("who is left hears of it", () => kept.taken.length === 3)
  expect(removed.heard).toHaveLength(2)
  await webhooks.close()
  const { pruneDeliveries } = await import("../../../src/commerce/webhooks/prune.ts")
  await pruneDeliveries(shop.sql, new AbortController().signal)
  const left = await shop.sql`select endpoint_id, subject_id from mostrador.webhook_delivery order by event_position`
  expect(left.map((it) => [it.endpoint_id, it.subject_id])).toEqual([
    [kept.id, "cart_2"],
    [kept.id, "cart_3"],
  ])
  expect(await shop.sql`select from mostrador.webhook_endpoint`).toHaveLength(1)
})

it("gives up what waits longer than its event is kept", async () => {
  const integrator = await shop.integrator()
  integrator.behaviour = refuses(500)
  await shop.open()
  await happens(shop.sql, "cart_1", 1)
  await until("it waits", async () => (await log(integrator.id))[0]?.attempts === 1)
  await shop.sql`delete from mostrador.event`
  await happens(shop.sql, "cart_1", 2)
  integrator.behaviour = takes
  await shop.timePasses()
  await until("the next goes on", () => told(integrator.taken).includes("cart_1 2"))
  await until("that is written down", async () => (await shop.count("waiting")) === 0)
  expect(await log(integrator.id)).toMatchObject([
    { status: "delivered" },
    { status: "dead", error: "the event is not kept any more" },
  ])
})

it("says so when its place in the log is another database's, and goes on from now", async () => {
  const integrator = await shop.integrator()
  await shop.sql`insert into mostrador.webhook_position (position) values ('999999999:999999999:')`
  const lines: string[] = []
  await shop.open({}, logTo(lines))
  await until("it is seen", () => lines.some((it) => it.includes("lost their place")))
  await happens(shop.sql, "cart_1", 1)
  await until("it goes on", () => told(integrator.taken).includes("cart_1 1"))
})

it("closes without waiting for an endpoint that hangs, and what was on its way is sent again", async () => {
  const integrator = await shop.integrator()
  integrator.behaviour = () => {}
  const webhooks = await shop.open({ drainSeconds: 0.1, timeoutSeconds: 30 })
  await happens(shop.sql, "cart_1", 1)
  await until("it is on its way", () => integrator.heard.length === 1)
  await webhooks.close()
  expect((await log(integrator.id))[0]).toMatchObject({ status: "waiting", attempts: 0 })
  integrator.behaviour = takes
  await shop.open() // finds the turn free: it was given back
  await until("it is taken", () => integrator.taken.length === 1)
})

/** How many events nobody has made deliveries of. */
async function unread(): Promise<number> {
  const rows = await shop.sql`
    select from mostrador.event, mostrador.webhook_position at where not pg_visible_in_snapshot(event.tx, at.position)`
  return rows.length
}

/** Waits until nobody is at work for any endpoint. */
const untilIdle = () =>
  until("nobody is at work", async () => {
    const busy = await shop.sql`select from mostrador.webhook_endpoint where taken_by is not null`
    return busy.length === 0
  })

/** A log whose lines can be looked at. */
function logTo(lines: string[]) {
  return pino({ base: undefined }, { write: (line: string) => void lines.push(line) })
}
