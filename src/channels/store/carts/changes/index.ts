import { z } from "@hono/zod-openapi"
import type { Context } from "hono"
import { type ChosenPromotions, openCartOf, setTaxes } from "../../../../commerce/carts/index.ts"
import type { Counter, Services } from "../../../counter.ts"
import { withAll, withKey, withKeyOrLogIn } from "../../../security.ts"
import { byWhom, ownerOf } from "../by-whom.ts"
import type { ShownCart } from "../fields.ts"
import { cartIn } from "../presented.ts"
import { CartAnswer, MergeAnswer } from "../schema.ts"
import { ChangedCart, ChangedLine, NewCart, NewLine, Nothing, Promotions, ShippingMethods, Taxes } from "./bodies.ts"
import { changeCart } from "./change.ts"
import { completeLane } from "./complete.ts"
import { changeLane, LOCALE_HEADER } from "./lane.ts"
import { meetCart } from "./meet.ts"
import { openOrMake } from "./open.ts"
import {
  addedCodes,
  addingLine,
  changingLine,
  changingPromotions,
  choosingShipping,
  removingLine,
  updatingCart,
} from "./verbs.ts"

const answer = z.object({ cart: CartAnswer })
const merged = answer.extend({ merge: MergeAnswer.optional() })
const NO_CART = { 404: "There is no cart with this id." }
const NO_LINE = { 404: "There is no cart, or no line in it, with this id." }

