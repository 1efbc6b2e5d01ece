import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { keepHoldsReleased, releaseExpired } from "../../../src/commerce/checkout/index.ts"
import {
  confirm,
  consume,
  endHold,
  hold,
  InsufficientStock,
  type ReservationLine,
  release,
  reserve,
} from "../../../src/commerce/inventory/index.ts"
import { newId } from "../../../src/platform/ids.ts"
import { createLog } from "../../../src/platform/log.ts"
import { cloneDatabase, type TestDatabase } from "../../support/database.ts"
import { line, openShelves, type Shelves } from "./shelves.ts"

let database: TestDatabase
let shop: Shelves
let cart_id: string
beforeAll(async () => {
  database = await cloneDatabase()
})
afterAll(() => database?.drop())
beforeEach(async () => {
  shop = await openShelves(database.sql)
  cart_id = newId("cart")
})

const keep = (lines: ReservationLine[], minutes = 10, cart = cart_id) =>
  database.sql.begin((tx) => hold(tx, { cart_id: cart, lines, minutes, ...shop.source }))
const expire = () => database.sql`update mostrador.stock_hold set expires_at = now() where cart_id = ${cart_id}`
const minutesLeft = async () => {
  const [row] = await database.sql<{ minutes: number }[]>`
    select extract(epoch from expires_at - clock_timestamp())::float8 / 60 as minutes from mostrador.stock_hold
    where cart_id = ${cart_id}`
  return row?.minutes
}
const order = (lines: ReservationLine[]) => lines.map((it) => ({ ...it, order_line_item_id: newId("ordli") }))
const buy = (lines: ReturnType<typeof order>) => database.sql.begin((tx) => consume(tx, { cart_id, lines }))
const holds = async () => (await database.sql`select from mostrador.stock_hold where cart_id = ${cart_id}`).length

async function reserved(item: string) {
  expect(await shop.mistakes()).toEqual([])
  return Object.values(await shop.state(item)).reduce((all, it) => all + it.reserved, 0)
}

