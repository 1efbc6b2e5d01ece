import { z } from "@hono/zod-openapi"
import type { Context } from "hono"
import {
  addLine,
  applyPromotions,
  type ChosenPromotions,
  changeLine,
  chooseShipping,
  type Merge,
  meetCustomer,
  refresh,
  refreshPayment,
  removeLine,
  requireOpen,
  setTaxes,
  transferCart,
  updateCart,
} from "../../../../commerce/carts/index.ts"
import { readCartStock, readLineStock } from "../../../../commerce/inventory/index.ts"
import type { Counter, Services } from "../../../counter.ts"
import { byWhom, ownerOf } from "../by-whom.ts"
import type { ShownCart } from "../fields.ts"
import { cartIn } from "../presented.ts"
import { CartAnswer, MergeAnswer } from "../schema.ts"
import { ChangedCart, ChangedLine, NewCart, NewLine, Nothing, Promotions, ShippingMethods, Taxes } from "./bodies.ts"
import { changeCart } from "./change.ts"
import { completeLane } from "./complete.ts"
import { changeLane } from "./lane.ts"
import { openOrMake } from "./open.ts"

const answer = z.object({ cart: CartAnswer })
const merged = answer.extend({ merge: MergeAnswer.optional() })
const NO_CART = { 404: "There is no cart with this id." }
const NO_LINE = { 404: "There is no cart, or no line in it, with this id." }

/** The lanes that make and change carts. */
export function cartChanges(services: Services) {
  const lineIn = (c: Context<Counter>) => c.req.param("line_id") ?? ""

  const create = changeLane({
    ...{ method: "post", path: "/store/carts", summary: "Create a cart", body: NewCart, answer: merged },
    description:
      "In the sales channel of the publishable key, or in one of its channels that is named. A customer who has an open cart gets that one, with what is asked for put in.",
    async handle(c, { body, show }) {
      const actor = await ownerOf(c, services)
      const sales_channel_id = channelFor(c, body.sales_channel_id)
      if (!actor || sales_channel_id === undefined) return undefined
      return await openOrMake(c, services, { ...body, sales_channel_id }, { customerId: actor.id, show })
    },
  })

  const update = changeLane({
    ...{ method: "post", path: "/store/carts/{id}", summary: "Update a cart", body: ChangedCart, answer },
    errors: NO_CART,
    handle: async (c, { body, show }) =>
      changeCart(c, services, {
        ...{ cartId: cartIn(c), show, by: await byWhom(c, services.config) },
        async work(tx, draft, shop) {
          const { isMoved } = await updateCart(tx, draft, shop, body)
          return isMoved ? "region_updated" : "updated"
        },
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
        read: (tx) => readCartStock(tx, cartId, [body.variant_id]),
        async work(tx, draft, shop, stock) {
          await addLine(tx, draft, shop, body, stock)
          return "line_added"
        },
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
        read: (tx) => readLineStock(tx, cartIn(c), lineIn(c)),
        async work(tx, draft, shop, stock) {
          await changeLine(tx, draft, shop, lineIn(c), body, stock)
          return body.quantity === 0 ? "line_updated_to_none" : "line_updated"
        },
      }),
  })

  const deleted = z.object({ id: z.string(), object: z.literal("line-item"), deleted: z.boolean(), parent: CartAnswer })
  const remove = changeLane({
    ...{ method: "delete", ...line, summary: "Remove a line from a cart", answer: deleted },
    handle: async (c, { show }) =>
      changeCart(c, services, {
        ...{ cartId: cartIn(c), show, by: await byWhom(c, services.config) },
        async work(tx, draft, shop) {
          await removeLine(tx, draft, shop, lineIn(c))
          return "line_removed"
        },
        answer: (parent) => ({ id: lineIn(c), object: "line-item", deleted: true, parent }),
      }),
  })

  const promotions = { path: "/store/carts/{id}/promotions" as const, body: Promotions, answer, errors: NO_CART }
  const promote = async (c: Context<Counter>, show: ShownCart, chosen: ChosenPromotions) =>
    changeCart(c, services, {
      ...{ cartId: cartIn(c), show, by: await byWhom(c, services.config) },
      async work(tx, draft, shop) {
        requireOpen(draft)
        await applyPromotions(tx, draft, shop, chosen)
        refreshPayment(draft, shop)
        return "promotions_changed"
      },
    })
  const addPromotions = changeLane({
    ...{ method: "post", ...promotions, summary: "Add promotions to a cart" },
    description: "By their codes; an empty list takes all away but the automatic ones.",
    handle: async (c, { body: { promo_codes: codes }, show }) =>
      promote(c, show, { action: codes.length > 0 ? "add" : "replace", codes }),
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
        async work(tx, draft, shop) {
          requireOpen(draft)
          const methods = chooseShipping(draft, shop, Array.isArray(body) ? body : [body])
          await refresh(tx, draft, shop, { taxes: { methods } })
          return "shipping_method_added"
        },
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
    },
    description:
      "The cart becomes the open one of the customer who has logged in, with his prices, and with what he has in another: `merge` says what could not be kept.",
    errors: { 401: "Nobody has logged in.", ...NO_CART },
    async handle(c, { show }) {
      const actor = await ownerOf(c, services)
      const id = actor?.id
      if (id === undefined) return undefined
      const asked = { cartId: cartIn(c), show, by: await byWhom(c, services.config) }
      const { cartMerge } = services.config
      if (cartMerge === "off") {
        return await changeCart(c, services, {
          ...asked,
          work: async (tx, draft, shop) =>
            (await transferCart(tx, draft, shop, id)) ? "customer_transferred" : undefined,
        })
      }
      let merge: Merge | undefined
      return await changeCart(c, services, {
        ...{ ...asked, isLocking: true },
        async work(tx, draft, shop) {
          const met = await meetCustomer(tx, draft, shop, id, cartMerge)
          merge = met?.merge
          if (!met) return undefined
          return merge ? "merged" : "customer_transferred"
        },
        answer: (cart) => ({ cart, ...(merge ? { merge } : {}) }),
      })
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
