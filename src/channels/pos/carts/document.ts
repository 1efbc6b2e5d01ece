import { z } from "@hono/zod-openapi"
import { Cart, cartRoutes, changes, FoundCustomer, once, showing } from "../../desks/index.ts"
import type { DocumentedRoute } from "../../document.ts"
import type { Security } from "../../security.ts"
import { Finding, NewTillCart } from "./find.ts"
import { Payment, ReceiptShown } from "./pay.ts"
import { Scanned } from "./scan.ts"

const OpenCart = z.object({
  id: z.string().openapi({ example: "cart_01M7ZRVFH8HMMAP027Z42YKK0G" }),
  customer: FoundCustomer.omit({ cart_id: true }),
  items_count: z.number().openapi({ example: 3 }),
  total: z.number().openapi({ example: 24.9 }),
  currency_code: z.string().openapi({ example: "eur" }),
})
export const Nothing = z.object({}).strict()
const gone = "There is no such cart, or it has not come to this till."

export const tillCartRoutes = (security: Security) =>
  [
    {
      ...{
        method: "get",
        path: "/carts",
        operationId: "findCartsAtTill",
        summary: "Find a customer and his open cart",
      },
      description:
        "By one of the parameters. Who is found, and his cart, answer to who has asked for 24 hours; it is in the audit.",
      query: Finding,
      answer: {
        description: "Open carts, and customers with or without one; those with an account first.",
        schema: z.object({ carts: z.array(OpenCart), customers: z.array(FoundCustomer) }),
      },
      errors: { 400: "Not one of the parameters, or no telephone number." },
    },
    {
      ...{ method: "post", path: "/carts", operationId: "beginCartAtTill", summary: "Begin a cart", body: NewTillCart },
      description: "In the till's sales channel and the region of the country where it stands.",
      ...{ ...showing, ...once },
      answer: { description: "The cart; a customer's open one, where he has one.", schema: Cart },
      errors: {
        ...once.errors,
        400: "A value is wrong, or only Medusa can show the cart so (`not_at_desk`): the message says which.",
        404: "The customer was not found at this till, or there is no region here.",
      },
    },
    ...cartRoutes("Till", security),
    {
      ...{ method: "post", path: "/carts/{id}/scan", operationId: "scanAtTill", summary: "Scan a code", body: Scanned },
      ...{ ...showing, ...changes },
      answer: { description: "The cart, and the line.", schema: Cart.extend({ line_id: z.string() }) },
      errors: {
        ...changes.errors,
        400: "It is not sold here (`not_sold_here`), there is not enough (`insufficient_inventory`), only Medusa can do it (`not_at_desk`), or a value is wrong. The message says which.",
        404: `Nothing has the code (\`code_unknown\`). ${gone}`,
      },
    },
    {
      ...{ method: "post", path: "/carts/{id}/region", operationId: "bringToTillsRegion", body: Nothing },
      summary: "Bring a cart to the till's region",
      description:
        "At the till's prices, and taxed where it stands: `moved` says what could not be kept. Every change at the till does it, too; this is for a cart that was moved away after it had come (`other_region`).",
      ...{ ...showing, ...changes },
    },
    {
      ...{ method: "post", path: "/carts/{id}/pay", operationId: "payAtTill", summary: "Sell for cash", body: Payment },
      description:
        "The goods are taken from this shop's stock and delivered on the spot: shipping methods give way to the shop's pickup option, at no price. Asked again, it answers with the same order and receipt.",
      ...changes,
      answer: {
        description: "The order and the receipt.",
        schema: z.object({ order: z.looseObject({ id: z.string() }), receipt: ReceiptShown }),
      },
      errors: {
        ...changes.errors,
        400: "Less than is due (`amount_too_small`), or as much as a bar code has by mistake (`amount_too_large`); lines that are short here (`insufficient_inventory`, `details.lines`); the customer is paying it elsewhere (`payment_begun`); an order that was not placed here (`cart_completed`, `details.order_id`); a cart that was moved to another region (`other_region`); only Medusa can do it (`not_at_desk`).",
        403: "The till was revoked (`till_revoked`), or its channel is closed (`channel_inactive`) or takes no cash (`channel_not_allowed`).",
        404: gone,
      },
    },
  ] as const satisfies readonly DocumentedRoute[]
