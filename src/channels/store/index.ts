import type { OpenAPIHono } from "@hono/zod-openapi"
import type { Counter, Services } from "../counter.ts"
import type { Passthrough } from "../passthrough/index.ts"
import {
  addCartChanges,
  addHandoffs,
  addStreamTicket,
  cartHistory,
  customersCart,
  getCart,
  streamCart,
} from "./carts/index.ts"
import { searchCatalog } from "./catalog/index.ts"
import { enterChannel } from "./channel.ts"
import { getCollection, listCollections } from "./collections.ts"
import { getCurrency, listCurrencies } from "./currencies.ts"
import { addLane } from "./lane.ts"
import { addOrderAccess, addOrderCancel, getOrder, listOrders, orderTimeline, streamOrder } from "./orders/index.ts"
import { addOwnRoute } from "./own.ts"
import { addPaymentCollections } from "./payment-collections.ts"
import { getPolicies } from "./policies.ts"
import { getCategory, listCategories } from "./product-categories.ts"
import { getTag, listTags } from "./product-tags.ts"
import { getType, listTypes } from "./product-types.ts"
import { createProducts, createVariants, getProduct, getVariant, listProducts, listVariants } from "./products/index.ts"
import { getRegion, listRegions } from "./regions.ts"
import { addSearch } from "./search/index.ts"
import { addSearchToken } from "./search-token.ts"
import { listShippingOptions } from "./shipping-options.ts"
import { lookUpVariant, variantAvailability } from "./variants/index.ts"
import { refuseZeroBytes } from "./zero-bytes.ts"

export * from "./carts/index.ts"
export { OWN_HEADER, ownToken } from "./channel.ts"
export { answeredOnce } from "./idempotency.ts"
export { KEY_HEADER } from "./lane.ts"
export { issueOrderLink, LINK_DAYS, OrderToken, selectOrder } from "./orders/index.ts"
export { Policies } from "./policies.ts"
export { throughMedusa } from "./through-medusa.ts"
export { bringVariant, findByCode } from "./variants/index.ts"

/** The lanes of Medusa's Store API. What is not here is passed through. */
export function addStoreLanes(app: OpenAPIHono<Counter>, services: Services, passthrough: Passthrough): void {
  app.use(refuseZeroBytes(services))
  app.use(enterChannel(services))
  const products = createProducts(services)
  addLane(app, services, passthrough, listProducts(services, products))
  addLane(app, services, passthrough, getProduct(services, products))
  const variants = createVariants(services)
  addLane(app, services, passthrough, listVariants(services, variants))
  addLane(app, services, passthrough, getVariant(services, variants))
  addLane(app, services, passthrough, listRegions(services))
  addLane(app, services, passthrough, getRegion(services))
  addLane(app, services, passthrough, listCategories(services))
  addLane(app, services, passthrough, getCategory(services))
  addLane(app, services, passthrough, listCollections(services))
  addLane(app, services, passthrough, getCollection(services))
  addLane(app, services, passthrough, listTags(services))
  addLane(app, services, passthrough, getTag(services))
  addLane(app, services, passthrough, listTypes(services))
  addLane(app, services, passthrough, getType(services))
  addLane(app, services, passthrough, listCurrencies(services))
  addLane(app, services, passthrough, getCurrency(services))
  addLane(app, services, passthrough, getCart(services))
  addOwnRoute(app, services, customersCart(services, passthrough))
  addCartChanges(app, services, passthrough)
  addHandoffs(app, services)
  addOwnRoute(app, services, streamCart(services))
  addStreamTicket(app, services)
  addOwnRoute(app, services, cartHistory(services))
  addPaymentCollections(app, services, passthrough)
  addLane(app, services, passthrough, listShippingOptions(services))
  addLane(app, services, passthrough, listOrders(services))
  addLane(app, services, passthrough, getOrder(services))
  addOwnRoute(app, services, orderTimeline(services))
  addOwnRoute(app, services, streamOrder(services))
  addOrderAccess(app, services)
  addOrderCancel(app, services)
  addOwnRoute(app, services, getPolicies(services))
  addSearchToken(app, services)
  addSearch(app, services, passthrough)
  addOwnRoute(app, services, searchCatalog(services))
  addOwnRoute(app, services, lookUpVariant(services))
  addOwnRoute(app, services, variantAvailability(services))
}
