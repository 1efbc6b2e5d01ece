import { type Database, openDatabase } from "../../../../src/platform/db/index.ts"
import { demo, openCounterBeforeMedusa } from "../../../support/counter.ts"
import { until } from "../../../support/http.ts"
import { theMedusa } from "../../../support/medusa.ts"
import { type Asked, type Sides, send } from "../../compare.ts"
import { furnishPromotions } from "./promotions.ts"

/** A change that a merchant makes while others shop, and the one that takes it back. */
export interface AdminChange {
  name: string
  make: Asked
  undo: Asked
}

export type World = Awaited<ReturnType<typeof openWorld>>
export type AskAdmin = (path: string, body?: object, method?: string) => Promise<Record<string, unknown>>

/** Whom both carts of a sequence may belong to: nobody else's row is made or found for these addresses. */
const GUEST = "invitada@conocida.example"

/**
 * The demo shop and what it lacks for carts to go wrong in every way: regions of two countries and without taxes,
 * products that are drafts, without prices, stock or shipping, gift cards, promotions of all kinds. All of it is taken
 * away by `close`, for the other files find the shop as it was.
 */
export async function openWorld() {
  const counter = await openCounterBeforeMedusa()
  const sides: Sides = { counter: counter.url, medusa: theMedusa().url }
  const database = openDatabase(theMedusa().databaseUrl, { connections: 2 })
  const stamp = Date.now().toString(36)
  const login = (actor: string, email: string, password: string) => logIn(sides.medusa, actor, email, password)
  const admin = await login("user", demo().admin.email, demo().admin.password)

  // At the counter's port: it has read what changed before it answers.
  const ask: AskAdmin = async (path, body, method = "POST") => {
    const answer = await send(sides.counter, { method, path: `/admin/${path}`, headers: admin, body })
    if (answer.status >= 300) throw new Error(`${path} was answered with ${answer.status}: ${answer.text}`)
    return answer.body as Record<string, unknown>
  }
  const idOf = async (what: string, path: string, body: object) =>
    String(((await ask(path, body))[what] as { id: string }).id)

  const undo: (() => Promise<unknown>)[] = []
  const keeping = async (what: string, path: string, body: object) => {
    const id = await idOf(what, path, body)
    undo.push(() => ask(`${path}/${id}`, undefined, "DELETE"))
    return id
  }
  const regions = { ...demo().regions, ...(await furnishRegions(keeping)) }
  const { channels, keys } = await furnishChannels(keeping, ask, idOf, stamp)
  const products = await furnishProducts(database, keeping, ask, Object.values(demo().channels), stamp)
  const codes = await furnishPromotions(keeping, stamp, products.product)
  const options = await furnishOptions(database, keeping, products.profile, stamp)

  const [member, plain, both] = [demo().customers.find((it) => it.group), ...demo().customers.filter((it) => !it.group)]
  if (!member || !plain || !both) throw new Error("the demo shop has too few customers")
  const tokens = {
    member: await login("customer", member.email, member.password),
    plain: await login("customer", plain.email, plain.password),
  }
  const early = `temprana-${stamp}@conocida.example`
  await furnishCustomers(sides.medusa, keys.web, regions.es, [plain.email, member.email, both.email, GUEST, early])
  await register(sides.medusa, keys.web, early)
  await pay(sides.medusa, { ...keys.web, ...tokens.member }, regions.es)

  /** Until the counter has what was changed last. */
  async function settle(): Promise<void> {
    await until("the counter has been told", async () => {
      const [row] = await database.sql`
        select (select count(*) from mostrador.stale_product) = 0 and not exists (
          select from mostrador.change, mostrador.consumer
          where not pg_visible_in_snapshot(change.tx, consumer.position)) as done`
      return row?.done === true
    })
  }
  await settle()
  return {
    ...{ sides, sql: database.sql, regions, channels, keys, codes, options, tokens },
    variants: { ...demo().variants, ...products.variants, ...(await notableVariants(database)) },
    emails: { account: plain.email, member: member.email, guest: GUEST, early },
    changes: await adminChanges(database, { admin, products, codes, options, regions }),
    async admin(asked: Asked) {
      const answer = await send(sides.counter, { ...asked, headers: admin })
      if (answer.status >= 300) throw new Error(`${asked.path} was answered with ${answer.status}: ${answer.text}`)
      await settle()
    },
    async close() {
      for (const back of undo.reverse()) await back()
      const known = [plain.email, member.email, both.email, GUEST, early]
      await database.sql`delete from customer where email = any(${known}) and (not has_account or email = ${early})`
      await counter.close()
      await database.close()
    },
  }
}

