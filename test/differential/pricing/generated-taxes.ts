import fc from "fast-check"
import type { TestDatabase } from "../../support/database.ts"
import { insertRows } from "./modules.ts"

type Row = Record<string, unknown>

/** A shop's worth of tax rows, and what is asked of it. */
export interface TaxWorld {
  regions: Row[]
  rates: Row[]
  rules: Row[]
  /** No product: a line that is not of the catalog. */
  products: { product_id: string | null; product_type_id: string | null }[]
  shipping: { shipping_option_id: string | null }[]
  addresses: { country_code: string; province_code?: string }[]
}

const products = ["prod_1", "prod_2", "prod_3"]
const types = ["ptyp_1", "ptyp_2"]

const deleted_at = fc.nat({ max: 15 }).map((chance) => (chance === 15 ? new Date().toISOString() : null))
const rule = fc.oneof(
  fc.record({ reference: fc.constant("product"), reference_id: fc.constantFrom(...products), deleted_at }),
  fc.record({ reference: fc.constant("product_type"), reference_id: fc.constantFrom(...types), deleted_at }),
  // Also one that speaks of no product, though the id looks like one.
  fc.record({
    reference: fc.constant("shipping_option"),
    reference_id: fc.constantFrom("so_1", "so_2", "prod_1"),
    deleted_at,
  }),
)
const rate = fc.record({
  rate: fc.constantFrom(null, 0, 4, 5.5, 10, 19.6, 21, 0.1, 8.875),
  is_combinable: fc.boolean(),
  rules: fc.uniqueArray(rule, { maxLength: 3, selector: (it) => it.reference_id }),
  deleted_at,
})
const region = fc.record({
  /** A default may have rules too; a region has at most one that is not deleted. */
  byDefault: fc.option(rate, { freq: 4 }),
  others: fc.array(rate, { maxLength: 5, size: "max" }),
  deleted_at,
})
const country = fc.record({
  country: region,
  provider_id: fc.nat({ max: 15 }).map((chance) => ["tp_other", null][chance] ?? "tp_system"),
  provinces: fc.uniqueArray(
    // A province may hang below nothing.
    fc.record({ code: fc.constantFrom("p1", "p2", "p3"), orphan: fc.nat({ max: 7 }).map((it) => it === 7), region }),
    { maxLength: 3, selector: (it) => it.code },
  ),
})

export const taxWorld: fc.Arbitrary<TaxWorld> = fc
  .record({
    countries: fc.tuple(country, country, country),
    products: fc.constant([...products, "prod_other", null]),
    addresses: fc.array(
      fc.record(
        {
          country_code: fc.constantFrom("c0", "c1", "c2", "C1", "c9"),
          province_code: fc.constantFrom("p1", "P2", "p3", "p9", ""),
        },
        { requiredKeys: ["country_code"], noNullPrototype: true },
      ),
      { minLength: 1, maxLength: 6, size: "max" },
    ),
  })
  .map(({ countries, products, addresses }) => {
    const regions: Row[] = []
    const rates: Row[] = []
    const rules: Row[] = []
    const addRegion = (
      row: Row,
      { byDefault, others, deleted_at }: typeof region extends fc.Arbitrary<infer R> ? R : never,
    ) => {
      regions.push({ ...row, deleted_at })
      for (const [index, it] of [...others, ...(byDefault ? [byDefault] : [])].entries()) {
        // Ids whose order is not the one of the rows.
        const id = `txr_${9 - index}_${row.id}`
        rates.push({
          id,
          tax_region_id: row.id,
          rate: it.rate,
          code: `code ${id}`,
          name: `name ${id}`,
          is_default: it === byDefault,
          is_combinable: it.is_combinable,
          deleted_at: it.deleted_at,
        })
        rules.push(...it.rules.map((r, number) => ({ id: `txrule_${number}_${id}`, tax_rate_id: id, ...r })))
      }
    }
    countries.forEach((it, index) => {
      const country = { id: `txreg_${index}`, country_code: `c${index}` }
      addRegion({ ...country, province_code: null, parent_id: null, provider_id: it.provider_id }, it.country)
      for (const { code, orphan, region } of it.provinces) {
        const id = `txreg_${index}_${code}`
        const parent_id = orphan ? null : country.id
        addRegion({ ...country, id, province_code: code, parent_id, provider_id: null }, region)
      }
    })
    return {
      regions,
      rates,
      rules,
      products: products.flatMap((product_id) =>
        [...types, "ptyp_other", null].map((product_type_id) => ({ product_id, product_type_id })),
      ),
      shipping: ["so_1", "so_2", "so_other", "prod_1", null].map((shipping_option_id) => ({ shipping_option_id })),
      addresses,
    }
  })

/** Replaces all taxes of the database by those of a world. */
export async function furnishTaxes(database: TestDatabase, world: TaxWorld): Promise<void> {
  await database.sql`delete from tax_region`
  await database.sql`insert into tax_provider (id) values ('tp_other') on conflict do nothing`
  await insertRows(database, "tax_region", world.regions)
  await insertRows(database, "tax_rate", world.rates)
  await insertRows(database, "tax_rate_rule", world.rules)
}
