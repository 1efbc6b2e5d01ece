import type { Sql } from "postgres"

/** A row as text, column by column; times are milliseconds since 1970. */
export type Row = Record<string, string | number | null>
export type Rows = Record<string, Row[]>

const OF_LINES = "item_id in (select id from cart_line_item where cart_id = any($1))"
const OF_METHODS = "shipping_method_id in (select id from cart_shipping_method where cart_id = any($1))"
const COLLECTIONS = "select payment_collection_id from cart_payment_collection where cart_id = any($1)"

/**
 * All that carts are made of, and which rows are theirs, deleted ones too. Addresses and customers are those that were
 * made while somebody did a step ($2): an address that no cart has any more is still a row.
 */
const TABLES: Record<string, string> = {
  cart_address: "created_at >= to_timestamp($2)",
  customer: "created_at >= to_timestamp($2)",
  cart: "id = any($1)",
  cart_line_item: "cart_id = any($1)",
  cart_line_item_tax_line: OF_LINES,
  cart_line_item_adjustment: OF_LINES,
  cart_shipping_method: "cart_id = any($1)",
  cart_shipping_method_tax_line: OF_METHODS,
  cart_shipping_method_adjustment: OF_METHODS,
  credit_line: "cart_id = any($1)",
  cart_promotion: "cart_id = any($1)",
  cart_payment_collection: "cart_id = any($1)",
  payment_collection: `id in (${COLLECTIONS})`,
  payment_session: `payment_collection_id in (${COLLECTIONS})`,
}

/** Reads the rows of carts, all tables in one round trip. */
export type ReadRows = (carts: readonly string[], begun: number) => Promise<Rows>

/** Every column of every table, whatever Medusa adds to them. */
export async function rowReader(sql: Sql): Promise<ReadRows> {
  const columns = await sql<{ table_name: string; column_name: string; data_type: string }[]>`
    select table_name, column_name, data_type from information_schema.columns
    where table_schema = 'public' and table_name = any(${Object.keys(TABLES)}) order by 1, 2`
  const parts = Object.entries(TABLES).map(([table, where]) => {
    const all = columns
      .filter((it) => it.table_name === table)
      .map(({ column_name: name, data_type: type }) => `'${name}', ${asText(name, type)}`)
    return `select '${table}' as name, (select json_agg(json_build_object(${all})) from "${table}" where ${where}) as rows`
  })
  const text = parts.join(" union all ")
  return async (carts, begun) => {
    const found = await sql.unsafe<{ name: string; rows: Row[] | null }[]>(text, [
      carts as string[],
      String(begun / 1000),
    ])
    return Object.fromEntries(found.map(({ name, rows }) => [name, rows ?? []]))
  }
}

/** A number's value whatever its scale; the rest as it is written, for `null` and NULL of `jsonb` are two things. */
function asText(column: string, type: string): string {
  if (type.startsWith("timestamp")) return `extract(epoch from "${column}")::float8 * 1000`
  if (type === "numeric") return `trim_scale("${column}")::text`
  return `"${column}"::text`
}
