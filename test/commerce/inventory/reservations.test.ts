import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import {
  ChannelWithoutStock,
  InsufficientStock,
  NotStocked,
  type ReservationLine,
  release,
  reserve,
  type Sourcing,
  VariantWithoutInventory,
} from "../../../src/commerce/inventory/index.ts"
import { cloneDatabase, type TestDatabase } from "../../support/database.ts"
import { line, openShelves, type Shelves } from "./shelves.ts"

let database: TestDatabase
let shop: Shelves
beforeAll(async () => {
  database = await cloneDatabase()
})
afterAll(() => database?.drop())
beforeEach(async () => {
  shop = await openShelves(database.sql)
})

const take = (lines: ReservationLine[], sourcing?: Sourcing, source = shop.source) =>
  database.sql.begin((tx) => reserve(tx, lines, source, sourcing))
const giveBack = (reserved: Parameters<typeof release>[1]) => database.sql.begin((tx) => release(tx, reserved))

/** Reserved units of an item, by location. */
async function reserved(item: string) {
  expect(await shop.mistakes()).toEqual([])
  return Object.fromEntries(Object.entries(await shop.state(item)).map(([name, it]) => [name, it.reserved]))
}
const shortage = (lines: ReservationLine[], sourcing?: Sourcing) =>
  take(lines, sourcing).then(
    () => expect.fail("there was enough"),
    (error) => {
      expect(error).toBeInstanceOf(InsufficientStock)
      return (error as InsufficientStock).lines.map((it) => [it.variant_id, it.quantity, it.left])
    },
  )

describe("a reservation", () => {
  it("is written as Medusa writes it", async () => {
    const item = await shop.item({ madrid: 5 })
    const bought = line(await shop.variant({ [item]: 2 }), 2)
    const before = Date.now()
    const [reservation] = await take([bought])
    const [row] = await database.sql`select * from reservation_item where id = ${reservation?.id ?? ""}`
    expect(row).toEqual({
      id: expect.stringMatching(/^resitem_[0-9A-HJKMNP-TV-Z]{26}$/),
      line_item_id: bought.line_item_id,
      inventory_item_id: item,
      location_id: shop.locations.madrid,
      quantity: "4",
      raw_quantity: { value: "4", precision: 20 },
      allow_backorder: false,
      ...{ external_id: null, description: null, created_by: null, metadata: null, deleted_at: null },
      created_at: expect.any(String),
      updated_at: row?.created_at,
    })
    const [level] = await database.sql`select * from inventory_level where inventory_item_id = ${item}`
    expect(level).toMatchObject({
      stocked_quantity: "5",
      reserved_quantity: "4",
      raw_reserved_quantity: { value: "4", precision: 20 },
    })
    expect(Date.parse(level?.updated_at)).toBeGreaterThanOrEqual(before)
  })

  it("of a kit takes as many of each part as it needs", async () => {
    const [glass, jug] = [await shop.item({ madrid: 20 }), await shop.item({ madrid: 5 })]
    const kit = await shop.variant({ [glass]: 6, [jug]: 1 })
    const reservations = await take([line(kit, 3)])
    expect(reservations.map((it) => it.quantity).sort()).toEqual([18, 3])
    expect([await reserved(glass), await reserved(jug)]).toEqual([{ madrid: 18 }, { madrid: 3 }])
    expect(await shortage([line(kit, 1)])).toEqual([[kit, 1, 0]])
  })

  it("never takes more of a shared item than there is, whichever variants and lines want it", async () => {
    const cloth = await shop.item({ madrid: 5 })
    const [single, boxed] = [await shop.variant({ [cloth]: 1 }), await shop.variant({ [cloth]: 3 })]
    expect(await shortage([line(single, 3), line(boxed, 1)])).toEqual([[single, 3, 2]])
    expect(await shortage([line(single, 4), line(single, 4)])).toEqual([[single, 4, 1]])
    expect(await reserved(cloth)).toEqual({ madrid: 0 })
    await take([line(single, 2), line(boxed, 1)])
    expect(await reserved(cloth)).toEqual({ madrid: 5 })
  })

  it("of an unmanaged variant, of what is in no catalog and of nothing takes nothing", async () => {
    const item = await shop.item({ madrid: 5 })
    const unmanaged = await shop.variant({ [item]: 1 }, { manage_inventory: false })
    const managed = await shop.variant({ [item]: 1 })
    const custom = { line_item_id: "ordli_1", variant_id: null, quantity: 3 }
    expect(await take([line(unmanaged, 9), line(managed, 0), custom])).toEqual([])
    expect(await reserved(item)).toEqual({ madrid: 0 })
  })

  it("of fractions adds up to the digit", async () => {
    const ribbon = await shop.item({ madrid: 0.6 })
    const metre = await shop.variant({ [ribbon]: 0.1 })
    await take([line(metre, 1), line(metre, 2), line(metre, 3)])
    expect(await reserved(ribbon)).toEqual({ madrid: 0.6 })
  })

  it("that cannot be had in full leaves nothing behind, and the transaction can go on", async () => {
    const [plenty, few] = [await shop.item({ madrid: 9 }), await shop.item({ madrid: 1 })]
    const [a, b] = [await shop.variant({ [plenty]: 1 }), await shop.variant({ [few]: 1 })]
    await database.sql.begin(async (tx) => {
      await expect(reserve(tx, [line(a, 1), line(b, 2)], shop.source)).rejects.toThrow(InsufficientStock)
      await reserve(tx, [line(b, 1)], shop.source)
    })
    expect([await reserved(plenty), await reserved(few)]).toEqual([{ madrid: 0 }, { madrid: 1 }])
  })

  it("is refused as Medusa refuses to complete a cart whose channel cannot ship it", async () => {
    const elsewhere = await openShelves(database.sql, ["vigo"])
    const far = await shop.variant({ [await elsewhere.item({ vigo: 5 })]: 1 })
    await expect(take([line(far, 1)])).rejects.toEqual(new ChannelWithoutStock(shop.channels[0] ?? "", far))
    const ordered = await shop.variant({ [await elsewhere.item({ vigo: 5 })]: 1 }, { allow_backorder: true })
    await expect(take([line(ordered, 1)])).rejects.toThrow(NotStocked)
    await expect(take([line(ordered, 1)])).rejects.toThrow(/^Item iitem_\w+ is not stocked at location undefined$/)
    const madeOfNothing = await shop.variant({}, { allow_backorder: true })
    const some = await shop.variant({ [await shop.item({ madrid: 1 })]: 1 })
    await expect(take([line(some, 1), line(madeOfNothing, 1)])).rejects.toThrow(VariantWithoutInventory)
  })
})

