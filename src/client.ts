import type { Hono } from "hono"
import { hc } from "hono/client"
import type { BlankEnv, Schema } from "hono/types"
import qs from "qs"
import type { AdminRoutes } from "./channels/admin/index.ts"
import type { AgentRoutes } from "./channels/agent/index.ts"
import type { HookRoutes } from "./channels/hooks/index.ts"
import type { LiveRoutes } from "./channels/live/index.ts"
import type { OperationRoutes } from "./channels/operations/index.ts"
import type { PosRoutes } from "./channels/pos/index.ts"
import type { StoreRoutes } from "./channels/store/index.ts"
import type { SchemaOf } from "./channels/typed.ts"

/** Routes of the counter, as Hono's typed client knows them; from the very schemas that check requests. */
type App<Routes extends Schema> = Hono<BlankEnv, Routes, "/">

/** All of the counter's own routes: for Hono's `hc`, where none of the clients below fits. */
export type AppType = App<
  SchemaOf<StoreRoutes | LiveRoutes | PosRoutes | AgentRoutes | AdminRoutes | HookRoutes | OperationRoutes>
>

interface Client {
  /** In the place of the platform's own. */
  fetch?: typeof fetch
}

/** What a caller says of himself, beside the key of the shop front. */
export interface Caller extends Client {
  /** A customer's, from Medusa's `POST /auth/customer/emailpass`. */
  customerToken?: string
  /** Opens one cart: from `POST /store/handoffs/{code}/claim`, or a link. */
  cartToken?: string
}

/**
 * A typed client of the counter's store. What only Medusa answers (log-in, an account's addresses) is asked by Medusa's
 * own client, `@medusajs/js-sdk`, at the same address.
 *
 * @param url             where the counter is reached
 * @param publishableKey  `pk_...`, of the shop front
 */
export const mostrador = (url: string, publishableKey: string, { customerToken, cartToken, fetch }: Caller = {}) =>
  hc<App<SchemaOf<StoreRoutes | LiveRoutes>>>(
    url,
    options(fetch, {
      "x-publishable-api-key": publishableKey,
      authorization: bearer(customerToken),
      "x-cart-token": cartToken,
    }),
  )

export type MostradorClient = ReturnType<typeof mostrador>

/** What a till shows. A device that is none yet has nothing, and pairs: `POST /pos/pair`. */
export interface Till extends Client {
  /** The device's, from `POST /pos/pair`. */
  token?: string
  /** Of who has signed in, from `POST /pos/sessions`. */
  session?: string
}

/** A typed client of a till. */
export const till = (url: string, { token, session, fetch }: Till = {}) =>
  hc<App<SchemaOf<PosRoutes>>>(url, options(fetch, { authorization: bearer(token), "x-till-session": session }))

export type TillClient = ReturnType<typeof till>

/** Who is at the telephone. */
export interface Agent extends Client {
  /** An agent's or a supervisor's, from Medusa's `POST /auth/user/emailpass`. */
  token: string
  /** Which channel he works in, where the shop has several by telephone. */
  channelId?: string
}

/** A typed client of the telephone desk. */
export const agent = (url: string, { token, channelId, fetch }: Agent) =>
  hc<App<SchemaOf<AgentRoutes>>>(url, options(fetch, { authorization: bearer(token), "x-channel-id": channelId }))

export type AgentClient = ReturnType<typeof agent>

/** Who runs the shop: one of the two, or neither, where `fetch` sends the dashboard's session. */
export interface Admin extends Client {
  /** A user's, from Medusa's `POST /auth/user/emailpass`. */
  token?: string
  /** `sk_...`, of a program. */
  secretKey?: string
}

/** A typed client of what a merchant decides of the counter's own. Medusa's admin is asked by Medusa's client. */
export const admin = (url: string, { token, secretKey, fetch }: Admin) =>
  hc<App<SchemaOf<AdminRoutes>>>(
    url,
    options(fetch, {
      authorization: secretKey === undefined ? bearer(token) : `Basic ${btoa(`${secretKey}:`)}`,
    }),
  )

export type AdminClient = ReturnType<typeof admin>

const bearer = (token: string | undefined) => (token === undefined ? undefined : `Bearer ${token}`)

const options = (given: typeof fetch | undefined, headers: Record<string, string | undefined>) => ({
  headers: Object.fromEntries(Object.entries(headers).filter((it): it is [string, string] => it[1] !== undefined)),
  ...(given ? { fetch: given } : {}),
  // As Medusa's client writes filters that have operators, and lists.
  buildSearchParams: (query: object) => new URLSearchParams(qs.stringify(query)),
})
