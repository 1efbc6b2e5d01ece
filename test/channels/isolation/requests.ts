import { randomUUID } from "node:crypto"
import { demo } from "../../support/counter.ts"
import { guest, type Headers } from "../../support/desks.ts"
import type { Cast } from "./cast.ts"
import type { Asked, Operation } from "./document.ts"
import { GUESTS_EMAIL, SAID, type Things } from "./things.ts"

/** For whom a request is filled: with what is Ana's, with what a guest has, or with what only somebody else may use. */
export type For = "ana" | "guest" | "stranger"

/** One more parameter of somebody's in a path is one more line here: until then the test of its route fails. */
interface InPath {
  value(things: Things, who: For): Promise<string> | string
  /** It is Ana's, and to anybody else as if it did not exist. */
  isOwned?: boolean
}

const own = (value: InPath["value"]): InPath => ({ value, isOwned: true })
const shops = (value: InPath["value"]): InPath => ({ value })
const cartFor = (things: Things, who: For) => (who === "guest" ? things.guests() : things.cart())
const orderFor = (things: Things, who: For) => (who === "guest" ? things.guestsOrder() : things.order())

/** By the path up to the parameter. */
export const IN_PATH: Record<string, InPath> = {
  "/store/carts/{id}": own(cartFor),
  "/store/carts/{id}/line-items/{line_id}": own(async (things, who) =>
    things.lineOf("/store", await cartFor(things, who), who === "guest" ? guest() : things.headers.ana),
  ),
  "/store/payment-collections/{id}": own(async (things, who) =>
    things.collection(await cartFor(things, who), who === "guest" ? guest() : things.headers.ana),
  ),
  "/store/orders/{id}": own(orderFor),
  // A stranger has seen a code that is for somebody else.
  "/store/handoffs/{code}": own((things, who) => things.handoff(who === "stranger" ? "pos" : "device")),
  "/pos/handoffs/{code}": own((things, who) => things.handoff(who === "stranger" ? "agent" : "pos")),
  "/agent/handoffs/{code}": own((things, who) => things.handoff(who === "stranger" ? "device" : "agent")),
  "/pos/carts/{id}": own((things) => things.tillCart()),
  "/pos/carts/{id}/line-items/{line_id}": own(async (things) =>
    things.lineOf("/pos", await things.tillCart(), things.headers.cashier),
  ),
  "/agent/customers/{id}": own((things) => things.found()),
  "/agent/carts/{id}": own((things) => things.agentCart()),
  "/agent/carts/{id}/line-items/{line_id}": own(async (things) =>
    things.lineOf("/agent", await things.agentCart(), things.headers.agent),
  ),
  "/admin/omnichannel/carts/{id}": own((things) => things.cart()),
  "/admin/omnichannel/orders/{id}": own((things) => things.order()),
  "/admin/omnichannel/payment-repairs/{id}": own((things) => things.repair()),
  "/admin/omnichannel/webhooks/{id}": own((things) => things.webhook()),
  "/admin/omnichannel/webhooks/{id}/deliveries/{event_id}": own((things) => things.sentEvent()),
  "/admin/omnichannel/channels/{id}": own((things) => things.channel()),
  "/admin/omnichannel/staff/{user_id}": own((things) => things.member()),
  "/admin/omnichannel/tills/{id}": own((things) => things.till()),
  "/store/products/{id}": shops((things) => things.some("product")),
  "/store/product-variants/{id}": shops(() => demo().variants.unmanaged),
  "/store/variants/{id}": shops(() => demo().variants.unmanaged),
  "/store/regions/{id}": shops(() => demo().regions.es),
  "/store/product-categories/{id}": shops((things) => things.some("product_category")),
  "/store/collections/{id}": shops((things) => things.some("product_collection")),
  "/store/product-tags/{id}": shops((things) => things.some("product_tag")),
  "/store/product-types/{id}": shops((things) => things.some("product_type")),
  "/store/currencies/{code}": shops(() => "eur"),
}

/** Parameters of a query that are always given, where a route has them; and all that a route needs. */
const IN_QUERY: Record<string, (things: Things, who: For) => Promise<string> | string> = {
  cart_id: cartFor,
  location_id: async (things) => (await things.safetyStock()).location_id,
  variant_id: async (things) => (await things.safetyStock()).variant_id,
}
const ALWAYS = ["cart_id"]

