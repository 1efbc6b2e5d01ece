import type { Hono } from "hono"
import { hc } from "hono/client"
import type { BlankEnv } from "hono/types"
import qs from "qs"
import type { LiveRoutes } from "./channels/live/index.ts"
import type { StoreRoutes } from "./channels/store/index.ts"
import type { SchemaOf } from "./channels/typed.ts"

/** The counter's own routes, as Hono's typed client knows them; from the very schemas that check requests. */
export type AppType = Hono<BlankEnv, SchemaOf<StoreRoutes | LiveRoutes>, "/">

/** What a caller says of himself, beside the key of the shop front. */
export interface Caller {
  /** A customer's, from Medusa's `POST /auth/customer/emailpass`. */
  customerToken?: string
  /** Opens one cart: from `POST /store/handoffs/{code}/claim`, or a link. */
  cartToken?: string
  fetch?: typeof fetch
}

/**
 * A typed client of the counter's store. What only Medusa answers (log-in, an account's addresses) is asked by Medusa's
 * own client, `@medusajs/js-sdk`, at the same address.
 *
 * @param url             where the counter is reached
 * @param publishableKey  `pk_...`, of the shop front
 */
export const mostrador = (url: string, publishableKey: string, { customerToken, cartToken, fetch }: Caller = {}) =>
  hc<AppType>(url, {
    headers: {
      "x-publishable-api-key": publishableKey,
      ...(customerToken === undefined ? {} : { authorization: `Bearer ${customerToken}` }),
      ...(cartToken === undefined ? {} : { "x-cart-token": cartToken }),
    },
    ...(fetch ? { fetch } : {}),
    // As Medusa's client writes filters that have operators, and lists.
    buildSearchParams: (query) => new URLSearchParams(qs.stringify(query)),
  })

export type MostradorClient = ReturnType<typeof mostrador>
