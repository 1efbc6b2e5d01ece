import { BigNumber } from "bignumber.js"
import type { ISql, PendingQuery, Row } from "postgres"

/** A variant, one of its parts, and one of the channel's locations that keep it; quantities are decimal texts. */
export interface StockRow {
  variant_id: string
  product_id: string
  /** Its product has a shipping profile, or it is made of something that ships. */
  requires_shipping: boolean
  manage_inventory: boolean
  allow_backorder: boolean
  /** null when the variant has no parts. */
  inventory_item_id: string | null
  /** Units of the item in one of the variant. */
  required_quantity: string | null
  /** False for one that was deleted. */
  item_exists: boolean
  /** null when none of the channel's locations keeps the item. */
  location_id: string | null
  /** Stocked and not reserved; below zero where more was sold than there was. */
  left: string | null
  /** Units of the variant that the location keeps back: its safety stock. */
  kept: number
  /** From the location's metadata, where the dashboard writes texts. */
  latitude: string | null
  longitude: string | null
}

/** What a sales channel has of some variants. */
export interface Stock {
  variants: Map<string, StockedVariant>
  /** Of each item at each location, by `place`. */
  left: Map<string, BigNumber>
  /** Locations in the order in which they came to keep one of the items. */
  locations: Map<string, StockLocation>
}

export interface StockedVariant {
  product_id: string
  /** See `StockRow`. */
  requires_shipping: boolean
  manage_inventory: boolean
  allow_backorder: boolean
  parts: Part[]
  /** Units that a location keeps back. */
  kept: Map<string, number>
}

export interface Part {
  inventory_item_id: string
  required_quantity: BigNumber
  item_exists: boolean
  /** Those of the channel that keep it. */
  location_ids: string[]
}

export interface StockLocation {
  id: string
  coordinates: { latitude: number; longitude: number } | undefined
}

/** From where, and for whom, stock is taken. */
export interface Source {
  /** null for a cart of no channel: it has no locations. */
  sales_channel_id: string | null
  /**
   * The location at whose own counter is sold: what it keeps back is for this sale, and what it has counts whether or not
   * the channel ships from it.
   */
  counter_location_id?: string | undefined
  /** What other locations have does not count: the goods lie on the counter. */
  is_counter_only?: boolean | undefined
}

/** An item at a location, as a key. */
export const place = (itemId: string, locationId: string) => `${itemId} ${locationId}`

/**
 * Reads what a channel has of variants in one statement. Levels come in the order in which they were made.
 *
 * @param cartId  what is held for this cart counts as left
 */
export async function readStock(
  sql: ISql,
  variantIds: readonly string[],
  { sales_channel_id, counter_location_id, is_counter_only }: Source,
  cartId: string | null = null,
): Promise<StockRow[]> {
  return await stockRows(sql, {
    wanted: variantsIn(sql, variantIds),
    channel: sql`${sales_channel_id}`,
    ...{ counter_location_id, is_counter_only, cartId },
  })
}

/** The same for a cart, by its own sales channel, with what is held for it. */
export async function readCartStock(
  sql: ISql,
  cartId: string,
  variantIds: readonly string[],
  counter_location_id?: string,
): Promise<StockRow[]> {
  return await stockRows(sql, { wanted: variantsIn(sql, variantIds), ...ofCart(sql, cartId), counter_location_id })
}

/** The same for the variant of one of the cart's lines, for who has not read the line yet. */
export async function readLineStock(
  sql: ISql,
  cartId: string,
  lineId: string,
  counter_location_id?: string,
): Promise<StockRow[]> {
  const wanted = sql`variant.id = (select variant_id from cart_line_item where id = ${lineId} and cart_id = ${cartId})`
  return await stockRows(sql, { wanted, ...ofCart(sql, cartId), counter_location_id })
}

const ofCart = (sql: ISql, cartId: string) => ({
  channel: sql`(select sales_channel_id from cart where id = ${cartId})`,
  cartId,
})

type Fragment = PendingQuery<Row[]>

/** Of one, Postgres plans the statement once for all; of a list, each time anew, which takes longer than the statement. */
function variantsIn(sql: ISql, ids: readonly string[]): Fragment {
  const [id, ...more] = ids
  return more.length === 0 ? sql`variant.id = ${id ?? ""}` : sql`variant.id = any(${[...ids]})`
}

