import { type OpenAPIHono, z } from "@hono/zod-openapi"
import { actorNames, HISTORY_LANGUAGES } from "../../commerce/carts/index.ts"
import type { Counter, Services } from "../counter.ts"
import { routesOf } from "../document.ts"
import { languageOf } from "../language.ts"
import { readParameters } from "../parameters.ts"
import { cartOfStaff, HistoryEntry, HistoryQuery, historyPage, shownEntry } from "../store/index.ts"
import { adminRoom } from "./room.ts"

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
    return c.json({ cart_id, history, cursor }, 200, { "Content-Language": language })
  })
}

export const cartHistoryRoutes = routesOf(adminRoom("/admin/omnichannel/carts"), [
  {
    ...{ method: "get", path: "/{id}/history", summary: "Look up who has done what to a cart", query: HistoryQuery },
    description: "As `GET /store/carts/{id}/history`, with who it was.",
    answer: {
      description: "A page; `cursor` is for the next one, null at the end.",
      schema: z.object({ cart_id: z.string(), history: z.array(Entry), cursor: z.string().nullable() }),
    },
    errors: { 404: "There is no such cart." },
  },
])
