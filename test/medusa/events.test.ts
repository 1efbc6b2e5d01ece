import eventBusLocal from "@medusajs/medusa/event-bus-local"
import postgres from "postgres"
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { deliver, type EventBus } from "../../src/medusa/events/delivery.ts"
import counterEvents from "../../src/medusa/events/index.ts"
import { cartMessages } from "../../src/medusa/events/messages.ts"
import { recordEvents } from "../../src/platform/events/index.ts"
import { cloneDatabase, type TestDatabase } from "../support/database.ts"
import { until } from "../support/http.ts"

interface Heard {
  name: string
  data: { id: string }
  metadata: Record<string, unknown>
}

const logged: string[] = []
const logger = { info: () => {}, error: (line: string) => void logged.push(line), warn: () => {} }

let database: TestDatabase
beforeAll(async () => {
  database = await cloneDatabase()
})
afterAll(() => database?.drop())
beforeEach(async () => {
  logged.length = 0
  await database.sql`truncate mostrador.event, mostrador.medusa_outbox`
})

/** Medusa's event bus in memory, and all that its subscribers hear. */
function medusaBus() {
  const heard: Heard[] = []
  const bus = new eventBusLocal.service({ logger } as never, {}, {} as never) as EventBus & {
    subscribe(event: string, subscriber: (event: Heard) => Promise<void>): void
  }
  bus.subscribe("*", async (event) => void heard.push(event))
  return { bus, heard }
}

/** A cart's `at`th change. */
const change = (cart: string, at: number) =>
  database.sql.begin((tx) =>
    recordEvents(tx, [
      {
        ...{ name: "cart.updated", subject: { type: "cart", id: cart }, version: at, channel: null, device: null },
        ...{ actor: { type: "guest", id: null }, before: null, after: null },
        medusa: [{ name: "cart.updated", data: { id: `${cart} ${at}` } }],
      },
    ]),
  )

const waiting = async () => (await database.sql`select from mostrador.medusa_outbox where given_up_at is null`).length
const ids = (heard: Heard[]) => heard.map((it) => it.data.id)

it("lets Medusa's subscribers hear what they would hear of Medusa, in the order of the changes", async () => {
  const { bus, heard } = medusaBus()
  const medusa = cartMessages("cart_1", "line_added", {
    created: { cart_line_item: ["cali_1", "cali_2"], cart_promotion: ["cartpromo_2", "cartpromo_3"] },
    updated: { cart_line_item: ["cali_0"] },
    deleted: { cart_promotion: ["cartpromo_1"] },
  })
  await database.sql.begin((tx) =>
    recordEvents(tx, [
      {
        ...{
          name: "cart.line_added",
          subject: { type: "cart", id: "cart_1" },
          version: 1,
          channel: null,
          device: null,
        },
        ...{ actor: { type: "guest", id: null }, before: null, after: null, medusa },
      },
    ]),
  )
  await change("cart_1", 2)
  expect(await deliver(database.sql, bus, logger)).toBe(2)
  expect(heard.map(({ name, data, metadata }) => [name, data.id, metadata.source, metadata.object])).toEqual([
    ["cart.line-item.created", "cali_1", "cart", "line_item"],
    ["cart.line-item.created", "cali_2", "cart", "line_item"],
    ["cart.line-item.updated", "cali_0", "cart", "line_item"],
    ["LinkCartPromotion.detached", "cartpromo_1", "CartCartPromotionPromotionLink", "LinkCartPromotion"],
    [
      "LinkCartPromotion.attached",
      ["cartpromo_2", "cartpromo_3"],
      "CartCartPromotionPromotionLink",
      "LinkCartPromotion",
    ],
    ["cart.updated", "cart_1", undefined, undefined],
    ["cart.updated", "cart_1 2", undefined, undefined],
  ])
  const groups = heard.map((it) => it.metadata.eventGroupId)
  expect(new Set(groups.slice(0, -1)).size).toBe(1)
  expect(groups.at(-1)).not.toBe(groups[0])
  expect(await waiting()).toBe(0)
  expect(await deliver(database.sql, bus, logger)).toBe(0)
})

it("tells once more what it had told when it was killed before it could say so", async () => {
  const { bus, heard } = medusaBus()
  await change("cart_1", 1)
  await change("cart_1", 2)
  let isGone = false
  const doomed = connect("doomed", () => {
    isGone = true
  })
  const dying: EventBus = {
    emit: (messages, options) => bus.emit(messages, options),
    clearGroupedEvents: (group) => bus.clearGroupedEvents(group),
    async releaseGroupedEvents(group) {
      await bus.releaseGroupedEvents(group)
      await kill("doomed")
      await until("it is gone", () => isGone)
    },
  }
  await expect(deliver(doomed, dying, logger)).rejects.toThrow()
  await doomed.end({ timeout: 1 })
  expect(ids(heard)).toEqual(["cart_1 1"]) // and did not go on with the next
  expect(await waiting()).toBe(2)
  heard.length = 0
  expect(await deliver(database.sql, bus, logger)).toBe(2)
  expect(ids(heard)).toEqual(["cart_1 1", "cart_1 2"])
  expect(logged).toEqual([])
})

it("tells each change once and those of a cart in order, though two processes deliver and many write", async () => {
  const { bus, heard } = medusaBus()
  const carts = Array.from({ length: 12 }, (_, at) => `cart_${at}`)
  let isWriting = true
  const both = [connect("one"), connect("two")]
  const delivering = both.map(async (sql) => {
    let told = 0
    while (isWriting || (await waiting()) > 0) told += await deliver(sql, bus, logger)
    return told
  })
  const writing = carts.map(async (cart) => {
    for (let at = 1; at <= 15; at++) await change(cart, at)
  })
  await Promise.all(writing)
  isWriting = false
  const [one = 0, two = 0] = await Promise.all(delivering)
  await Promise.all(both.map((sql) => sql.end()))
  expect(one + two).toBe(12 * 15)
  for (const cart of carts) {
    const expected = Array.from({ length: 15 }, (_, at) => `${cart} ${at + 1}`)
    expect(ids(heard).filter((it) => it.startsWith(`${cart} `))).toEqual(expected)
  }
})

