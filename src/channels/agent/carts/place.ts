import type { OpenAPIHono } from "@hono/zod-openapi"
import { readSelling, sellOnInvoice } from "../../../commerce/sales/index.ts"
import { recordAudit } from "../../../platform/audit/index.ts"
import type { Counter, Services } from "../../counter.ts"
import { addDeskRoute, type DeskRoom, letGoOfCards, onCart } from "../../desks/index.ts"
import { readAs } from "../../read-as.ts"
import { cartIn, changeCart, noCart, selectCart, selectOrder, shownOrder } from "../../store/index.ts"
import { Nothing } from "./document.ts"

/** A cart is ordered on invoice. Asked twice, it is ordered once. */
export function addPlace(app: OpenAPIHono<Counter>, services: Services, room: DeskRoom): void {
  addDeskRoute(app, room, {
    ...{ method: "post", path: "/carts/:id/place", activity: "invoice" },
    handle: onCart(services, async (c, desk) => {
      await readAs(c, Nothing)
      await letGoOfCards(c, services, desk)
      const { by, worker } = desk
      const show = selectCart(undefined)
      const shown = selectOrder(undefined, "placed")
      if (!show || !shown) throw new Error("The fields of carts and orders are known")
      const cartId = cartIn(c)
      let sold: Awaited<ReturnType<typeof sellOnInvoice>> | undefined
      return await changeCart(c, services, {
        ...{ cartId, show, by, missing: noCart(cartId), isLocking: true, stock: "taken" },
        read: (tx) => readSelling(tx, cartId),
        async work(tx, draft, shop, selling) {
          sold = await sellOnInvoice(tx, draft, shop, selling)
          if (!sold.order) return undefined
          const { actor, channel_id } = worker
          await recordAudit(tx, {
            action: "sale.invoiced",
            outcome: "done",
            actor,
            channel_id,
            subject_id: sold.order_id,
          })
          return "completed"
        },
        shownInstead: async (tx) => ({ order: await shownOrder(tx, services, sold, shown) }),
      })
    }),
  })
}
