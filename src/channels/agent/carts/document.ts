import { z } from "@hono/zod-openapi"
import { Cart, cartRoutes, changes, FoundCustomer, once, showing } from "../../desks/index.ts"
import type { DocumentedRoute } from "../../document.ts"
import type { Security } from "../../security.ts"
import { ChangedCart, Promotions, ShippingMethods, ShippingOptions, ShippingOptionsQuery } from "../../store/index.ts"

const word = (example: string) => z.string().trim().min(1, "is empty").max(320).optional().openapi({ example })

export const Finding = z
  .object({
    phone: word("600 100 201").openapi({ description: "As it is written anywhere; without a country: of the shop's." }),
    email: word("lucia.ferran@cliente.example").openapi({ description: "In whatever letters." }),
    q: z.string().trim().min(3, "needs three letters").max(100).optional().openapi({
      description: "Words of the name, the company or the e-mail.",
      example: "ferrán",
    }),
  })
  .strict()
export const Nothing = z.object({}).strict()
export const OfCustomer = z
  .object({ region_id: z.string().min(1).max(64).optional().openapi({ description: "Of a new cart." }) })
  .strict()

export const agentCartRoutes = (security: Security) =>
  [
    {
      ...{
        method: "get",
        path: "/customers",
        operationId: "findCustomers",
        summary: "Find a customer",
        query: Finding,
      },
      description:
        "By one of the parameters. Who is found, and his open cart, answer to the agent for 24 hours; it is in the audit.",
      answer: {
        description: "Twenty at most, those with an account first.",
        schema: z.object({ customers: z.array(FoundCustomer) }),
      },
      errors: { 400: "Not one of the parameters, or no telephone number." },
    },
    {
      ...{ method: "get", path: "/customers/{id}/cart", operationId: "getCustomersCart", query: OfCustomer },
      summary: "Get a customer's open cart",
      description: "Of a customer who was found before; it is made when there is none.",
      answer: { description: "The cart.", schema: Cart },
      errors: {
        503: once.errors[503],
        400: "A parameter is wrong, or only Medusa can show the cart (`not_at_desk`): the message says which.",
        404: "There is no such customer or region, he was not found at this desk, or carts are not shared here.",
      },
    },
    ...cartRoutes("Agent", security),
    {
      ...{ method: "post", path: "/carts/{id}", operationId: "changeAgentCart", summary: "Update a cart" },
      ...{ ...showing, ...changes, body: ChangedCart },
    },
    {
      ...{
        method: "post",
        path: "/carts/{id}/promotions",
        operationId: "addAgentPromotions",
        summary: "Add promotions",
      },
      ...{ ...showing, ...changes, body: Promotions },
    },
    {
      ...{ method: "delete", path: "/carts/{id}/promotions", operationId: "removeAgentPromotions" },
      ...{ summary: "Remove promotions", ...showing, ...changes, body: Promotions },
    },
    {
      ...{ method: "get", path: "/carts/{id}/shipping-options", operationId: "listAgentShipping" },
      ...{ summary: "List the shipping options of a cart", query: ShippingOptionsQuery },
      description: "Those of `GET /store/shipping-options`, for a cart that has come to this desk.",
      answer: { description: "What can be chosen, at the cart's prices.", schema: ShippingOptions },
      errors: {
        400: "A parameter is wrong, the cart lacks what shipping hangs on, or only Medusa knows what is offered (`not_at_desk`): the message says which.",
        404: "There is no such cart, or it has not come to this desk.",
      },
    },
    {
      ...{ method: "post", path: "/carts/{id}/shipping-methods", operationId: "chooseAgentShipping" },
      ...{ summary: "Choose shipping", ...showing, ...changes, body: ShippingMethods },
    },
    {
      ...{ method: "post", path: "/carts/{id}/place", operationId: "placeOnInvoice", summary: "Order on invoice" },
      description:
        "For a channel that may `invoice`. Asked again, it answers with the same order; for what was sold at a till or on the web with `cart_completed`.",
      ...{ ...changes, body: Nothing },
      answer: { description: "The order.", schema: z.object({ order: z.looseObject({ id: z.string() }) }) },
      errors: {
        ...changes.errors,
        400: "Lines that are short (`insufficient_inventory`, `details.lines`); the customer is paying by card elsewhere (`payment_begun`); shipping or an address is missing; an order that was not placed here (`cart_completed`, `details.order_id`); only Medusa can do it (`not_at_desk`). The message says which.",
        403: "The caller is no agent (`role_not_allowed`), or the channel is closed (`channel_inactive`) or takes no orders on invoice (`channel_not_allowed`).",
      },
    },
  ] as const satisfies readonly DocumentedRoute[]
