import type { Sql, TransactionSql } from "postgres"
import type { Demo } from "../../src/medusa/demo-shop/index.ts"

/** The catalog of the bench, beside the demo shop's own products. */
export interface Catalog {
  products: number
  variants: number
  /** How many products the channel `web` sells: the demo shop's and the bulk. */
  soldOnWeb: number
  /** Some bulk products, spread evenly over all of them. */
  sample: { id: string; variants: string[] }[]
  /** Words of which each stands in the title of one bulk product in forty. */
  names: readonly string[]
  seconds: number
}

const VARIANTS = 4
const SAMPLE = 200

const NOUNS = ["Lámpara", "Mesa", "Silla", "Taza", "Manta", "Cojín", "Jarra", "Plato", "Espejo", "Estante"]
const MATERIALS = ["de roble", "de lino", "de gres", "de vidrio", "de algodón", "de acero", "de mimbre"]
const NAMES = (
  "Brisa Orilla Cala Duna Sierra Olmo Alba Bruma Calma Dehesa Encina Faro Garza Higuera Isla Jara Kiosco Lago Marea " +
  "Nube Oasis Palma Quejigo Retama Salina Tilo Umbral Vega Yedra Zarza Arce Bosque Cumbre Delta Estela Fresno Glaciar " +
  "Helecho Iris Jazmín"
).split(" ")
const COLOURS = ["Arena", "Blanco roto", "Carbón", "Mostaza", "Oliva", "Terracota", "Azul noche", "Gris piedra"]

/**
 * Adds products with two options and four variants each, priced in two currencies, kept at two locations and sold in
 * every channel: the rows that Medusa 2.21 writes when a product is made through its Admin API, but made by a few
 * set-based statements in one transaction. Nothing is left out of the database's work: foreign keys are checked, and
 * the change feed's triggers fire.
 *
 * @param sql  a connection pool of the bench's database
 */
export async function createCatalog(sql: Sql, demo: Demo, products: number): Promise<Catalog> {
  const begin = performance.now()
  await sql.begin(async (tx) => {
    await tx`set local work_mem = '256MB'`
    await nameProducts(tx, products)
    await nameVariants(tx)
    await insertProducts(tx, Object.values(demo.channels))
    await insertOptions(tx)
    await insertVariants(tx)
    await insertPrices(tx)
    await insertStock(tx, [demo.stock_locations.warehouse, demo.stock_locations.madrid])
  })
  await sql`vacuum (analyze)`
  // What was written now goes to its place now, and not while something is measured.
  await sql`checkpoint`
  const seconds = (performance.now() - begin) / 1000
  return { products, variants: products * VARIANTS, names: NAMES, seconds, ...(await look(sql, demo, products)) }
}

/** What is made up of each product's number: its name and what it is sorted by, all of them the demo shop's. */
async function nameProducts(tx: TransactionSql, products: number): Promise<void> {
  // As long as a ULID and in its alphabet; in order, as ULIDs of rows that are made one after the other are.
  await tx`
    create function pg_temp.bulk_id(prefix text, n bigint) returns text immutable language sql as
    $$ select prefix || '_01KBENCH' || lpad(n::text, 18, '0') $$`
  await tx`
    create temp table bulk_product on commit drop as
    with shelf as (
      select
        (select array_agg(id order by id) from product_type) as types,
        (select array_agg(id order by id) from product_collection) as collections,
        (select array_agg(id order by id) from product_tag) as tags,
        (select array_agg(url order by url) from image) as pictures,
        array_agg(id order by id) as categories,
        array_agg(parent_category_id order by id) as parents
      from product_category where parent_category_id is not null
    )
    select
      n,
      pg_temp.bulk_id('prod', n) as id,
      concat_ws(' ', (${NOUNS}::text[])[1 + n % 10], (${MATERIALS}::text[])[1 + n / 10 % 7],
        (${NAMES}::text[])[1 + n % 40], n) as title,
      types[1 + n % cardinality(types)] as type_id,
      case when n % 4 = 0 then collections[1 + n % cardinality(collections)] end as collection_id,
      tags[1 + n % cardinality(tags)] as tag_id,
      categories[1 + n % cardinality(categories)] as category_id,
      parents[1 + n % cardinality(parents)] as parent_category_id,
      pictures[1 + n % cardinality(pictures)] as picture,
      pictures[1 + (n + 1) % cardinality(pictures)] as second_picture,
      (400 + n % 50 * 20)::int as weight,
      (${COLOURS}::text[])[1 + n % 8] as colour,
      (${COLOURS}::text[])[1 + (n + 3) % 8] as second_colour,
      now() - (${products}::int - n) * interval '1 second' as made_at
    from generate_series(1, ${products}::int) n, shelf`
  await tx`analyze bulk_product`
}