async function stockRows(
  sql: ISql,
  of: {
    wanted: Fragment
    channel: Fragment
    counter_location_id?: string | undefined
    is_counter_only?: boolean | undefined
    cartId: string | null
  },
): Promise<StockRow[]> {
  const { counter_location_id = null, is_counter_only = false } = of
  const ofChannel = sql`
    level.location_id = any(array(
      select stock_location_id::text from sales_channel_stock_location ships
      where ships.sales_channel_id = (
          select id from sales_channel where id = ${of.channel} and deleted_at is null)
        and ships.deleted_at is null))`
  const atCounter = sql`level.location_id = ${counter_location_id}`
  const located = is_counter_only
    ? atCounter
    : counter_location_id === null
      ? ofChannel
      : sql`(${ofChannel} or ${atCounter})`
  // Written so that Postgres plans few joins at once: the planning is most of what this statement costs.
  return await sql<StockRow[]>`
    select variant.id as variant_id, variant.product_id, variant.requires_shipping,
      variant.manage_inventory, variant.allow_backorder,
      part.inventory_item_id, part.required_quantity::text as required_quantity,
      exists (select from inventory_item item where item.id = part.inventory_item_id and item.deleted_at is null)
        as item_exists,
      level.location_id, level.latitude, level.longitude,
      coalesce((
        select quantity from mostrador.safety_stock safety
        where safety.variant_id = variant.id and safety.location_id = level.location_id
          and safety.location_id is distinct from ${counter_location_id}), 0) as kept,
      (level.stocked - level.reserved + coalesce((
        select sum(held.quantity)
        from mostrador.stock_hold hold
        join reservation_item held on held.id = any(hold.reservation_ids) and held.deleted_at is null
        where hold.cart_id = ${of.cartId} and held.inventory_item_id = part.inventory_item_id
          and held.location_id = level.location_id), 0))::text as left
    from (
      select id, product_id, manage_inventory, allow_backorder,
        exists (
          select from product_shipping_profile link
          join shipping_profile profile on profile.id = link.shipping_profile_id and profile.deleted_at is null
          where link.product_id = variant.product_id and link.deleted_at is null)
        or exists (
          select from product_variant_inventory_item part
          join inventory_item item on item.id = part.inventory_item_id and item.deleted_at is null
          where part.variant_id = variant.id and part.deleted_at is null and item.requires_shipping) as requires_shipping
      from product_variant variant
      where ${of.wanted} and variant.deleted_at is null
      offset 0
    ) variant
    left join product_variant_inventory_item part on part.variant_id = variant.id and part.deleted_at is null
    left join lateral (
      select level.id, level.location_id,
        coalesce((level.raw_stocked_quantity->>'value')::numeric, level.stocked_quantity) as stocked,
        coalesce((level.raw_reserved_quantity->>'value')::numeric, level.reserved_quantity) as reserved,
        location.metadata->>'latitude' as latitude, location.metadata->>'longitude' as longitude
      from inventory_level level
      join stock_location location on location.id = level.location_id and location.deleted_at is null
      where level.inventory_item_id = part.inventory_item_id and level.deleted_at is null
        and ${located}
      offset 0
    ) level on true
    order by level.id, part.id`
}

/** Puts the rows together. */
export function stockOf(rows: readonly StockRow[]): Stock {
  const stock: Stock = { variants: new Map(), left: new Map(), locations: new Map() }
  for (const row of rows) {
    let variant = stock.variants.get(row.variant_id)
    if (!variant) {
      const { product_id, requires_shipping, manage_inventory, allow_backorder } = row
      variant = { product_id, requires_shipping, manage_inventory, allow_backorder, parts: [], kept: new Map() }
      stock.variants.set(row.variant_id, variant)
    }
    const { inventory_item_id, location_id } = row
    if (inventory_item_id === null) continue
    let part = variant.parts.find((it) => it.inventory_item_id === inventory_item_id)
    if (!part) {
      const required_quantity = new BigNumber(row.required_quantity ?? 1)
      part = { inventory_item_id, required_quantity, item_exists: row.item_exists, location_ids: [] }
      variant.parts.push(part)
    }
    if (location_id === null) continue
    part.location_ids.push(location_id)
    variant.kept.set(location_id, row.kept)
    stock.left.set(place(inventory_item_id, location_id), new BigNumber(row.left ?? 0))
    stock.locations.set(location_id, { id: location_id, coordinates: coordinatesOf(row) })
  }
  return stock
}

function coordinatesOf({ latitude, longitude }: StockRow): StockLocation["coordinates"] {
  if (!latitude?.trim() || !longitude?.trim()) return undefined
  const point = { latitude: Number(latitude), longitude: Number(longitude) }
  const isOnEarth = Math.abs(point.latitude) <= 90 && Math.abs(point.longitude) <= 180
  return isOnEarth ? point : undefined
}

/**
 * What a variant may take of a part at a location: what is left there, less the part's share of the units that the
 * location keeps back.
 */
export function usable(stock: Stock, variant: StockedVariant, part: Part, locationId: string): BigNumber {
  const left = stock.left.get(place(part.inventory_item_id, locationId)) ?? new BigNumber(0)
  return left.minus(part.required_quantity.times(variant.kept.get(locationId) ?? 0))
}