/** Of what names nobody's things, that which a route asks for. A stranger looks for nobody: who finds somebody may see him. */
const LABELS = { fields: "id,value" }
const QUERIES: Record<string, (things: Things, who: For) => Promise<Record<string, string>>> = {
  "GET /ready": async () => ({ for: "lanes" }),
  // With their products only Medusa shows them.
  "GET /store/product-tags": async () => LABELS,
  "GET /store/product-tags/{id}": async () => LABELS,
  "GET /store/product-types": async () => LABELS,
  "GET /store/product-types/{id}": async () => LABELS,
  "GET /store/variants/lookup": async (things) => ({ sku: await things.code() }),
  "DELETE /admin/omnichannel/staff/{user_id}": async () => ({ makes_administrator: "true" }),
  "GET /pos/carts": async (_, who) => ({
    phone: who === "stranger" ? "600100299" : (demo().customers[1]?.phone ?? ""),
  }),
  "GET /agent/customers": async (_, who) => ({
    phone: who === "stranger" ? "600100299" : (demo().customers[1]?.phone ?? ""),
  }),
}

/** What stands for the ids in the examples of bodies. */
const IN_BODY: Record<string, (things: Things, who: For) => Promise<unknown> | unknown> = {
  cart_id: cartFor,
  variant_id: (things) => things.line.variant_id,
  location_id: async (things) => (await things.safetyStock()).location_id,
  provider_id: () => "pp_system_default",
  promo_codes: (things) => [things.promotion],
  barcode: (things) => things.code(),
  customer_id: (things) => things.found(),
}

/** Bodies of routes of whose examples not all can be done at once, or at all. */
const BODIES: Record<string, (things: Things, who: For) => Promise<unknown>> = {
  "POST /store/carts": async ({ line: { variant_id, quantity } }) => ({
    ...{ region_id: demo().regions.es, items: [{ variant_id, quantity }] },
  }),
  "POST /store/carts/{id}": async () => ({ metadata: { note: SAID.note, at: randomUUID() } }),
  "POST /store/carts/{id}/taxes": async () => ({}),
  "POST /store/carts/{id}/shipping-methods": async (things, who) => {
    const headers = who === "guest" ? guest() : things.headers.ana
    return { option_id: await things.option(await cartFor(things, who), headers) }
  },
  "POST /store/carts/{id}/operations": async ({ line: { variant_id, quantity } }) => ({
    operations: [{ type: "add_line", id: randomUUID(), base_version: 0, variant_id, quantity }],
  }),
  "POST /store/orders/{id}/access": async (_, who) => {
    if (who === "ana") return {}
    return { email: who === "stranger" ? "nobody@tienda.example" : GUESTS_EMAIL }
  },
  "POST /store/search": async () => ({ queries: [{ entity: "product" }] }),
  "POST /pos/pair": async (things, who) => ({ code: who === "stranger" ? "AAAAAAAA" : await things.pairingCode() }),
  "POST /pos/sessions": async (_, who) => {
    const { email, pin } = demo().staff.supervisor
    return { email: who === "stranger" ? "nobody@tienda.example" : email, pin }
  },
  "POST /pos/carts/{id}/pay": async () => ({ tender: "cash", amount: 9_999 }),
  "POST /agent/carts/{id}": async () => ({ metadata: { note: SAID.note, at: randomUUID() } }),
  "POST /agent/carts/{id}/shipping-methods": async (things) => ({
    option_id: await things.option(await things.agentCart(), things.headers.oriol),
  }),
  "POST /admin/omnichannel/webhooks": async ({ receiver }) => ({ url: receiver, event_types: ["order.canceled"] }),
  "POST /admin/omnichannel/webhooks/{id}": async () => ({ description: randomUUID() }),
  "POST /admin/omnichannel/webhooks/{id}/rotate-secret": async () => ({}),
  "POST /admin/omnichannel/webhooks/{id}/replay": async () => ({
    since: new Date(Date.now() - 60_000).toISOString(),
    event_types: ["webhook_endpoint.disabled"],
  }),
  "POST /admin/omnichannel/channels": async () => ({
    ...{ name: randomUUID(), kind: "other", sales_channel_id: demo().channels.web.sales_channel_id },
  }),
  "POST /admin/omnichannel/channels/{id}": async () => ({ name: randomUUID() }),
  "POST /admin/omnichannel/staff": async (things) => ({ user_id: await things.user(), role: "cashier" }),
  "POST /admin/omnichannel/staff/{user_id}": async () => ({ stock_location_ids: [demo().stock_locations.madrid] }),
  "POST /admin/omnichannel/staff/{user_id}/pin": async () => ({ pin: "8264" }),
  "POST /admin/omnichannel/tills": async () => ({
    ...{ name: randomUUID(), stock_location_id: demo().stock_locations.madrid },
    channel_id: demo().channels.pos.channel_id,
  }),
  "POST /admin/omnichannel/tills/{id}": async () => ({ name: randomUUID() }),
  "POST /hooks/stripe": async () => STRIPE_EVENT,
}
/** Of a kind that nothing is done about. As a text: it is signed as it stands. */
export const STRIPE_EVENT = JSON.stringify({
  ...{ id: "evt_1", object: "event", type: "product.created", created: 1_700_000_000, data: { object: {} } },
})

