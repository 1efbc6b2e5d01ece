import { type Database, openDatabase } from "../../../src/platform/db/index.ts"
import { demo } from "../../support/counter.ts"
import { theMedusa } from "../../support/medusa.ts"
import { openShop } from "../catalog/shop.ts"
import { send } from "../compare.ts"

export type World = Awaited<ReturnType<typeof openWorld>>

/** How many carts a world has. */
export const CARTS = 6

const STANDARD = [
  { attribute: "enabled_in_store", operator: "eq", value: "true" },
  { attribute: "is_return", operator: "eq", value: "false" },
]
const ADDRESS = { address_1: "Rúa do Vento 4", city: "Lugo", country_code: "es", postal_code: "27001", province: "LU" }

/**
 * Sales channels, locations, zones and options of their own beside the demo shop's, made by an admin, with what only SQL
 * can make; so no other test's carts are offered any of them.
 */
export async function openWorld() {
  const shop = await openShop()
  const database = openDatabase(theMedusa().databaseUrl, { connections: 2 })
  const { sql } = database
  const stamp = Date.now().toString(36)

  async function admin<T = Record<string, { id: string }>>(path: string, body?: object, method = "POST"): Promise<T> {
    const answer = await send(shop.sides.medusa, { method, path: `/admin/${path}`, headers: shop.admin, body })
    if (answer.status >= 300) throw new Error(`${path} was answered with ${answer.status}: ${answer.text}`)
    return answer.body as T
  }
  const idOf = async (what: string, path: string, body: object) => (await admin(path, body))[what]?.id ?? ""

  const channels: Record<string, string> = {}
  for (const name of ["both", "south", "nowhere", "twice", "closed"]) {
    channels[name] = await idOf("sales_channel", "sales-channels", { name: `${name} ${stamp}` })
  }
  const location = async (name: string, sells: string[], more = {}) => {
    const id = await idOf("stock_location", "stock-locations", { name: `${name} ${stamp}`, ...more })
    await admin(`stock-locations/${id}/fulfillment-providers`, { add: ["manual_manual"] })
    for (const channel of sells) await admin(`stock-locations/${id}/sales-channels`, { add: [channels[channel]] })
    return id
  }
  const north = await location("north", ["both"], { address: ADDRESS })
  const south = await location("south", ["both", "south"])
  const empty = await location("empty", ["both", "closed"])
  const double = await location("double", ["twice"])
  const annex = await location("annex", [])
  const set = async (at: string, name: string, type: string) => {
    const path = `stock-locations/${at}/fulfillment-sets?fields=*fulfillment_sets`
    const { stock_location } = await admin<{ stock_location: { fulfillment_sets: { id: string; name: string }[] } }>(
      path,
      { name: `${name} ${stamp}`, type },
    )
    return stock_location.fulfillment_sets.find((it) => it.name.startsWith(name))?.id ?? ""
  }
  const parcels = await set(north, "parcels", "shipping")
  const pickup = await set(south, "pickup", "pickup")
  const shared = await set(double, "shared", "shipping")
  const zone = async (of: string, name: string, geo_zones: object[]) => {
    const path = `fulfillment-sets/${of}/service-zones?fields=*service_zones`
    const { fulfillment_set } = await admin<{ fulfillment_set: { service_zones: { id: string; name: string }[] } }>(
      path,
      { name: `${name} ${stamp}`, geo_zones },
    )
    return fulfillment_set.service_zones.find((it) => it.name.startsWith(name))?.id ?? ""
  }
  const madrid = { country_code: "es", province_code: "MD", city: "Madrid" }
  const zones = {
    spain: await zone(parcels, "spain", [{ type: "country", country_code: "es" }]),
    galicia: await zone(parcels, "galicia", [
      { type: "province", country_code: "es", province_code: "GAL" },
      { type: "country", country_code: "fr" },
      { type: "province", country_code: "es", province_code: "MD" },
    ]),
    city: await zone(parcels, "city", [{ type: "city", ...madrid }]),
    zip: await zone(parcels, "zip", [{ type: "zip", ...madrid, postal_expression: { matches: "28*" } }]),
    britain: await zone(parcels, "britain", [{ type: "country", country_code: "gb" }]),
    pickup: await zone(pickup, "pickup", [{ type: "country", country_code: "es" }]),
    shared: await zone(shared, "shared", [{ type: "country", country_code: "es" }]),
  }

  const [profile] = await sql<{ id: string }[]>`
    select id from shipping_profile where type = 'default' and deleted_at is null limit 1`
  const [other] = await sql<{ id: string }[]>`
    insert into shipping_profile (id, name, type) values (${`sp_${stamp}`}, ${`bulky ${stamp}`}, 'bulky') returning id`
  const { es, gb } = demo().regions
  const from = (item_total: number, amount: number, currency_code = "eur") => {
    return { currency_code, amount, rules: [{ attribute: "item_total", operator: "gte", value: item_total }] }
  }
  const option = (name: string, service_zone_id: string, prices: object[], more: object = {}) =>
    idOf("shipping_option", "shipping-options", {
      ...{ name, service_zone_id, prices, shipping_profile_id: profile?.id, provider_id: "manual_manual" },
      ...{ price_type: "flat", type: { label: name, code: name, description: `About ${name}` }, rules: STANDARD },
      ...more,
    })
  const eur = (amount: number) => ({ currency_code: "eur", amount })
  const gbp = (amount: number) => ({ currency_code: "gbp", amount })
  const options = {
    standard: await option("standard", zones.spain, [
      ...[eur(5.9), gbp(4.5), { region_id: es, amount: 4.95 }],
      ...[from(50, 2), from(120, 0), from(40, 3, "gbp")],
    ]),
    back: await option("back", zones.spain, [eur(3)], { rules: [{ ...STANDARD[1], value: "true" }] }),
    galicia: await option("galicia", zones.galicia, [eur(7)], {
      ...{ rules: [], data: { id: "truck" }, metadata: { note: "slow" }, shipping_profile_id: other?.id },
    }),
    city: await option("city", zones.city, [gbp(9), { region_id: gb, amount: 8 }], {
      rules: [
        { attribute: "enabled_in_store", operator: "in", value: ["true", "maybe"] },
        { attribute: "is_return", operator: "nin", value: ["true"] },
      ],
    }),
    zip: await option("zip", zones.zip, [eur(12), gbp(11)]),
    britain: await option("britain", zones.britain, [eur(15), { region_id: gb, amount: 12.5 }, gbp(14)]),
    pickup: await option("pickup", zones.pickup, [eur(0), gbp(0), { currency_code: "usd", amount: 0.1 }]),
    stranger: await option("stranger", zones.spain, [eur(1)], {
      rules: [
        { attribute: "colour", operator: "ne", value: "red" },
        { attribute: "colour", operator: "eq", value: "undefined" },
      ],
    }),
    greater: await option("greater", zones.spain, [eur(1)], {
      rules: [{ attribute: "is_return", operator: "gte", value: "0" }],
    }),
    members: await option("members", zones.spain, [eur(6)]),
    listed: await option("listed", zones.pickup, [eur(8)], { shipping_profile_id: other?.id }),
    addressed: await option("addressed", zones.spain, [eur(10), eur(9), eur(8), eur(7)]),
    priceless: await option("priceless", zones.pickup, [eur(2)]),
    calculated: await option("calculated", zones.pickup, []),
    gone: await option("gone", zones.spain, [eur(2)]),
    shared: await option("shared", zones.shared, [eur(2)]),
  }
  await admin(`shipping-options/${options.gone}`, undefined, "DELETE")

  // What no admin can make.
  await sql`update geo_zone set postal_expression = '"28004"' where service_zone_id = ${zones.zip}`
  await sql`insert into geo_zone (id, type, country_code, service_zone_id, deleted_at)
    values (${`fgz_${stamp}`}, 'country', 'gb', ${zones.spain}, now())`
  await sql`insert into shipping_option_rule (id, attribute, operator, value, shipping_option_id)
    values (${`sorul_${stamp}`}, 'is_return', 'ne', 'true', ${options.members})`
  await sql`update shipping_option set price_type = 'calculated' where id = ${options.calculated}`
  await sql`update shipping_option_price_set set deleted_at = now() where shipping_option_id = ${options.priceless}`
  await sql`insert into location_fulfillment_set (id, stock_location_id, fulfillment_set_id)
    values (${`locfs_${stamp}`}, ${annex}, ${shared})`
  await sql`update sales_channel set deleted_at = now() where id = ${channels.closed ?? ""}`
  const club = demo().customers.find((it) => it.group === "Club")
  const [group] = await sql<{ id: string }[]>`
    select customer_group_id as id from customer_group_customer where customer_id = ${club?.id ?? ""} limit 1`
  const setOf = async (id: string) =>
    (
      await sql<{ id: string }[]>`
      select price_set_id as id from shipping_option_price_set where shipping_option_id = ${id} and deleted_at is null`
    )[0]?.id ?? ""
  const addPrice = async (
    price_set_id: string,
    number: number,
    amount: number,
    list: string | null,
    rules: string[][],
  ) => {
    const id = `price_${stamp}_${number}_${price_set_id.slice(-4)}`
    await sql`insert into price (id, price_set_id, currency_code, amount, raw_amount, rules_count, price_list_id)
      values (${id}, ${price_set_id}, 'eur', ${amount}, ${JSON.stringify({ value: String(amount), precision: 20 })}::text::jsonb,
        ${rules.length}, ${list})`
    for (const [i, [attribute = "", operator = "", value = ""]] of rules.entries()) {
      await sql`insert into price_rule (id, price_id, attribute, operator, value)
        values (${`prule_${id}_${i}`}, ${id}, ${attribute}, ${operator}, ${value})`
    }
  }
  const ofMembers = await setOf(options.members)
  await addPrice(ofMembers, 1, 1.5, null, [["customer.groups.id", "eq", group?.id ?? ""]])
  await addPrice(ofMembers, 3, 1, null, [
    ["customer.groups.id", "eq", group?.id ?? ""],
    ["total", "lt", "30"],
  ])
  await addPrice(await setOf(options.stranger), 1, 0.5, null, [["items.product_id", "eq", "prod_none"]])
  const ofAddressed = await setOf(options.addressed)
  await addPrice(ofAddressed, 1, 3, null, [["shipping_address.province", "eq", "MD"]])
  await addPrice(ofAddressed, 2, 4, null, [["email", "eq", "somebody@example.com"]])
  await addPrice(ofAddressed, 3, 5, null, [["locale", "eq", "es-ES"]])
  await addPrice(ofAddressed, 4, 6, null, [["item_total", "lte", "25"]])
  const list = `plist_${stamp}`
  await sql`insert into price_list (id, title, description, status, type, rules_count)
    values (${list}, 'club', 'club', 'active', 'sale', 1)`
  await sql`insert into price_list_rule (id, price_list_id, attribute, value)
    values (${`plrule_${stamp}`}, ${list}, 'customer.groups.id', ${JSON.stringify([group?.id ?? ""])}::text::jsonb)`
  await addPrice(await setOf(options.listed), 1, 4, list, [])
  await addPrice(await setOf(options.listed), 2, 3, list, [["item_total", "gte", "100"]])

  const notable = Object.values(demo().variants)
  const level = (at: string, stocked: string, where = "") =>
    sql.unsafe(
      `insert into inventory_level (id, inventory_item_id, location_id, stocked_quantity, raw_stocked_quantity,
         reserved_quantity, raw_reserved_quantity)
       select distinct 'ilev_${stamp}_' || $2 || link.inventory_item_id, link.inventory_item_id, $2, ${stocked},
         jsonb_build_object('value', (${stocked})::text, 'precision', 20), 1, '{"value":"1","precision":20}'::jsonb
       from product_variant_inventory_item link where link.variant_id = any($1) and link.deleted_at is null ${where}`,
      [notable, at],
    )
  await level(north, "4")
  await level(south, "3", `and link.variant_id <> '${demo().variants.scarce}'`)
  const [book] = await sql<{ id: string }[]>`
    select inventory_item_id as id from product_variant_inventory_item where variant_id = ${demo().variants.shared_a}`
  await sql`update inventory_item set requires_shipping = false where id = ${book?.id ?? ""}`

  /** Makes the counter follow what was written by SQL, and Medusa forget which attributes prices have rules for. */
  async function settle(): Promise<void> {
    await admin(`shipping-options/${options.standard}`, { metadata: { settled: Math.random() } })
    const id = await idOf("price_preference", "price-preferences", {
      ...{ attribute: "currency_code", value: `x${Math.random()}`, is_tax_inclusive: false },
    })
    const poke = { method: "DELETE", path: `/admin/price-preferences/${id}`, headers: shop.admin }
    await send(shop.sides.counter, poke)
  }
  await settle()

  return {
    ...{
      shop,
      sql,
      database,
      stamp,
      channels,
      locations: { north, south, empty, double },
      sets: { parcels, pickup, shared },
      zones,
      options,
      admin,
      settle,
    },
    carts: await openCarts(shop, database),
    async close() {
      await sql`update inventory_item set requires_shipping = true where id = ${book?.id ?? ""}`
      await sql`delete from inventory_level where id like ${`ilev_${stamp}_%`}`
      await sql`update sales_channel set deleted_at = now() where id = any(${Object.values(channels)})`
      await sql`update price_list set deleted_at = now() where id = ${list}`
      await shop.counter.close()
      await database.close()
    },
  }
}

