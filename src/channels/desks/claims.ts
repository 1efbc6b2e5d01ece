import type { OpenAPIHono } from "@hono/zod-openapi"
import { reach } from "../../commerce/carts/index.ts"
import type { Counter, Services } from "../counter.ts"
import { answeredOnce, asPresented, cartIn, changeCart, noCart, redeem } from "../store/index.ts"
import { addDeskRoute, type DeskRoom, getting, shownBy } from "./desk-carts.ts"

/** A code that a customer shows or reads out brings his cart to the desk. */
export function addClaims(app: OpenAPIHono<Counter>, services: Services, room: DeskRoom): void {
  const get = getting(services)
  addDeskRoute(app, room, {
    ...{ method: "post", path: "/handoffs/:code/claim" },
    handle: (c, desk) =>
      answeredOnce(c, services, async () => {
        const { cart_id } = await redeem(c, services, { to: room.recipient, by: desk.by }, (tx, id) =>
          reach(tx, desk.worker, [{ id, of: "cart" }], "handed_over"),
        )
        c.set("cartId", cart_id)
        const arriving = room.arriving?.(desk)
        if (!arriving) return await get(c, desk)
        return await asPresented(c, services, () =>
          changeCart(c, services, {
            ...{ cartId: cartIn(c), show: shownBy(c), by: desk.by, missing: noCart(cart_id), isPart: true },
            ...arriving,
          }),
        )
      }),
  })
}
