import { and, or, type SQL, sql } from "drizzle-orm"
import type { PgColumn } from "drizzle-orm/pg-core"
import {
  type Filters,
  filterCondition,
  freeTextCondition,
  necessaryPatterns,
  withJoined,
} from "../../medusa/filters.ts"
import { product, product_variant } from "../../medusa/schema.ts"
import type { Page, PageOf, Pages } from "./pages.ts"

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
} satisfies Record<string, PgColumn>

const VARIANT_COLUMNS = {
  id: product_variant.id,
  sku: product_variant.sku,
  product_id: product_variant.product_id,
  allow_backorder: product_variant.allow_backorder,
  manage_inventory: product_variant.manage_inventory,
  created_at: product_variant.created_at,
  updated_at: product_variant.updated_at,
  deleted_at: product_variant.deleted_at,
} satisfies Record<string, PgColumn>

export type ProductFilters = Filters<keyof typeof COLUMNS> & {
  q?: string | undefined
  tag_id?: string[] | undefined
  category_id?: string[] | undefined
  option_id?: string[] | undefined
  option_value_id?: string[] | undefined
}

export type VariantFilters = Filters<keyof typeof VARIANT_COLUMNS> & { q?: string | undefined }

export interface ProductListing extends PageOf<"id" | "title" | "handle" | "created_at" | "updated_at"> {
  filters: ProductFilters
  /** Those of which one must show the product; undefined: all that is published. */
  channels: readonly string[] | undefined
}

export interface VariantListing extends PageOf<"id" | "sku" | "created_at" | "updated_at"> {
  filters: VariantFilters
  /** Those of which one must show the product. */
  channels: readonly string[]
}

/** Lists what is published, by Medusa's filters. Each returns undefined when the page's order is Postgres's to choose. */
export interface Listings {
  products(listing: ProductListing): Promise<Page | undefined>
  variants(listing: VariantListing): Promise<Page | undefined>
}

export function openListings(pages: Pages): Listings {
  return {
    products: ({ filters, channels, ...page }) =>
      pages.read(
        {
          key: `products ${JSON.stringify([filters, channels])}`,
          filtered: isFiltered(filters),
          table: product,
          columns: COLUMNS,
          product_id: product.id,
          condition: () => productCondition(filters, channels),
        },
        page,
      ),
    variants: ({ filters, channels, ...page }) =>
      pages.read(
        {
          key: `variants ${JSON.stringify([filters, channels])}`,
          // Which variants a product has is a matter of its content.
          filtered: true,
          table: product_variant,
          columns: VARIANT_COLUMNS,
          product_id: product_variant.product_id,
          condition: () => variantCondition(filters, channels),
        },
        page,
      ),
  }
}

const isFiltered = (filters: object) => Object.values(filters).some((it) => it !== undefined)

/** @source Medusa 2.21 `medusa/dist/api/store/products/middlewares.js`, and what it sends to Postgres */
function productCondition(filters: ProductFilters, channels: readonly string[] | undefined): SQL | undefined {
  const { q, tag_id, category_id, option_id, option_value_id, ...columns } = filters
  const found = q === undefined ? undefined : freeTextCondition([...PRODUCT_WORDS, ...VARIANT_WORDS], q)
  const patterns = q === undefined ? [] : necessaryPatterns(q)
  const variants = sql`${product_variant.product_id} = ${product.id} and ${product_variant.deleted_at} is null`
  return and(
    isPublished(channels),
    filterCondition(COLUMNS, columns as Filters<keyof typeof COLUMNS>),
    ...patterns.map(
      (pattern) => sql`${product.id} in (select product.id from product where ${has(PRODUCT_WORDS, pattern)}
        union select product_variant.product_id from product_variant where ${has(VARIANT_WORDS, pattern)})`,
    ),
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

/** @source Medusa 2.21 `medusa/dist/api/store/product-variants/middlewares.js`, and what it sends to Postgres */
function variantCondition({ q, ...columns }: VariantFilters, channels: readonly string[]): SQL | undefined {
  const ofProduct = sql`${product.id} = ${product_variant.product_id}`
  const found = q === undefined ? undefined : freeTextCondition([...VARIANT_WORDS, ...PRODUCT_WORDS], q)
  const patterns = q === undefined ? [] : necessaryPatterns(q)
  return and(
    sql`${product_variant.deleted_at} is null`,
    filterCondition(VARIANT_COLUMNS, columns as Filters<keyof typeof VARIANT_COLUMNS>),
    ...patterns.map(
      (
        pattern,
      ) => sql`${product_variant.id} in (select product_variant.id from product_variant where ${has(VARIANT_WORDS, pattern)}
        union select product_variant.id from product_variant
        where product_variant.product_id in (select product.id from product where ${has(PRODUCT_WORDS, pattern)}))`,
    ),
    sql`exists (select from ${product} where ${and(ofProduct, isPublished(channels), found)})`,
  )
}

/** Columns that Medusa's free text search looks into. */
const PRODUCT_WORDS = [product.title, product.subtitle, product.description]
const VARIANT_WORDS = [
  product_variant.title,
  product_variant.sku,
  product_variant.barcode,
  product_variant.ean,
  product_variant.upc,
]

/** Found by the indexes of trigrams (`drizzle/0010`), without looking at any other row. */
const has = (columns: PgColumn[], pattern: string) => or(...columns.map((column) => sql`${column} ilike ${pattern}`))

function isPublished(channels: readonly string[] | undefined): SQL | undefined {
  return and(
    sql`${product.deleted_at} is null and ${product.status} = 'published'`,
    channels &&
      sql`exists (select from product_sales_channel link where link.product_id = ${product.id}
        and link.deleted_at is null and link.sales_channel_id in ${[...channels]})`,
  )
}
