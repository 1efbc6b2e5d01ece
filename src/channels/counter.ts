import type { HttpBindings } from "@hono/node-server"
import type { Catalog } from "../commerce/catalog/index.ts"
import type { Channel, Channels } from "../commerce/channels/index.ts"
import type { Currencies } from "../commerce/currencies/index.ts"
import type { OrderTeller } from "../commerce/orders/index.ts"
import type { Payments } from "../commerce/payments/index.ts"
import type { PoliciesHolder } from "../commerce/policies/index.ts"
import type { Pricing } from "../commerce/pricing/index.ts"
import type { Promotions } from "../commerce/promotions/index.ts"
import type { Regions } from "../commerce/regions/index.ts"
import type { MeilisearchSearch, Search, SearchTokens } from "../commerce/search/index.ts"
import type { Shipping } from "../commerce/shipping/index.ts"
import type { Role, Staff } from "../commerce/staff/index.ts"
import type { Store } from "../commerce/store/index.ts"
import type { Tax } from "../commerce/tax/index.ts"
import type { Categories, Collections, Tags, Types } from "../commerce/taxonomy/index.ts"
import type { KnownTill, TillSession } from "../commerce/tills/index.ts"
import type { Webhooks } from "../commerce/webhooks/index.ts"
import type { Config } from "../config.ts"
import type { Attempts } from "../platform/attempts/index.ts"
import type { PublishableKey, PublishableKeys, SignedLinks } from "../platform/auth/index.ts"
import type { ChangeFeed } from "../platform/changes/index.ts"
import type { Database, LockConnections, Pipelines } from "../platform/db/index.ts"
import type { Log } from "../platform/log.ts"
import type { Metrics } from "../platform/observe/metrics.ts"
import type { Turns } from "../platform/turns.ts"
import type { Desk } from "./desk.ts"
import type { CartPositions, CartStreams, CatalogStreams, OrderStreams } from "./live/index.ts"

/** How a request was answered: by a lane of ours, by Medusa, or by what only the counter has (health, docs, files). */
export type Way = "lane" | "passthrough" | "own"

/**
 * What the routes of every channel find in their context (Hono's environment). Where every request comes by, it is read
 * by `c.get`: `c.var` makes an object of all of it each time.
 */
export interface Counter {
  Bindings: HttpBindings
  Variables: {
    requestId: string
    log: Log
    way: Way
    /** The route's pattern, never the raw path: ids in paths open carts, and would be personal data in logs. */
    route: string
    /** The answer is a stream of events, which stays open for as long as its client likes. */
    isStream: boolean
    publishableKey: PublishableKey
    /** Of the cart that has survived, where the one in the path was merged into it. */
    cartId: string | undefined
    /** What Medusa is asked for instead of what stands in the request; without its query. */
    medusaPath: string | undefined
    /** Whose the session is, as Medusa has said; null for nobody's, undefined while it has not been asked. */
    sessionCustomer: string | null | undefined
    /** The customer whom Medusa has let in by this very request, whoever he was to it before. */
    loggedIn: string | undefined
    /** Who of the shop's staff asks: the same name for the same log-in, of which it gives nothing away. */
    adminName: string
    /** The one that the request came by, where it is one of ours: by its publishable key, or by who works at it. */
    channel: Channel | undefined
    /** Of a device that has shown its token. */
    till: KnownTill
    /** Who works at the till, or at the telephone. */
    staff: Staff
    /** The till's counter or the agent's telephone, where staff ask; carts answer to what has come there. */
    desk: Desk | undefined
    /** Since when, and until when, he is signed in at the till. */
    shift: TillSession | undefined
    /** A user of Medusa's admin, where his token or session says who he is. */
    adminId: string | undefined
    /** Of a user who is staff here; nobody else's than a supervisor's comes this far. */
    adminRole: Role | undefined
    /** The request's body, where something had to see all of it first; its stream has nothing more then. */
    wholeBody: Buffer | undefined
  }
}

/** What one counter process holds, made at its start and given to every channel. */
export interface Services {
  config: Config
  log: Log
  metrics: Metrics
  database: Database
  pipelines: Pipelines
  locks: LockConnections
  turns: Turns
  feed: ChangeFeed
  publishableKeys: PublishableKeys
  channels: Channels
  regions: Regions
  store: Store
  pricing: Pricing
  tax: Tax
  shipping: Shipping
  promotions: Promotions
  catalog: Catalog
  currencies: Currencies
  categories: Categories
  collections: Collections
  tags: Tags
  types: Types
  search: Search
  /** Absent: the search runs on Postgres alone. */
  meilisearch: MeilisearchSearch | undefined
  searchTokens: SearchTokens | undefined
  streams: CatalogStreams
  orderStreams: OrderStreams
  cartStreams: CartStreams
  cartPositions: CartPositions
  orders: OrderTeller
  policies: PoliciesHolder
  /** Open an order to whoever holds one. */
  orderLinks: SignedLinks
  /** What could be guessed is counted. */
  attempts: Attempts
  /** Absent: only offline payment is offered. */
  payments: Payments | undefined
  webhooks: Webhooks
}
