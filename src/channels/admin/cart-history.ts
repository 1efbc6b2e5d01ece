import { type OpenAPIHono, z } from "@hono/zod-openapi"
import { actorNames, HISTORY_LANGUAGES } from "../../commerce/carts/index.ts"
import type { Counter, Services } from "../counter.ts"
import { error, json } from "../described.ts"
import { languageOf } from "../language.ts"
import { readParameters } from "../parameters.ts"
import { forAdmins } from "../security.ts"
import { cartOfStaff, HistoryEntry, HistoryQuery, historyPage, shownEntry } from "../store/index.ts"
import { notAdmin } from "./room.ts"

const PATH = "/admin/omnichannel/carts/:id/history"

const Actor = z.object({
  type: z.string().openapi({ example: "agent" }),
  id: z.string().nullable(),
  name: z.string().nullable().openapi({ description: "Where it is known." }),
  role: z.string().nullable().openapi({ description: "Of staff." }),
})
const Entry = HistoryEntry.extend({ actor: Actor }).openapi("StaffCartHistoryEntry")

/** What has happened to a cart, and by whom, for staff. */
export function addCartHistory(app: OpenAPIHono<Counter>, services: Services): void {
  app.get(PATH, async (c) => {
    c.set("route", PATH)
    const query = readParameters(HistoryQuery.strict(), c.req.url)
    const cart_id = await cartOfStaff(services, c.req.param("id"))
    const language = languageOf(c, HISTORY_LANGUAGES)
    const { events, cursor } = await historyPage(services, cart_id, query)
    const names = await actorNames(services.database.sql, events)
    const history = events.map((it) => {
      const { type, id, role = null } = it.actor
      return { ...shownEntry(it, language), actor: { type, id, name: names.get(id ?? "") ?? null, role } }
    })
    return c.json({ cart_id, history, cursor }, 200, { "Cache-Control": "no-store", "Content-Language": language })
  })
  app.openAPIRegistry.registerPath({
    ...{ method: "get", path: "/admin/omnichannel/carts/{id}/history" },
    ...{ security: forAdmins, summary: "Look up who has done what to a cart" },
    description: "As `GET /store/carts/{id}/history`, with who it was.",
    request: { params: z.object({ id: z.string() }), query: HistoryQuery },
    responses: {
      200: {
        description: "A page; `cursor` is for the next one, null at the end.",
        ...json(z.object({ cart_id: z.string(), history: z.array(Entry), cursor: z.string().nullable() })),
      },
      400: error("A value is wrong: the message says which."),
      ...notAdmin,
      404: error("There is no such cart."),
    },
  })
}
