import { describe, expect, it } from "vitest"
import { pricingReference } from "../../../src/commerce/pricing/index.ts"
import {
  chargedOptions,
  LeftToMedusa,
  methodsAfterRefresh,
  methodsForOptions,
  OptionsNotOffered,
  OptionsWithoutPrice,
  type PricePurpose,
  pricesOf,
  type ShippingMethod,
  type ShippingReference,
} from "../../../src/commerce/shipping/index.ts"
import { cart, option, price, priceRule, question, shop } from "./shop.ts"

const method = (shipping_option_id: string | null, given: Partial<ShippingMethod> = {}): ShippingMethod => {
  const name = `Parcel ${shipping_option_id}`
  return { id: `casm_${shipping_option_id}`, shipping_option_id, name, amount: 5, is_tax_inclusive: false, ...given }
}

describe("a price", () => {
  const free = price(0, { rules: [priceRule("item_total", "gte", "50")] })
  const ofRegion = price(4, { rules: [priceRule("region_id", "eq", "reg_es")] })
  const ofClub = price(1, { rules: [priceRule("customer.groups.id", "eq", "club")] })
  const amount = (prices: ReturnType<typeof price>[], purpose: PricePurpose, item_total = 10) => {
    const member = { email: null, customer_id: "cus", customer: { id: "cus", group_ids: ["club", "staff"] } }
    const totals = { item_total, total: item_total }
    const asked = { ...question({ totals }), purpose, shopper: purpose === "shown" ? member : undefined }
    const found = pricesOf(shop(option("a", { prices })).options, asked)
    return found instanceof LeftToMedusa ? found.reason : found.get("a")?.calculated_amount
  }

  it("is the one whose rules the cart meets best", () => {
    expect(amount([price(5), ofRegion], "shown")).toBe(4)
    expect(amount([price(5), free], "charged", 49.99)).toBe(5)
    expect(amount([price(5), free], "charged", 50)).toBe(0)
    expect(amount([price(9, { currency_code: "gbp" })], "shown")).toBeUndefined()
  })

  it("that is for a group of customers is shown to them and not charged, as in Medusa", () => {
    expect(amount([price(5), ofClub], "shown")).toBe(1)
    expect(amount([price(5), ofClub], "charged")).toBe(5)
  })

  it("that hangs on what is in the cart is never shown, and charged by Medusa alone", () => {
    const ofProduct = price(2, { rules: [priceRule("items.product_id", "eq", "prod_vase")] })
    expect(amount([price(5), ofProduct], "shown")).toBe(5)
    expect(amount([price(5), ofProduct], "charged")).toBe("price_rule")
  })
})

