import { type OpenAPIHono, z } from "@hono/zod-openapi"
import { listLevels } from "../../commerce/inventory/index.ts"
import type { Counter, Services } from "../counter.ts"
import { routesOf } from "../document.ts"
import { readParameters } from "../parameters.ts"
import { count, ids, paged } from "./parameters.ts"
import { adminRoom } from "./room.ts"

const PATH = "/admin/omnichannel/stock"
const MOST_ROWS = 1_000

const Filter = z
  .object({
    ...{ inventory_item_id: ids, variant_id: ids, location_id: ids },
    limit: count(1, MOST_ROWS).openapi({ example: "50" }),
    offset: count(0, 999_999_999).openapi({ example: "0" }),
  })
  .strict()
const Level = z
  .object({
    inventory_item_id: z.string(),
    sku: z.string().nullable(),
    location_id: z.string(),
    stocked_quantity: z.number(),
    reserved_quantity: z.number().openapi({ description: "For orders, and what is held." }),
    held_quantity: z.number().openapi({ description: "Of what is reserved: for carts that are being paid." }),
    available_quantity: z.number(),
  })
  .openapi("StockLevel")

/** What locations have of items, and how much of it is held for carts that are being paid. */
export function addStock(app: OpenAPIHono<Counter>, { database }: Services): void {
  app.get(PATH, async (c) => {
    c.set("route", PATH)
    const { limit = 50, offset = 0, ...filter } = readParameters(Filter, c.req.url)
    const { rows, count: all } = await listLevels(database.sql, filter, { limit, offset })
    return c.json({ stock_levels: rows, count: all, offset, limit })
  })
}

export const stockRoutes = routesOf(adminRoom(PATH), [
  {
    ...{ method: "get", path: "", summary: "List stock", query: Filter },
    answer: { description: "By item and location.", schema: z.object({ stock_levels: z.array(Level), ...paged }) },
  },
])
