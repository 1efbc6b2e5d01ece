import { type Place, toText } from "../filters.ts"
import type { Values } from "./values.ts"

/** What belongs to one product alone, where Medusa keeps it. */
const OWN: Record<string, string> = {
  title: "select id as product_id, title as value from product",
  handle: "select id as product_id, handle as value from product",
  variant_ids: "select product_id, id as value from product_variant where deleted_at is null",
  skus: "select product_id, sku as value from product_variant where deleted_at is null and sku is not null",
  barcodes: `select product_id, barcode as value from product_variant where deleted_at is null and barcode is not null
    union all select product_id, ean from product_variant where deleted_at is null and ean is not null
    union all select product_id, upc from product_variant where deleted_at is null and upc is not null`,
  option_value_ids: `select product_id, option_value_id as value from product_variant_option
    join product_variant on product_variant.id = variant_id where deleted_at is null`,
}

/** Whether a field is one that only Postgres can filter by. */
export const isOwn = ({ name }: Place) => Object.hasOwn(OWN, name)

/** Products of which one value is among these. */
export const hasOneOf = ({ name }: Place, list: unknown[], values: Values) =>
  productsOf(name, `value = any(${values.add(list.map(toText), "text[]")})`)

/** Products that have all of these values. */
export function hasAll({ name }: Place, list: unknown[], values: Values): string {
  const texts = [...new Set(list.map(toText))]
  return `select product_id from (${OWN[name]}) own where value = any(${values.add(texts, "text[]")})
    group by product_id having count(distinct value) = ${texts.length}`
}

/** Products that have any value. */
export const hasAny = ({ name }: Place) => productsOf(name, "true")

/** Products whose text compares so. */
export const compares = ({ name }: Place, operator: "<" | "<=" | ">" | ">=", value: unknown, values: Values) =>
  productsOf(name, `value ${operator} ${values.add(toText(value), "text")} collate "C"`)

export const begins = ({ name }: Place, value: unknown, values: Values) =>
  productsOf(name, `starts_with(value, ${values.add(toText(value), "text")})`)

export const holds = ({ name }: Place, value: unknown, values: Values) =>
  productsOf(name, `strpos(value, ${values.add(toText(value), "text")}) > 0`)

const productsOf = (name: string, where: string) => `select product_id from (${OWN[name]}) own where ${where}`
