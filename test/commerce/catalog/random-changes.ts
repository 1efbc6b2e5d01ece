import type { Sql } from "postgres"

/** Numbers that look random and are the same every time. */
export function dice(seed: number): (sides: number) => number {
  let state = seed
  return (sides) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return Math.floor((state / 2 ** 32) * sides)
  }
}

const any = (table: string, condition = "true") =>
  `(select id from ${table} where ${condition} order by random() limit 1)`

/** What merchants, imports, plugins and plain SQL do to the tables that a product's public face depends on. */
const CHANGES: ((n: number) => string)[] = [
  (n) => `update product set title = 'Título ${n}', updated_at = now() where id = ${any("product")}`,
  (n) => `update product set status = '${n % 3 ? "published" : "draft"}' where id = ${any("product")}`,
  (n) => `update product set deleted_at = ${n % 2 ? "now()" : "null"} where id = ${any("product")}`,
  (n) => `update product_variant set sku = 'SKU-${n}' where id = ${any("product_variant")}`,
  (n) => `update product_variant set deleted_at = ${n % 4 ? "null" : "now()"} where id = ${any("product_variant")}`,
  (n) =>
    `update price set amount = ${n}.5, raw_amount = '{"value":"${n}.5","precision":20}' where id = ${any("price")}`,
  () => `update price set deleted_at = now() where id = ${any("price")}`,
  (n) => `update inventory_level set stocked_quantity = ${n % 5} where id = ${any("inventory_level")}`,
  (n) => `update inventory_level set reserved_quantity = ${n % 3} where id = ${any("inventory_level")}`,
  (n) => `update product_category set name = 'Categoría ${n}' where id = ${any("product_category")}`,
  (n) => `update product_category set is_active = ${n % 2 === 0} where id = ${any("product_category")}`,
  (n) => `update product_collection set title = 'Colección ${n}' where id = ${any("product_collection")}`,
  (n) => `update product_tag set value = 'etiqueta ${n}' where id = ${any("product_tag")}`,
  (n) => `update product_option_value set value = 'Valor ${n}' where id = ${any("product_option_value")}`,
  (n) => `update image set rank = ${n % 7} where id = ${any("image")}`,
  () => `insert into product_tags (product_id, product_tag_id) values (${any("product")}, ${any("product_tag")})
    on conflict do nothing`,
  () => `delete from product_tags where product_id = ${any("product")}`,
  () => `insert into product_category_product (product_id, product_category_id)
    values (${any("product")}, ${any("product_category")}) on conflict do nothing`,
  () => `delete from product_category_product where product_id = ${any("product")}`,
  (n) =>
    `update product_sales_channel set deleted_at = ${n % 2 ? "null" : "now()"} where id = ${any("product_sales_channel")}`,
  (n) => `insert into mostrador.safety_stock (location_id, variant_id, quantity) values (${any("stock_location")},
    ${any("product_variant")}, ${n % 4}) on conflict (location_id, variant_id) do update set quantity = excluded.quantity`,
  (n) => `insert into product (id, title, handle, is_giftcard, status, discountable) values
    ('prod_new_${n}', 'Nuevo ${n}', 'nuevo-${n}', false, 'published', true) on conflict do nothing`,
  (n) => `delete from product where id = 'prod_new_${n - 40}'`,
]

/** Makes the `n`th of a row of random changes, in a transaction of its own. */
export async function changeSomething(sql: Sql, n: number, roll: (sides: number) => number): Promise<void> {
  const change = CHANGES[roll(CHANGES.length)] ?? (() => "select 1")
  await sql.unsafe(change(n))
}
