import type { Sql } from "postgres"
import { type ChangeFeed, keepInMemory } from "../../platform/changes/index.ts"

/** What holds for the whole shop. */
export interface Store {
  /** The region of a shopper who has not said where he is. */
  readonly default_region_id: string | null
  /** Whether there are several sales channels: a shop with one shows all that is published, linked to it or not. */
  readonly has_several_channels: boolean
  /** The stock locations that a sales channel sells from. */
  locationsOf(salesChannelId: string): readonly string[]
  /** Whether there is such a sales channel, and it is not switched off. */
  isOpen(salesChannelId: string): boolean
}

type Locations = Record<string, string[]>

/**
 * Loads the shop's settings and follows their changes.
 *
 * @source Medusa 2.21 `medusa/dist/api/utils/middlewares/products/normalize-data-for-context.js` (the first store's
 *   default region) and `medusa/dist/api/store/products/middlewares.js` (`applyMaybeLinkFilterIfNecessary`)
 */
export async function loadStore(sql: Sql, feed: ChangeFeed): Promise<Store> {
  const held = await keepInMemory(feed, ["store", "sales_channel", "sales_channel_stock_location"], async () => {
    const [row] = await sql<
      { default_region_id: string | null; channels: number; open: string[]; locations: Locations | null }[]
    >`
      select (select default_region_id from store where deleted_at is null order by id limit 1) as default_region_id,
        (select count(*)::int from sales_channel where deleted_at is null) as channels,
        array(select id from sales_channel where deleted_at is null and not is_disabled) as open,
        (select json_object_agg(sales_channel_id, locations) from (
          select sales_channel_id, json_agg(stock_location_id) as locations
          from sales_channel_stock_location where deleted_at is null group by sales_channel_id) by_channel) as locations`
    return {
      default_region_id: row?.default_region_id ?? null,
      has_several_channels: (row?.channels ?? 0) > 1,
      open: new Set(row?.open),
      locations: new Map(Object.entries(row?.locations ?? {})),
    }
  })
  return {
    get default_region_id() {
      return held.value.default_region_id
    },
    get has_several_channels() {
      return held.value.has_several_channels
    },
    locationsOf: (salesChannelId) => held.value.locations.get(salesChannelId) ?? [],
    isOpen: (salesChannelId) => held.value.open.has(salesChannelId),
  }
}
