import { type PreparedPrices, type Price, prepare } from "../pricing/index.ts"
import { digestRules, type RuleTest, type ShippingOptionRule } from "./rules.ts"
import type { GeoZone } from "./zones.ts"

/** A row of `stock_location_address`; times in ISO. */
export interface LocationAddress {
  id: string
  address_1: string
  address_2: string | null
  company: string | null
  city: string | null
  country_code: string
  phone: string | null
  province: string | null
  postal_code: string | null
  metadata: Record<string, unknown> | null
  created_at: string
  updated_at: string
  deleted_at: string | null
}

/** A base price of a shipping option, of whichever currency, as its row stands in `price`; times in ISO. */
export interface ShippingPrice extends Price {
  title: string | null
  price_set_id: string
  raw_min_quantity: unknown
  raw_max_quantity: unknown
  created_at: string
  updated_at: string
  deleted_at: string | null
  /** Rows of `price_rule`. */
  rules: readonly ShippingPriceRule[]
}

export interface ShippingPriceRule {
  id: string
  attribute: string
  value: string
  operator: string
  priority: number
  price_id: string
  created_at: string
  updated_at: string
  deleted_at: string | null
}

/** A row of `shipping_option`, with what hangs on it: nothing of it is deleted unless it is said. */
export interface ShippingOptionRow {
  id: string
  name: string
  /** `flat`: it has prices; `calculated`: its provider says the price. */
  price_type: string
  service_zone_id: string
  shipping_profile_id: string | null
  provider_id: string | null
  shipping_option_type_id: string
  data: Record<string, unknown> | null
  metadata: Record<string, unknown> | null
  type: { id: string; label: string; description: string | null; code: string } | null
  provider: { id: string; is_enabled: boolean } | null
  rules: readonly ShippingOptionRule[]
  /** Null when it, or its fulfillment set, is deleted: then nobody is offered the option. */
  zone: {
    fulfillment_set_id: string
    fulfillment_set_type: string
    geo_zones: readonly GeoZone[]
    /** One for each link; null for a location that is deleted. `has_address`: it names one, which may be deleted. */
    locations: readonly ({ id: string; has_address: boolean; address: LocationAddress | null } | null)[]
  } | null
  /** One for each link; `prices` null for a set that is deleted. */
  price_sets: readonly { id: string; prices: readonly ShippingPrice[] | null }[]
}

/** A row of `sales_channel`, and the fulfillment sets of the locations that it sells from. */
export interface ChannelRow {
  sales_channel_id: string
  fulfillment_set_ids: readonly string[]
}

/** A shipping option as it is offered. */
export interface ShippingOption
  extends Omit<ShippingOptionRow, "rules" | "zone" | "price_sets" | "provider_id" | "shipping_profile_id"> {
  readonly shipping_profile_id: string | null
  readonly provider_id: string | null
  readonly rules: readonly ShippingOptionRule[]
  readonly tests: readonly RuleTest[]
  readonly geo_zones: readonly GeoZone[]
  readonly fulfillment_set: { readonly id: string; readonly type: string }
  /** From where it ships; undefined where `oddity` says why. */
  readonly location: { readonly id: string; readonly address: LocationAddress | null } | undefined
  /** Undefined where it has none, as one whose price is calculated. */
  readonly price_set: { readonly id: string; readonly prices: PreparedPrices } | undefined
  /** As they are shown: those of price lists are not. */
  readonly base_prices: readonly ShippingPrice[]
  /** What its prices' rules ask for. */
  readonly price_attributes: readonly string[]
  /** The lists that some of its prices are of. */
  readonly price_list_ids: readonly string[]
  /** Why only Medusa can say what becomes of it. */
  readonly oddity: Oddity | undefined
}

/**
 * `several_locations`: its fulfillment set is linked to more than one;
 * `incomplete`: something that it hangs on is deleted, or linked twice;
 * `unknown_rule`: one of its rules asks for what nobody answers in the way that is known here.
 */
export type Oddity = "several_locations" | "incomplete" | "unknown_rule"

/** All that shipping depends on besides the cart, the price lists and the time. Another object after each change. */
export interface ShippingReference {
  /** In the database's order of their ids; without those that nobody is offered. */
  readonly options: readonly ShippingOption[]
  /** The profile of every option that is not deleted, offered or not. */
  readonly profiles: ReadonlyMap<string, string | null>
  /** The fulfillment sets of each sales channel. */
  readonly channels: ReadonlyMap<string, ReadonlySet<string>>
}

/** @param options  in the order of their ids as the database sorts them */
export function shippingReference(
  options: readonly ShippingOptionRow[],
  channels: readonly ChannelRow[],
): ShippingReference {
  return {
    options: options.flatMap((it) => (it.zone ? [digest(it, it.zone)] : [])),
    profiles: new Map(options.map((it) => [it.id, it.shipping_profile_id])),
    channels: new Map(channels.map((it) => [it.sales_channel_id, new Set(it.fulfillment_set_ids)])),
  }
}

function digest(row: ShippingOptionRow, zone: NonNullable<ShippingOptionRow["zone"]>): ShippingOption {
  const { rules, zone: _, price_sets, ...columns } = row
  const tests = digestRules(rules)
  const [location] = zone.locations
  const [priceSet] = price_sets
  const prices = priceSet?.prices ?? []
  return {
    ...columns,
    rules,
    tests: tests ?? [],
    geo_zones: zone.geo_zones,
    fulfillment_set: { id: zone.fulfillment_set_id, type: zone.fulfillment_set_type },
    location: location ? { id: location.id, address: location.address } : undefined,
    price_set: priceSet && { id: priceSet.id, prices: prepare(prices) },
    base_prices: prices.filter((it) => it.price_list_id === null),
    price_attributes: [...new Set(prices.flatMap((it) => it.rules.map((rule) => rule.attribute)))],
    price_list_ids: [...new Set(prices.flatMap((it) => it.price_list_id ?? []))],
    oddity: oddityOf(row, zone) ?? (tests ? undefined : "unknown_rule"),
  }
}

function oddityOf(row: ShippingOptionRow, zone: NonNullable<ShippingOptionRow["zone"]>): Oddity | undefined {
  const [location] = zone.locations
  const [priceSet] = row.price_sets
  if (zone.locations.length > 1) return "several_locations"
  const isWhole =
    location && location.has_address === (location.address !== null) && row.type && !row.provider_id === !row.provider
  const isPriced = row.price_sets.length < 2 && (priceSet === undefined || priceSet.prices !== null)
  return isWhole && isPriced ? undefined : "incomplete"
}
