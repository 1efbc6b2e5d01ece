import type { Sql } from "postgres"

/** The tables that a cart's rows stand in: which of them are a cart's, and which of their columns are ids of its rows. */
const TABLES: { name: string; rows: string; ids: string[]; emailOf?: string }[] = [
  {
    name: "customer",
    rows: "id in (select customer_id from cart where id = any($1))",
    ids: ["id"],
    emailOf: "id",
  },
  {
    name: "cart_address",
    rows: "id in (select unnest(array[shipping_address_id, billing_address_id]) from cart where id = any($1))",
    ids: ["id", "customer_id"],
  },
  {
    name: "cart",
    rows: "id = any($1)",
    ids: ["id", "customer_id", "shipping_address_id", "billing_address_id"],
    emailOf: "customer_id",
  },
  { name: "cart_line_item", rows: "cart_id = any($1)", ids: ["id", "cart_id"] },
  { name: "cart_shipping_method", rows: "cart_id = any($1)", ids: ["id", "cart_id"] },
  ...["tax_line", "adjustment"].flatMap((kind) => [
    {
      name: `cart_line_item_${kind}`,
      rows: "item_id in (select id from cart_line_item where cart_id = any($1))",
      ids: ["id", "item_id"],
    },
    {
      name: `cart_shipping_method_${kind}`,
      rows: "shipping_method_id in (select id from cart_shipping_method where cart_id = any($1))",
      ids: ["id", "shipping_method_id"],
    },
  ]),
  { name: "cart_promotion", rows: "cart_id = any($1)", ids: ["id", "cart_id"] },
  {
    name: "payment_collection",
    rows: "id in (select payment_collection_id from cart_payment_collection where cart_id = any($1))",
    ids: ["id"],
  },
  {
    name: "payment_session",
    rows: "payment_collection_id in (select payment_collection_id from cart_payment_collection where cart_id = any($1))",
    ids: ["id", "payment_collection_id"],
  },
  { name: "cart_payment_collection", rows: "cart_id = any($1)", ids: ["id", "cart_id", "payment_collection_id"] },
]

/** Of the number that a copied id ends in. */
export const NUMBER_LENGTH = 7

/** An id of a copied row: the model's, with the number of the copy for the last of its random characters. */
const copiedId = (column: string) => `left(${column}, -${NUMBER_LENGTH}) || lpad(copy::text, ${NUMBER_LENGTH}, '0')`

/**
 * Copies the rows of carts once for each number; every copy has a guest customer of its own.
 *
 * @returns ids of the copies, the models by turns
 */
export async function copyCarts(sql: Sql, models: string[], numbers: { from: number; to: number }): Promise<string[]> {
  await sql.begin(async (tx) => {
    for (const { name, rows, ids, emailOf } of TABLES) {
      const changes = ids.map((column) => `'${column}', ${copiedId(`it.${column}`)}`)
      if (emailOf) changes.push(`'email', lower(${copiedId(`it.${emailOf}`)}) || '@example.com'`)
      await tx.unsafe(
        `insert into ${name}
         select made.* from ${name} it, generate_series($2::int, $3::int) copy,
           lateral jsonb_populate_record(null::${name}, to_jsonb(it) || jsonb_build_object(${changes.join(", ")})) made
         where it.${rows}`,
        [models, numbers.from, numbers.to],
      )
    }
  })
  await sql.unsafe(`analyze ${TABLES.map(({ name }) => name).join(", ")}`)
  const made = await sql<{ id: string }[]>`
    select ${sql.unsafe(copiedId("model"))} as id
    from generate_series(${numbers.from}::int, ${numbers.to}::int) copy,
      unnest(${models}::text[]) with ordinality it(model, place)
    order by copy, place`
  return made.map(({ id }) => id)
}
