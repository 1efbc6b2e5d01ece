import { buy } from "./carts.ts"
import { register } from "./logins.ts"
import type { Flow, Step } from "./step.ts"

const ORDER = { id: "$order" }
const UNKNOWN = { id: "order_unknown" }

const requestTransfer: Step = {
  route: "POST /store/orders/:id/transfer/request",
  params: ORDER,
  as: "customer",
  body: { description: "I bought this before I had an account." },
}

/** Medusa sends the token to the owner by e-mail; the merchant sees it too. */
const readToken: Step = {
  route: "GET /admin/orders/:id/changes",
  params: ORDER,
  as: "admin",
  query: "status=requested",
  keep: { transfer: "order_changes.0.actions.0.details.token" },
}

const transfers: Flow = {
  name: "a customer asks for an order that he made as a guest",
  steps: [
    ...buy,
    ...register("$other_email", "customer"),
    requestTransfer,
    { ...requestTransfer, as: undefined, status: 401 },
    { ...requestTransfer, params: UNKNOWN, status: 404 },
    { route: "POST /store/orders/:id/transfer/cancel", params: ORDER, as: "customer" },
    { route: "POST /store/orders/:id/transfer/cancel", params: ORDER, as: "customer", status: 400 },
    requestTransfer,
    readToken,
    { route: "POST /store/orders/:id/transfer/decline", params: ORDER, body: { token: "guessed" }, status: 400 },
    { route: "POST /store/orders/:id/transfer/decline", params: ORDER, body: { token: "$transfer" } },
    requestTransfer,
    readToken,
    { route: "POST /store/orders/:id/transfer/accept", params: ORDER, body: { token: "guessed" }, status: 400 },
    { route: "POST /store/orders/:id/transfer/accept", params: ORDER, body: { token: "$transfer" } },
    { route: "GET /store/orders", as: "customer" },
    { route: "GET /store/orders", status: 401 },
    { route: "GET /store/orders/:id", params: ORDER },
    { route: "GET /store/orders/:id", params: UNKNOWN, status: 404 },
  ],
}

const returns: Flow = {
  name: "a guest sends one of two back",
  steps: [
    ...buy,
    {
      route: "POST /admin/orders/:id/fulfillments",
      params: ORDER,
      as: "admin",
      body: { location_id: "$warehouse", items: [{ id: "$order_line", quantity: 2 }] },
    },
    {
      route: "POST /store/returns",
      body: {
        order_id: "$order",
        items: [{ id: "$order_line", quantity: 1, reason_id: "$return_reason", note: "too small" }],
        return_shipping: { option_id: "$shipping" },
        location_id: "$warehouse",
      },
    },
    { route: "POST /store/returns", body: { order_id: "$order" }, status: 400 },
    { route: "GET /store/orders/:id", params: ORDER },
  ],
}

export const ORDERS: Flow[] = [transfers, returns]