it("holds up nobody but the cart of an event that the bus refuses, and gives it up in the end", async () => {
  const { bus, heard } = medusaBus()
  const choosy: EventBus = {
    releaseGroupedEvents: (group) => bus.releaseGroupedEvents(group),
    clearGroupedEvents: (group) => bus.clearGroupedEvents(group),
    async emit(messages, options) {
      if (messages.some(({ data }) => data.id === "cart_1 1")) throw new TypeError("no: ana@example.com")
      await bus.emit(messages, options)
    },
  }
  await change("cart_1", 1)
  await change("cart_1", 2)
  await change("cart_2", 1)
  expect(await deliver(database.sql, choosy, logger)).toBe(1)
  await change("cart_2", 2)
  expect(await deliver(database.sql, choosy, logger)).toBe(1)
  const [refused] = await database.sql`
    select refusals, retry_at > now() as waits from mostrador.medusa_outbox where refusals > 0`
  expect(refused).toEqual({ refusals: 1, waits: true }) // was not tried a second time at once
  for (let round = 0; (await waiting()) > 0 && round < 20; round++) {
    await database.sql`update mostrador.medusa_outbox set retry_at = now() where retry_at is not null`
    await deliver(database.sql, choosy, logger)
  }
  expect(ids(heard.filter((it) => it.name === "cart.updated"))).toEqual(["cart_2 1", "cart_2 2", "cart_1 2"])
  const [given] = await database.sql`select event_id, refusals from mostrador.medusa_outbox`
  expect(given?.refusals).toBe(8)
  expect(logged).toEqual([
    `Medusa's subscribers are not told of event ${given?.event_id}: its event bus refuses it (TypeError)`,
  ])
})

it("gives nothing up while the bus takes nothing at all", async () => {
  const { bus, heard } = medusaBus()
  let takes = 2
  const failing: EventBus = {
    releaseGroupedEvents: (group) => bus.releaseGroupedEvents(group),
    clearGroupedEvents: (group) => bus.clearGroupedEvents(group),
    async emit(messages, options) {
      if (takes-- <= 0) throw new Error("Connection is closed.")
      await bus.emit(messages, options)
    },
  }
  for (let at = 1; at <= 4; at++) await change(`cart_${at}`, 1)
  for (let round = 0; round < 12; round++) {
    await expect(deliver(database.sql, failing, logger)).rejects.toThrow("Connection is closed.")
  }
  expect(ids(heard)).toEqual(["cart_1 1", "cart_2 1"])
  takes = 100
  expect(await deliver(database.sql, failing, logger)).toBe(2)
  expect(ids(heard)).toEqual(["cart_1 1", "cart_2 1", "cart_3 1", "cart_4 1"])
  expect(logged).toEqual([])
})

it("takes nothing for told that the bus has not kept, as Redis when it is full", async () => {
  const { bus, heard } = medusaBus()
  const full: EventBus = {
    emit: async () => {},
    releaseGroupedEvents: (group) => bus.releaseGroupedEvents(group),
    clearGroupedEvents: (group) => bus.clearGroupedEvents(group),
    getGroupedEvents: async () => [],
  }
  await change("cart_1", 1)
  await expect(deliver(database.sql, full, logger)).rejects.toThrow("has not kept")
  expect(await deliver(database.sql, bus, logger)).toBe(1)
  expect(ids(heard)).toEqual(["cart_1 1"])
})

describe("inside Medusa", () => {
  const open = (event_bus: EventBus, workerMode: "shared" | "server") => {
    const configModule = { projectConfig: { databaseUrl: database.url, workerMode } }
    return new counterEvents.service({ logger, event_bus, configModule }).__hooks
  }

  it("delivers as soon as Medusa runs, goes on after the database was away, and ends with Medusa", async () => {
    const { bus, heard } = medusaBus()
    const hooks = open(bus, "shared")
    await hooks.onApplicationStart?.()
    await change("cart_1", 1)
    await until("the first is heard", () => heard.length === 1)
    for (let at = 2; at <= 6; at++) {
      await kill("medusa-events")
      await change("cart_1", at)
      await until("the next is heard", () => ids(heard).includes(`cart_1 ${at}`))
    }
    await hooks.onApplicationPrepareShutdown?.()
    expect(await connections("medusa-events")).toBe(0)
    await change("cart_1", 7)
    expect(await waiting()).toBe(1)
  })

  it("delivers nothing where Medusa runs no subscribers: in scripts and migrations", async () => {
    const { bus } = medusaBus()
    const hooks = open(bus, "server")
    await hooks.onApplicationStart?.()
    expect(await connections("medusa-events")).toBe(0)
    await hooks.onApplicationPrepareShutdown?.()
  })
})

/** A client of its own, which can be killed by its name. */
const connect = (name: string, onclose = () => {}) =>
  postgres(database.url, { max: 1, onnotice: () => {}, onclose, connection: { application_name: name } })

const connections = async (name: string) =>
  (
    await database.sql`
      select from pg_stat_activity where application_name = ${name} and datname = current_database()`
  ).length

const kill = (name: string) =>
  database.sql`
    select pg_terminate_backend(pid) from pg_stat_activity
    where application_name = ${name} and datname = current_database()`