async function logIn(base: string, actor: string, email: string, password: string) {
  const answer = await send(base, { method: "POST", path: `/auth/${actor}/emailpass`, body: { email, password } })
  return { authorization: `Bearer ${(answer.body as { token: string }).token}` }
}

/**
 * Rows of guests for addresses, for they belong to whoever comes first: a guest who gives one that only an account has
 * gets a row of his own.
 */
async function furnishCustomers(medusa: string, key: object, region_id: string, emails: string[]): Promise<void> {
  const headers = { ...key }
  const opened = await send(medusa, {
    method: "POST",
    path: "/store/carts",
    headers,
    body: { region_id, email: GUEST },
  })
  const path = `/store/carts/${(opened.body as { cart: { id: string } }).cart.id}`
  for (const email of emails) await send(medusa, { method: "POST", path, headers, body: { email } })
}

/** Has somebody pay for the first time: he is known to the provider from then on, whichever side he comes to next. */
async function pay(medusa: string, headers: Record<string, string>, region_id: string): Promise<void> {
  const post = async (path: string, body: object) => (await send(medusa, { method: "POST", path, headers, body })).body
  const { cart } = (await post("/store/carts", { region_id })) as { cart: { id: string } }
  const made = await post("/store/payment-collections", { cart_id: cart.id })
  const { id } = (made as { payment_collection: { id: string } }).payment_collection
  await post(`/store/payment-collections/${id}/payment-sessions`, { provider_id: "pp_system_default" })
}

/** An account for an address that a guest has had before. */
async function register(medusa: string, key: object, email: string): Promise<void> {
  const body = { email, password: "demo-1234" }
  const path = "/auth/customer/emailpass/register"
  const { token } = (await send(medusa, { method: "POST", path, body })).body as { token: string }
  const headers = { ...key, authorization: `Bearer ${token}` }
  await send(medusa, { method: "POST", path: "/store/customers", headers, body: { email } })
}

type Keeping = (what: string, path: string, body: object) => Promise<string>

async function furnishRegions(keeping: Keeping) {
  const region = (name: string, countries: string[], more: object) =>
    keeping("region", "regions", {
      ...{ name, countries, currency_code: "eur", payment_providers: ["pp_system_default"], ...more },
    })
  const pair = await region("Dos países", ["de", "it"], { automatic_taxes: true, is_tax_inclusive: false })
  const untaxed = await region("Sin impuestos", ["pt"], { automatic_taxes: false, is_tax_inclusive: true })
  const taxes = (body: object) => keeping("tax_region", "tax-regions", body)
  const provider_id = "tp_system"
  const germany = await taxes({
    provider_id,
    country_code: "de",
    default_tax_rate: { name: "MwSt", code: "MWST", rate: 19 },
  })
  const local = { name: "Landessteuer", code: "LAND", rate: 2.5, is_combinable: true }
  await taxes({ country_code: "de", province_code: "by", parent_id: germany, default_tax_rate: local })
  await taxes({ provider_id, country_code: "pt", default_tax_rate: { name: "IVA", code: "PT23", rate: 23 } })
  return { pair, untaxed }
}

async function furnishChannels(
  keeping: Keeping,
  ask: AskAdmin,
  idOf: (what: string, path: string, body: object) => Promise<string>,
  stamp: string,
) {
  const { web, pos, app } = demo().channels
  const channel = (name: string, more = {}) =>
    keeping("sales_channel", "sales-channels", { name: `${name} ${stamp}`, ...more })
  const channels = {
    ...{ web: web.sales_channel_id, pos: pos.sales_channel_id, app: app.sales_channel_id },
    closed: await channel("cerrado", { is_disabled: true }),
    nowhere: await channel("sin almacén"),
  }
  const body = { title: `dos canales ${stamp}`, type: "publishable" }
  const id = await idOf("api_key", "api-keys", body)
  await ask(`api-keys/${id}/sales-channels`, { add: [channels.web, channels.pos] })
  const { api_key } = (await ask(`api-keys/${id}`, undefined, "GET")) as { api_key: { token: string } }
  const keyed = (token: string) => ({ "x-publishable-api-key": token })
  const keys = {
    ...{ web: keyed(web.publishable_key), pos: keyed(pos.publishable_key), double: keyed(api_key.token) },
    ...{ wrong: keyed("pk_unknown"), none: {} },
  }
  return { channels, keys }
}

