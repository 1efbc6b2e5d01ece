import { afterAll, beforeAll, describe, expect, it } from "vitest"
import type { OpenCounter } from "../../../../src/server.ts"
import { demo, openTestCounter } from "../../../support/counter.ts"
import { cloneDatabase, type TestDatabase } from "../../../support/database.ts"
import { ask } from "../../../support/http.ts"

let database: TestDatabase
let counter: OpenCounter
let variant: { id: string; sku: string; barcode: string; product_id: string; title: string }
beforeAll(async () => {
  database = await cloneDatabase()
  const [row] = await database.sql<(typeof variant)[]>`
    update product_variant set ean = '4006381333931', upc = '036000291452'
    where id = (select id from product_variant where sku is not null and barcode is not null order by id limit 1)
    returning id, sku, barcode, product_id, title`
  if (!row) throw new Error("no variant has codes")
  variant = row
  counter = await openTestCounter(database.url)
})
afterAll(async () => {
  await counter.close()
  await database.drop()
})

const web = (): Record<string, string> => ({ "x-publishable-api-key": demo().channels.web.publishable_key })
const lookUp = (query: string, headers = web()) => ask(counter.url, `/store/variants/lookup?${query}`, { headers })
type Answer = {
  variant: {
    id: string
    calculated_price?: { calculated_amount: number; currency_code: string }
    inventory_quantity?: number
  }
  product: { id: string; variants?: unknown }
}

describe("a scanner", () => {
  it("finds a variant by its barcode, EAN, UPC or SKU, with its price and what is left of it", async () => {
    for (const query of [
      `barcode=${variant.barcode}`,
      `barcode=%20${variant.barcode}%20%0A`,
      "barcode=4006381333931",
      "barcode=036000291452",
      `sku=${encodeURIComponent(variant.sku)}`,
    ]) {
      const { status, body } = await lookUp(`${query}&region_id=${demo().regions.es}`)
      expect([query, status]).toEqual([query, 200])
      const found = body as Answer
      expect(found.variant.id).toBe(variant.id)
      expect(found.product.id).toBe(variant.product_id)
      expect(found.product.variants).toBeUndefined()
      expect(found.variant.calculated_price).toMatchObject({
        currency_code: "eur",
        calculated_amount: expect.any(Number),
      })
      expect(found.variant.inventory_quantity).toEqual(expect.any(Number))
    }
    const pounds = (await lookUp(`barcode=${variant.barcode}&region_id=${demo().regions.gb}`)).body as Answer
    expect(pounds.variant.calculated_price?.currency_code).toBe("gbp")
  })

  it("gets the price and the stock that the shop's own product page shows", async () => {
    const context = `region_id=${demo().regions.es}&country_code=es`
    const fields = "*variants.calculated_price,%2Bvariants.inventory_quantity"
    const page = await ask(counter.url, `/store/products/${variant.product_id}?${context}&fields=${fields}`, {
      headers: web(),
    })
    const { product } = page.body as { product: { variants: Answer["variant"][] } }
    const shown = product.variants.find((it) => it.id === variant.id)
    const { variant: found } = (await lookUp(`sku=${encodeURIComponent(variant.sku)}&${context}`)).body as Answer
    expect(found.calculated_price).toEqual(shown?.calculated_price)
    expect(found.inventory_quantity).toBe(shown?.inventory_quantity)
  })

  it("finds nothing by an unknown code, by a SKU in other letters, and nothing that its channel does not sell", async () => {
    for (const query of ["barcode=0000000000000", `sku=${variant.sku.toLowerCase()}`, "sku=%25"]) {
      const { status, body } = await lookUp(query)
      expect([status, body]).toEqual([404, { type: "not_found", message: expect.stringContaining("was not found") }])
    }
    await database.sql`update product_sales_channel set deleted_at = now()
      where product_id = ${variant.product_id} and sales_channel_id = ${demo().channels.web.sales_channel_id}`
    await expect.poll(async () => (await lookUp(`barcode=${variant.barcode}`)).status, { timeout: 10_000 }).toBe(404)
    const pos = { "x-publishable-api-key": demo().channels.pos.publishable_key }
    expect((await lookUp(`barcode=${variant.barcode}`, pos)).status).toBe(200)
    await database.sql`update product set status = 'draft' where id = ${variant.product_id}`
    await expect
      .poll(async () => (await lookUp(`barcode=${variant.barcode}`, pos)).status, { timeout: 10_000 })
      .toBe(404)
  })

  it("is told what is wrong with its question", async () => {
    const wrong = [
      ["", "either barcode or sku"],
      ["barcode=1&sku=2", "either barcode or sku"],
      ["barcode=%20", "barcode: is empty"],
      ["sku=a%00b", "zero byte"],
      [`sku=${"x".repeat(201)}`, "longer than 200"],
      ["sku[]=a&sku[]=b", "sku"],
      ["sku=1&region_id=reg_none", "there is no region reg_none"],
      ["sku=1&sales_channel_id=sc_foreign", "does not open sc_foreign"],
      ["sku=1&fields=id", "fields"],
    ]
    for (const [query = "", reason = ""] of wrong) {
      const { status, body } = await lookUp(query)
      expect([query, status, body]).toEqual([
        query,
        400,
        { type: "invalid_data", message: expect.stringContaining(reason) },
      ])
    }
    const strangers: Record<string, string>[] = [{}, { "x-publishable-api-key": "pk_unknown" }]
    for (const headers of strangers) {
      const { status, body } = await ask(counter.url, `/store/variants/lookup?barcode=${variant.barcode}`, { headers })
      expect([status, body]).toMatchObject([400, { type: "not_allowed" }])
    }
  })

  it("costs one indexed read, whichever code it has read", async () => {
    await database.sql`analyze product_variant`
    const plans = await database.sql.begin(async (tx) => {
      // The demo shop is so small that Postgres would rather read all of it.
      await tx`set local enable_seqscan = off`
      const wheres = [
        "(barcode = 'x' or ean = 'x' or upc = 'x') and deleted_at is null",
        "sku = 'x' and deleted_at is null",
      ]
      return await Promise.all(
        wheres.map((where) => tx.unsafe(`explain select id, product_id from product_variant where ${where}`)),
      )
    })
    const [bars, sku] = plans.map((rows) => rows.map((row) => row["QUERY PLAN"]).join("\n"))
    for (const index of ["barcode", "ean", "upc"]) expect(bars).toContain(`IDX_product_variant_${index}_unique`)
    expect(sku).toContain("IDX_product_variant_sku_unique")
  })
})
