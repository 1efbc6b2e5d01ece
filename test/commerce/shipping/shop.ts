import { type PricePreference, pricingReference } from "../../../src/commerce/pricing/index.ts"
import {
  type ChargeQuestion,
  type ShippingCart,
  type ShippingOptionRow,
  type ShippingPrice,
  type ShippingReference,
  shippingReference,
} from "../../../src/commerce/shipping/index.ts"

/** A price of this many euros for everybody, but for what is given. */
export function price(amount: number, given: Partial<ShippingPrice> = {}): ShippingPrice {
  const at = "2026-06-01T12:00:00.000Z"
  const rules = (given.rules ?? []).map((rule) => ({ ...rule, price_id: `price_${amount}` }))
  return {
    ...{ id: `price_${amount}`, title: null, currency_code: "eur", amount, price_set_id: "pset", price_list_id: null },
    ...{ raw_amount: { value: String(amount), precision: 20 }, raw_min_quantity: null, raw_max_quantity: null },
    ...{ min_quantity: null, max_quantity: null, rules_count: rules.length },
    ...{ created_at: at, updated_at: at, deleted_at: null },
    ...given,
    rules,
  }
}

/** A rule of a price. */
export function priceRule(attribute: string, operator: string, value: string) {
  const at = "2026-06-01T12:00:00.000Z"
  return {
    ...{ id: `prule_${attribute}`, attribute, operator, value, priority: 0, price_id: "" },
    ...{ created_at: at, updated_at: at, deleted_at: null },
  }
}

type Given = Partial<Omit<ShippingOptionRow, "zone">> & {
  zone?: Partial<NonNullable<ShippingOptionRow["zone"]>> | null
  prices?: ShippingPrice[]
}

/** A parcel from Madrid to anywhere in Spain for five euros, but for what is given. */
export function option(id: string, { zone = {}, prices = [price(5)], ...given }: Given = {}): ShippingOptionRow {
  return {
    ...{ id, name: `Parcel ${id}`, price_type: "flat", service_zone_id: "serzo", shipping_profile_id: "normal" },
    ...{ provider_id: "manual_manual", shipping_option_type_id: "sotype", data: null, metadata: null, rules: [] },
    type: { id: "sotype", label: "Parcel", description: null, code: "parcel" },
    provider: { id: "manual_manual", is_enabled: true },
    price_sets: [{ id: `pset_${id}`, prices }],
    ...given,
    zone: zone && {
      fulfillment_set_id: "parcels",
      fulfillment_set_type: "shipping",
      geo_zones: [{ type: "country", country_code: "es", province_code: null, city: null, postal_expression: null }],
      locations: [{ id: "madrid", has_address: false, address: null }],
      ...zone,
    },
  }
}

/** A shop with these options, whose web channel sells from Madrid and whose till sells from nowhere. */
export function shop(...options: ShippingOptionRow[]): ShippingReference {
  return shippingReference(options, [
    { sales_channel_id: "web", fulfillment_set_ids: ["parcels"] },
    { sales_channel_id: "till", fulfillment_set_ids: [] },
  ])
}

export const toMadrid = { country_code: "es", province: "MD", city: "Madrid", postal_code: "28004" }

/** A cart of the web channel that goes to Madrid, but for what is given. */
export function cart(given: Partial<ShippingCart> = {}): ShippingCart {
  return {
    ...{ id: "cart", sales_channel_id: "web", region_id: "reg_es", currency_code: "eur", locale: null },
    shipping_address: toMadrid,
    ...given,
  }
}

/** What the cart is asked for when it is charged. */
export function question(given: Partial<ChargeQuestion> = {}, preferences: PricePreference[] = []): ChargeQuestion {
  const pricing = pricingReference([], preferences)
  return { cart: cart(), totals: undefined, pricing, now: new Date("2026-06-01T12:00:00Z"), ...given }
}
