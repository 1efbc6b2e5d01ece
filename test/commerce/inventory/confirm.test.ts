import { afterAll, beforeAll, describe, expect, it } from "vitest"
import type { StockLine } from "../../../src/commerce/inventory/allocate.ts"
import { checkStock } from "../../../src/commerce/inventory/confirm.ts"
import { confirm } from "../../../src/commerce/inventory/index.ts"
import { type StockRow, stockOf } from "../../../src/commerce/inventory/stock.ts"
import { cloneDatabase, type TestDatabase } from "../../support/database.ts"
import { line, openShelves } from "./shelves.ts"

interface Told {
  manage?: boolean
  backorder?: boolean
  /** By item: units needed, and what is left by location; `gone` for an item that was deleted. */
  parts?: Record<string, { needs?: number; left?: Record<string, number>; gone?: boolean }>
  /** By location. */
  kept?: Record<string, number>
}

/** Rows as they are read, of variants as they are told. */
const rowsOf = (variants: Record<string, Told>): StockRow[] =>
  Object.entries(variants).flatMap(([variant_id, { manage = true, backorder = false, parts = {}, kept = {} }]) => {
    const variant = {
      variant_id,
      product_id: `product of ${variant_id}`,
      requires_shipping: true,
      manage_inventory: manage,
      allow_backorder: backorder,
      latitude: null,
      longitude: null,
    }
    const nowhere = { location_id: null, left: null, kept: 0 }
    const items = Object.entries(parts).flatMap(([item, { needs = 1, left = {}, gone = false }]): StockRow[] => {
      const part = { inventory_item_id: item, required_quantity: String(needs), item_exists: !gone }
      const places = Object.entries(left).map(([location_id, units]) => ({
        ...{ ...variant, ...part, location_id },
        ...{ left: String(units), kept: kept[location_id] ?? 0 },
      }))
      return places.length > 0 ? places : [{ ...variant, ...part, ...nowhere }]
    })
    const none = { inventory_item_id: null, required_quantity: null, item_exists: false }
    return items.length > 0 ? items : [{ ...variant, ...none, ...nowhere }]
  })

const ask = (
  variants: Record<string, Told>,
  lines: [string, number][] | StockLine[],
  channel: string | null = "sc",
) => {
  const asked = lines.map((it) => (Array.isArray(it) ? { variant_id: it[0], quantity: it[1] } : it))
  try {
    checkStock(asked, stockOf(rowsOf(variants)), channel)
    return "sold"
  } catch (error) {
    return (error as Error).message
  }
}

const SHORT = "Some variant does not have the required inventory"
const notIn = (variant: string) => `Sales channel sc is not associated with any stock location for variant ${variant}.`
const hasNone = (variant: string) => `Variant ${variant} does not have any inventory items associated with it.`

/** `left` at one location. */
const a = (left: number, needs = 1) => ({ needs, left: { A: left } })

describe("a check of one line, as Medusa answers it", () => {
  const cases: [string, Record<string, Told>, [string, number][], string][] = [
    ["there is just enough", { v: { parts: { i: a(2) } } }, [["v", 2]], "sold"],
    ["there is one too few", { v: { parts: { i: a(2) } } }, [["v", 3]], SHORT],
    ["a fraction more is wanted than there is", { v: { parts: { i: a(2) } } }, [["v", 2.4]], SHORT],
    ["fractions that are not exact in binary", { v: { parts: { i: a(0.3, 0.1) } } }, [["v", 3]], "sold"],
    ["a kit has enough of each part", { v: { parts: { i: a(6, 3), j: a(2) } } }, [["v", 2]], "sold"],
    ["a kit lacks one of its parts", { v: { parts: { i: a(6, 3), j: a(1) } } }, [["v", 2]], SHORT],
    ["a kit of which one part has no place", { v: { parts: { i: a(6), j: {} } } }, [["v", 1]], SHORT],
    ["all locations together have enough", { v: { parts: { i: { left: { A: 1, B: 1 } } } } }, [["v", 2]], "sold"],
    ["what one location owes is taken off", { v: { parts: { i: { left: { A: 2, B: -1 } } } } }, [["v", 2]], "sold"],
    ["of several that owe", { v: { parts: { i: { left: { A: 2, B: 2, C: -1 } } } } }, [["v", 4]], SHORT],
    ["nobody manages the stock", { v: { manage: false, parts: { i: a(0) } } }, [["v", 9]], "sold"],
    ["a variant there is not", {}, [["v", 1]], "sold"],
    ["a backorder", { v: { backorder: true, parts: { i: a(0) } } }, [["v", 9]], "sold"],
    ["a backorder from nowhere", { v: { backorder: true, parts: { i: {} } } }, [["v", 9]], "sold"],
    ["a backorder of nothing, alone", { v: { backorder: true } }, [["v", 9]], "sold"],
    ["a variant without a place", { v: { parts: { i: {} } } }, [["v", 1]], notIn("v")],
    ["a variant without items", { v: {} }, [["v", 1]], notIn("v")],
    [
      "an item that is gone",
      { v: { parts: { i: { gone: true, left: { A: 9 } } } } },
      [["v", 1]],
      "InventoryItem with id: i was not found",
    ],
    ["safety stock", { v: { parts: { i: a(5) }, kept: { A: 2 } } }, [["v", 3]], "sold"],
    ["into the safety stock", { v: { parts: { i: a(5) }, kept: { A: 2 } } }, [["v", 4]], SHORT],
    ["safety stock of a kit", { v: { parts: { i: a(12, 6) }, kept: { A: 1 } } }, [["v", 2]], SHORT],
  ]
  it.each(cases)("%s", (_, variants, lines, answer) => {
    expect(ask(variants, lines)).toBe(answer)
  })
})

