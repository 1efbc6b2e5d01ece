import type { Sql } from "postgres"
import { afterAll, beforeAll, expect, it } from "vitest"
import { ODD, readOrders } from "../../../src/commerce/orders/index.ts"
import { cloneDatabase, type TestDatabase } from "../../support/database.ts"

const ALL = { order: { by: "id", descending: false }, limit: 50, offset: 0 } as const
const EXTRAS = { variants: true, products: true, payments: true, promotions: true, customer: true, cart: true }

let database: TestDatabase
beforeAll(async () => {
  database = await cloneDatabase()
})
afterAll(() => database.drop())

/** Orders with a line each; what they cost is not the point. */
async function placeOrders(customer: string, count: number) {
  const { sql } = database
  await sql`
    with n as (select n, ${customer} || '_' || lpad(n::text, 6, '0') as id from generate_series(1, ${count}::int) n),
    placed as (insert into "order" (id, customer_id, currency_code) select 'order_' || id, ${customer}, 'eur' from n),
    summed as (
      insert into order_summary (id, order_id, version, totals) select 'ordsum_' || id, 'order_' || id, 1, '{}' from n),
    line as (
      insert into order_line_item (id, title, unit_price, raw_unit_price)
      select 'ordli_' || id, 'Vaso', 5, '{"value":"5","precision":20}' from n)
    insert into order_item (id, order_id, item_id, version, quantity, raw_quantity, fulfilled_quantity,
      raw_fulfilled_quantity, shipped_quantity, raw_shipped_quantity, return_requested_quantity,
      raw_return_requested_quantity, return_received_quantity, raw_return_received_quantity, return_dismissed_quantity,
      raw_return_dismissed_quantity, written_off_quantity, raw_written_off_quantity)
    select 'orditem_' || id, 'order_' || id, 'ordli_' || id, 1, 1, '{"value":"1","precision":20}', 0, zero, 0, zero, 0,
      zero, 0, zero, 0, zero, 0, zero
    from n, (select '{"value":"0","precision":20}'::jsonb as zero) as nothing`
  await sql`analyze "order"`.simple()
}

/** Reads and tells how many statements that took, and how many blocks of the database they looked at. */
async function reading(customer: string, question: Parameters<typeof readOrders>[2] = ALL) {
  const { sql } = database
  const told = { statements: 0, blocks: 0 }
  const unsafe = async (text: string, parameters: never[], options: object) => {
    told.statements++
    const [row] = await sql.unsafe(`explain (analyze, buffers, format json) ${text}`, parameters, options)
    const plan = row?.["QUERY PLAN"]?.[0]?.Plan
    told.blocks += plan["Shared Hit Blocks"] + plan["Shared Read Blocks"]
    return await sql.unsafe(text, parameters, options)
  }
  const found = await readOrders({ unsafe } as unknown as Sql, customer, question, EXTRAS)
  if (found === ODD) throw new Error("the orders are odd")
  return { ...found, ...told }
}

it("a page is read in one statement, and costs no more when others have ordered 20,000 times", async () => {
  await placeOrders("cus_few", 3)
  await placeOrders("cus_many", 60)
  const few = await reading("cus_few")
  const many = await reading("cus_many")
  expect([few.orders.length, few.count, few.statements]).toEqual([3, 3, 1])
  expect([many.orders.length, many.count, many.statements]).toEqual([50, 60, 1])
  expect(few.orders.every((it) => it.items.length === 1)).toBe(true)

  await placeOrders("cus_others", 20_000)
  const after = await reading("cus_few")
  expect(after.orders).toEqual(few.orders)
  // Indexes are a level higher, no more: 20,000 orders take hundreds of blocks.
  expect(after.blocks).toBeLessThan(few.blocks + 60)
}, 120_000)

it("a page in the middle is the one that is asked for", async () => {
  const page = await reading("cus_many", { order: { by: "display_id", descending: true }, limit: 2, offset: 10 })
  expect([page.orders.map((it) => it.order.id), page.count]).toEqual([
    ["order_cus_many_000050", "order_cus_many_000049"],
    60,
  ])
  expect((await reading("cus_many", { ...ALL, offset: 60 })).orders).toEqual([])
  expect((await reading("cus_nobody")).count).toBe(0)
})
