import { describe, expect, it } from "vitest"
import {
  shippingTaxLines,
  type TaxRate,
  type TaxRegion,
  taxLines,
  taxReference,
} from "../../../src/commerce/tax/index.ts"

const region = (id: string, given: Partial<TaxRegion> = {}): TaxRegion => {
  return { id, country_code: id, province_code: null, parent_id: null, provider_id: "tp_system", ...given }
}
const rate = (id: string, tax_region_id: string, percent: number, given: Partial<TaxRate> = {}): TaxRate => ({
  id,
  rate: percent,
  code: id,
  name: id,
  is_default: !given.rules,
  is_combinable: false,
  tax_region_id,
  rules: [],
  ...given,
})
const forType = [{ reference: "product_type", reference_id: "books" }]
const forProduct = [{ reference: "product", reference_id: "prod_atlas" }]

const reference = taxReference(
  [
    region("es"),
    region("us"),
    region("us-ca", { country_code: "us", province_code: "ca", parent_id: "us", provider_id: null }),
    region("us-tx", { country_code: "us", province_code: "tx", parent_id: "us", provider_id: null }),
    region("de", { provider_id: "tp_elsewhere" }),
    region("it", { provider_id: null }),
  ],
  [
    rate("books", "es", 4, { rules: forType }),
    rate("free", "es", 0, { rules: forProduct }),
    rate("general", "es", 21),
    rate("ca", "us-ca", 7.25, { is_combinable: true }),
    rate("tx", "us-tx", 6.25),
    rate("federal", "us", 1),
    rate("federal books", "us", 0.5, { rules: forType }),
  ],
)
const codes = (product: string, type: string | null, country_code: string, province_code?: string) =>
  taxLines(product, type, reference, { country_code, province_code })?.map(({ code, rate }) => [code, rate])

describe("what a product is taxed", () => {
  it("the rate for the product comes before the one for its type, and that before the default", () => {
    expect(codes("prod_atlas", "books", "es")).toEqual([["free", 0]])
    expect(codes("prod_novel", "books", "es")).toEqual([["books", 4]])
    expect(codes("prod_vase", null, "ES")).toEqual([["general", 21]])
  })

  it("a province's rate replaces the country's, or comes with it where it is combinable", () => {
    expect(codes("prod_vase", null, "us", "tx")).toEqual([["tx", 6.25]])
    expect(codes("prod_vase", null, "us", "CA")).toEqual([
      ["ca", 7.25],
      ["federal", 1],
    ])
    expect(codes("prod_novel", "books", "us", "ca")).toEqual([
      ["ca", 7.25],
      ["federal books", 0.5],
    ])
    expect(codes("prod_vase", null, "us", "ny")).toEqual([["federal", 1]])
  })

  it("a country without taxes has none; one whose taxes another provider knows is left to Medusa", () => {
    expect(codes("prod_vase", null, "pt")).toEqual([])
    expect(codes("prod_vase", null, "de")).toBeUndefined()
    expect(codes("prod_vase", null, "it")).toBeUndefined()
  })
})

describe("what shipping is taxed", () => {
  const forOption = [{ reference: "shipping_option", reference_id: "so_van" }]
  const shipping = taxReference(
    [region("es"), region("us"), region("us-ca", { country_code: "us", province_code: "ca", parent_id: "us" })],
    [
      rate("general", "es", 21),
      rate("van", "es", 10, { rules: forOption }),
      rate("federal", "us", 1),
      rate("ca van", "us-ca", 7.25, { rules: forOption, is_combinable: true }),
    ],
  )
  const taxed = (option: string | null, country_code: string, province_code?: string) =>
    shippingTaxLines(option, shipping, { country_code, province_code })?.map(({ code }) => code)

  it("the rate for the option comes before the default, the province's before the country's, or with it", () => {
    expect(taxed("so_van", "es")).toEqual(["van"])
    expect(taxed("so_bike", "es")).toEqual(["general"])
    expect(taxed(null, "es")).toEqual(["general"])
    expect(taxed("so_van", "us", "ca")).toEqual(["ca van", "federal"])
    expect(taxed("so_bike", "us", "ca")).toEqual(["federal"])
  })

  it("a line that is no product of the catalog is taxed by its type, or as anything is", () => {
    const lines = (type: string | null) => taxLines(null, type, reference, { country_code: "es" })
    expect(lines("books")?.map(({ code }) => code)).toEqual(["books"])
    expect(lines(null)?.map(({ code }) => code)).toEqual(["general"])
  })
})