/** Two sizes by two colours. `item` counts the variants of all products. */
async function nameVariants(tx: TransactionSql): Promise<void> {
  await tx`
    create function pg_temp.bulk_ean(n bigint) returns text immutable language sql as $$
      select code || (10 - (
        select sum(substr(code, place, 1)::int * case when place % 2 = 0 then 3 else 1 end)
        from generate_series(1, 12) place) % 10) % 10
      from (select '29' || lpad(n::text, 10, '0')) stem(code) $$`
  await tx`
    create temp table bulk_variant on commit drop as
    select
      item, product.n, rank, size, colour_rank,
      pg_temp.bulk_id('variant', item) as id,
      product.id as product_id,
      product.title as product_title,
      case size when 0 then 'Pequeño' else 'Grande' end || ' / '
        || case colour_rank when 0 then colour else second_colour end as title,
      'BULK-' || lpad(product.n::text, 6, '0') || '-' || rank + 1 as sku,
      pg_temp.bulk_ean(item) as ean,
      weight + size * 150 as weight,
      trim_scale(4.95 + product.n % 180 + size * 6.5) as eur,
      trim_scale(round((4.95 + product.n % 180 + size * 6.5) * 0.87, 2)) as gbp,
      made_at
    from bulk_product product,
      generate_series(0, ${VARIANTS - 1}::int) rank,
      lateral (select (product.n - 1) * ${VARIANTS}::bigint + rank + 1, rank / 2, rank % 2) it(item, size, colour_rank)`
  await tx`analyze bulk_variant`
}

async function insertProducts(tx: TransactionSql, channels: { sales_channel_id: string }[]): Promise<void> {
  await tx`
    insert into product (id, title, handle, description, status, thumbnail, weight, origin_country, hs_code,
      collection_id, type_id, discountable, created_at, updated_at)
    select id, title, 'bulk-' || n, title || ', hecho para durar y para repararse; de una serie de piezas parecidas.',
      'published', picture, weight, 'es', '940360', collection_id, type_id, true, made_at, made_at
    from bulk_product`
  await tx`
    insert into image (id, url, rank, product_id, created_at, updated_at)
    select pg_temp.bulk_id('img', n * 2 + rank), case rank when 0 then picture else second_picture end, rank, id,
      made_at, made_at
    from bulk_product, generate_series(0, 1) rank`
  await tx`
    insert into product_category_product (product_id, product_category_id)
    select id, category_id from bulk_product union all select id, parent_category_id from bulk_product`
  await tx`insert into product_tags (product_id, product_tag_id) select id, tag_id from bulk_product`
  await tx`
    insert into product_sales_channel (product_id, sales_channel_id, id)
    select id, channel, pg_temp.bulk_id('prodsc', n * ${channels.length}::int + place)
    from bulk_product, unnest(${channels.map((it) => it.sales_channel_id)}::text[]) with ordinality it(channel, place)`
  await tx`
    insert into product_shipping_profile (product_id, shipping_profile_id, id)
    select bulk_product.id, profile.id, pg_temp.bulk_id('prodsp', n)
    from bulk_product, (select id from shipping_profile where type = 'default' limit 1) profile`
}

/** Options of the product's own, as Medusa makes them of titles and values; each linked to it with its values. */
async function insertOptions(tx: TransactionSql): Promise<void> {
  await tx`
    insert into product_option (id, title, is_exclusive, created_at, updated_at)
    select pg_temp.bulk_id('opt', n * 2 + place), (array['Tamaño', 'Color'])[1 + place], true, made_at, made_at
    from bulk_product, generate_series(0, 1) place`
  await tx`
    insert into product_option_value (id, value, option_id, created_at, updated_at)
    select pg_temp.bulk_id('optval', n * 4 + place),
      (array['Pequeño', 'Grande', colour, second_colour])[1 + place],
      pg_temp.bulk_id('opt', n * 2 + place / 2), made_at, made_at
    from bulk_product, generate_series(0, 3) place`
  await tx`
    insert into product_product_option (id, product_id, product_option_id, created_at, updated_at)
    select pg_temp.bulk_id('prodopt', n * 2 + place), id, pg_temp.bulk_id('opt', n * 2 + place), made_at, made_at
    from bulk_product, generate_series(0, 1) place`
  await tx`
    insert into product_product_option_value (id, product_product_option_id, product_option_value_id, created_at,
      updated_at)
    select pg_temp.bulk_id('prodoptval', n * 4 + place), pg_temp.bulk_id('prodopt', n * 2 + place / 2),
      pg_temp.bulk_id('optval', n * 4 + place), made_at, made_at
    from bulk_product, generate_series(0, 3) place`
}

