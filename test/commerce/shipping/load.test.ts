import { afterAll, beforeAll, expect, it } from "vitest"
import { pricingReference } from "../../../src/commerce/pricing/index.ts"
import { chargedOptions, LeftToMedusa, loadShipping } from "../../../src/commerce/shipping/index.ts"
import { type ChangeFeed, openChangeFeed } from "../../../src/platform/changes/index.ts"
import { createLog } from "../../../src/platform/log.ts"
import { demo } from "../../support/counter.ts"
import { cloneDatabase, type TestDatabase } from "../../support/database.ts"

let database: TestDatabase
let feed: ChangeFeed
beforeAll(async () => {
  database = await cloneDatabase()
  feed = await openChangeFeed(database, createLog("silent"))
})
afterAll(async () => {
  await feed.close()
  await database.drop()
})

it("what a cart is offered follows every table that it hangs on", async () => {
  const { sql } = database
  const shipping = await loadShipping(sql, feed)
  const [option] = await sql<{ id: string; service_zone_id: string; fulfillment_set_id: string; name: string }[]>`
    select option.id, option.name, option.service_zone_id, zone.fulfillment_set_id
    from shipping_option option join service_zone zone on zone.id = option.service_zone_id
    join geo_zone geo on geo.service_zone_id = zone.id join fulfillment_set sets on sets.id = zone.fulfillment_set_id
    where geo.country_code = 'es' and sets.type = 'shipping' order by option.id limit 1`
  if (!option) throw new Error("the demo shop ships nothing to Spain")
  const shipping_address = { country_code: "es", province: null, city: null, postal_code: null }
  const { sales_channel_id } = demo().channels.web
  const cart = { id: "cart", sales_channel_id, region_id: demo().regions.es, currency_code: "eur", locale: null }
  /** What is said of the option: its name and price, why it is left to Medusa, or that it is not offered. */
  const said = async () => {
    await feed.catchUp()
    const asked = { totals: undefined, pricing: pricingReference([], []), now: new Date() }
    const offered = chargedOptions([option.id], shipping.reference, { ...asked, cart: { ...cart, shipping_address } })
    if (offered instanceof LeftToMedusa) return offered.reason
    const [it] = offered
    return it ? [it.option.name, it.price?.amount] : "nothing"
  }
  /** Makes a change and takes it back. */
  const during = async (change: string, back: string) => {
    await sql.unsafe(change, [option.id])
    const meanwhile = await said()
    await sql.unsafe(back, [option.id])
    expect(await said()).toEqual(before)
    return meanwhile
  }
  const deleted = (table: string, which: string) => {
    const set = (to: string) => `update ${table} set deleted_at = ${to} where ${which}`
    return during(set("now()"), set("null"))
  }
  const before = await said()
  expect(before).toEqual([option.name, expect.any(Number)])

  const zone = "(select service_zone_id from shipping_option where id = $1)"
  const sets = `(select fulfillment_set_id from service_zone where id = ${zone})`
  const priceSet = "(select price_set_id from shipping_option_price_set where shipping_option_id = $1)"
  expect(await deleted("shipping_option", "id = $1")).toBe("nothing")
  expect(await deleted("service_zone", `id = ${zone}`)).toBe("nothing")
  expect(await deleted("geo_zone", `service_zone_id = ${zone}`)).toBe("nothing")
  expect(await deleted("fulfillment_set", `id = ${sets}`)).toBe("nothing")
  expect(await deleted("location_fulfillment_set", `fulfillment_set_id = ${sets}`)).toBe("nothing")
  expect(await deleted("sales_channel_stock_location", "$1 <> ''")).toBe("nothing")
  expect(await deleted("stock_location", "$1 <> ''")).toBe("nothing")
  expect(await deleted("sales_channel", "$1 <> ''")).toBe("channel")
  expect(await deleted("stock_location_address", "$1 <> ''")).toBe("incomplete")
  expect(await deleted("fulfillment_provider", "$1 <> ''")).toBe("incomplete")
  expect(await deleted("shipping_option_type", "$1 <> ''")).toBe("incomplete")
  expect(await deleted("price_set", `id = ${priceSet}`)).toBe("incomplete")
  expect(await deleted("shipping_option_price_set", "shipping_option_id = $1")).toEqual([option.name, undefined])
  expect(await deleted("price", `price_set_id = ${priceSet}`)).toEqual([option.name, undefined])
  const ruled = (to: string) =>
    `update shipping_option_rule set value = '"${to}"' where shipping_option_id = $1 and attribute = 'is_return'`
  expect(await during(ruled("true"), ruled("false"))).toBe("nothing")
  const add = `insert into price_rule (id, attribute, operator, value, price_id)
    select 'prule_new', 'weather', 'eq', 'fine', id from price where price_set_id = ${priceSet} limit 1`
  expect(await during(add, "delete from price_rule where id = 'prule_new' and $1 <> ''")).toBe("price_rule")
})
