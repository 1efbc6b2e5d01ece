import type { OpenAPIHono } from "@hono/zod-openapi"
import type { Counter, Services } from "../counter.ts"
import { addOwnRoute } from "../store/own.ts"
import { feedCatalog } from "./catalog-feed.ts"
import { streamCatalog } from "./catalog-stream.ts"

export { type CartPositions, cartPositions } from "./cart-position.ts"
export { type CartStreams, openCartStreams } from "./cart-streams.ts"
export { type CatalogStreams, openCatalogStreams } from "./catalog-streams.ts"
export { type OrderStreams, openOrderStreams } from "./order-streams.ts"
export { streamRoom } from "./room.ts"

/** What devices follow as it happens, and load to keep. */
export function addLive(app: OpenAPIHono<Counter>, services: Services): void {
  addOwnRoute(app, services, streamCatalog(services))
  addOwnRoute(app, services, feedCatalog(services))
}
