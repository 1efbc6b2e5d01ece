import type { Context } from "hono"
import { type PricingContext, pricingContext } from "../../../commerce/pricing/index.ts"
import type { TaxAddress } from "../../../commerce/tax/index.ts"
import { isForeign, readToken } from "../../../platform/auth/index.ts"
import type { Counter, Services } from "../../counter.ts"

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
  { config, database, regions, store }: Services,
  query: ShopperQuery,
): Promise<Shopper | undefined> {
  const authorization = c.req.header("authorization")
  if (c.req.header("cookie")?.includes("connect.sid") || isForeign(authorization)) return undefined
  const actor = await readToken(authorization, config.jwtSecret)
  const customer = actor?.actor_type === "customer" && actor.actor_id ? actor.actor_id : undefined

  let { region_id, country_code, province } = query
  if (query.cart_id !== undefined) {
    const cart = await readCart(database.sql, query.cart_id)
    region_id = cart?.region_id ?? region_id
    if (cart?.has_address) {
      country_code = cart.country_code ?? undefined
      province = cart.province ?? undefined
    }
  }
  const region = regions.find(region_id || (store.default_region_id ?? ""))
  if (!region) return undefined

  const customer_groups = customer ? await readGroups(database.sql, customer) : undefined
  const address = region.automatic_taxes && country_code ? { country_code, province_code: province ?? null } : undefined
  const { id, currency_code } = region
  return {
    key: JSON.stringify([id, currency_code, customer_groups, address]),
    pricing: pricingContext({ currency_code, region_id: id, ...(customer_groups ? { customer_groups } : {}) }),
    ...(address ? { address } : {}),
  }
}

type Sql = Services["database"]["sql"]

async function readCart(sql: Sql, id: string) {
  const [cart] = await sql<
    { region_id: string | null; has_address: boolean; country_code: string | null; province: string | null }[]
  >`
    select cart.region_id, address.id is not null as has_address, address.country_code, address.province
    from cart left join cart_address address on address.id = cart.shipping_address_id and address.deleted_at is null
    where cart.id = ${id} and cart.deleted_at is null`
  return cart
}

async function readGroups(sql: Sql, customerId: string): Promise<string[]> {
  const rows = await sql<{ id: string }[]>`
    select customer_group.id from customer_group_customer link
    join customer_group on customer_group.id = link.customer_group_id and customer_group.deleted_at is null
    join customer on customer.id = link.customer_id and customer.deleted_at is null
    where link.customer_id = ${customerId} and link.deleted_at is null order by customer_group.id`
  return rows.map((row) => row.id)
}

/** Whether nobody in particular asks, so that anybody else would get the same answer. */
export function isForEveryone(c: Context<Counter>, query: ShopperQuery): boolean {
  return c.req.header("authorization") === undefined && query.cart_id === undefined
}
