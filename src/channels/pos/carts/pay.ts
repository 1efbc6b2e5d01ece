import { type OpenAPIHono, z } from "@hono/zod-openapi"
import { readSelling, sellForCash } from "../../../commerce/sales/index.ts"
import { recordAudit } from "../../../platform/audit/index.ts"
import { tokenHash } from "../../../platform/auth/index.ts"
import type { Counter, Services } from "../../counter.ts"
import { addDeskRoute, type DeskRoom, letGoOfCards, onCart } from "../../desks/index.ts"
import { readAs } from "../../read-as.ts"
import { cartIn, changeCart, noCart, selectCart, selectOrder, shownOrder } from "../../store/index.ts"
import { SESSION_HEADER } from "../require-till.ts"

export const Payment = z
  .object({
    tender: z.literal("cash"),
    // Some currencies have a price in millions. Bar codes are longer, but for short ones: see `sellForCash`.
    amount: z.number().min(0).max(999_999_999).openapi({ description: "What the customer gives.", example: 50 }),
  })
  .strict()

const amount = z.number().openapi({ example: 24.9 })
export const ReceiptShown = z
  .object({
    number: z.string().openapi({ description: "Within the till, without gaps.", example: "MAD-000042" }),
    till_id: z.string().openapi({ example: "till_01M7ZRVFH8HMMAP027Z42YKK0G" }),
    issued_at: z.iso.datetime().openapi({ example: "2026-11-23T10:15:00.000Z" }),
    lines: z.array(
      z.object({
        title: z.string(),
        sku: z.string().nullable(),
        quantity: z.number(),
        unit_price: amount,
        discount: amount.openapi({ example: 0 }),
        tax_added: amount.openapi({ description: "Where prices are without tax.", example: 0 }),
        total: amount.openapi({ description: "`unit_price` x `quantity` - `discount` + `tax_added`." }),
      }),
    ),
    credit: amount.openapi({ description: "What gift cards and store credit have paid.", example: 0 }),
    ...{
      total: amount.openapi({ description: "All lines, less the credit.", example: 24.9 }),
      amount_given: amount,
      change: amount,
      currency_code: z.string().openapi({ example: "eur" }),
    },
  })
  .openapi("Receipt")

/** A cart is sold for cash. Asked twice, it is sold once, and answers with the same order and receipt. */
export function addPay(app: OpenAPIHono<Counter>, services: Services, room: DeskRoom): void {
  addDeskRoute(app, room, {
    ...{ method: "post", path: "/carts/:id/pay", activity: "cash" },
    handle: onCart(services, async (c, desk) => {
      const { amount } = await readAs(c, Payment)
      await letGoOfCards(c, services, desk)
      const { by, worker, place } = desk
      const show = selectCart(undefined)
      const shown = selectOrder(undefined, "placed")
      if (!show || !shown) throw new Error("The fields of carts and orders are known")
      const { id: till_id, stock_location_id } = c.get("till")
      const cashing = {
        ...{ till_id, stock_location_id, user_id: worker.actor.id, place },
        session_hash: tokenHash(c.req.header(SESSION_HEADER) ?? ""),
      }
      const cartId = cartIn(c)
      let sold: Awaited<ReturnType<typeof sellForCash>> | undefined
      return await changeCart(c, services, {
        ...{ cartId, show, by, missing: noCart(cartId), isLocking: true, stock: "taken" },
        read: (tx) => readSelling(tx, cartId),
        async work(tx, draft, shop, selling) {
          sold = await sellForCash(tx, draft, shop, selling, { ...cashing, amount })
          if (!sold.order) return undefined
          await recordAudit(tx, {
            ...{ action: "sale.paid", outcome: "done", actor: worker.actor, channel_id: worker.channel_id, till_id },
            ...{ subject_id: sold.order_id, details: { receipt: sold.receipt.number } },
          })
          return "completed"
        },
        shownInstead: async (tx) => ({ order: await shownOrder(tx, services, sold, shown), receipt: sold?.receipt }),
      })
    }),
  })
}