/** Variants that the demo shop lacks. Values of one price each, so that no two promotions meet in a tie. */
async function furnishProducts(
  { sql }: Database,
  keeping: Keeping,
  ask: AskAdmin,
  channels: { sales_channel_id: string }[],
  stamp: string,
) {
  const everywhere = channels.map(({ sales_channel_id }) => ({ id: sales_channel_id }))
  const [normal] = await sql<{ id: string }[]>`
    select id from shipping_profile where type = 'default' and deleted_at is null limit 1`
  const profile = await keeping("shipping_profile", "shipping-profiles", { name: `bultos ${stamp}`, type: "bulky" })
  const prices = (eur: number, gbp: number) => [
    { currency_code: "eur", amount: eur },
    { currency_code: "gbp", amount: gbp },
  ]
  const product = (title: string, variants: object[], more: object = {}) =>
    keeping("product", "products", {
      ...{ title: `${title} ${stamp}`, status: "published", sales_channels: everywhere },
      ...{ shipping_profile_id: normal?.id, options: [{ title: "Clase", values: ["A", "B", "C", "D", "E", "F"] }] },
      variants: variants.map((it, i) => ({
        ...{ title: `${title} ${"ABCDEF"[i]}`, options: { Clase: "ABCDEF"[i] }, manage_inventory: false, ...it },
      })),
      ...more,
    })
  const main = await product("Gama", [
    { sku: `PLAIN-${stamp}`, prices: [...prices(10, 9), { currency_code: "eur", amount: 8.4, min_quantity: 5 }] },
    { prices: [{ currency_code: "eur", amount: 12.5 }] },
    { prices: prices(15.2, 13), manage_inventory: true },
    { prices: prices(6.6, 5.5), manage_inventory: true },
    { prices: prices(0.333, 0.111) },
    { prices: [] },
  ])
  const others = {
    gift: await product("Tarjeta", [{ prices: prices(25, 20) }], { is_giftcard: true }),
    undiscounted: await product("Fijo", [{ prices: prices(17.3, 16) }], {
      ...{ discountable: false, shipping_profile_id: undefined, metadata: { note: "as it is" } },
    }),
    draft: await product("Borrador", [{ prices: prices(3, 3) }], { status: "draft" }),
    bulky: await product("Bulto", [{ prices: prices(80.8, 70) }], { shipping_profile_id: profile }),
    elsewhere: await product("Solo tienda", [{ prices: prices(5.5, 5) }], {
      sales_channels: everywhere.slice(2, 3),
    }),
  }
  const ids = async (of: string) =>
    (await sql<{ id: string }[]>`select id from product_variant where product_id = ${of} order by title`).map(
      (it) => it.id,
    )
  const [plain = "", euros = "", unstocked = "", low = "", tiny = "", priceless = ""] = await ids(main)
  const only = async (of: string) => (await ids(of))[0] ?? ""

  const [item] = await sql<{ id: string }[]>`
    select inventory_item_id as id from product_variant_inventory_item where variant_id = ${low}`
  const { warehouse, madrid } = demo().stock_locations
  for (const [location_id, stocked_quantity] of [[warehouse, 3] as const, [madrid, 2] as const]) {
    await ask(`inventory-items/${item?.id}/location-levels`, { location_id, stocked_quantity })
  }
  const variants = {
    ...{ plain, euros, unstocked, low, tiny, priceless, gift: await only(others.gift) },
    ...{ undiscounted: await only(others.undiscounted), draft: await only(others.draft) },
    ...{ bulky: await only(others.bulky), elsewhere: await only(others.elsewhere) },
  }
  return { product: main, ...others, profile, variants, lowItem: item?.id ?? "" }
}

