import type { Context } from "hono"
import { ownerOfRow } from "../../../commerce/carts/index.ts"
import { type PricingContext, pricingContext } from "../../../commerce/pricing/index.ts"
import type { TaxAddress } from "../../../commerce/tax/index.ts"
import { isForeign, readToken } from "../../../platform/auth/index.ts"
import { askMedusa } from "../../ask-medusa.ts"
import type { Counter, Services } from "../../counter.ts"
import { MedusaUnavailable } from "../../errors.ts"

/** Parameters that say who asks, and from where. */
export interface ShopperQuery {
  region_id?: string | undefined
  country_code?: string | undefined
  province?: string | undefined
  cart_id?: string | undefined
}

/** For whom prices are calculated. */
export interface Shopper {
  /** Stands for all that his prices hang on, but for the time and the shop's price lists and taxes. */
  key: string
  pricing: PricingContext
  /** Where he is taxed; undefined when amounts with tax are not shown. */
  address?: TaxAddress
}

/**
 * Who asks, as Medusa works it out: the region of his cart, or the one he names, or the shop's own; the groups of the
 * customer whose token he brings.
 *
 * @returns undefined when only Medusa can tell: a session's cookie, a token signed in another way, no such region
 * @source Medusa 2.21 `medusa/dist/api/utils/middlewares/products/` (`normalize-data-for-context.js`,
 *   `set-pricing-context.js`, `set-tax-context.js`)
 */
export async function shopperOf(
  c: Context<Counter>,
  services: Services,
  query: ShopperQuery,
): Promise<Shopper | undefined> {
  if (onlyMedusaKnows(c)) return undefined
  return await shopperFor(services, query, () => customerOfToken(c, services.config))
}

/**
 * Who asks a route that Medusa does not have, to which his request cannot be passed: it is asked who he is.
 *
 * @returns undefined when there is no such region
 * @throws MedusaUnavailable when it has to be asked and cannot
 */
export async function shopperOfOwn(
  c: Context<Counter>,
  services: Services,
  query: ShopperQuery,
): Promise<Shopper | undefined> {
  const customer = onlyMedusaKnows(c) ? customerOfMedusa : customerOfToken
  return await shopperFor(services, query, () => customer(c, services.config))
}

/** @param customerOf  finds out who asks; only called when there is a region to price for */
async function shopperFor(
  { config, database, regions, store }: Services,
  query: ShopperQuery,
  customerOf: () => Promise<string | undefined>,
): Promise<Shopper | undefined> {
  let { region_id, country_code, province } = query
  if (query.cart_id !== undefined) {
    const named = await readCart(database.sql, query.cart_id)
    // Another customer's is as one that is not there.
    const isOthers = named?.owner && config.cartAccess === "owner" && named.owner !== (await customerOf())
    const cart = isOthers ? undefined : named
    region_id = cart?.region_id ?? region_id
    if (cart?.has_address) {
      country_code = cart.country_code ?? undefined
      province = cart.province ?? undefined
    }
  }
  const region = regions.find(region_id || (store.default_region_id ?? ""))
  if (!region) return undefined

  const customer = await customerOf()
  const customer_groups = customer ? await readGroups(database.sql, customer) : undefined
  const address = region.automatic_taxes && country_code ? { country_code, province_code: province ?? null } : undefined
  const { id, currency_code } = region
  return {
    key: JSON.stringify([id, currency_code, customer_groups, address]),
    pricing: pricingContext({ currency_code, region_id: id, ...(customer_groups ? { customer_groups } : {}) }),
    ...(address ? { address } : {}),
  }
}

/** A session, or a token that is signed in another way than ours. */
export function onlyMedusaKnows(c: Context<Counter>): boolean {
  return Boolean(c.req.header("cookie")?.includes("connect.sid")) || isForeign(c.req.header("authorization"))
}

export async function customerOfToken(
  c: Context<Counter>,
  { jwtSecret }: Services["config"],
): Promise<string | undefined> {
  const actor = await readToken(c.req.header("authorization"), jwtSecret)
  return actor?.actor_type === "customer" && actor.actor_id ? actor.actor_id : undefined
}

/** @returns undefined when to Medusa nobody in particular asks */
export async function customerOfMedusa(
  c: Context<Counter>,
  { medusaUrl }: Services["config"],
): Promise<string | undefined> {
  const names = ["cookie", "authorization", "x-publishable-api-key"]
  const given = Object.fromEntries(names.map((name) => [name, c.req.header(name)]))
  const { status, text } = await askMedusa(medusaUrl, "/store/customers/me?fields=id", given)
  if (status === 200) return (JSON.parse(text) as { customer: { id: string } }).customer.id
  // No session of a customer, or of one who is no more.
  if (status === 401 || status === 404) return undefined
  throw new MedusaUnavailable("Medusa, which knows this session, does not say whose it is. Try again in a moment.")
}

type Sql = Services["database"]["sql"]

async function readCart(sql: Sql, id: string) {
  const [cart] = await sql<
    {
      owner: string | null
      region_id: string | null
      has_address: boolean
      country_code: string | null
      province: string | null
    }[]
  >`
    select ${ownerOfRow(sql)} as owner, cart.region_id, address.id is not null as has_address, address.country_code, address.province
    from cart left join cart_address address on address.id = cart.shipping_address_id and address.deleted_at is null
    where cart.id = coalesce((select cart_id from mostrador.cart_alias where id = ${id}), ${id})
      and cart.deleted_at is null`
  return cart
}

/** @source Medusa 2.21 `set-pricing-context.js`: of a customer who was deleted, while his token lives, the groups remain */
async function readGroups(sql: Sql, customerId: string): Promise<string[]> {
  const rows = await sql<{ id: string }[]>`
    select customer_group.id from customer_group_customer link
    join customer_group on customer_group.id = link.customer_group_id and customer_group.deleted_at is null
    where link.customer_id = ${customerId} and link.deleted_at is null order by customer_group.id`
  return rows.map((row) => row.id)
}

/** Whether nobody in particular asks, so that anybody else would get the same answer. */
export function isForEveryone(c: Context<Counter>, query: ShopperQuery): boolean {
  return c.req.header("authorization") === undefined && query.cart_id === undefined
}