/** The lanes that make and change carts. */
export function cartChanges(services: Services) {
  const lineIn = (c: Context<Counter>) => c.req.param("line_id") ?? ""
  const isShared = services.config.cartMerge !== "off"

  const create = changeLane({
    ...{ method: "post", path: "/store/carts", summary: "Create a cart", body: NewCart, answer: merged },
    ...{ security: withKeyOrLogIn, readsLocale: true },
    description:
      "In the sales channel of the publishable key, or in one of its channels that is named. A customer who has an open cart gets that one, with what is asked for put in.",
    async handle(c, { body, show }) {
      const actor = await ownerOf(c, services)
      const sales_channel_id = channelFor(c, body.sales_channel_id)
      if (!actor || sales_channel_id === undefined) return undefined
      // Medusa would make a customer another cart.
      const isOpen =
        isShared && actor.id !== undefined && (await openCartOf(services.database.sql, actor.id)) !== undefined
      if (c.req.header(LOCALE_HEADER) && !isOpen) return undefined
      return await openOrMake(c, services, { ...body, sales_channel_id }, { customerId: actor.id, show })
    },
  })

  const update = changeLane({
    ...{ method: "post", path: "/store/carts/{id}", summary: "Update a cart", body: ChangedCart, answer },
    errors: NO_CART,
    handle: async (c, { body, show }) =>
      changeCart(c, services, {
        ...{ cartId: cartIn(c), show, by: await byWhom(c, services.config) },
        ...updatingCart(body),
      }),
  })

  const add = changeLane({
    ...{ method: "post", path: "/store/carts/{id}/line-items", summary: "Add a line to a cart", body: NewLine, answer },
    description: "More of what the cart has already goes onto its line, when its metadata says the same.",
    errors: NO_CART,
    handle: async (c, { body, show }) => {
      const cartId = cartIn(c)
      return changeCart(c, services, {
        ...{ cartId, show, by: await byWhom(c, services.config) },
        ...addingLine(cartId, body),
      })
    },
  })

  const line = { path: "/store/carts/{id}/line-items/{line_id}" as const, errors: NO_LINE }
  const changed = changeLane({
    ...{ method: "post", ...line, summary: "Change a line of a cart", body: ChangedLine, answer },
    description: "A quantity of 0 takes the line out of the cart.",
    handle: async (c, { body, show }) =>
      changeCart(c, services, {
        ...{ cartId: cartIn(c), show, by: await byWhom(c, services.config) },
        ...changingLine(cartIn(c), lineIn(c), body),
      }),
  })

  const deleted = z.object({ id: z.string(), object: z.literal("line-item"), deleted: z.boolean(), parent: CartAnswer })
  const remove = changeLane({
    ...{ method: "delete", ...line, summary: "Remove a line from a cart", answer: deleted },
    handle: async (c, { show }) =>
      changeCart(c, services, {
        ...{ cartId: cartIn(c), show, by: await byWhom(c, services.config) },
        ...removingLine(lineIn(c)),
        answer: (parent) => ({ id: lineIn(c), object: "line-item", deleted: true, parent }),
      }),
  })

  const promotions = { path: "/store/carts/{id}/promotions" as const, body: Promotions, answer, errors: NO_CART }
  const promote = async (c: Context<Counter>, show: ShownCart, chosen: ChosenPromotions) =>
    changeCart(c, services, {
      ...{ cartId: cartIn(c), show, by: await byWhom(c, services.config) },
      ...changingPromotions(chosen),
    })
  const addPromotions = changeLane({
    ...{ method: "post", ...promotions, summary: "Add promotions to a cart" },
    description: "By their codes; an empty list takes all away but the automatic ones.",
    handle: async (c, { body: { promo_codes: codes }, show }) => promote(c, show, addedCodes(codes)),
  })
  const removePromotions = changeLane({
    ...{ method: "delete", ...promotions, summary: "Remove promotions from a cart" },
    handle: async (c, { body: { promo_codes: codes }, show }) => promote(c, show, { action: "remove", codes }),
  })

  const ship = changeLane({
    ...{ method: "post", path: "/store/carts/{id}/shipping-methods", summary: "Choose a cart's shipping", answer },
    ...{ body: ShippingMethods, errors: NO_CART },
    description: "In the place of methods of the same shipping profile.",
    handle: async (c, { body, show }) =>
      changeCart(c, services, {
        ...{ cartId: cartIn(c), show, by: await byWhom(c, services.config) },
        ...choosingShipping(body),
      }),
  })

  const taxes = changeLane({
    ...{ method: "post", path: "/store/carts/{id}/taxes", summary: "Tax a cart", body: Taxes, answer },
    description: "Also where the region's taxes are not automatic.",
    errors: NO_CART,
    handle: async (c, { show }) =>
      changeCart(c, services, {
        ...{ cartId: cartIn(c), show, by: await byWhom(c, services.config) },
        async work(_, draft, shop) {
          setTaxes(draft, shop, { isForced: true })
          return "taxes_calculated"
        },
      }),
  })

  const transfer = changeLane({
    ...{
      method: "post",
      path: "/store/carts/{id}/customer",
      summary: "Take a cart over",
      body: Nothing,
      answer: merged,
      readsLocale: true,
    },
    security: [...withKey("customerToken"), ...withAll("publishableKey", "customerToken", "cartToken")],
    description:
      "The cart becomes the open one of the customer who has logged in, with his prices, and with what he has in another: `merge` says what could not be kept. A log-in at Medusa (`POST /auth/customer/{provider}`, say) that names a cart in the header `x-cart-id` does the same, and adds `cart_id` and `merge` to its answer.",
    errors: { 401: "Nobody has logged in.", ...NO_CART },
    async handle(c, { show }) {
      const actor = await ownerOf(c, services)
      const id = actor?.id
      // Medusa would leave what he has in another where it is.
      if (id === undefined || (c.req.header(LOCALE_HEADER) && !isShared)) return undefined
      return await meetCart(c, services, id, { cartId: cartIn(c), show, by: await byWhom(c, services.config) })
    },
  })

  return [
    ...[create, update, add, changed, remove, addPromotions, removePromotions, ship, taxes, transfer],
    completeLane(services),
  ]
}

/** @returns undefined where Medusa has something to say about it */
function channelFor(c: Context<Counter>, asked: string | null | undefined): string | undefined {
  const { sales_channel_ids } = c.get("publishableKey")
  if (asked) return sales_channel_ids.includes(asked) ? asked : undefined
  const [only, ...more] = sales_channel_ids
  return more.length === 0 ? only : undefined
}
