import { z } from "@hono/zod-openapi"
import { type Cart, cartOfPayment, OnlyMedusa } from "../../commerce/carts/index.ts"
import {
  createPaymentCollection,
  createPaymentSession,
  readPayer,
  shownPayment,
} from "../../commerce/checkout/index.ts"
import type { Services } from "../counter.ts"
import { WireError } from "../errors.ts"
import { actorOf, byWhom, changeCart, changeLane, selectCart } from "./carts/index.ts"

const session = z.looseObject({ id: z.string(), provider_id: z.string(), status: z.string(), amount: z.number() })
const answer = z.object({
  payment_collection: z.object({
    ...{ id: z.string(), currency_code: z.string(), amount: z.number(), payment_sessions: z.array(session) },
  }),
})

/** The lanes by which a cart is going to be paid, where no payment provider has to be asked. */
export function paymentCollections(services: Services) {
  const show = selectCart("id")
  if (!show) throw new Error("The fields of a cart are known")
  const missing = new OnlyMedusa("the cart is not there, or no more")
  const shownPart = ({ payment_collection }: Cart) => {
    if (!payment_collection) throw new Error("A payment collection that was written is not there")
    return { payment_collection: shownPayment(payment_collection) }
  }

  const NewCollection = z.strictObject({ cart_id: z.string().openapi({ example: "cart_01M7ZRVFH8HMMAP027Z42YKK0G" }) })
  const create = changeLane({
    ...{ method: "post", path: "/store/payment-collections", summary: "Create the payment collection of a cart" },
    ...{ body: NewCollection, answer },
    description: "Of a cart that has one it is answered as it is.",
    errors: { 404: "There is no cart with this id." },
    async handle(c, { body: { cart_id: cartId }, fields }) {
      // Which of a collection's fields are shown when some are asked for, Medusa says.
      if (fields !== undefined) return undefined
      return await changeCart(c, services, {
        ...{ cartId: c.get("cartId") ?? cartId, show, missing, by: await byWhom(c, services.config) },
        work: async (_, draft, shop) => createPaymentCollection(draft, shop),
        shownPart,
      })
    },
  })

  const NewSession = z.strictObject({
    provider_id: z.string().openapi({ example: "pp_system_default" }),
    data: z.record(z.string(), z.unknown()).optional(),
  })
  const begin = changeLane({
    ...{ method: "post", path: "/store/payment-collections/{id}/payment-sessions", body: NewSession, answer },
    summary: "Begin to pay by a provider",
    description: "In the place of what was begun before.",
    async handle(c, { body, fields }) {
      const id = c.req.param("id") ?? ""
      const actor = await actorOf(c, services)
      if (fields !== undefined || !actor) return undefined
      const cartId = await services.pipelines.use(({ tx }) => cartOfPayment(tx, id))
      if (cartId === undefined) return undefined
      if (c.get("cartId") !== undefined) throw noCollection(id)
      return await changeCart(c, services, {
        ...{ cartId, show, missing, by: await byWhom(c, services.config) },
        ...(services.config.holdMinutes > 0 ? { isLocking: true, stock: "held" } : {}),
        read: (tx) => readPayer(tx, cartId, actor.id),
        async work(_, draft, __, payer) {
          if (draft.cart.payment_collection?.id !== id) throw new OnlyMedusa("the collection is another one")
          if (actor.id !== undefined && !payer.customer) throw new OnlyMedusa("who has logged in is no more")
          return createPaymentSession(draft, body, payer)
        },
        shownPart,
      })
    },
  })

  return [create, begin]
}

/** In Medusa's words. Of which cart it is, is nobody's business to whom that does not answer. */
export const unknownCollection = (id: string) =>
  new WireError(404, "not_found", `Payment collection with id: ${id} was not found`)

/** What was to be paid for a cart that was merged into another is to be paid no more. */
export const noCollection = (id: string) =>
  new WireError(404, "not_found", `Payment collection with id: ${id} was not found`, { code: "cart_merged" })
