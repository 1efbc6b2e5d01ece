import { afterAll, beforeAll, expect, it } from "vitest"
import { releaseExpired } from "../../../src/commerce/checkout/index.ts"
import { confirm, hold, InsufficientStock, release, reserve } from "../../../src/commerce/inventory/index.ts"
import { type Database, openDatabase } from "../../../src/platform/db/index.ts"
import { cloneDatabase, type TestDatabase } from "../../support/database.ts"
import { line, openShelves, type Shelves } from "./shelves.ts"

/** How often each race is run: 3 times, or `STOCK_RACES` times. */
const TIMES = Number(process.env.STOCK_RACES ?? 3)
const BUYERS = 400

let database: TestDatabase
/** As many counters as there are channels. */
let counters: Database[]
beforeAll(async () => {
  database = await cloneDatabase()
  counters = Array.from({ length: 4 }, () => openDatabase(database.url, { connections: 5 }))
})
afterAll(async () => {
  await Promise.all(counters.map((it) => it.close()))
  await database?.drop()
})

const deadlocks = async () => {
  await database.sql`select pg_stat_force_next_flush()`
  const [row] = await database.sql`
    select deadlocks::int from pg_stat_database where datname = current_database()`
  return row?.deadlocks
}

/**
 * 100 units at two locations, wanted as single pieces, as boxes of three, and as kits of one piece and two of a part that
 * there is enough of.
 */
async function shelves(): Promise<{ shop: Shelves; piece: string; part: string; variants: string[] }> {
  const shop = await openShelves(database.sql, ["madrid", "bilbao"], 4)
  const piece = await shop.item({ madrid: 60, bilbao: 40 })
  const part = await shop.item({ madrid: 120, bilbao: 80 })
  const variants = [
    await shop.variant({ [piece]: 1 }),
    await shop.variant({ [piece]: 3 }),
    await shop.variant({ [part]: 2, [piece]: 1 }),
  ]
  return { shop, piece, part, variants }
}

/** Lets every buyer try at once, each on the counter of his channel. @returns what the successful ones returned */
async function race<T>(shop: Shelves, buy: (buyer: number, counter: Database, channel: string) => Promise<T>) {
  const tries = await Promise.allSettled(
    Array.from({ length: BUYERS }, (_, buyer) =>
      buy(buyer, counters[buyer % 4] as Database, shop.channels[buyer % 4] ?? ""),
    ),
  )
  const failures = tries.flatMap((it) => (it.status === "rejected" ? [it.reason] : []))
  expect(failures.filter((it) => !(it instanceof InsufficientStock))).toEqual([])
  return tries.flatMap((it) => (it.status === "fulfilled" ? [it.value] : []))
}

const sum = (values: number[]) => values.reduce((all, it) => all + it, 0)

it(`400 buyers on 4 channels take exactly the 100 units that there are (${TIMES} times)`, async () => {
  for (let time = 0; time < TIMES; time++) {
    const { shop, piece, part, variants } = await shelves()
    const bought = await race(shop, async (buyer, { sql }, channel) => {
      const [single = "", box = "", kit = ""] = variants
      // In any order of lines, so that items are wanted in any order.
      const lines = [
        [line(single, 1)],
        [line(kit, 1), line(single, 1)],
        [line(single, 1), line(kit, 1)],
        [line(box, 1), line(kit, 1)],
        [line(single, 2), line(single, 1)],
      ][(buyer * 7) % 5]
      return await sql.begin((tx) => reserve(tx, lines ?? [], { sales_channel_id: channel }))
    })
    expect(await shop.mistakes()).toEqual([])
    const pieces = Object.values(await shop.state(piece))
    expect([sum(pieces.map((it) => it.reserved)), sum(pieces.map((it) => it.live))]).toEqual([100, 100])
    const told = bought.flat().filter((it) => it.inventory_item_id === piece)
    expect(sum(told.map((it) => it.quantity))).toBe(100)
    expect(sum(Object.values(await shop.state(part)).map((it) => it.live))).toBe(
      sum(bought.flat().flatMap((it) => (it.inventory_item_id === part ? [it.quantity] : []))),
    )
    for (const channel of shop.channels) {
      const asked = confirm(database.sql, [line(variants[0] ?? "", 1)], { sales_channel_id: channel })
      await expect(asked).rejects.toThrow(InsufficientStock)
    }
  }
  expect(await deadlocks()).toBe(0)
}, 3_600_000)

it(`what buyers reserve, hold, renew, let expire and give back at once adds up (${TIMES} times)`, async () => {
  for (let time = 0; time < TIMES; time++) {
    const { shop, piece, part, variants } = await shelves()
    await race(shop, async (buyer, { sql }, channel) => {
      const lines = [line(variants[buyer % 3] ?? "", 1 + (buyer % 2)), line(variants[(buyer + 1) % 3] ?? "", 1)]
      const source = { sales_channel_id: channel }
      const cart_id = `cart_${time}_${buyer % 40}`
      if (buyer % 4 === 0) {
        const taken = await sql.begin((tx) => reserve(tx, lines, source))
        await sql.begin((tx) => release(tx, { reservation_ids: taken.map((it) => it.id) }))
      } else if (buyer % 4 === 1) {
        await sql.begin((tx) => hold(tx, { cart_id, lines, minutes: buyer % 8 === 1 ? -1 : 10, ...source }))
      } else if (buyer % 4 === 2) {
        await releaseExpired(sql)
      } else {
        await sql.begin((tx) => reserve(tx, lines, source))
      }
    })
    expect(await shop.mistakes()).toEqual([])
    await Promise.all(counters.map(({ sql }) => releaseExpired(sql)))
    expect(await shop.mistakes()).toEqual([])

    await database.sql`update mostrador.stock_hold set expires_at = now()`
    const ended = await Promise.all(counters.map(({ sql }) => releaseExpired(sql)))
    const [{ holds } = { holds: -1 }] = await database.sql<{ holds: number }[]>`
      select count(*)::int as holds from mostrador.stock_hold`
    expect([holds, ended.length]).toEqual([0, 4])
    const [{ lines } = { lines: [] }] = await database.sql<{ lines: string[] }[]>`
      select array_agg(distinct line_item_id) as lines from reservation_item
      where inventory_item_id = any(${[piece, part]}) and deleted_at is null`
    await database.sql.begin((tx) => release(tx, { line_item_ids: lines }))
    expect(await shop.mistakes()).toEqual([])
    for (const item of [piece, part]) {
      expect(sum(Object.values(await shop.state(item)).map((it) => it.reserved))).toBe(0)
    }
  }
  expect(await deadlocks()).toBe(0)
}, 3_600_000)
