import type { OpenAPIHono } from "@hono/zod-openapi"
import type { Counter, Services } from "../counter.ts"
import type { Passthrough } from "../passthrough/index.ts"
import { addLane } from "./lane.ts"
import { addOwnRoute } from "./own.ts"
import { createProducts, createVariants, getProduct, getVariant, listProducts, listVariants } from "./products/index.ts"
import { getRegion, listRegions } from "./regions.ts"
import { lookUpVariant, variantAvailability } from "./variants/index.ts"

/** The lanes of Medusa's Store API. What is not here is passed through. */
export function addStoreLanes(app: OpenAPIHono<Counter>, services: Services, passthrough: Passthrough): void {
  const products = createProducts(services)
  addLane(app, services, passthrough, listProducts(services, products))
  addLane(app, services, passthrough, getProduct(services, products))
  const variants = createVariants(services)
  addLane(app, services, passthrough, listVariants(services, variants))
  addLane(app, services, passthrough, getVariant(services, variants))
  addLane(app, services, passthrough, listRegions(services))
  addLane(app, services, passthrough, getRegion(services))
  addOwnRoute(app, services, lookUpVariant(services))
  addOwnRoute(app, services, variantAvailability(services))
}
