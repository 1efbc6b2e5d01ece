import type { FulfillmentWorkflow, MedusaContainer } from "@medusajs/framework/types"
import { Modules } from "@medusajs/framework/utils"
import {
  createShippingOptionsWorkflow,
  createShippingOptionTypesWorkflow,
  createShippingProfilesWorkflow,
  deleteShippingOptionsWorkflow,
} from "@medusajs/medusa/core-flows"
import {
  PARCELS,
  PLACES,
  type PlaceName,
  REGIONS,
  type RegionName,
  SHIPPING_TYPES,
  SHOPS,
  type ShippingType,
} from "../places.ts"
import { FULFILLMENT_PROVIDER } from "./locations.ts"
import { complete, find, link, required } from "./shop.ts"

type ShippingOptionInput = FulfillmentWorkflow.CreateShippingOptionsWorkflowInput

/** A shipping option before the ids of its zone and type are known. */
interface PlannedOption {
  zone: string
  type: ShippingType
  name: string
  prices: { currency_code: string; amount: number }[]
}

const COUNTRIES = Object.keys(PARCELS) as RegionName[]
const pickupName = (shop: PlaceName) => `Recogida en ${PLACES[shop].address.city}`

/** The profile that all products share; Medusa's migrations make one. */
export async function seedShippingProfile(container: MedusaContainer): Promise<string> {
  const profiles = await find<{ id: string }>(container, "shipping_profile", ["id"], { type: "default" })
  const ids = await complete(
    ["default"],
    (type) => type,
    profiles.slice(0, 1).map(({ id }) => ({ id, key: "default" })),
    async () => {
      const input = { data: [{ name: "Envío normal", type: "default" }] }
      return (await createShippingProfilesWorkflow(container).run({ input })).result
    },
  )
  return required(ids.get("default"), "shipping profile")
}

/**
 * Parcels from the warehouse to three countries, standard and express, and collecting in any of the shops.
 *
 * @returns ids of the shipping option types by code
 */
export async function seedShipping(
  container: MedusaContainer,
  locations: Record<PlaceName, string>,
  profile: string,
): Promise<Map<string, string>> {
  await seedFulfillmentSets(container, locations)
  const types = await seedTypes(container)
  const zones = await find<{ id: string; name: string }>(container, "service_zones", ["id", "name"])
  const zoneIds = new Map(zones.map(({ id, name }) => [name, id]))
  const wanted = plannedOptions().map(
    ({ zone, type, ...option }): ShippingOptionInput => ({
      ...option,
      service_zone_id: required(zoneIds.get(zone), zone),
      shipping_profile_id: profile,
      provider_id: FULFILLMENT_PROVIDER,
      price_type: "flat",
      type_id: required(types.get(type), type),
      rules: [
        { attribute: "enabled_in_store", operator: "eq", value: "true" },
        { attribute: "is_return", operator: "eq", value: "false" },
      ],
    }),
  )
  const existing = await wholeOptions(container)
  await complete(
    wanted,
    (option) => `${option.service_zone_id} ${option.name}`,
    existing.map(({ id, name, service_zone_id }) => ({ id, key: `${service_zone_id} ${name}` })),
    async (input) => (await createShippingOptionsWorkflow(container).run({ input })).result,
  )
  return types
}

function plannedOptions(): PlannedOption[] {
  const parcels = COUNTRIES.flatMap((country) =>
    (["standard", "express"] as const).map((type) => ({
      zone: PARCELS[country].zone,
      name: SHIPPING_TYPES[type].label,
      type,
      prices: [{ currency_code: REGIONS[country].currency, amount: PARCELS[country][type] }],
    })),
  )
  const pickups = SHOPS.map((shop) => ({
    zone: pickupName(shop),
    name: pickupName(shop),
    type: "pickup" as const,
    prices: [{ currency_code: "eur", amount: 0 }],
  }))
  return [...parcels, ...pickups]
}

/** Those that have a price; one that a cut-off seeding left without is thrown away, to be made again. */
async function wholeOptions(container: MedusaContainer) {
  const options = await find<{
    id: string
    name: string
    service_zone_id: string
    price_set_link?: { price_set_id: string } | null
  }>(container, "shipping_option", ["id", "name", "service_zone_id", "price_set_link.price_set_id"])
  const halves = options.filter((option) => !option.price_set_link).map(({ id }) => id)
  if (halves.length > 0) await deleteShippingOptionsWorkflow(container).run({ input: { ids: halves } })
  return options.filter((option) => option.price_set_link)
}

async function seedTypes(container: MedusaContainer): Promise<Map<string, string>> {
  const types = await find<{ id: string; code: string }>(container, "shipping_option_type", ["id", "code"])
  return complete(
    Object.keys(SHIPPING_TYPES) as ShippingType[],
    (code) => code,
    types.map(({ id, code }) => ({ id, key: code })),
    async (missing) => {
      const input = { shipping_option_types: missing.map((code) => ({ code, ...SHIPPING_TYPES[code] })) }
      return (await createShippingOptionTypesWorkflow(container).run({ input })).result
    },
  )
}

async function seedFulfillmentSets(container: MedusaContainer, locations: Record<PlaceName, string>): Promise<void> {
  const countryZone = (country: RegionName, name: string) => ({
    name,
    geo_zones: [{ type: "country" as const, country_code: REGIONS[country].country }],
  })
  const sets = [
    {
      place: "warehouse" as PlaceName,
      name: "Envíos desde el almacén central",
      type: "shipping",
      service_zones: COUNTRIES.map((country) => countryZone(country, PARCELS[country].zone)),
    },
    ...SHOPS.map((shop) => ({
      place: shop as PlaceName,
      name: pickupName(shop),
      type: "pickup",
      service_zones: [countryZone("es", pickupName(shop))],
    })),
  ]
  const existing = await find<{ id: string; name: string; location?: { id: string } | null }>(
    container,
    "fulfillment_sets",
    ["id", "name", "location.id"],
  )
  const ids = await complete(
    sets,
    ({ name }) => name,
    existing.map(({ id, name }) => ({ id, key: name })),
    (missing) => {
      const data = missing.map(({ name, type, service_zones }) => ({ name, type, service_zones }))
      return container.resolve(Modules.FULFILLMENT).createFulfillmentSets(data)
    },
  )
  const placed = new Set(existing.filter(({ location }) => location).map(({ name }) => name))
  await link(
    container,
    sets
      .filter(({ name }) => !placed.has(name))
      .map(({ name, place }) => ({
        [Modules.STOCK_LOCATION]: { stock_location_id: locations[place] },
        [Modules.FULFILLMENT]: { fulfillment_set_id: required(ids.get(name), name) },
      })),
  )
}