/** Of all that is said here: what speaks of no route, or no part of one, hides a mistake. */
export const SAID_OF = () => [...Object.keys(QUERIES), ...Object.keys(BODIES), ...Object.keys(BEFORE)]

/** What has to be there before a route can do what it is for. */
const BEFORE: Record<string, (things: Things, who: For) => Promise<unknown>> = {
  "POST /store/carts/{id}/complete": async (things, who) =>
    things.payable(await cartFor(things, who), who === "guest" ? guest() : things.headers.ana),
  "POST /agent/carts/{id}/place": async (things) => things.payable(await things.agentCart(), things.headers.oriol),
}

/** A request that is filled with things of Ana's. */
export interface Filled extends Asked {
  operation: Operation
  /** Of what stands in it, that which is hers alone. */
  owned: string[]
}

/**
 * Fills the path, the query and the body of an operation.
 *
 * @throws Error for a parameter of which nobody has said what stands in it
 */
export async function fill(operation: Operation, things: Things, who: For): Promise<Filled> {
  const { name, method, parameters } = operation
  let { path } = operation
  const owned: string[] = []
  await BEFORE[name]?.(things, who)
  for (const [hole, end] of [...path.matchAll(/\{\w+\}/g)].map((it) => [it[0], it.index + it[0].length] as const)) {
    const key = operation.path.slice(0, end)
    const known = IN_PATH[key]
    if (!known) throw new Error(`${name}: what stands in ${key}? Say it in IN_PATH`)
    const value = await known.value(things, who)
    if (known.isOwned) owned.push(value)
    path = path.replace(hole, encodeURIComponent(value))
  }
  const query: Record<string, string> = (await QUERIES[name]?.(things, who)) ?? {}
  for (const { name: parameter, in: place, required } of parameters) {
    if (place !== "query" || !(required || ALWAYS.includes(parameter))) continue
    const value = IN_QUERY[parameter]
    if (!value) throw new Error(`${name}: what stands in the parameter ${parameter}? Say it in IN_QUERY`)
    query[parameter] = await value(things, who)
    if (parameter === "cart_id" && required) owned.push(query[parameter])
  }
  const body = BODIES[name] ? await BODIES[name](things, who) : await filledBody(name, operation.body, things, who)
  const inBody = body as Record<string, string> | undefined
  owned.push(...["cart_id", "customer_id"].flatMap((it) => inBody?.[it] ?? []))
  const headers: Headers = {}
  return { operation, method, path, query, headers, owned, ...(body === undefined ? {} : { body }) }
}

/** The document's own example, with what there is in this shop. */
async function filledBody(name: string, example: unknown, things: Things, who: For): Promise<unknown> {
  if (Array.isArray(example)) return await Promise.all(example.map((it) => filledBody(name, it, things, who)))
  if (typeof example !== "object" || example === null) return example
  const all = Object.entries(example).map(async ([key, value]) => {
    const known = IN_BODY[key]
    if (known) return [key, await known(things, who)]
    if (/(^|_)ids?$/.test(key)) throw new Error(`${name}: what stands in the body's ${key}? Say it in IN_BODY`)
    return [key, await filledBody(name, value, things, who)]
  })
  return Object.fromEntries(await Promise.all(all))
}

/** What is shown for a scheme of the document, by who is let in: headers, or parameters of the query. */
export interface Shown {
  headers?: Headers
  query?: Record<string, string>
}

/** How each scheme is shown by who may, for what a request is about. Of one more scheme it is said here, too. */
export const SCHEMES: Record<string, (things: Things, cast: Cast, asked: Filled) => Promise<Shown> | Shown> = {
  publishableKey: () => ({ headers: guest() }),
  customerToken: (_, { ana }) => ({ headers: ana }),
  cartToken: async (things, _, { path }) => {
    const isOrders = path.startsWith("/store/orders/")
    const token = isOrders ? await things.claimOfOrder() : await things.cartToken(await things.cart())
    return { headers: { "x-cart-token": token } }
  },
  orderToken: async (things) => ({ headers: { "x-order-token": await things.orderToken() } }),
  streamTicket: async (things, { ana, cashier, agent }, { path }) => {
    const [, room, , id = ""] = path.split("/")
    const headers = { store: ana, pos: cashier, agent }[room ?? ""] ?? {}
    return { query: { ticket: await things.ticket(`/${room}` as "/store", id, headers) } }
  },
  adminToken: (_, { boss }) => ({ headers: boss }),
  tillToken: (_, { madrid }) => ({ headers: madrid.headers }),
  tillSession: (_, { cashier }) => ({ headers: { "x-till-session": cashier["x-till-session"] ?? "" } }),
  agentToken: (_, { agent }) => ({ headers: agent }),
  stripeSignature: (things) => ({ headers: { "stripe-signature": things.stripeSignature(STRIPE_EVENT) } }),
}
