import type { OpenAPIHono, z } from "@hono/zod-openapi"
import type { Counter, Services } from "../counter.ts"
import type { Passthrough } from "../passthrough/index.ts"
import {
  addCartOperations,
  addChangeLane,
  addStreamTicket,
  type ChangeLane,
  cartChanges,
  cartHistory,
  claimCart,
  customersCart,
  getCart,
  handOffCart,
  type issueStreamTicket,
  type operateOnCart,
  streamCart,
} from "./carts/index.ts"

import { searchCatalog } from "./catalog/index.ts"
import { enterChannel } from "./channel.ts"
import { getCollection, listCollections } from "./collections.ts"
import { getCurrency, listCurrencies } from "./currencies.ts"
import { addLane, type Lane } from "./lane.ts"
import { addLogIns } from "./log-in.ts"
import { getOrder, listOrders, orderAccess, orderCancel, orderTimeline, streamOrder } from "./orders/index.ts"
import { addOwnRoute, type OwnRoute } from "./own.ts"
import { addOwnAction, type OwnAction } from "./own-action.ts"
import { paymentCollections } from "./payment-collections.ts"
import { getPolicies } from "./policies.ts"
import { getCategory, listCategories } from "./product-categories.ts"
import { getTag, listTags } from "./product-tags.ts"
import { getType, listTypes } from "./product-types.ts"
import { createProducts, createVariants, getProduct, getVariant, listProducts, listVariants } from "./products/index.ts"
import { getRegion, listRegions } from "./regions.ts"
import { addSearch, type searchProducts } from "./search/index.ts"
import { addSearchToken, type issueToken } from "./search-token.ts"
import { listShippingOptions } from "./shipping-options.ts"
import { lookUpVariant, variantAvailability } from "./variants/index.ts"

export { expectedVersion } from "./cart-versions.ts"
export * from "./carts/index.ts"
export { OWN_HEADER, ownToken } from "./channel.ts"
export { answeredOnce, keyedRequest } from "./idempotency.ts"
export { KEY_HEADER } from "./lane.ts"
export { issueOrderLink, LINK_DAYS, OrderToken, ordersOfMedusa, selectOrder } from "./orders/index.ts"
export { Policies } from "./policies.ts"
export { ShippingOptions, ShippingOptionsQuery, shippingOptionsOf } from "./shipping-options.ts"
export { throughMedusa } from "./through-medusa.ts"
export { bringVariant, findByCode } from "./variants/index.ts"

/** What Medusa's Store API has, and the counter reads itself. */
function lanes(services: Services) {
  const products = createProducts(services)
  const variants = createVariants(services)
  return [
    ...[listProducts(services, products), getProduct(services, products)],
    ...[listVariants(services, variants), getVariant(services, variants)],
    ...[listRegions(services), getRegion(services)],
    ...[listCategories(services), getCategory(services)],
    ...[listCollections(services), getCollection(services)],
    ...[listTags(services), getTag(services)],
    ...[listTypes(services), getType(services)],
    ...[listCurrencies(services), getCurrency(services)],
    ...[getCart(services), listShippingOptions(services)],
    ...[listOrders(services), getOrder(services)],
  ]
}

/** What Medusa's Store API has, and the counter changes itself. */
const changes = (services: Services) => [...cartChanges(services), ...paymentCollections(services)]

/** What only the counter has. */
const ownRoutes = (services: Services, passthrough: Passthrough) => [
  ...[customersCart(services, passthrough), streamCart(services), cartHistory(services)],
  ...[orderTimeline(services), streamOrder(services), getPolicies(services)],
  ...[searchCatalog(services), lookUpVariant(services), variantAvailability(services)],
]

const ownActions = (services: Services) => [
  ...[handOffCart(services), claimCart(services)],
  ...[orderAccess(services), orderCancel(services)],
]

/** All of them, for the typed client. */
export type StoreRoutes =
  | ReturnType<typeof lanes | typeof changes | typeof ownRoutes | typeof ownActions>[number]
  | typeof searchProducts
  | typeof issueToken
  | typeof issueStreamTicket
  | typeof operateOnCart

/** The lanes of Medusa's Store API, and what stands beside it. What is not here is passed through. */
export function addStoreLanes(app: OpenAPIHono<Counter>, services: Services, passthrough: Passthrough): void {
  app.use(enterChannel(services))
  // Each of another type: what one does with its query is nobody else's affair.
  for (const it of lanes(services)) addLane(app, services, passthrough, it as Lane<z.ZodObject>)
  for (const it of changes(services)) addChangeLane(app, services, passthrough, it as ChangeLane<unknown>)
  for (const it of ownRoutes(services, passthrough)) addOwnRoute(app, services, it as OwnRoute<z.ZodObject>)
  for (const it of ownActions(services)) addOwnAction(app, services, it as OwnAction)
  addLogIns(app, services, passthrough)
  addStreamTicket(app, services)
  addCartOperations(app, services)
  addSearchToken(app, services)
  addSearch(app, services, passthrough)
}
