import type { Sql } from "postgres"
import { type AdminAccess, askAdmin, problemOf } from "../../medusa/admin.ts"
import { newId } from "../../platform/ids.ts"

/** Medusa's own: nobody is told of the parcel. */
const PROVIDER = "manual_manual"
const TYPE = { label: "Pickup", description: "Handed over in the shop", code: "pickup" }
const MOST_STEPS = 4

/** What there is of a location by which Medusa can hand goods over. */
interface Place {
  name: string
  country_code: string | null
  has_provider: boolean
  set_id: string | null
  zone_id: string | null
  type_id: string | null
  /** Of the shop. */
  currencies: string[]
  has_option: boolean
}

type Step = [path: string, body: object]

/**
 * Gives a location a pickup option of a shipping profile, through Medusa's Admin API, where it has none: Medusa makes no
 * fulfilment without one. It is for the tills: no shopper is offered it until the merchant enables it in the store. Each
 * step looks first at what there is, so what is broken off is gone on with.
 *
 * @returns undefined when it has one; else what is in the way
 */
export async function givePickupOption(
  { sql, access }: { sql: Sql; access: AdminAccess },
  locationId: string,
  profileId: string,
): Promise<string | undefined> {
  for (let step = 0; step <= MOST_STEPS; step++) {
    const place = await readPlace(sql, locationId, profileId)
    if (!place) return "the location of the till is gone"
    const next = nextStep(place, locationId, profileId)
    if (!next) return undefined
    const problem = problemOf(await askAdmin(access, "POST", ...next))
    if (problem !== undefined) return problem
  }
  return "Medusa makes no pickup option, and does not say why"
}

/** @returns undefined when nothing is missing */
function nextStep(place: Place, locationId: string, profileId: string): Step | undefined {
  const { name, country_code, has_provider, set_id, zone_id, type_id, currencies, has_option } = place
  const path = `/admin/stock-locations/${encodeURIComponent(locationId)}`
  if (has_option) return undefined
  if (!has_provider) return [`${path}/fulfillment-providers`, { add: [PROVIDER] }]
  // The name is nobody else's, also when Medusa was killed with it half made.
  if (set_id === null) return [`${path}/fulfillment-sets`, { name: `${name} ${newId("tills")}`, type: "pickup" }]
  if (zone_id === null) {
    const geo_zones = country_code === null ? [] : [{ type: "country", country_code }]
    const zones = `/admin/fulfillment-sets/${encodeURIComponent(set_id)}/service-zones`
    return [zones, { name: `${name} (${locationId})`, geo_zones }]
  }
  return [
    "/admin/shipping-options",
    {
      ...{ name, service_zone_id: zone_id, shipping_profile_id: profileId, provider_id: PROVIDER, price_type: "flat" },
      ...(type_id === null ? { type: TYPE } : { type_id }),
      prices: currencies.map((currency_code) => ({ currency_code, amount: 0 })),
      rules: [
        { attribute: "enabled_in_store", operator: "eq", value: "false" },
        { attribute: "is_return", operator: "eq", value: "false" },
      ],
    },
  ]
}

async function readPlace(sql: Sql, locationId: string, profileId: string): Promise<Place | undefined> {
  const [place] = await sql<Place[]>`
    select place.name,
      (select lower(country_code) from stock_location_address where id = place.address_id and deleted_at is null)
        as country_code,
      exists (
        select from location_fulfillment_provider it where it.stock_location_id = place.id
          and it.fulfillment_provider_id = ${PROVIDER} and it.deleted_at is null) as has_provider,
      pickup.set_id, pickup.zone_id,
      (select id from shipping_option_type where code = ${TYPE.code} and deleted_at is null order by id limit 1) as type_id,
      array(select distinct currency_code from store_currency where deleted_at is null) as currencies,
      coalesce(pickup.has_option, false) as has_option
    from stock_location place
    left join lateral (
      select sets.id as set_id, zone.id as zone_id, exists (
          select from shipping_option option where option.service_zone_id = zone.id and option.deleted_at is null
            and option.shipping_profile_id = ${profileId}) as has_option
      from location_fulfillment_set placed
      join fulfillment_set sets on sets.id = placed.fulfillment_set_id and sets.deleted_at is null
      left join service_zone zone on zone.fulfillment_set_id = sets.id and zone.deleted_at is null
      where placed.stock_location_id = place.id and placed.deleted_at is null and sets.type = 'pickup'
      order by has_option desc, zone.id nulls last, sets.id limit 1
    ) pickup on true
    where place.id = ${locationId} and place.deleted_at is null`
  return place
}
