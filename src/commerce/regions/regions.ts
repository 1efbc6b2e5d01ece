import { asc, isNull, sql } from "drizzle-orm"
import { region, region_country } from "../../medusa/schema.ts"
import { type ChangeFeed, keepInMemory } from "../../platform/changes/index.ts"
import type { Db } from "../../platform/db/index.ts"

export type Country = typeof region_country.$inferSelect
export type Region = typeof region.$inferSelect & { countries: Country[] }

/** Each given field must have one of its values. */
export interface RegionFilter {
  id?: string[]
  name?: string[]
  currency_code?: string[]
}

/** The shop's regions, with their countries, out of memory. */
export interface Regions {
  find(id: string): Region | undefined
  /** @returns the asked page, and how many regions the filter lets through in all */
  list(
    filter: RegionFilter,
    page: { offset: number; limit: number /** From the last id to the first. */; descending?: boolean },
  ): { regions: Region[]; count: number }
}

/**
 * Loads the regions and follows their changes.
 *
 * @source Medusa 2.21 `medusa/dist/api/store/regions`
 */
export async function loadRegions(db: Db, feed: ChangeFeed): Promise<Regions> {
  const held = await keepInMemory(feed, ["region", "region_country"], () => readRegions(db))
  return {
    find: (id) => held.value.find((it) => it.id === id),
    list(filter, { offset, limit, descending = false }) {
      const matching = held.value.filter(
        (it) => fits(filter.id, it.id) && fits(filter.name, it.name) && fits(filter.currency_code, it.currency_code),
      )
      if (descending) matching.reverse()
      return { regions: matching.slice(offset, offset + limit), count: matching.length }
    },
  }
}

/** In the order of their ids as the database sorts them: JavaScript does not know its collation. */
async function readRegions(db: Db): Promise<Region[]> {
  const regions = await db.select().from(region).where(isNull(region.deleted_at)).orderBy(asc(region.id))
  // Medusa asks for countries in no order and gets them as they lie in the table, by either plan.
  const countries = await db.select().from(region_country).where(isNull(region_country.deleted_at)).orderBy(sql`ctid`)
  const byRegion = new Map<string | null, Country[]>()
  for (const country of countries)
    byRegion.set(country.region_id, [...(byRegion.get(country.region_id) ?? []), country])
  return regions.map((it) => ({ ...it, countries: byRegion.get(it.id) ?? [] }))
}

const fits = (wanted: string[] | undefined, value: string) => wanted === undefined || wanted.includes(value)
