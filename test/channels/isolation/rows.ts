import type { Sql } from "postgres"

/** Who was refused is written down, and how often he tried; who has looked at a cart is forgotten after a while. */
const NOBODYS = ["mostrador.audit_entry", "mostrador.attempt", "mostrador.cart_presence"]

/**
 * A digest of each table's rows that speak of something of A's: its versions, its events, what the change feed says of it.
 *
 * @param marks  texts of which one stands in each such row
 */
export async function rowsOf(sql: Sql, marks: string[]): Promise<Record<string, string>> {
  const tables = await sql<{ name: string }[]>`
    select table_schema || '.' || quote_ident(table_name) as name from information_schema.tables
    where table_schema in ('public', 'mostrador') and table_type = 'BASE TABLE'`
  const pattern = marks.map((it) => it.replace(/[^\w@ -]/g, "\\$&")).join("|")
  const each = tables
    .filter(({ name }) => !NOBODYS.includes(name))
    .map(
      ({ name }) =>
        `select '${name}' as name, md5(string_agg(it::text, ' ' order by it::text)) as digest from ${name} it where it::text ~ $1`,
    )
  const found = await sql.unsafe<{ name: string; digest: string | null }[]>(each.join(" union all "), [pattern])
  return Object.fromEntries(found.flatMap(({ name, digest }) => (digest === null ? [] : [[name, digest]])))
}
