import { and, asc, type Column, count, desc, type SQL, sql } from "drizzle-orm"
import {
  type ColumnFilter,
  type Filters,
  filterCondition,
  freeTextCondition,
  withJoined,
} from "../../medusa/filters.ts"
import { product, product_variant } from "../../medusa/schema.ts"
import type { Db } from "../../platform/db/index.ts"
import type { Follower } from "./follow.ts"

const COLUMNS = {
  id: product.id,
  title: product.title,
  handle: product.handle,
  is_giftcard: product.is_giftcard,
  external_id: product.external_id,
  collection_id: product.collection_id,
  type_id: product.type_id,
  created_at: product.created_at,
  updated_at: product.updated_at,
  deleted_at: product.deleted_at,
} satisfies Record<string, Column>

export type ProductColumn = keyof typeof COLUMNS
export type ProductFilters = Filters<ProductColumn> & {
  q?: string | undefined
  tag_id?: string[] | undefined
  category_id?: string[] | undefined
  option_id?: string[] | undefined
  option_value_id?: string[] | undefined
}
export type { ColumnFilter }

/** What to list, and for whom. */
export interface ProductListing {
  filters: ProductFilters
  /** Those of which one must show the product; undefined: all that is published. */
  channels: readonly string[] | undefined
  order: { column: "id" | "title" | "handle" | "created_at" | "updated_at"; descending: boolean }
  offset: number
  limit: number
}

/** One page of ids, and how many there are in all. */
export interface ProductPage {
  ids: string[]
  count: number
}

/** Lists published products by Medusa's filters. */
export interface Listings {
  /** @returns undefined when products of the page come in an order that Postgres is free to choose */
  page(listing: ProductListing): Promise<ProductPage | undefined>
}

/** Pages that are kept, of any filter. */
const MOST_PAGES = 5_000

/**
 * Asks Medusa's own tables, and keeps the pages until a product changes: in its content, or, for a list without filters,
 * in who may see it.
 */
export function openListings(db: Db, follower: Pick<Follower, "listen">): Listings {
  const unfiltered = new Map<string, Promise<unknown>>()
  const filtered = new Map<string, Promise<unknown>>()
  follower.listen((changes) => {
    if (changes.some((it) => it.visibility)) unfiltered.clear()
    if (changes.some((it) => it.visibility || it.content)) filtered.clear()
  })

  /** What is asked for while it is being read is read once; what failed is not kept. */
  function kept<T>(pages: Map<string, Promise<unknown>>, key: string, read: () => Promise<T>): Promise<T> {
    const known = pages.get(key)
    if (known) return known as Promise<T>
    if (pages.size >= MOST_PAGES) pages.clear()
    const reading = read()
    pages.set(key, reading)
    reading.catch(() => {
      if (pages.get(key) === reading) pages.delete(key)
    })
    return reading
  }

  return {
    async page(listing) {
      const { filters, channels, order, offset, limit } = listing
      const isPlain = Object.values(filters).every((it) => it === undefined) && order.column === "id"
      const pages = isPlain ? unfiltered : filtered
      const what = JSON.stringify([filters, channels])
      const condition = () => productCondition(filters, channels)
      const [ids, all] = await Promise.all([
        kept(pages, `${what} ${order.column} ${order.descending} ${offset} ${limit}`, () =>
          readPage(db, condition(), listing),
        ),
        kept(pages, what, async () => {
          const [row] = await db.select({ all: count() }).from(product).where(condition())
          return row?.all ?? 0
        }),
      ])
      return ids && { ids, count: all }
    },
  }
}

async function readPage(
  db: Db,
  condition: SQL | undefined,
  { order, offset, limit }: ProductListing,
): Promise<string[] | undefined> {
  const column = COLUMNS[order.column]
  const by = order.descending ? desc(column) : asc(column)
  if (order.column === "id") {
    const rows = await db
      .select({ id: product.id })
      .from(product)
      .where(condition)
      .orderBy(by)
      .limit(limit)
      .offset(offset)
    return rows.map((row) => row.id)
  }
  // One more at either end: a tie across the page's edge is one too.
  const before = offset > 0 ? 1 : 0
  const rows = await db
    .select({ id: product.id, value: sql<string>`${column}::text` })
    .from(product)
    .where(condition)
    .orderBy(by)
    .limit(limit + before + 1)
    .offset(offset - before)
  const isTied = rows.some((row, index) => index > 0 && row.value === rows[index - 1]?.value)
  return isTied ? undefined : rows.slice(before, before + limit).map((row) => row.id)
}

/** @source Medusa 2.21 `medusa/dist/api/store/products/middlewares.js`, and what it sends to Postgres */
function productCondition(filters: ProductFilters, channels: readonly string[] | undefined): SQL | undefined {
  const { q, tag_id, category_id, option_id, option_value_id, ...columns } = filters
  const variantColumns = [
    product_variant.title,
    product_variant.sku,
    product_variant.barcode,
    product_variant.ean,
    product_variant.upc,
  ]
  const found =
    q === undefined
      ? undefined
      : freeTextCondition([product.title, product.subtitle, product.description, ...variantColumns], q)
  const variants = sql`${product_variant.product_id} = ${product.id} and ${product_variant.deleted_at} is null`
  return and(
    sql`${product.deleted_at} is null and ${product.status} = 'published'`,
    channels &&
      sql`exists (select from product_sales_channel link where link.product_id = ${product.id}
        and link.deleted_at is null and link.sales_channel_id in ${[...channels]})`,
    filterCondition(COLUMNS, columns as Filters<ProductColumn>),
    found && withJoined(product_variant, variants, found),
    tag_id &&
      sql`exists (select from product_tags link where link.product_id = ${product.id} and link.product_tag_id in ${tag_id})`,
    category_id &&
      sql`exists (select from product_category_product link where link.product_id = ${product.id}
        and link.product_category_id in ${category_id})`,
    option_id &&
      sql`exists (select from product_product_option link where link.product_id = ${product.id}
        and link.product_option_id in ${option_id})`,
    option_value_id && hasOptionValues(option_value_id),
  )
}

/**
 * A variant that has, of every option among these values, one of them.
 *
 * @source Medusa 2.21 `product/dist/utils/build-option-value-filter-query.js`
 */
function hasOptionValues(ids: string[]): SQL {
  return sql`exists (
    select from product_variant variant
    join product_variant_option link on link.variant_id = variant.id
    join product_option_value chosen on chosen.id = link.option_value_id and chosen.deleted_at is null
    where variant.product_id = ${product.id} and variant.deleted_at is null and chosen.id in ${ids}
    group by variant.id
    having count(distinct chosen.option_id) = (
      select nullif(count(distinct option_id), 0) from product_option_value where id in ${ids} and deleted_at is null))`
}
