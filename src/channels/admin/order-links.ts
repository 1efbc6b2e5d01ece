import { type OpenAPIHono, z } from "@hono/zod-openapi"
import type { Counter, Services } from "../counter.ts"
import { routesOf } from "../document.ts"
import { WireError } from "../errors.ts"
import { readAs } from "../read-as.ts"
import { issueOrderLink, LINK_DAYS, OrderToken } from "../store/index.ts"
import { doneOnce } from "./once.ts"
import { adminRoom } from "./room.ts"

const PATH = "/admin/omnichannel/orders/:id/access-link"
const MOST_DAYS = 366

const Body = z.object({ days: z.number().int().min(1).max(MOST_DAYS).default(LINK_DAYS) }).strict()

/** Tokens that staff, and who writes the shop's e-mails, give to an order's shopper. */
export function addOrderLinks(app: OpenAPIHono<Counter>, services: Services): void {
  app.post(PATH, async (c) => {
    c.set("route", PATH)
    return await doneOnce(c, services, async () => {
      const id = c.req.param("id")
      const { days } = await readAs(c, Body)
      const link = id.includes("\0") ? undefined : await issueOrderLink(services, id, days)
      if (!link) throw new WireError(404, "not_found", `Order id not found: ${id}`)
      return c.json({ access_link: link })
    })
  })
}

const room = adminRoom("/admin/omnichannel/orders", {
  id: z.string().openapi({ example: "order_01M7ZRVFH8HMMAP027Z42YKK0G" }),
})

export const orderLinkRoutes = routesOf(room, [
  {
    ...{ method: "post", path: "/{id}/access-link", body: Body.optional() },
    summary: "Get a token with which a shopper follows his order",
    description: `For links in e-mails: whoever has it may see what happens to the order, and cancel it, for ${LINK_DAYS} days unless \`days\` says otherwise.`,
    answer: { description: "The token.", schema: z.object({ access_link: OrderToken }) },
    errors: { 404: "There is no such order." },
  },
])
