import { type OpenAPIHono, z } from "@hono/zod-openapi"
import type { Counter, Services } from "../counter.ts"
import { error, json } from "../described.ts"
import { WireError } from "../errors.ts"
import { IdempotencyErrors, IdempotencyHeaders } from "../idempotency.ts"
import { readAs } from "../read-as.ts"
import { forAdmins } from "../security.ts"
import { issueOrderLink, LINK_DAYS, OrderToken } from "../store/index.ts"
import { doneOnce } from "./once.ts"
import { notAdmin } from "./room.ts"

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
      return c.json({ access_link: link }, 200, { "Cache-Control": "no-store" })
    })
  })
  app.openAPIRegistry.registerPath({
    ...{ method: "post", path: "/admin/omnichannel/orders/{id}/access-link" },
    ...{ security: forAdmins, summary: "Get a token with which a shopper follows his order" },
    description: `For links in e-mails: whoever has it may see what happens to the order, and cancel it, for ${LINK_DAYS} days unless \`days\` says otherwise.`,
    request: {
      params: z.object({ id: z.string().openapi({ example: "order_01M7ZRVFH8HMMAP027Z42YKK0G" }) }),
      headers: IdempotencyHeaders,
      body: json(Body),
    },
    responses: {
      200: { description: "The token.", ...json(z.object({ access_link: OrderToken })) },
      400: error("A value is wrong: the message says which."),
      ...notAdmin,
      404: error("There is no such order."),
      ...IdempotencyErrors,
    },
  })
}
