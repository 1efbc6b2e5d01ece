import type { OpenAPIHono } from "@hono/zod-openapi"
import type { Channel } from "../../commerce/channels/index.ts"
import type { Counter, Services } from "../counter.ts"
import { requireCashier, requireTill, SESSION_HEADER } from "./require-till.ts"

const PATH = "/pos/me"

/** Which till a device is, and who stands at it. */
export function addMe(app: OpenAPIHono<Counter>, services: Services): void {
  const asTill = requireTill(services)
  const asCashier = requireCashier(services)
  app.get(
    PATH,
    (c, next) => (c.req.header(SESSION_HEADER) === undefined ? asTill(c, next) : asCashier(c, next)),
    (c) => {
      c.set("route", PATH)
      const { id, name, stock_location_id, location_name } = c.get("till")
      const { staff = null, ...session } = c.get("shift") ?? {}
      return c.json({
        till: { id, name },
        location: { id: stock_location_id, name: location_name },
        channel: shownChannel(c.get("channel")),
        cashier: staff,
        session: staff && session,
      })
    },
  )
}

/** The channel, as those see it who work in it. */
export function shownChannel(channel: Channel | undefined) {
  if (!channel) return null
  const { id, name, kind, sales_channel_id, may } = channel
  return { id, name, kind, sales_channel_id, may }
}
