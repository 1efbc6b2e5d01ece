import type { OpenAPIHono } from "@hono/zod-openapi"
import type { Context } from "hono"
import { dropShipping } from "../../../commerce/carts/index.ts"
import type { Counter, Services } from "../../counter.ts"
import type { Desk } from "../../desk.ts"
import { addClaims, addDeskCarts, addDeskStreams, type DeskRoom } from "../../desks/index.ts"
import type { Verb } from "../../store/index.ts"
import { byCashier, requireCashier } from "../require-till.ts"
import { addFinding } from "./find.ts"
import { addPay } from "./pay.ts"
import { addScan } from "./scan.ts"

export { tillCartRoutes } from "./document.ts"

/** Carts at the till: found, handed over or new, changed, and sold. */
export function addTillCarts(app: OpenAPIHono<Counter>, services: Services): void {
  const room: DeskRoom = {
    ...{ prefix: "/pos", recipient: "pos", actor: "cashier" },
    require: requireCashier(services),
    deskOf,
    changing: withoutSending,
  }
  addFinding(app, services, room)
  addDeskCarts(app, services, room)
  addClaims(app, services, room)
  addDeskStreams(app, services, room)
  addScan(app, services, room)
  addPay(app, services, room)
}

function deskOf(c: Context<Counter>): Desk {
  const { id, channel_id, country_code, stock_location_id } = c.get("till")
  return {
    worker: { actor: { type: "cashier", id: c.get("staff").user_id }, channel_id, till_id: id },
    by: byCashier(c),
    scope: `till ${id}`,
    country: country_code ?? undefined,
    counter_location_id: stock_location_id,
  }
}

/** What is at a till is taken home from there: its total must not have the parcel in it. */
const withoutSending = <Read>(verb: Verb<Read>): Verb<Read> => ({
  ...verb,
  async work(tx, draft, shop, read) {
    if (draft.cart.completed_at === null) dropShipping(draft)
    return await verb.work(tx, draft, shop, read)
  },
})
