import { type OpenAPIHono, z } from "@hono/zod-openapi"
import type { Context } from "hono"
import {
  listSafetyStock,
  removeSafetyStock,
  type SafetyStock,
  setSafetyStock,
  UnknownForSafetyStock,
} from "../../commerce/inventory/index.ts"
import type { Counter, Services } from "../counter.ts"
import { routesOf } from "../document.ts"
import { WireError } from "../errors.ts"
import { readParameters } from "../parameters.ts"
import { readAs } from "../read-as.ts"
import { changeOnce } from "./once.ts"
import { count, id, ids, paged } from "./parameters.ts"
import { adminRoom } from "./room.ts"

const PATH = "/admin/omnichannel/safety-stock"
const MOST_UNITS = 1_000_000
/** As many as a body of the usual size can hold. */
const MOST_ENTRIES = 500
const MOST_ROWS = 1_000

const Entry = z
  .object({
    location_id: id.openapi({ example: "sloc_01M7ZRVFH8HMMAP027Z42YKK0G" }),
    variant_id: id.openapi({ example: "variant_01M7ZRVFH8HMMAP027Z42YKK0G" }),
    quantity: z.number().int().min(0).max(MOST_UNITS).openapi({ description: "0 deletes.", example: 2 }),
  })
  .strict()
const Batch = z.object({ safety_stocks: z.array(Entry).min(1).max(MOST_ENTRIES) }).strict()
const Filter = z
  .object({
    location_id: ids,
    variant_id: ids,
    limit: count(1, MOST_ROWS).openapi({ example: "50" }),
    offset: count(0, 999_999_999).openapi({ example: "0" }),
  })
  .strict()
const Pair = z.object({ location_id: id, variant_id: id }).strict()
const Shown = Entry.extend({ updated_at: z.iso.datetime() }).openapi("SafetyStock")

/** What a location keeps back of a variant for its own counter. */
export function addSafetyStock(app: OpenAPIHono<Counter>, services: Services): void {
  const { sql } = services.database

  /** All or nothing; what a device reads next has it. */
  const set = (
    c: Context<Counter>,
    read: () => Promise<z.output<typeof Entry>[]>,
    show: (written: SafetyStock[]) => Response,
  ): Promise<Response> =>
    changeOnce(c, services, read, async (tx, entries) => {
      const written = await setSafetyStock(tx, entries).catch((error) => {
        if (!(error instanceof UnknownForSafetyStock)) throw error
        throw notFound(error.location_ids, error.variant_ids)
      })
      return show(written)
    })

  app.get(PATH, async (c) => {
    c.set("route", PATH)
    const { limit = 50, offset = 0, ...filter } = readParameters(Filter, c.req.url)
    const { rows, count: all } = await listSafetyStock(sql, filter, { limit, offset })
    return c.json({ safety_stocks: rows, count: all, offset, limit })
  })
  app.post(PATH, async (c) => {
    c.set("route", PATH)
    const read = async () => [await readAs(c, Entry)]
    return await set(c, read, ([written]) => c.json({ safety_stock: written }))
  })
  app.post(`${PATH}/batch`, async (c) => {
    c.set("route", `${PATH}/batch`)
    return await set(
      c,
      async () => {
        const { safety_stocks } = await readAs(c, Batch)
        const pairs = safety_stocks.map((it) => `${it.location_id} and ${it.variant_id}`)
        const twice = pairs.find((it, index) => pairs.indexOf(it) !== index)
        if (twice) throw new WireError(400, "invalid_data", `Invalid request: safety_stocks: ${twice} are there twice`)
        return safety_stocks
      },
      (safety_stocks) => c.json({ safety_stocks }),
    )
  })
  app.delete(PATH, async (c) => {
    c.set("route", PATH)
    return await changeOnce(
      c,
      services,
      async () => readParameters(Pair, c.req.url),
      async (tx, { location_id, variant_id }) => {
        if (!(await removeSafetyStock(tx, location_id, variant_id))) {
          throw new WireError(404, "not_found", `Safety stock of variant ${variant_id} at ${location_id} was not found`)
        }
        return c.json({ location_id, variant_id, object: "safety_stock", deleted: true })
      },
    )
  })
}

function notFound(locations: string[], variants: string[]): WireError {
  const said = [
    ...(locations.length > 0 ? [`Stock location with id: ${locations.join(", ")} was not found`] : []),
    ...(variants.length > 0 ? [`Product variant with id: ${variants.join(", ")} was not found`] : []),
  ]
  return new WireError(404, "not_found", said.join("; "))
}

const missing = { 404: "There is no such stock location, variant or safety stock: the message says which." }

export const safetyStockRoutes = routesOf(adminRoom(PATH), [
  {
    ...{ method: "get", path: "", summary: "List safety stock", query: Filter },
    answer: {
      description: "By location and variant.",
      schema: z.object({ safety_stocks: z.array(Shown), ...paged }),
    },
  },
  {
    ...{ method: "post", path: "", summary: "Set safety stock", body: Entry },
    description: "What a location keeps back of a variant for its own counter: no channel offers it.",
    answer: { description: "As it is now.", schema: z.object({ safety_stock: Shown }) },
    errors: missing,
  },
  {
    ...{ method: "post", path: "/batch", summary: "Set safety stock of many", body: Batch },
    description: "All of them, or none when something is wrong.",
    answer: { description: "As they are now.", schema: z.object({ safety_stocks: z.array(Shown) }) },
    errors: missing,
  },
  {
    ...{ method: "delete", path: "", summary: "Delete safety stock", query: Pair },
    answer: {
      description: "It is gone.",
      schema: Pair.extend({ object: z.literal("safety_stock"), deleted: z.literal(true) }),
    },
    errors: missing,
  },
])
