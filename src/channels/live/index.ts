import type { OpenAPIHono, z } from "@hono/zod-openapi"
import type { Counter, Services } from "../counter.ts"
import { addOwnRoute, type OwnRoute } from "../store/own.ts"
import { feedCatalog } from "./catalog-feed.ts"
import { streamCatalog } from "./catalog-stream.ts"

export { type CartPositions, cartPositions } from "./cart-position.ts"
export { type CartStreams, openCartStreams } from "./cart-streams.ts"
export { type CatalogStreams, openCatalogStreams } from "./catalog-streams.ts"
export { type OrderStreams, openOrderStreams } from "./order-streams.ts"
export { streamRoom } from "./room.ts"

const routes = (services: Services) => [streamCatalog(services), feedCatalog(services)]

/** All of them, for the typed client. */
export type LiveRoutes = ReturnType<typeof routes>[number]

/** What devices follow as it happens, and load to keep. */
export function addLive(app: OpenAPIHono<Counter>, services: Services): void {
  for (const it of routes(services)) addOwnRoute(app, services, it as OwnRoute<z.ZodObject>)
}
