import { type OpenAPIHono, z } from "@hono/zod-openapi"
import type { Counter, Services } from "../counter.ts"
import { documentRoutes, routesOf } from "../document.ts"
import { DeskChannel, StaffShown, shownChannel } from "../pos/index.ts"
import { openRoom } from "../room.ts"
import { withOne } from "../security.ts"
import { addAgentCarts, agentCartRoutes } from "./carts/index.ts"
import { CHANNEL_HEADER, requireAgent } from "./require-agent.ts"

export { byAgent, requireAgent } from "./require-agent.ts"

const PREFIX = "/agent"
const Me = z.object({ agent: StaffShown, channel: DeskChannel })

/** The agent's desk, on the telephone. */
export function addAgent(app: OpenAPIHono<Counter>, services: Services): void {
  openRoom(app, PREFIX, services.config.cors.admin)
  app.get("/agent/me", requireAgent(services), (c) => {
    c.set("route", "/agent/me")
    return c.json({ agent: c.get("staff"), channel: shownChannel(c.get("channel")) })
  })

  addAgentCarts(app, services)
  documentRoutes(app, ROUTES)
}

const security = withOne("agentToken")
const headers = z.object({
  [CHANNEL_HEADER]: z.string().optional().openapi({
    description: "Which one, where the shop has several channels by telephone; else the first that is open.",
    example: "chan_01M7ZRVFH8HMMAP027Z42YKK0G",
  }),
})
const errors = {
  400: "There is no such channel.",
  401: "The caller is not logged in with a user's token (`log_in_required`).",
  403: "The caller is no agent (`role_not_allowed`), or the channel is closed (`channel_inactive`) or not for that (`channel_not_allowed`).",
}

const ROUTES = routesOf({ path: "/agent", security, headers, errors }, [
  {
    ...{ method: "get", path: "/me", operationId: "getAgent", summary: "Get who works at the telephone" },
    answer: { description: "The agent and the channel.", schema: Me },
  },
  ...agentCartRoutes(security),
])

/** All of them, for the typed client. */
export type AgentRoutes = typeof ROUTES
