import type { OpenAPIHono } from "@hono/zod-openapi"
import type { Counter, Services } from "../counter.ts"
import type { Passthrough } from "../passthrough/index.ts"
import { addCatalogSearch } from "./catalog/index.ts"
import { addLane } from "./lane.ts"
import { createProducts, getProduct, listProducts } from "./products/index.ts"
import { getRegion, listRegions } from "./regions.ts"
import { addSearch } from "./search/index.ts"

/** The lanes of Medusa's Store API. What is not here is passed through. */
export function addStoreLanes(app: OpenAPIHono<Counter>, services: Services, passthrough: Passthrough): void {
  const products = createProducts(services)
  addLane(app, services, passthrough, listProducts(services, products))
  addLane(app, services, passthrough, getProduct(services, products))
  addLane(app, services, passthrough, listRegions(services))
  addLane(app, services, passthrough, getRegion(services))
  addSearch(app, services, passthrough)
  addCatalogSearch(app, services)
}
