import { z } from "@hono/zod-openapi"
import type { TransactionSql } from "postgres"
import { CartRefused, OnlyMedusa } from "../../../../commerce/carts/index.ts"
import { type Authorization, ProviderUnasked, placeOrder, readCheckout } from "../../../../commerce/checkout/index.ts"
import { isOddOrder, ODD, type Order, readOrder } from "../../../../commerce/orders/index.ts"
import type { Services } from "../../../counter.ts"
import { type ShownOrder, selectOrder, showPlacedOrder } from "../../orders/index.ts"
import { byWhom } from "../by-whom.ts"
import { cartIn, saidId } from "../presented.ts"
import { changeCart } from "./change.ts"
import { changeLane } from "./lane.ts"

const answer = z.object({ type: z.literal("order"), order: z.looseObject({ id: z.string() }) })

/** Makes an order of a cart. A cart that is one already answers with it. */
export function completeLane(services: Services) {
  return changeLane({
    ...{ method: "post", path: "/store/carts/{id}/complete", summary: "Place the order of a cart", answer },
    description: "Asked again, it answers with the same order.",
    ...{ showsOrder: true, errors: { 404: "There is no cart with this id." } },
    async handle(c, { show, fields }) {
      const shown = selectOrder(fields, "placed")
      if (!shown) return undefined
      const cartId = cartIn(c)
      const by = await byWhom(c, services.config)
      let placed: Awaited<ReturnType<typeof placeOrder>> | undefined
      const complete = (authorization?: Authorization) =>
        changeCart(c, services, {
          ...{ cartId, show, by, isLocking: true, stock: "taken" },
          missing: new CartRefused("not_found", `Cart with id '${saidId(c, cartId)}' not found`),
          read: (tx) => readCheckout(tx, cartId),
          async work(tx, draft, shop, checkout) {
            placed = await placeOrder(tx, draft, shop, checkout, { authorization })
            return placed.order ? "completed" : undefined
          },
          shownInstead: async (tx) => ({ type: "order", order: await shownOrder(tx, services, placed, shown) }),
        })
      try {
        return await complete()
      } catch (error) {
        if (!(error instanceof ProviderUnasked)) throw error
        const authorization = await authorizationOf(services, error.session)
        if (!authorization) throw error
        return await complete(authorization)
      }
    },
  })
}

/**
 * An order that was placed, now or before.
 *
 * @throws OnlyMedusa for one that only Medusa can show
 */
export async function shownOrder(
  tx: TransactionSql,
  { currencies }: Services,
  placed: { order_id: string; order?: Order | undefined } | undefined,
  shown: ShownOrder,
): Promise<unknown> {
  const order = inHand(placed?.order, shown) ?? (await readOrder(tx, placed?.order_id ?? "", shown.extras))
  if (!order || order === ODD || isOddOrder(order)) throw new OnlyMedusa("the order is an odd one")
  return showPlacedOrder(order, shown, currencies.find(order.order.currency_code)?.decimal_digits)
}

/** The order as it was just made, unless something has to be read for what is shown of it. */
function inHand(order: Order | undefined, { extras: { variants: _, ...others } }: ShownOrder): Order | undefined {
  return Object.values(others).some(Boolean) ? undefined : order
}

/**
 * Asks the provider of a session, while nothing is locked.
 *
 * @returns undefined when Medusa is to ask it: the money is not there, or there is no answer
 */
async function authorizationOf(
  { payments, log }: Services,
  { id, data }: ProviderUnasked["session"],
): Promise<Authorization | undefined> {
  if (!payments || typeof data?.id !== "string") return undefined
  const authorized = await payments.authorizationOf(data.id).catch((err) => {
    log.warn({ err }, "Stripe cannot be asked about a payment; Medusa is to ask it")
    return undefined
  })
  return authorized && { session_id: id, ...authorized }
}