describe("a hold", () => {
  it("keeps stock from others, not from its own cart, until it is ended", async () => {
    const item = await shop.item({ madrid: 2, bilbao: 1 })
    const variant = await shop.variant({ [item]: 1 })
    await keep([line(variant, 3)])
    expect(await minutesLeft()).toBeGreaterThan(9)
    expect(await reserved(item)).toBe(3)
    await expect(confirm(database.sql, [line(variant, 1)], shop.source)).rejects.toThrow(InsufficientStock)
    await confirm(database.sql, [line(variant, 3)], { ...shop.source, cart_id })
    await database.sql.begin((tx) => endHold(tx, cart_id))
    expect([await reserved(item), await holds()]).toEqual([0, 0])
    await database.sql.begin((tx) => endHold(tx, cart_id))
  })

  it("is prolonged by the same lines, and replaced by others", async () => {
    const item = await shop.item({ madrid: 5 })
    const variant = await shop.variant({ [item]: 1 })
    const [a, b] = [line(variant, 2), line(variant, 1)]
    await keep([a, b])
    expect(await minutesLeft()).toBeLessThanOrEqual(10)
    await keep([b, a], 20)
    expect(await minutesLeft()).toBeGreaterThan(19)
    const rows = await database.sql`select from reservation_item where inventory_item_id = ${item}`
    expect(rows).toHaveLength(2)
    // More than what is left beside the old hold, which goes back first.
    await keep([{ ...a, quantity: 5 }])
    expect([await reserved(item), await holds()]).toEqual([5, 1])
  })

  it("stays as it is when there is too little to renew it", async () => {
    const item = await shop.item({ madrid: 5 })
    const variant = await shop.variant({ [item]: 1 })
    const held = [line(variant, 2)]
    await keep(held)
    await database.sql.begin(async (tx) => {
      const more = { cart_id, lines: [line(variant, 6)], minutes: 10, ...shop.source }
      await expect(hold(tx, more)).rejects.toThrow(InsufficientStock)
      await expect(hold(tx, { ...more, cart_id: newId("cart") })).rejects.toThrow(InsufficientStock)
    })
    expect([await reserved(item), await holds()]).toEqual([2, 1])
    expect((await buy(order(held))).held).toBe(true)
  })

  it("becomes the reservations of the order", async () => {
    const [glass, jug] = [await shop.item({ madrid: 9 }), await shop.item({ bilbao: 9 })]
    const lines = [line(await shop.variant({ [glass]: 2, [jug]: 1 }), 2), line(await shop.variant({ [jug]: 1 }), 1)]
    await keep(lines)
    const ordered = order(lines)
    const bought = await buy(ordered)
    if (!bought.held) expect.fail(bought.reason)
    expect(bought.reservations.map((it) => [it.line_item_id, it.quantity]).sort()).toEqual(
      [
        [ordered[0]?.order_line_item_id, 4],
        [ordered[0]?.order_line_item_id, 2],
        [ordered[1]?.order_line_item_id, 1],
      ].sort(),
    )
    expect([await reserved(glass), await reserved(jug), await holds()]).toEqual([4, 3, 0])
    await expire()
    await releaseExpired(database.sql)
    expect(await reserved(glass)).toBe(4)
    expect(await buy(ordered)).toEqual({ held: false, reason: "expired" })
  })

  it("says when it has expired, and gives back, so that the same transaction can reserve anew", async () => {
    const item = await shop.item({ madrid: 1 })
    const lines = [line(await shop.variant({ [item]: 1 }), 1)]
    await keep(lines)
    await expire()
    await database.sql.begin(async (tx) => {
      expect(await consume(tx, { cart_id, lines: order(lines) })).toEqual({ held: false, reason: "expired" })
      await reserve(tx, lines, shop.source)
    })
    expect([await reserved(item), await holds()]).toEqual([1, 0])
  })

  it("is of no use to an order of other lines, or when an admin has taken from it", async () => {
    const item = await shop.item({ madrid: 9 })
    const variant = await shop.variant({ [item]: 1 })
    const held = line(variant, 2)
    for (const lines of [[{ ...held, quantity: 3 }], [held, line(variant, 1)], []]) {
      await keep([held])
      expect(await buy(order(lines))).toEqual({ held: false, reason: "changed" })
      expect([await reserved(item), await holds()]).toEqual([0, 0])
    }
    await keep([held])
    await database.sql.begin((tx) => release(tx, { line_item_ids: [held.line_item_id] }))
    expect(await buy(order([held]))).toEqual({ held: false, reason: "changed" })
    expect(await reserved(item)).toBe(0)
  })

  it("may be of nothing that is counted", async () => {
    const lines = [line(await shop.variant({}, { manage_inventory: false }), 3)]
    await keep(lines)
    await keep(lines, 20)
    expect(await buy(order(lines))).toEqual({ held: true, reservations: [] })
    expect(await holds()).toBe(0)
  })

  it("is given back once when it expires, by whichever process comes first, and others are left alone", async () => {
    const item = await shop.item({ madrid: 50 })
    const variant = await shop.variant({ [item]: 1 })
    for (let cart = 0; cart < 10; cart++) await keep([line(variant, 2)], cart < 7 ? -1 : 10, `${cart_id}_${cart}`)
    const ended = await Promise.all(Array.from({ length: 4 }, () => releaseExpired(database.sql)))
    expect(ended.reduce((all, it) => all + it, 0)).toBe(7)
    expect(await reserved(item)).toBe(6)
  })

  it("is given back by the job of every process", async () => {
    const item = await shop.item({ madrid: 2 })
    await keep([line(await shop.variant({ [item]: 1 }), 2)], -1)
    const job = keepHoldsReleased(database.sql, createLog("silent"), 3_600)
    await job.now()
    await job.close()
    expect([await reserved(item), await holds()]).toEqual([0, 0])
  })
})
