import { afterAll, beforeAll, expect, it } from "vitest"
import { hold, InsufficientStock, type Reservation, release, reserve } from "../../../src/commerce/inventory/index.ts"
import { type Database, openDatabase } from "../../../src/platform/db/index.ts"
import { newId } from "../../../src/platform/ids.ts"
import { demo } from "../../support/counter.ts"
import { theMedusa } from "../../support/medusa.ts"
import { send } from "../compare.ts"

/** Requests that are with Medusa at once: more than it has connections. */
const ADMINS = 16
const REQUESTS = 160

let database: Database
let admin: Record<string, string>
let itemId: string
let variantId: string
const place = demo().stock_locations.warehouse
const source = { sales_channel_id: demo().channels.web.sales_channel_id }

const ask = (method: string, path: string, body?: unknown) =>
  send(theMedusa().url, { method, path, headers: admin, body })

beforeAll(async () => {
  database = openDatabase(theMedusa().databaseUrl, { connections: 8 })
  const { email, password } = demo().admin
  const login = await send(theMedusa().url, {
    method: "POST",
    path: "/auth/user/emailpass",
    body: { email, password },
  })
  admin = { authorization: `Bearer ${(login.body as { token: string }).token}` }
  const levels = [{ location_id: place, stocked_quantity: 60 }]
  const item = await ask("POST", "/admin/inventory-items", { sku: newId("race"), location_levels: levels })
  itemId = (item.body as { inventory_item: { id: string } }).inventory_item.id
  const product = await ask("POST", "/admin/products", {
    title: newId("race"),
    options: [{ title: "Size", values: ["one"] }],
    variants: [
      {
        title: "one",
        options: { Size: "one" },
        inventory_items: [{ inventory_item_id: itemId, required_quantity: 2 }],
        prices: [],
      },
    ],
  })
  variantId = (product.body as { product: { variants: { id: string }[] } }).product.variants[0]?.id ?? ""
})
afterAll(() => database?.close())

const lines = (quantity = 1) => [{ line_item_id: newId("ordli"), variant_id: variantId, quantity }]

/** The level, and the sum of its live reservations, as they are at one moment. */
async function state() {
  const [row] = await database.sql<{ reserved: number; raw: number; live: number; stocked: number }[]>`
    select reserved_quantity::float8 as reserved, (raw_reserved_quantity->>'value')::float8 as raw,
      stocked_quantity::float8 as stocked,
      (select coalesce(sum(quantity), 0)::float8 from reservation_item it
        where it.inventory_item_id = level.inventory_item_id and it.deleted_at is null) as live
    from inventory_level level where inventory_item_id = ${itemId} and deleted_at is null`
  if (!row) throw new Error("the level is gone")
  return row
}

it("a lane's reservation has the same columns as Medusa's own", async () => {
  const path = "/admin/reservations"
  const body = { location_id: place, inventory_item_id: itemId, quantity: 2, line_item_id: "ordli_1" }
  const answer = await ask("POST", path, body)
  const theirs = (answer.body as { reservation: { id: string } }).reservation.id
  const [ours] = await database.sql.begin((tx) => reserve(tx, lines(), source))
  const row = async (id = "") => {
    const [it] = await database.sql`select * from reservation_item where id = ${id}`
    return { ...it, id: "", line_item_id: "", created_by: "", created_at: "", updated_at: "" }
  }
  expect(await row(ours?.id)).toEqual(await row(theirs))
  const levelNow = () => database.sql`select * from inventory_level where inventory_item_id = ${itemId}`
  const [both] = await levelNow()
  expect((await ask("DELETE", `${path}/${theirs}`)).status).toBe(200)
  const [one] = await levelNow()
  await database.sql.begin((tx) => release(tx, { reservation_ids: [ours?.id ?? ""] }))
  const [none] = await levelNow()
  expect([both, one, none].map((it) => [it?.reserved_quantity, it?.raw_reserved_quantity])).toEqual([
    ["4", { value: "4", precision: 20 }],
    ["2", { value: "2", precision: 20 }],
    ["0", { value: "0", precision: 20 }],
  ])
  const gone = async (id = "") => {
    const [it] =
      await database.sql`select deleted_at >= created_at and updated_at >= deleted_at as both from reservation_item where id = ${id}`
    return it?.both
  }
  expect([await gone(ours?.id), await gone(theirs)]).toEqual([true, true])
})

it("what is held for a cart is a reservation in the dashboard, too", async () => {
  const [wanted] = lines()
  const cart_id = newId("cart")
  await database.sql.begin((tx) => hold(tx, { cart_id, lines: wanted ? [wanted] : [], minutes: 1, ...source }))
  const list = await ask("GET", `/admin/reservations?inventory_item_id=${itemId}&fields=*line_item,*inventory_item`)
  expect([list.status, list.body]).toMatchObject([200, { reservations: [{ line_item_id: wanted?.line_item_id }] }])
  const { reservations } = list.body as { reservations: Reservation[] }
  expect((await ask("DELETE", `/admin/reservations/${reservations[0]?.id}`)).status).toBe(200)
})

it("admins in Medusa and buyers at the counter never erase each other's reservations (issue 16569)", async () => {
  const mine: string[] = []
  const answers = new Map<string, number>()
  let requests = 0

  async function administrate(): Promise<void> {
    const reservations: string[] = []
    while (requests++ < REQUESTS) {
      const id = reservations.at(-1)
      const [method, path, body] =
        requests % 4 === 0 && id
          ? (["DELETE", `/${id}`, undefined] as const)
          : requests % 4 === 1 && id
            ? (["POST", `/${id}`, { quantity: 1 + (requests % 3) }] as const)
            : (["POST", "", { location_id: place, inventory_item_id: itemId, quantity: 2 }] as const)
      const answer = await ask(method, `/admin/reservations${path}`, body)
      const { reservation, message = "" } = answer.body as { reservation?: { id: string }; message?: string }
      if (method === "DELETE" && answer.status === 200) reservations.pop()
      if (path === "" && reservation) reservations.push(reservation.id)
      const kind =
        `${answer.status} ${answer.status === 200 ? "" : message.replaceAll(/i?(item|loc)_\w+/g, "_")}`.trim()
      answers.set(kind, (answers.get(kind) ?? 0) + 1)
    }
  }
  async function buy(): Promise<void> {
    while (requests < REQUESTS) {
      try {
        const taken = await database.sql.begin((tx) => reserve(tx, lines(1 + (mine.length % 2)), source))
        mine.push(...taken.map((it) => it.id))
      } catch (error) {
        if (!(error instanceof InsufficientStock)) throw error
      }
      const id = mine.length > 3 ? mine.shift() : undefined
      if (id) await database.sql.begin((tx) => release(tx, { reservation_ids: [id] }))
      const now = await state()
      expect([now.reserved, now.raw, now.reserved <= now.stocked]).toEqual([now.live, now.live, true])
    }
  }

  await Promise.all([...Array.from({ length: ADMINS }, administrate), ...Array.from({ length: 4 }, buy)])
  const now = await state()
  expect([now.reserved, now.raw]).toEqual([now.live, now.live])
  for (const kind of answers.keys()) expect(kind).toMatch(/^(200|400 Not enough stock available for item)/)
  expect(answers.get("200")).toBeGreaterThan(REQUESTS / 4)
}, 120_000)
