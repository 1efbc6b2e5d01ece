import type { Sql } from "postgres"
import { type AdminAccess, askAdmin, problemOf } from "../../medusa/admin.ts"
import { ifUnlocked, type LockConnections } from "../../platform/db/index.ts"
import type { Log } from "../../platform/log.ts"
import { type Repeated, repeat } from "../../platform/repeat.ts"
import { givePickupOption } from "./pickup-option.ts"

/** Tells Medusa what was handed over at the tills. */
export type HandOvers = Repeated

const EVERY = 1_000
const BATCH = 20
/** Waits double from one try to the next, up to this. */
const MOST_WAIT_SECONDS = 600

type Telling = { sql: Sql; access: AdminAccess }

/**
 * What is sold at a till is delivered there and then: has Medusa make the order's fulfilment and mark it as delivered,
 * which takes the goods off its stock, too; and before it the pickup option by which it does so, where the shop has none.
 * The row of the sale asks for it, so it is asked for with the order or not at all, and stands until it is done. Each step
 * looks first at what there is: however often it is tried, it is done once. In one process at a time.
 */
export function tellHandOvers(telling: Telling, locks: LockConnections, log: Log): HandOvers {
  const { sql } = telling
  const tell = async (signal: AbortSignal) => {
    const rows = await sql<{ order_id: string; stock_location_id: string; tries: number }[]>`
      select order_id, stock_location_id, tries from mostrador.till_payment
      where handed_over_at is null and try_at <= now() order by try_at limit ${BATCH}`
    for (const { order_id, stock_location_id, tries } of rows) {
      if (signal.aborted) return
      const problem = await handOver(telling, order_id, stock_location_id)
      if (problem === undefined) {
        await sql`update mostrador.till_payment set handed_over_at = now() where order_id = ${order_id}`
        continue
      }
      const wait = Math.min(2 ** tries, MOST_WAIT_SECONDS)
      await sql`
        update mostrador.till_payment set tries = least(tries + 1, 20), try_at = now() + make_interval(secs => ${wait})
        where order_id = ${order_id}`
      log.warn({ order_id, problem }, "Medusa does not know yet that an order was handed over; it is told again")
    }
  }
  return repeat((signal) => ifUnlocked(locks, "telling-hand-overs", () => tell(signal)).then(() => {}), {
    ...{ every: EVERY, log, failing: "Medusa cannot be told what was handed over at the tills" },
  })
}

/** Lines that are fulfilled together: Medusa takes those that are sent, of one profile, and the others apart. */
interface Parcel {
  /** Null: the shop has no pickup option of the profile yet. */
  shipping_option_id: string | null
  shipping_profile_id: string | null
  items: { id: string; quantity: number }[]
}

/** @returns undefined when it is done, or there is nothing to be done any more; else what is in the way */
async function handOver(telling: Telling, orderId: string, locationId: string): Promise<string | undefined> {
  const { sql, access } = telling
  const path = `/admin/orders/${encodeURIComponent(orderId)}/fulfillments`
  const unready = (await unpacked(sql, orderId, locationId)).filter((it) => it.shipping_option_id === null)
  for (const { shipping_profile_id } of unready) {
    if (shipping_profile_id === null)
      return "goods that are to be sent have no shipping profile: Medusa packs none such"
    const problem = await givePickupOption(telling, locationId, shipping_profile_id)
    if (problem !== undefined) return problem
  }
  for (const { items, shipping_option_id } of await unpacked(sql, orderId, locationId)) {
    const body = { items, location_id: locationId, shipping_option_id, no_notification: true }
    const problem = problemOf(await askAdmin(access, "POST", path, body))
    if (problem !== undefined) return problem
  }
  const made = await sql<{ id: string }[]>`
    select fulfillment.id from order_fulfillment link
    join fulfillment on fulfillment.id = link.fulfillment_id and fulfillment.deleted_at is null
    where link.order_id = ${orderId} and link.deleted_at is null
      and fulfillment.canceled_at is null and fulfillment.delivered_at is null order by fulfillment.id`
  for (const { id } of made) {
    const problem = problemOf(await askAdmin(access, "POST", `${path}/${encodeURIComponent(id)}/mark-as-delivered`))
    if (problem !== undefined) return problem
  }
  return undefined
}

/** What of an order that stands is in no fulfilment yet, and the pickup option by which the shop hands it over. */
async function unpacked(sql: Sql, orderId: string, locationId: string): Promise<Parcel[]> {
  return await sql<Parcel[]>`
    select option_id as shipping_option_id, profile_id as shipping_profile_id,
      json_agg(json_build_object('id', id, 'quantity', quantity)) as items
    from (
      select line.id, (item.quantity - item.fulfilled_quantity)::float8 as quantity, line.requires_shipping,
        case when line.requires_shipping then profile.shipping_profile_id
          else (select id from shipping_profile where deleted_at is null order by created_at, id limit 1) end as profile_id,
        (select option.id from shipping_option option
          join service_zone zone on zone.id = option.service_zone_id and zone.deleted_at is null
          join fulfillment_set sets on sets.id = zone.fulfillment_set_id and sets.deleted_at is null
          join location_fulfillment_set placed on placed.fulfillment_set_id = sets.id and placed.deleted_at is null
          where option.deleted_at is null and sets.type = 'pickup' and placed.stock_location_id = ${locationId}
            and (not line.requires_shipping or option.shipping_profile_id is not distinct from profile.shipping_profile_id)
          order by option.id limit 1) as option_id
      from "order"
      join order_item item on item.order_id = "order".id and item.version = "order".version and item.deleted_at is null
      join order_line_item line on line.id = item.item_id
      left join product_shipping_profile profile on profile.product_id = line.product_id and profile.deleted_at is null
      where "order".id = ${orderId} and "order".canceled_at is null and item.quantity > item.fulfilled_quantity
    ) line
    group by requires_shipping, option_id, profile_id order by requires_shipping desc, option_id, profile_id`
}
