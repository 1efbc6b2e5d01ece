import { describe, expect, it } from "vitest"
import type { ProductDocument } from "../../../src/commerce/catalog/index.ts"
import { toSearchDocument } from "../../../src/commerce/search/index.ts"

const price = (amount: number, more: object = {}) => ({
  id: "price_1",
  currency_code: "eur",
  amount,
  raw_amount: { value: String(amount), precision: 20 },
  min_quantity: null,
  max_quantity: null,
  price_list_id: null,
  rules_count: 0,
  rules: [],
  ...more,
})
const variant = (id: string, more: object = {}) => ({
  ...{ id, title: id, sku: null, barcode: null, ean: null, upc: null, manage_inventory: true, allow_backorder: false },
  ...{ product_id: "prod_1", thumbnail: null, variant_rank: 0, options: [], image_ids: [] },
  ...more,
})
const category = (id: string, mpath: string, more: object = {}) => ({
  ...{ id, name: `Name of ${id}`, handle: id, mpath, is_active: true, is_internal: false, parent_category_id: null },
  ...more,
})

function document(product: object, more: object = {}): ProductDocument {
  return {
    product_id: "prod_1",
    version: 1,
    product: {
      ...{ id: "prod_1", title: "Lámpara", subtitle: null, description: null, handle: "lampara", status: "published" },
      ...{ thumbnail: null, created_at: "2026-01-02T00:00:00.000Z", updated_at: "2026-01-03T00:00:00.000Z" },
      ...{ type: null, collection: null, options: [], tags: [], images: [], categories: [], variants: [] },
      ...product,
    },
    prices: {},
    stock: {},
    visible_in: ["sc_1", "sc_2"],
    ...more,
  } as unknown as ProductDocument
}

describe("a product as search engines hold it", () => {
  it("stands in its categories and in all above them, but in none that is hidden", () => {
    const made = toSearchDocument(
      document({
        categories: [
          category("leaf", "root.branch.leaf"),
          category("asleep", "asleep", { is_active: false }),
          category("secret", "secret", { is_internal: true }),
        ],
      }),
    )
    expect(made.category_ids).toEqual(["branch", "leaf", "root"])
    expect(made.categories).toEqual(["Name of leaf"])
  })

  it("has the options, SKUs and barcodes of all its variants, each once", () => {
    const options = [{ id: "opt_1", title: "Color", values: [] }]
    const blue = { id: "optval_1", value: "Azul", option_id: "opt_1" }
    const made = toSearchDocument(
      document({
        options,
        variants: [
          variant("v1", { sku: "A-1", barcode: "111", ean: "111", options: [blue] }),
          variant("v2", { sku: "A-2", upc: "222", options: [blue] }),
        ],
      }),
    )
    expect(made).toMatchObject({
      options: ["Color:Azul"],
      option_value_ids: ["optval_1"],
      skus: ["A-1", "A-2"],
      barcodes: ["111", "222"],
      variant_ids: ["v1", "v2"],
    })
  })

  it("is in stock where one of its variants is, and only in channels that show it", () => {
    const at = (more: object) => ({ items: [], always: false, locations: [], channels: [], ...more })
    const variants = [variant("v1"), variant("v2")]
    const some = { v1: at({}), v2: at({ locations: ["sloc_1"], channels: ["sc_1", "sc_9"] }) }
    expect(toSearchDocument(document({ variants }, { stock: some }))).toMatchObject({
      in_stock_sales_channel_ids: ["sc_1"],
      in_stock_location_ids: ["sloc_1"],
    })
    const always = { v1: at({ always: true }), v2: at({}) }
    expect(toSearchDocument(document({ variants }, { stock: always }))).toMatchObject({
      in_stock_sales_channel_ids: ["sc_1", "sc_2"],
      in_stock_location_ids: [],
    })
  })

  describe("costs the least that anyone pays for one piece today:", () => {
    const costs = (prices: object[], lists: [string, { type: "sale" | "override" }][] = []) =>
      toSearchDocument(document({}, { prices: { v1: { price_set_id: "pset_1", prices } } }), new Map(lists)).price

    it("the lowest base price of any variant, by currency", () => {
      const two = { v1: { price_set_id: "1", prices: [price(20)] }, v2: { price_set_id: "2", prices: [price(15)] } }
      expect(toSearchDocument(document({}, { prices: two })).price).toEqual({ eur: 15 })
      expect(costs([price(20), price(25, { currency_code: "USD" })])).toEqual({ eur: 20, usd: 25 })
    })

    it("no price with rules, or for larger quantities", () => {
      const rule = { attribute: "region_id", operator: "eq", value: "reg_1", priority: 0 }
      expect(costs([price(20), price(5, { rules_count: 1, rules: [rule] }), price(4, { min_quantity: 10 })])).toEqual({
        eur: 20,
      })
      expect(costs([price(20), price(18, { min_quantity: 1 })])).toEqual({ eur: 18 })
      expect(costs([])).toEqual({})
    })

    it("that of a public sale when it is lower, and of an override whatever it is", () => {
      const listed = [price(20), price(12, { price_list_id: "plist_1" })]
      expect(costs(listed)).toEqual({ eur: 20 })
      expect(costs(listed, [["plist_1", { type: "sale" }]])).toEqual({ eur: 12 })
      const dear = [price(20), price(30, { price_list_id: "plist_1" })]
      expect(costs(dear, [["plist_1", { type: "sale" }]])).toEqual({ eur: 20 })
      expect(costs(dear, [["plist_1", { type: "override" }]])).toEqual({ eur: 30 })
    })
  })
})
