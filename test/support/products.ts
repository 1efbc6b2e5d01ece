import { randomUUID } from "node:crypto"
import type { Sql, TransactionSql } from "postgres"

/** A product as a test thinks of it; what is left out is not there. */
export interface TestProduct {
  title: string
  subtitle?: string
  description?: string
  status?: "published" | "draft"
  created_at?: Date
  tags?: string[]
  type?: string
  collection?: string
  category_ids?: string[]
  channels: string[]
  variants?: TestVariant[]
}
export interface TestVariant {
  sku?: string
  barcode?: string
  /** By option: `{ Color: "Azul" }`. */
  options?: Record<string, string>
  /** By currency. */
  prices?: Record<string, number>
  /** By stock location; none: it is not managed. */
  stock?: Record<string, number>
}

const made = (prefix: string) => `${prefix}_${randomUUID().replaceAll("-", "")}`

/** Writes the rows that Medusa 2.21 writes when these products are created. @returns their ids, in order */
export function addProducts(sql: Sql, products: TestProduct[]): Promise<string[]> {
  return sql.begin(async (tx) => {
    const ids: string[] = []
    for (const product of products) ids.push(await addProduct(tx, product))
    return ids
  })
}

async function addProduct(tx: TransactionSql, product: TestProduct): Promise<string> {
  const id = made("prod")
  const at = (product.created_at ?? new Date()).toISOString()
  const collection_id = product.collection ? await named(tx, "product_collection", "title", product.collection) : null
  const type_id = product.type ? await named(tx, "product_type", "value", product.type) : null
  await tx`insert into product ${tx({
    id,
    title: product.title,
    subtitle: product.subtitle ?? null,
    description: product.description ?? null,
    handle: id.toLowerCase(),
    status: product.status ?? "published",
    discountable: true,
    collection_id,
    type_id,
    created_at: at,
    updated_at: at,
  })}`
  for (const tag of product.tags ?? []) {
    const product_tag_id = await named(tx, "product_tag", "value", tag)
    await tx`insert into product_tags ${tx({ product_id: id, product_tag_id })}`
  }
  for (const product_category_id of product.category_ids ?? []) {
    await tx`insert into product_category_product ${tx({ product_id: id, product_category_id })}`
  }
  for (const sales_channel_id of product.channels) {
    await tx`insert into product_sales_channel ${tx({ product_id: id, sales_channel_id, id: made("prodsc") })}`
  }
  const values = await addOptions(tx, id, product.variants ?? [])
  for (const variant of product.variants ?? []) await addVariant(tx, id, variant, values)
  return id
}

/** Of tags, types and collections there is one of each name. */
async function named(tx: TransactionSql, table: string, column: string, name: string): Promise<string> {
  const [known] = await tx<{ id: string }[]>`select id from ${tx(table)} where ${tx(column)} = ${name}`
  if (known) return known.id
  const id = made(table)
  const more = table === "product_collection" ? { handle: id.toLowerCase() } : {}
  await tx`insert into ${tx(table)} ${tx({ id, [column]: name, ...more })}`
  return id
}

/** @returns ids of the values, by `Color:Azul` */
async function addOptions(tx: TransactionSql, product_id: string, variants: TestVariant[]) {
  const values = new Map<string, string>()
  const options = new Map<string, { option: string; link: string }>()
  for (const [title, value] of variants.flatMap((variant) => Object.entries(variant.options ?? {}))) {
    let known = options.get(title)
    if (!known) {
      known = { option: made("opt"), link: made("prodopt") }
      options.set(title, known)
      await tx`insert into product_option ${tx({ id: known.option, title, is_exclusive: true })}`
      await tx`insert into product_product_option ${tx({ id: known.link, product_id, product_option_id: known.option })}`
    }
    if (values.has(`${title}:${value}`)) continue
    const id = made("optval")
    values.set(`${title}:${value}`, id)
    await tx`insert into product_option_value ${tx({ id, value, option_id: known.option })}`
    await tx`insert into product_product_option_value ${tx({
      id: made("prodoptval"),
      product_product_option_id: known.link,
      product_option_value_id: id,
    })}`
  }
  return values
}

async function addVariant(
  tx: TransactionSql,
  product_id: string,
  { sku, barcode, options = {}, prices = {}, stock }: TestVariant,
  values: Map<string, string>,
): Promise<void> {
  const id = made("variant")
  await tx`insert into product_variant ${tx({
    id,
    product_id,
    title: Object.values(options).join(" / ") || "Único",
    sku: sku ?? null,
    barcode: barcode ?? null,
    allow_backorder: false,
    manage_inventory: stock !== undefined,
    variant_rank: 0,
  })}`
  for (const [title, value] of Object.entries(options)) {
    const option_value_id = values.get(`${title}:${value}`) ?? ""
    await tx`insert into product_variant_option ${tx({ variant_id: id, option_value_id })}`
  }
  const price_set_id = made("pset")
  await tx`insert into price_set ${tx({ id: price_set_id })}`
  await tx`insert into product_variant_price_set ${tx({ id: made("pvps"), variant_id: id, price_set_id })}`
  for (const [currency_code, amount] of Object.entries(prices)) {
    await tx`insert into price ${tx({ ...priceRow(price_set_id, currency_code, amount) })}`
  }
  if (!stock) return
  const inventory_item_id = made("iitem")
  await tx`insert into inventory_item ${tx({ id: inventory_item_id, sku: sku ?? null, requires_shipping: true })}`
  await tx`insert into product_variant_inventory_item ${tx({ id: made("pvitem"), variant_id: id, inventory_item_id, required_quantity: 1 })}`
  for (const [location_id, quantity] of Object.entries(stock)) {
    const raw = JSON.stringify({ value: String(quantity), precision: 20 })
    const none = JSON.stringify({ value: "0", precision: 20 })
    await tx`
      insert into inventory_level (id, inventory_item_id, location_id, stocked_quantity, raw_stocked_quantity,
        reserved_quantity, raw_reserved_quantity, incoming_quantity, raw_incoming_quantity)
      values (${made("ilev")}, ${inventory_item_id}, ${location_id}, ${quantity}, ${raw}, 0, ${none}, 0, ${none})`
  }
}

const priceRow = (price_set_id: string, currency_code: string, amount: number) => ({
  id: made("price"),
  price_set_id,
  currency_code,
  amount,
  raw_amount: JSON.stringify({ value: String(amount), precision: 20 }),
  rules_count: 0,
})

/** A sale without rules that every product of the price's variants gets. @returns the price list's id */
export async function addSale(sql: Sql, sku: string, currency_code: string, amount: number): Promise<string> {
  const id = made("plist")
  await sql`insert into price_list ${sql({ id, title: "Rebajas", description: "", status: "draft", type: "sale" })}`
  const [set] = await sql<{ id: string }[]>`
    select price_set_id as id from product_variant_price_set join product_variant variant on variant.id = variant_id
    where sku = ${sku}`
  await sql`insert into price ${sql({ ...priceRow(set?.id ?? "", currency_code, amount), price_list_id: id })}`
  return id
}