describe("a backorder", () => {
  it("takes what is there, and otherwise all of it at the first location, as Medusa", async () => {
    const item = await shop.item({ madrid: 2, bilbao: 3 })
    const curtain = await shop.variant({ [item]: 1 }, { allow_backorder: true })
    await take([line(curtain, 3)])
    expect(await reserved(item)).toEqual({ madrid: 0, bilbao: 3 })
    const [reservation] = await take([line(curtain, 9)])
    expect(reservation).toMatchObject({ quantity: 9, allow_backorder: true, location_id: shop.locations.madrid })
    expect((await shop.state(item)).madrid).toEqual({ stocked: 2, reserved: 9, live: 9 })
    await giveBack({ reservation_ids: [reservation?.id ?? ""] })
  })

  it("lets lines that need the stock go first", async () => {
    const item = await shop.item({ madrid: 4 })
    const [later, now] = [
      await shop.variant({ [item]: 1 }, { allow_backorder: true }),
      await shop.variant({ [item]: 1 }),
    ]
    await take([line(later, 4), line(now, 4)])
    expect((await shop.state(item)).madrid).toEqual({ stocked: 4, reserved: 8, live: 8 })
  })

  it("may be allowed for one line alone", async () => {
    const item = await shop.item({ madrid: 1 })
    const variant = await shop.variant({ [item]: 1 })
    await take([{ ...line(variant, 5), allow_backorder: true }])
    expect((await shop.state(item)).madrid).toMatchObject({ reserved: 5 })
  })
})

