import type { Sql } from "postgres"

/** Fields whose values are ids, by what these are ids of. */
const NAMED = {
  category_ids: "select id, name from product_category where deleted_at is null and is_active and not is_internal",
  collection_id: "select id, title as name from product_collection where deleted_at is null",
  type_id: "select id, value as name from product_type where deleted_at is null",
  in_stock_location_ids: "select id, name from stock_location where deleted_at is null",
}
export type NamedField = keyof typeof NAMED
export const isNamed = (field: string): field is NamedField => Object.hasOwn(NAMED, field)

/** @returns the names of these ids; one that is not public has none */
export async function readLabels(sql: Sql, field: NamedField, ids: string[]): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map()
  const rows = await sql.unsafe<{ id: string; name: string }[]>(
    `select id, name from (${NAMED[field]}) named where id = any($1::text[])`,
    [ids],
  )
  return new Map(rows.map(({ id, name }) => [id, name]))
}