async function furnishOptions({ sql }: Database, keeping: Keeping, profile: string, stamp: string) {
  const rows = await sql<{ id: string; name: string; country: string; zone: string; shipping_profile_id: string }[]>`
    select shipping_option.id, shipping_option.name, country_code as country, service_zone_id as zone, shipping_profile_id
    from shipping_option join geo_zone using (service_zone_id)
    where shipping_option.deleted_at is null and geo_zone.deleted_at is null order by country_code, name`
  const [spanish] = rows.filter((it) => it.country === "es")
  const option = (name: string, shipping_profile_id: string | undefined, prices: object[]) =>
    keeping("shipping_option", "shipping-options", {
      ...{ name: `${name} ${stamp}`, service_zone_id: spanish?.zone, shipping_profile_id, prices },
      ...{ provider_id: "manual_manual", price_type: "flat", type: { label: name, code: name, description: name } },
    })
  const from = { attribute: "item_total", operator: "gte", value: 50 }
  const bulky = await option("bultos", profile, [{ currency_code: "eur", amount: 19.9 }])
  const stepped = await option("escalado", spanish?.shipping_profile_id, [
    { currency_code: "eur", amount: 6.4 },
    { currency_code: "eur", amount: 2.1, rules: [from] },
  ])
  const priceless = await option("sin precio", profile, [{ currency_code: "gbp", amount: 1 }])
  const of = (country: string) => rows.filter((it) => it.country === country).map((it) => it.id)
  return { es: [...of("es"), bulky, stepped, priceless], fr: of("fr"), gb: of("gb"), bulky, stepped }
}

/** Of the demo shop: on sale, cheaper for members, cheaper by the dozen, three for two. */
async function notableVariants({ sql }: Database) {
  const one = async (text: string) => String((await sql.unsafe(`${text} order by 1 limit 1`))[0]?.id ?? "variant_none")
  const priced = `select link.variant_id as id from product_variant_price_set link
    join price using (price_set_id) left join price_list list on list.id = price.price_list_id
    join product_variant on product_variant.id = link.variant_id join product on product.id = product_id
    where product.status = 'published' and price.deleted_at is null`
  return {
    sale: await one(`${priced} and list.type = 'sale'`),
    members: await one(`${priced} and list.type = 'override'`),
    tiers: await one(`${priced} and list.id is null and price.min_quantity > 1 and product.title not like 'Gama%'`),
    three: await one(`select product_variant.id from product_variant join product on product.id = product_id
      join product_category_product pair on pair.product_id = product.id
      join product_category category on category.id = pair.product_category_id
      where category.handle = 'complementos' and product.status = 'published'`),
  }
}

async function adminChanges(
  { sql }: Database,
  of: {
    admin: Record<string, string>
    products: Awaited<ReturnType<typeof furnishProducts>>
    codes: Awaited<ReturnType<typeof furnishPromotions>>
    options: { stepped: string }
    regions: Record<string, string>
  },
): Promise<AdminChange[]> {
  const { products, codes, options, regions } = of
  const change = (name: string, path: string, make: object, undo: object): AdminChange => ({
    name,
    make: { method: "POST", path: `/admin/${path}`, body: make },
    undo: { method: "POST", path: `/admin/${path}`, body: undo },
  })
  const prices = (eur: number) => ({ prices: [{ currency_code: "eur", amount: eur }] })
  const [rate] = await sql<{ id: string; rate: number }[]>`
    select tax_rate.id, rate from tax_rate join tax_region on tax_region.id = tax_region_id
    where country_code = 'es' and is_default and tax_rate.deleted_at is null and tax_region.deleted_at is null`
  const [list] = await sql<{ id: string }[]>`
    select id from price_list where type = 'sale' and status = 'active' and deleted_at is null limit 1`
  const level = `inventory-items/${products.lowItem}/location-levels/${demo().stock_locations.warehouse}`
  const product = `products/${products.product}`
  const draft = change("unpublishes a product", product, { status: "draft" }, { status: "published" })
  const title = change("renames a product", product, { subtitle: "Nueva" }, { subtitle: null })
  return [
    change("changes a price", `${product}/variants/${products.variants.euros}`, prices(11.1), prices(12.5)),
    ...[draft, title],
    change("makes a product a gift card", `products/${products.bulky}`, { is_giftcard: true }, { is_giftcard: false }),
    change("takes stock away", level, { stocked_quantity: 0 }, { stocked_quantity: 3 }),
    change("ends a promotion", `promotions/${codes.across.id}`, { status: "inactive" }, { status: "active" }),
    change("starts an automatic promotion", `promotions/${codes.asleep.id}`, { status: "active" }, { status: "draft" }),
    change("renames a way of shipping", `shipping-options/${options.stepped}`, { name: "lento" }, { name: "escalado" }),
    change("changes a tax rate", `tax-rates/${rate?.id}`, { rate: 17.5 }, { rate: rate?.rate }),
    change("ends a sale", `price-lists/${list?.id}`, { status: "draft" }, { status: "active" }),
    change("stops taxes", `regions/${regions.pair}`, { automatic_taxes: false }, { automatic_taxes: true }),
  ]
}