describe("sourcing", () => {
  it("takes a line from one location that has all of it, before one that came first", async () => {
    const item = await shop.item({ madrid: 2, bilbao: 5 })
    await take([line(await shop.variant({ [item]: 1 }), 3)])
    expect(await reserved(item)).toEqual({ madrid: 0, bilbao: 3 })
  })

  it("takes all of a kit from one location, where one has all of its parts", async () => {
    const [glass, jug] = [await shop.item({ madrid: 9, bilbao: 9 }), await shop.item({ bilbao: 9 })]
    await take([line(await shop.variant({ [glass]: 1, [jug]: 1 }), 1)])
    expect([await reserved(glass), await reserved(jug)]).toEqual([{ madrid: 0, bilbao: 1 }, { bilbao: 1 }])
  })

  it("takes it from several when no single one has all: most first, so that few parcels leave (issue 14987)", async () => {
    shop = await openShelves(database.sql, ["madrid", "bilbao", "vigo"])
    const item = await shop.item({ madrid: 1, bilbao: 2, vigo: 4 })
    const bought = line(await shop.variant({ [item]: 1 }), 6)
    const reservations = await take([bought])
    expect(await reserved(item)).toEqual({ madrid: 0, bilbao: 2, vigo: 4 })
    expect(reservations.map((it) => it.line_item_id)).toEqual([bought.line_item_id, bought.line_item_id])
  })

  it("empties one location after the other with `split`", async () => {
    const item = await shop.item({ madrid: 2, bilbao: 5 })
    await take([line(await shop.variant({ [item]: 1 }), 3)], { strategy: "split" })
    expect(await reserved(item)).toEqual({ madrid: 2, bilbao: 1 })
  })

  it("goes by distance with `nearest`, and by a list with `priority`", async () => {
    shop = await openShelves(database.sql, ["madrid", "bilbao", "vigo", "nowhere"])
    const { madrid = "", bilbao = "", vigo = "" } = shop.locations
    const place = (id: string, latitude: string, longitude: number) => database.sql`
      update stock_location set metadata = ${JSON.stringify({ latitude, longitude })}::text::jsonb where id = ${id}`
    await place(madrid, "40.42", -3.7)
    await place(bilbao, "43.26", -2.93)
    await place(vigo, "42.24", -8.72)
    const units = { nowhere: 9, madrid: 3, bilbao: 3, vigo: 3 }
    const porto = { strategy: "nearest", latitude: 41.15, longitude: -8.61 } as const
    const item = await shop.item(units)
    const variant = await shop.variant({ [item]: 1 })
    await take([line(variant, 3)], porto)
    expect(await reserved(item)).toMatchObject({ vigo: 3, madrid: 0, bilbao: 0, nowhere: 0 })
    await take([line(variant, 9)], porto)
    expect(await reserved(item)).toMatchObject({ nowhere: 9, madrid: 0, bilbao: 0 })
    await take([line(variant, 4)], porto)
    expect(await reserved(item)).toMatchObject({ madrid: 3, bilbao: 1 })

    const other = await shop.item(units)
    await take([line(await shop.variant({ [other]: 1 }), 3)], { strategy: "priority", location_ids: [bilbao, vigo] })
    expect(await reserved(other)).toMatchObject({ bilbao: 3, vigo: 0, madrid: 0, nowhere: 0 })
    await take([line(await shop.variant({ [other]: 10 }), 1)], { strategy: "priority", location_ids: [bilbao, vigo] })
    expect(await reserved(other)).toMatchObject({ bilbao: 3, vigo: 3, madrid: 3, nowhere: 4 })
  })
})

describe("safety stock", () => {
  it("of a variant stays at its location, but for that location's own counter", async () => {
    const item = await shop.item({ madrid: 5, bilbao: 1 })
    const variant = await shop.variant({ [item]: 1 })
    await shop.keep("madrid", variant, 2)
    expect(await shortage([line(variant, 5)])).toEqual([[variant, 5, 4]])
    await take([line(variant, 4)])
    expect(await reserved(item)).toEqual({ madrid: 3, bilbao: 1 })
    await take([line(variant, 2)], undefined, { ...shop.source, counter_location_id: shop.locations.madrid })
    expect(await reserved(item)).toEqual({ madrid: 5, bilbao: 1 })
  })

  it("counts in parts of a kit, and keeps nothing from variants that share them", async () => {
    const glass = await shop.item({ madrid: 12 })
    const [kit, single] = [await shop.variant({ [glass]: 6 }), await shop.variant({ [glass]: 1 })]
    await shop.keep("madrid", kit, 1)
    expect(await shortage([line(kit, 2)])).toEqual([[kit, 2, 1]])
    await take([line(single, 6), line(kit, 1)])
    expect(await reserved(glass)).toEqual({ madrid: 12 })
  })
})

describe("a release", () => {
  it("gives back by reservation or by line, once, however often and whoever asks", async () => {
    const [glass, jug] = [await shop.item({ madrid: 9 }), await shop.item({ bilbao: 9 })]
    const kit = await shop.variant({ [glass]: 2, [jug]: 1 })
    const [first, second] = [line(kit, 1), line(kit, 2)]
    const [one] = await take([first, second])
    const ids = { reservation_ids: [one?.id ?? ""] }
    const times = await Promise.all([giveBack(ids), giveBack(ids), giveBack(ids)])
    expect(times.flat().map((it) => it.id)).toEqual([one?.id])
    expect(await giveBack({ reservation_ids: ["resitem_none"] })).toEqual([])

    const lines = { line_item_ids: [first.line_item_id, second.line_item_id] }
    const [a, b] = await Promise.all([giveBack(lines), giveBack(lines)])
    expect([...a, ...b]).toHaveLength(3)
    expect([await reserved(glass), await reserved(jug)]).toEqual([{ madrid: 0 }, { bilbao: 0 }])
    const rows = await database.sql`
      select deleted_at = updated_at as same from reservation_item where line_item_id = any(${lines.line_item_ids})`
    expect(rows.map((it) => it.same)).toEqual([true, true, true, true])
    const [level] =
      await database.sql`select raw_reserved_quantity from inventory_level where inventory_item_id = ${jug}`
    expect(level?.raw_reserved_quantity).toEqual({ value: "0", precision: 20 })
  })
})