/** Carts that shoppers have filled at Medusa's port; each has an address that may be given to it or not. */
async function openCarts({ sides, customers }: Awaited<ReturnType<typeof openShop>>, { sql }: Database) {
  const key = { "x-publishable-api-key": demo().channels.web.publishable_key }
  const { variants, regions, promotions } = demo()
  const open = async (body: object, quantities: Partial<Record<keyof typeof variants, number>>, token = {}) => {
    const items = Object.entries(quantities).map(([name, quantity]) => {
      return { variant_id: variants[name as keyof typeof variants], quantity }
    })
    const headers = { ...key, ...token }
    const made = await send(sides.medusa, { method: "POST", path: "/store/carts", headers, body: { ...body, items } })
    if (made.status !== 200) throw new Error(made.text)
    return (made.body as { cart: { id: string } }).cart.id
  }
  const { es, fr, gb } = regions
  const shipping_address = {
    first_name: "Iria",
    address_1: "Rúa 1",
    country_code: "es",
    province: "MD",
    city: "Madrid",
  }
  const made = [
    await open({ region_id: es }, {}),
    await open({ region_id: es, email: "somebody@example.com" }, { kit: 1, unmanaged: 2 }),
    await open({ region_id: es, shipping_address }, { scarce: 1, backorder: 2 }, customers[0]),
    await open({ region_id: fr, promo_codes: [promotions.code] }, { shared_a: 2, shared_b: 1 }, customers[1]),
    await open({ region_id: gb, shipping_address: { ...shipping_address, country_code: "gb" } }, { kit: 2, scarce: 2 }),
    await open({ region_id: es, promo_codes: [promotions.code] }, { unmanaged: 1 }),
  ]
  await sql`insert into cart_address (id) select 'caaddr_of_' || id from unnest(${made}::text[]) as ids (id)`
  if (made.length !== CARTS) throw new Error(`there are ${made.length} carts`)
  return made
}
