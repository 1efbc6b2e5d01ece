import type { OpenAPIHono } from "@hono/zod-openapi"
import type { Context } from "hono"
import { isFound, OnlyMedusa } from "../../../commerce/carts/index.ts"
import type { Counter, Services } from "../../counter.ts"
import type { Desk } from "../../desk.ts"
import {
  addClaims,
  addDeskCarts,
  addDeskRoute,
  addDeskStreams,
  cartOfCustomer,
  changing,
  type DeskRoom,
  lookForCustomers,
  onCart,
} from "../../desks/index.ts"
import { WireError } from "../../errors.ts"
import { readParameters } from "../../parameters.ts"
import { readAs } from "../../read-as.ts"
import {
  addedCodes,
  ChangedCart,
  cartIn,
  changingPromotions,
  choosingShipping,
  Promotions,
  ShippingMethods,
  ShippingOptionsQuery,
  shippingOptionsOf,
  updatingCart,
} from "../../store/index.ts"
import { byAgent, requireAgent } from "../require-agent.ts"
import { Finding, OfCustomer } from "./document.ts"
import { addPlace } from "./place.ts"

export { agentCartRoutes } from "./document.ts"

/** Carts on the telephone: customers are found, and their carts changed and ordered for them. */
export function addAgentCarts(app: OpenAPIHono<Counter>, services: Services): void {
  const room: DeskRoom = {
    ...{ prefix: "/agent", recipient: "agent", actor: "agent" },
    require: requireAgent(services),
    deskOf: (c) => deskOf(c, services),
  }
  addDeskRoute(app, room, {
    ...{ method: "get", path: "/customers" },
    async handle(c, desk) {
      const asked = readParameters(Finding, c.req.url)
      return c.json({ customers: await lookForCustomers(services, desk, asked, Object.keys(Finding.shape)) })
    },
  })
  addDeskRoute(app, room, {
    ...{ method: "get", path: "/customers/:id/cart" },
    async handle(c, desk) {
      const customerId = c.req.param("id") ?? ""
      const { region_id } = readParameters(OfCustomer, c.req.url)
      if (services.config.cartMerge === "off") {
        throw new WireError(
          404,
          "not_found",
          "Customers of this shop have as many carts as they begin (CART_MERGE=off)",
        )
      }
      if (!(await isFound(services.database.sql, desk.worker, customerId))) {
        throw new WireError(404, "not_found", `Customer id not found: ${customerId}`)
      }
      return await cartOfCustomer(c, services, desk, { customerId, region_id })
    },
  })
  addDeskCarts(app, services, room)
  addDeskRoute(app, room, {
    ...{ method: "post", path: "/carts/:id" },
    handle: changing(services, room, async (c) => updatingCart(await readAs(c, ChangedCart))),
  })
  addDeskRoute(app, room, {
    ...{ method: "post", path: "/carts/:id/promotions" },
    handle: changing(services, room, async (c) =>
      changingPromotions(addedCodes((await readAs(c, Promotions)).promo_codes)),
    ),
  })
  addDeskRoute(app, room, {
    ...{ method: "delete", path: "/carts/:id/promotions" },
    handle: changing(services, room, async (c) =>
      changingPromotions({ action: "remove", codes: (await readAs(c, Promotions)).promo_codes }),
    ),
  })
  addDeskRoute(app, room, {
    ...{ method: "get", path: "/carts/:id/shipping-options" },
    handle: onCart(services, async (c) => {
      const answer = await shippingOptionsOf(services, cartIn(c), readParameters(ShippingOptionsQuery, c.req.url))
      if (!answer) throw new OnlyMedusa("only Medusa knows what is offered for this cart")
      return c.json(answer)
    }),
  })
  addDeskRoute(app, room, {
    ...{ method: "post", path: "/carts/:id/shipping-methods" },
    handle: changing(services, room, async (c) => choosingShipping(await readAs(c, ShippingMethods))),
  })
  addClaims(app, services, room)
  addDeskStreams(app, services, room)
  addPlace(app, services, room)
}

function deskOf(c: Context<Counter>, { store, regions }: Services): Desk {
  const id = c.get("staff").user_id
  const [country] = regions.find(store.default_region_id ?? "")?.countries ?? []
  return {
    worker: { actor: { type: "agent", id }, channel_id: c.get("channel")?.id ?? null, till_id: null },
    by: byAgent(c),
    scope: `agent ${id}`,
    country: country?.iso_2,
  }
}