describe("mistakes are told in Medusa's order", () => {
  const variants: Record<string, Told> = {
    short: { parts: { i: a(0) } },
    far: { parts: { j: {} } },
    farther: { parts: { k: {} } },
    bare: { backorder: true },
    deleted: { parts: { l: { gone: true }, i: a(0) } },
  }
  const cases: [string, string[], string][] = [
    ["the first variant that the channel cannot ship", ["short", "deleted", "bare", "far", "farther"], notIn("far")],
    ["then variants that are made of nothing", ["short", "deleted", "bare"], hasNone("bare")],
    ["then items that are gone", ["short", "deleted"], "InventoryItem with id: l was not found"],
    ["then what is short", ["short"], SHORT],
  ]
  it.each(cases)("%s", (_, names, answer) => {
    const asked = Object.fromEntries(names.map((name) => [name, variants[name] ?? {}]))
    expect(
      ask(
        asked,
        names.map((name): [string, number] => [name, 1]),
      ),
    ).toBe(answer)
  })

  it("without a channel nothing can be shipped, and that is a shortage", () => {
    expect(ask({ v: { parts: { i: {} } } }, [["v", 1]], null)).toBe(SHORT)
    expect(ask({ v: { backorder: true, parts: { i: {} } } }, [["v", 1]], null)).toBe("sold")
  })
})

describe("lines that share an item (issue 16502)", () => {
  const shared: Record<string, Told> = { piece: { parts: { i: a(5) } }, box: { parts: { i: a(5, 3) } } }
  const cases: [string, Record<string, Told>, [string, number][], string][] = [
    [
      "are sold when there is enough for both",
      shared,
      [
        ["piece", 2],
        ["box", 1],
      ],
      "sold",
    ],
    [
      "are not sold when each alone could be",
      shared,
      [
        ["piece", 3],
        ["box", 1],
      ],
      SHORT,
    ],
    [
      "of one variant",
      shared,
      [
        ["piece", 3],
        ["piece", 3],
      ],
      SHORT,
    ],
    [
      "one of which may be backordered",
      { ...shared, later: { backorder: true, parts: { i: a(5) } } },
      [
        ["later", 5],
        ["piece", 5],
      ],
      "sold",
    ],
    [
      "one of which keeps some back",
      { piece: { parts: { i: a(10) } }, kept: { parts: { i: a(10) }, kept: { A: 5 } } },
      [
        ["piece", 6],
        ["kept", 4],
      ],
      "sold",
    ],
  ]
  it.each(cases)("%s", (_, variants, lines, answer) => {
    expect(ask(variants, lines)).toBe(answer)
  })

  it("tell what is left of the one that is short", () => {
    const asked = [
      { line_item_id: "cali_1", variant_id: "piece", quantity: 3 },
      { line_item_id: "cali_2", variant_id: "box", quantity: 1 },
    ]
    const lines = [{ line_item_id: "cali_1", variant_id: "piece", quantity: 3, left: 2 }]
    // The box could be had least often, and is served first.
    expect(() => checkStock(asked, stockOf(rowsOf(shared)), "sc")).toThrow(expect.objectContaining({ lines }))
  })
})

describe("what is read", () => {
  let database: TestDatabase
  beforeAll(async () => {
    database = await cloneDatabase()
  })
  afterAll(() => database?.drop())
  const told = (asked: Promise<void>) => asked.then(() => "sold").catch((error: Error) => error.message)

  it("is what the channel's own locations have now, and nothing that is deleted", async () => {
    const { sql } = database
    const shop = await openShelves(sql)
    const { sales_channel_id: channel } = shop.source
    const variant = await shop.variant({ [await shop.item({ madrid: 2, bilbao: 2 })]: 1 })
    const sell = (quantity: number) => told(confirm(sql, [line(variant, quantity)], shop.source))
    expect([await sell(4), await sell(5)]).toEqual(["sold", SHORT])

    const bilbao = shop.locations.bilbao ?? ""
    await sql`update sales_channel_stock_location set deleted_at = now() where stock_location_id = ${bilbao}`
    expect([await sell(2), await sell(3)]).toEqual(["sold", SHORT])
    await sql`update sales_channel_stock_location set deleted_at = null where stock_location_id = ${bilbao}`
    await sql`update stock_location set deleted_at = now() where id = ${bilbao}`
    expect([await sell(2), await sell(3)]).toEqual(["sold", SHORT])
    await sql`update sales_channel set deleted_at = now() where id = ${channel}`
    const nowhere = `Sales channel ${channel} is not associated with any stock location for variant ${variant}.`
    expect(await sell(1)).toBe(nowhere)
    expect(await told(confirm(sql, [line(variant, 1)], { sales_channel_id: null }))).toBe(SHORT)
    await sql`update product_variant set deleted_at = now() where id = ${variant}`
    expect(await sell(9)).toBe("sold")
    expect(await told(confirm(sql, [{ variant_id: null, quantity: 1 }], shop.source))).toBe("sold")
  })
})
