import { describe, expect, it } from "vitest"
import { counterForFile, demo } from "../../../support/counter.ts"
import { ask, until } from "../../../support/http.ts"

const shop = counterForFile()

const web = () => ({ "x-publishable-api-key": demo().channels.web.publishable_key })
const get = (variant: string, query = "", headers: Record<string, string> = web()) =>
  ask(shop.counter.url, `/store/variants/${variant}/availability?${query}`, { headers })

interface Location {
  id: string
  name: string
  available: number | null
  distance_km?: number | null
  opening_hours: { day: string }[] | null
}
async function availabilityOf(variant: string, query = "") {
  const { status, body } = await get(variant, query)
  expect(status).toBe(200)
  return (body as { availability: { total: number | null; locations: Location[]; [key: string]: unknown } })
    .availability
}
const at = (locations: Location[], id: string) => locations.find((it) => it.id === id)
async function keepBack(location: string, variant: string, quantity: number) {
  await shop.database.sql`
    insert into mostrador.safety_stock (location_id, variant_id, quantity) values (${location}, ${variant}, ${quantity})
    on conflict (location_id, variant_id) do update set quantity = excluded.quantity`
}

describe("where a variant can be had", () => {
  it("is told for the channel and each of its shops, with address, coordinates and opening hours", async () => {
    const { stock_locations: places, variants } = demo()
    const found = await availabilityOf(variants.scarce)
    expect(found).toMatchObject({
      variant_id: variants.scarce,
      manage_inventory: true,
      allow_backorder: false,
      total: 5,
    })
    expect(found.locations.map((it) => it.name)).toEqual([
      "Almacén central",
      "Tienda Barcelona",
      "Tienda Madrid",
      "Tienda Valencia",
    ])
    expect(at(found.locations, places.barcelona)).toEqual({
      id: places.barcelona,
      name: "Tienda Barcelona",
      address: expect.objectContaining({ address_1: "Carrer del Far Blau 27", city: "Barcelona", country_code: "es" }),
      latitude: 41.38487,
      longitude: 2.17413,
      timezone: "Europe/Madrid",
      phone: "+34930000102",
      opening_hours: expect.arrayContaining([{ day: "sat", opens: "10:00", closes: "20:30" }]),
      available: 5,
    })
    expect(at(found.locations, places.warehouse)).toMatchObject({ available: 0, opening_hours: null })
  })

  it("comes nearest first to who says where he stands", async () => {
    const { variants } = demo()
    const { locations } = await availabilityOf(variants.scarce, "lat=41.39&lng=2.16")
    expect(locations.map((it) => it.name)).toEqual([
      "Tienda Barcelona",
      "Tienda Valencia",
      "Tienda Madrid",
      "Almacén central",
    ])
    const [near, valencia] = locations.map((it) => it.distance_km ?? -1)
    expect(near).toBeLessThan(2)
    expect(valencia).toBeGreaterThan(295)
    expect(valencia).toBeLessThan(310)
  })

  it("does not count what is reserved, nor what a shop keeps back for its own counter", async () => {
    const { stock_locations: places, variants } = demo()
    await shop.database.sql`
      update inventory_level set reserved_quantity = 1, raw_reserved_quantity = '{"value":"1","precision":20}'
      where location_id = ${places.barcelona} and inventory_item_id in (
        select inventory_item_id from product_variant_inventory_item where variant_id = ${variants.scarce})`
    await keepBack(places.barcelona, variants.scarce, 3)
    const less = await availabilityOf(variants.scarce)
    expect([less.total, at(less.locations, places.barcelona)?.available]).toEqual([1, 1])
    await keepBack(places.barcelona, variants.scarce, 9)
    const none = await availabilityOf(variants.scarce)
    expect([none.total, at(none.locations, places.barcelona)?.available]).toEqual([0, 0])
    await shop.database.sql`delete from mostrador.safety_stock`
  })

  it("of a kit is told by its scarcest part at each shop, and for the channel by all shops together", async () => {
    const { stock_locations: places, variants } = demo()
    const parts = await shop.database.sql<{ inventory_item_id: string; required_quantity: number }[]>`
      select inventory_item_id, required_quantity from product_variant_inventory_item
      where variant_id = ${variants.kit} and deleted_at is null order by 1`
    expect(parts.length).toBeGreaterThan(1)
    const [first, ...rest] = parts
    const fill = (item: string, location: string, units: number) => shop.database.sql`
      update inventory_level set stocked_quantity = ${units}, reserved_quantity = 0
      where inventory_item_id = ${item} and location_id = ${location}`
    // Madrid has the first part only, Valencia all the others: nobody has a whole kit, both together have two.
    for (const location of Object.values(places))
      for (const part of parts) await fill(part.inventory_item_id, location, 0)
    if (first) await fill(first.inventory_item_id, places.madrid, 2 * first.required_quantity)
    for (const part of rest) await fill(part.inventory_item_id, places.valencia, 2 * part.required_quantity + 1)
    const split = await availabilityOf(variants.kit)
    expect(split.total).toBe(2)
    expect(split.locations.map((it) => it.available)).toEqual([0, 0, 0, 0])
    await keepBack(places.madrid, variants.kit, 1)
    expect((await availabilityOf(variants.kit)).total).toBe(1)
  })

  it("is not counted where nothing is managed, and told all the same where it may be ordered beyond", async () => {
    const { variants } = demo()
    const unmanaged = await availabilityOf(variants.unmanaged)
    expect([unmanaged.manage_inventory, unmanaged.total, unmanaged.locations[0]?.available]).toEqual([
      false,
      null,
      null,
    ])
    expect(await availabilityOf(variants.backorder)).toMatchObject({ allow_backorder: true, total: 0 })
  })

  it("is told of the locations of the channel alone", async () => {
    const { stock_locations: places, variants, channels } = demo()
    await shop.database.sql`update sales_channel_stock_location set deleted_at = now()
      where sales_channel_id = ${channels.web.sales_channel_id} and stock_location_id = ${places.barcelona}`
    const { total, locations } = await availabilityOf(variants.scarce)
    expect([total, at(locations, places.barcelona)]).toEqual([0, undefined])
  })

  it("is not told of an unknown variant, nor of one that the channel does not sell", async () => {
    const { variants, channels } = demo()
    const unknown = await get("variant_none")
    expect([unknown.status, unknown.body]).toEqual([
      404,
      { type: "not_found", message: "Product variant with id: variant_none was not found" },
    ])
    await shop.database.sql`update product set status = 'draft' where id = (
      select product_id from product_variant where id = ${variants.shared_a})`
    await until("it is gone", async () => (await get(variants.shared_a)).status === 404)
    await shop.database.sql`update product_sales_channel set deleted_at = now()
      where sales_channel_id = ${channels.web.sales_channel_id} and product_id = (
        select product_id from product_variant where id = ${variants.backorder})`
    await until("it is gone", async () => (await get(variants.backorder)).status === 404)
    const pos = { "x-publishable-api-key": channels.pos.publishable_key }
    expect((await get(variants.backorder, "", pos)).status).toBe(200)
  })

  it("needs a key, whole coordinates and one channel", async () => {
    const { variants, channels } = demo()
    for (const [query = "", reason = ""] of [
      ["lat=40", "lng: is missing"],
      ["lng=40", "lat: is missing"],
      ["lat=91&lng=0", "lat: must be between -90 and 90"],
      ["lat=0&lng=180.5", "lng: must be between"],
      ["lat=north&lng=0", "lat: must be degrees"],
      ["lat=NaN&lng=0", "lat: must be degrees"],
      ["radius=3", "radius"],
      ["sales_channel_id=sc_foreign", "does not open sc_foreign"],
    ]) {
      const { status, body } = await get(variants.kit, query)
      expect([query, status, body]).toEqual([
        query,
        400,
        { type: "invalid_data", message: expect.stringContaining(reason) },
      ])
    }
    expect((await get(variants.kit, "", {})).status).toBe(400)
    await shop.database.sql`insert into publishable_api_key_sales_channel (publishable_key_id, sales_channel_id, id)
      select api_key.id, ${channels.pos.sales_channel_id}, 'pksc_test' from api_key
      where token = ${channels.web.publishable_key}`
    await until("the key opens two channels", async () => (await get(variants.kit)).status === 400)
    expect((await get(variants.kit, `sales_channel_id=${channels.pos.sales_channel_id}`)).status).toBe(200)
  })
})
