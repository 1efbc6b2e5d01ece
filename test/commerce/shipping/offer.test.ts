import { describe, expect, it } from "vitest"
import {
  CartIncomplete,
  type GeoZone,
  isInsufficient,
  LeftToMedusa,
  offeredOptions,
  reaches,
  type ShippingAddress,
  type ShippingCart,
  type ShippingOptionRule,
  type ShippingReference,
} from "../../../src/commerce/shipping/index.ts"
import { cart, option, shop, toMadrid } from "./shop.ts"

const zone = (
  type: string,
  ...[province_code = null, city = null, postal_expression = null]: (string | null)[]
): GeoZone => {
  return { type, country_code: "es", province_code, city, postal_expression }
}
const address = (given: Partial<ShippingAddress>): ShippingAddress => {
  return { country_code: null, province: null, city: null, postal_code: null, ...given }
}

describe("a zone holds an address", () => {
  it.each<[string, GeoZone, ShippingAddress | null, boolean]>([
    ["of its country", zone("country"), toMadrid, true],
    ["not of another", zone("country"), address({ country_code: "fr" }), false],
    ["not of a country in other letters", zone("country"), address({ country_code: "ES" }), false],
    ["of its province", zone("province", "MD"), toMadrid, true],
    ["not of another province", zone("province", "GAL"), toMadrid, false],
    ["not of a province that is not named", zone("province", "MD"), address({ country_code: "es" }), false],
    ["of its city", zone("city", "MD", "Madrid"), toMadrid, true],
    [
      "of its city in a province that is not named",
      zone("city", "MD", "Madrid"),
      { ...toMadrid, province: null },
      true,
    ],
    ["not of its city in another province", zone("city", "GAL", "Madrid"), toMadrid, false],
    ["of its postal code", zone("zip", "MD", "Madrid", "28004"), toMadrid, true],
    ["not of another postal code", zone("zip", "MD", "Madrid", "28001"), toMadrid, false],
    ["of its postal code alone", zone("zip", "MD", "Madrid", "28004"), address({ postal_code: "28004" }), true],
    ["that says nothing", zone("zip", "MD", "Madrid", "28004"), address({ city: "" }), true],
    ["that is not there", zone("zip", "MD", "Madrid", "28004"), null, true],
  ])("%s", (_, it, to, expected) => {
    expect(reaches([it], to)).toBe(expected)
  })

  it("only where its postal code is a text, and not the expression that the dashboard writes", () => {
    const expression = { ...zone("zip", "MD", "Madrid"), postal_expression: { matches: "28004" } }
    expect(reaches([expression], toMadrid)).toBe(false)
  })
})

const ids = (it: ShippingReference, of: ShippingCart = cart(), is_return = false) => {
  const offered = offeredOptions(of, it, { is_return })
  return offered instanceof LeftToMedusa ? offered.reason : offered.map((each) => each.id)
}

describe("a cart is offered", () => {
  it("what its sales channel ships to its address, in the order of the ids", () => {
    const far = { geo_zones: [zone("province", "GAL")] }
    const reference = shop(option("b"), option("a"), option("far", { zone: far }))
    expect(ids(reference)).toEqual(["b", "a"])
    expect(ids(reference, cart({ shipping_address: null }))).toEqual(["b", "a", "far"])
    expect(ids(reference, cart({ sales_channel_id: "till" }))).toEqual([])
  })

  it("nothing of a zone or fulfillment set that is deleted", () => {
    expect(ids(shop(option("a", { zone: null })))).toEqual([])
  })

  it.each<[string, ShippingOptionRule, boolean, boolean]>([
    ["for sending alone", { attribute: "is_return", operator: "eq", value: "false" }, true, false],
    ["for returning alone", { attribute: "is_return", operator: "ne", value: "false" }, false, true],
    ["never, by a boolean that is no text", { attribute: "is_return", operator: "eq", value: false }, false, false],
    ["in the store", { attribute: "enabled_in_store", operator: "in", value: ["true"] }, true, true],
    ["by part of a text", { attribute: "enabled_in_store", operator: "in", value: "is it true?" }, true, true],
    ["not to admins only", { attribute: "enabled_in_store", operator: "nin", value: ["true"] }, false, false],
    ["by what nobody knows", { attribute: "colour", operator: "ne", value: "red" }, true, true],
    ["never, by comparing words", { attribute: "is_return", operator: "gte", value: "0" }, false, false],
  ])("an option whose rule lets it: %s", (_, rule, sending, returning) => {
    const reference = shop(option("a", { rules: [rule] }))
    expect(ids(reference)).toEqual(sending ? ["a"] : [])
    expect(ids(reference, cart(), true)).toEqual(returning ? ["a"] : [])
  })

  it("what only Medusa can say, where something is not as it should be", () => {
    const place = { id: "madrid", has_address: false, address: null }
    expect(ids(shop(option("a", { zone: { locations: [place, place] } })))).toBe("several_locations")
    expect(ids(shop(option("a", { zone: { locations: [null] } })))).toBe("incomplete")
    expect(ids(shop(option("a", { zone: { locations: [{ ...place, has_address: true }] } })))).toBe("incomplete")
    expect(ids(shop(option("a", { provider: null })))).toBe("incomplete")
    expect(ids(shop(option("a", { price_sets: [{ id: "pset", prices: null }] })))).toBe("incomplete")
    expect(ids(shop(option("a", { rules: [{ attribute: "x", operator: "in", value: null }] })))).toBe("unknown_rule")
    expect(ids(shop(option("a")), cart({ sales_channel_id: "closed" }))).toBe("channel")
    // Of what does not reach the cart nothing has to be known.
    expect(ids(shop(option("a", { provider: null, zone: { geo_zones: [] } })))).toEqual([])
  })

  it("nothing before its channel and region are known", () => {
    expect(() => ids(shop(), cart({ sales_channel_id: null, region_id: null }))).toThrow(CartIncomplete)
    expect(() => ids(shop(), cart({ sales_channel_id: null, region_id: null }))).toThrow(
      "Field(s) are required to have value to continue - sales_channel_id, region_id",
    )
  })
})

describe("a location has not enough", () => {
  const part = (left: Record<string, number> | null, requires_shipping: boolean | null = true) => {
    return { requires_shipping, left }
  }
  it.each([
    ["of a part of which fewer are left", [part({ madrid: 9 }), part({ madrid: 1 })], true],
    ["unless as many are left as are in the cart", [part({ madrid: 2 })], false],
    ["of what it does not keep", [part({ lugo: 9 })], true],
    ["of what nobody keeps", [part(null)], true],
    ["unless it is not shipped", [part(null, false)], false],
    ["unless nothing is known of its parts", [], false],
  ])("%s", (_, parts, expected) => {
    expect(isInsufficient([{ quantity: 2, parts }], "madrid")).toBe(expected)
  })

  it("or Medusa must say, where a part is deleted", () => {
    expect(isInsufficient([{ quantity: 2, parts: [part(null, null)] }], "madrid")).toBeInstanceOf(LeftToMedusa)
  })
})