describe("after a change of the cart", () => {
  const line = { requires_shipping: true, shipping_profile_id: "normal" }
  const refresh = (methods: ShippingMethod[], reference: ShippingReference, lines = [line], asked = question()) => {
    const ids = methods.flatMap((it) => it.shipping_option_id ?? [])
    const offered = chargedOptions(ids, reference, asked)
    return offered instanceof LeftToMedusa ? offered : methodsAfterRefresh(methods, lines, offered)
  }

  it("a method whose option is as it was stays as it is", () => {
    expect(refresh([method("a")], shop(option("a")))).toEqual({ removed: [], updated: [] })
  })

  it("a method takes its option's name, price and tax of now", () => {
    const reference = shop(option("a", { name: "Van", prices: [price(6)] }))
    const inclusive = [{ attribute: "currency_code", value: "eur", is_tax_inclusive: true }]
    expect(refresh([method("a")], reference, [line], question({}, inclusive))).toEqual({
      removed: [],
      updated: [method("a", { name: "Van", amount: 6, is_tax_inclusive: true })],
    })
  })

  it.each([
    ["is gone", shop()],
    ["does not go there", shop(option("a", { zone: { geo_zones: [] } }))],
    ["is for returns", shop(option("a", { rules: [{ attribute: "is_return", operator: "eq", value: "true" }] }))],
    ["has no price in this currency", shop(option("a", { prices: [price(5, { currency_code: "gbp" })] }))],
    ["has no prices", shop(option("a", { price_sets: [] }))],
  ])("a method goes whose option %s", (_, reference) => {
    expect(refresh([method("a")], reference)).toEqual({ removed: ["casm_a"], updated: [] })
  })

  it("of several methods those go whose profile nothing needs that ships; a single one stays", () => {
    const reference = shop(option("a"), option("b", { shipping_profile_id: "bulky" }))
    const both = [method("a"), method("b")]
    const bulky = { ...line, shipping_profile_id: "bulky" }
    expect(refresh(both, reference, [line, bulky])).toEqual({ removed: [], updated: [] })
    expect(refresh(both, reference, [line])).toEqual({ removed: ["casm_b"], updated: [] })
    expect(refresh(both, reference, [line, { ...bulky, requires_shipping: false }])).toMatchObject({
      removed: ["casm_b"],
    })
    expect(refresh([method("b")], reference, [])).toEqual({ removed: [], updated: [] })
  })

  it("Medusa must say what becomes of a method of no option, and of one whose price is calculated", () => {
    expect(refresh([method(null), method("a")], shop(option("a")))).toEqual(new LeftToMedusa("method_without_option"))
    const calculated = shop(option("a", { price_type: "calculated" }))
    expect(refresh([method("a")], calculated)).toEqual(new LeftToMedusa("calculated_price"))
  })
})

describe("choosing shipping options", () => {
  const reference = shop(
    ...[
      option("a"),
      option("b"),
      option("bulky", { shipping_profile_id: "bulky" }),
      option("far", { zone: { geo_zones: [] } }),
    ],
    option("pounds", { prices: [price(3, { currency_code: "gbp" })] }),
    option("loose", { shipping_profile_id: null }),
  )
  const choose = (ids: string[], methods: ShippingMethod[] = []) =>
    methodsForOptions(
      ids.map((option_id) => ({ option_id })),
      methods,
      reference,
      question(),
    )

  it("replaces the method of the same profile and leaves those of others", () => {
    expect(choose(["b"], [method("a"), method("bulky")])).toEqual({
      created: [{ shipping_option_id: "b", name: "Parcel b", amount: 5, is_tax_inclusive: false, data: {} }],
      removed: ["casm_a"],
    })
  })

  it("takes away methods whose option is no more or has no profile, and knows the profile of one that is not offered", () => {
    const methods = [method("deleted"), method("loose"), method("far")]
    expect(choose(["bulky"], methods)).toMatchObject({ removed: ["casm_deleted", "casm_loose"] })
  })

  it("makes a method of each that is chosen, also of the same one twice, with the data of the first", () => {
    const data = { door: 4 }
    const chosen = [{ option_id: "b", data }, { option_id: "a" }, { option_id: "b" }]
    const made = methodsForOptions(chosen, [], reference, question())
    expect(made).toMatchObject({
      created: [
        { shipping_option_id: "b", data },
        { shipping_option_id: "a", data: {} },
        { shipping_option_id: "b", data },
      ],
    })
  })

  it("is refused in Medusa's words", () => {
    expect(() => choose(["a", "far"])).toThrow(OptionsNotOffered)
    expect(() => choose(["nothing"])).toThrow("Shipping Options are invalid for cart.")
    expect(() => choose(["a", "pounds"])).toThrow(OptionsWithoutPrice)
    expect(() => choose(["pounds"])).toThrow("Shipping options with IDs pounds do not have a price")
  })

  it("is left to Medusa where a provider has a say, and where nothing is chosen", () => {
    expect(choose([])).toEqual(new LeftToMedusa("no_options"))
    const carrier = { provider_id: "carrier_fast", provider: { id: "carrier_fast", is_enabled: true } }
    const asked = { ...question(), cart: cart(), pricing: pricingReference([], []) }
    expect(methodsForOptions([{ option_id: "a" }], [], shop(option("a", carrier)), asked)).toEqual(
      new LeftToMedusa("provider"),
    )
  })
})
