import type { Account, Call } from "./account.ts"
import * as Charges from "./charges.ts"
import * as Confirmation from "./confirmation.ts"
import * as Customers from "./customers.ts"
import { Refusal } from "./errors.ts"
import * as Events from "./events.ts"
import * as PaymentIntents from "./payment-intents.ts"
import * as PaymentMethods from "./payment-methods.ts"
import * as Refunds from "./refunds.ts"
import * as SetupIntents from "./setup-intents.ts"

export type Route = (account: Account, call: Call) => object

const routes: Record<string, Route> = {
  "POST /v1/payment_intents": PaymentIntents.create,
  "GET /v1/payment_intents": PaymentIntents.listAll,
  "GET /v1/payment_intents/:id": PaymentIntents.retrieve,
  "POST /v1/payment_intents/:id": PaymentIntents.update,
  "POST /v1/payment_intents/:id/confirm": Confirmation.confirm,
  "POST /v1/payment_intents/:id/capture": PaymentIntents.capture,
  "POST /v1/payment_intents/:id/cancel": PaymentIntents.cancel,
  "GET /v1/charges": Charges.listAll,
  "GET /v1/charges/:id": Charges.retrieve,
  "POST /v1/refunds": Refunds.create,
  "GET /v1/refunds": Refunds.listAll,
  "GET /v1/refunds/:id": Refunds.retrieve,
  "POST /v1/payment_methods": PaymentMethods.create,
  "GET /v1/payment_methods": PaymentMethods.listAll,
  "GET /v1/payment_methods/:id": PaymentMethods.retrieve,
  "POST /v1/payment_methods/:id/attach": PaymentMethods.attach,
  "POST /v1/payment_methods/:id/detach": PaymentMethods.detach,
  "POST /v1/customers": Customers.create,
  "GET /v1/customers": Customers.listAll,
  "GET /v1/customers/:id": Customers.retrieve,
  "POST /v1/customers/:id": Customers.update,
  "DELETE /v1/customers/:id": Customers.remove,
  "GET /v1/customers/:id/payment_methods": PaymentMethods.listOfCustomer,
  "POST /v1/setup_intents": SetupIntents.create,
  "GET /v1/setup_intents/:id": SetupIntents.retrieve,
  "GET /v1/events": Events.listAll,
  "GET /v1/events/:id": Events.retrieve,
  // What the shopper's browser does at the bank; Stripe has no such routes.
  "POST /test/payment_intents/:id/authenticate": Confirmation.authenticate,
  "POST /test/payment_intents/:id/fail_authentication": Confirmation.failAuthentication,
}

const table = Object.entries(routes).map(([line, route]) => ({
  pattern: new RegExp(`^${line.replace(":id", "([^/]+)")}$`),
  route,
}))

/** @param line  "METHOD /path" */
export function routeOf(line: string): { route: Route; id: string } {
  for (const { pattern, route } of table) {
    const match = line.match(pattern)
    if (match) return { route, id: decodeURIComponent(match[1] ?? "") }
  }
  const [method, path] = line.split(" ")
  const message = `Unrecognized request URL (${method}: ${path}). Please see https://stripe.com/docs or we can help at https://support.stripe.com/.`
  throw new Refusal(404, { type: "invalid_request_error", message }, false)
}
