import { z } from "@hono/zod-openapi"
import { Cart, cartRoutes, FoundCustomer } from "../../desks/index.ts"
import type { DocumentedRoute } from "../../document.ts"
import { ChangedCart, Promotions, ShippingMethods } from "../../store/index.ts"

const word = (example: string) => z.string().trim().min(1, "is empty").max(320).optional().openapi({ example })

export const Finding = z
  .object({
    phone: word("600 100 201").openapi({ description: "As it is written anywhere; without a country: of the shop's." }),
    email: word("lucia.ferran@cliente.example"),
    q: z.string().trim().min(3, "needs three letters").max(100).optional().openapi({
      description: "Words of the name, the company or the e-mail.",
      example: "ferrán",
    }),
  })
  .strict()
export const OfCustomer = z
  .object({ region_id: z.string().min(1).max(64).optional().openapi({ description: "Of a new cart." }) })
  .strict()

const cart = { description: "The cart.", schema: Cart }
const errors = {
  400: "It cannot be done to this cart: the message says why.",
  404: "There is no such cart, or it has not come to this desk.",
}

export const agentCartRoutes: DocumentedRoute[] = [
  {
    ...{ method: "get", path: "/customers", operationId: "findCustomers", summary: "Find a customer", query: Finding },
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
    ...{ answer: cart, errors: { 404: "There is no such customer, or he was not found at this desk." } },
  },
  ...cartRoutes("Agent"),
  {
    ...{ method: "post", path: "/carts/{id}", operationId: "changeAgentCart", summary: "Update a cart" },
    ...{ body: ChangedCart, answer: cart, errors },
  },
  {
    ...{ method: "post", path: "/carts/{id}/promotions", operationId: "addAgentPromotions", summary: "Add promotions" },
    ...{ body: Promotions, answer: cart, errors },
  },
  {
    ...{ method: "delete", path: "/carts/{id}/promotions", operationId: "removeAgentPromotions" },
    ...{ summary: "Remove promotions", body: Promotions, answer: cart, errors },
  },
  {
    ...{ method: "post", path: "/carts/{id}/shipping-methods", operationId: "chooseAgentShipping" },
    ...{ summary: "Choose shipping", body: ShippingMethods, answer: cart, errors },
  },
  {
    ...{ method: "post", path: "/carts/{id}/place", operationId: "placeOnInvoice", summary: "Order on invoice" },
    description: "For a channel that may `invoice`. Asked again, it answers with the same order.",
    body: z.object({}).strict(),
    answer: { description: "The order.", schema: z.object({ order: z.looseObject({ id: z.string() }) }) },
    errors,
  },
]