async function insertVariants(tx: TransactionSql): Promise<void> {
  await tx`
    insert into product_variant (id, title, sku, barcode, ean, allow_backorder, manage_inventory, weight, variant_rank,
      product_id, created_at, updated_at)
    select id, title, sku, ean, ean, false, true, weight, rank, product_id, made_at, made_at from bulk_variant`
  await tx`
    insert into product_variant_option (variant_id, option_value_id)
    select id, pg_temp.bulk_id('optval', n * 4 + size) from bulk_variant
    union all select id, pg_temp.bulk_id('optval', n * 4 + 2 + colour_rank) from bulk_variant`
}

async function insertPrices(tx: TransactionSql): Promise<void> {
  await tx`
    insert into price_set (id, created_at, updated_at)
    select pg_temp.bulk_id('pset', item), made_at, made_at from bulk_variant`
  await tx`
    insert into price (id, price_set_id, currency_code, amount, raw_amount, rules_count, created_at, updated_at)
    select pg_temp.bulk_id('price', item * 2 + place), pg_temp.bulk_id('pset', item), currency, amount,
      jsonb_build_object('value', amount::text, 'precision', 20), 0, made_at, made_at
    from bulk_variant, lateral (values (0, 'eur', eur), (1, 'gbp', gbp)) it(place, currency, amount)`
  await tx`
    insert into product_variant_price_set (variant_id, price_set_id, id)
    select id, pg_temp.bulk_id('pset', item), pg_temp.bulk_id('pvps', item) from bulk_variant`
}

/** So much of everything that no run sells it out. */
async function insertStock(tx: TransactionSql, locations: string[]): Promise<void> {
  await tx`
    insert into inventory_item (id, sku, title, weight, requires_shipping, created_at, updated_at)
    select pg_temp.bulk_id('iitem', item), sku, product_title || ' - ' || title, weight, true, made_at, made_at
    from bulk_variant`
  await tx`
    insert into inventory_level (id, inventory_item_id, location_id, stocked_quantity, raw_stocked_quantity,
      reserved_quantity, raw_reserved_quantity, incoming_quantity, raw_incoming_quantity, created_at, updated_at)
    select pg_temp.bulk_id('ilev', item * ${locations.length}::int + place), pg_temp.bulk_id('iitem', item), location,
      100000 * place, jsonb_build_object('value', (100000 * place)::text, 'precision', 20),
      0, '{"value": "0", "precision": 20}', 0, '{"value": "0", "precision": 20}', made_at, made_at
    from bulk_variant, unnest(${locations}::text[]) with ordinality it(location, place)`
  await tx`
    insert into product_variant_inventory_item (variant_id, inventory_item_id, id, required_quantity)
    select id, pg_temp.bulk_id('iitem', item), pg_temp.bulk_id('pvitem', item), 1 from bulk_variant`
}

async function look(sql: Sql, demo: Demo, products: number): Promise<Pick<Catalog, "soldOnWeb" | "sample">> {
  const [sold] = await sql<{ count: number }[]>`
    select count(*)::int from product
    join product_sales_channel on product_id = product.id and sales_channel_id = ${demo.channels.web.sales_channel_id}
    where status = 'published' and product.deleted_at is null and product_sales_channel.deleted_at is null`
  const step = Math.max(1, Math.floor(products / SAMPLE))
  const sample = await sql<{ id: string; variants: string[] }[]>`
    select product.id, array_agg(variant.id order by variant_rank) as variants
    from product join product_variant variant on product_id = product.id
    where handle in (select 'bulk-' || n from generate_series(1, ${products}::int, ${step}::int) n)
    group by product.id order by product.id`
  return { soldOnWeb: sold?.count ?? 0, sample: [...sample] }
}
