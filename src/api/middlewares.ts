import { defineMiddlewares } from "@medusajs/framework/http"
import { closedToDesks, closedToSupervisors } from "./back-office.ts"
import { asGuest } from "./guests.ts"
import { orderLocks } from "./order-locks.ts"

const CHANGES = ["POST" as const, "DELETE" as const]
/** What makes administrators. */
const administrators = ["/admin/api-keys", "/admin/invites", "/admin/workflows-executions"].flatMap((it) => [
  it,
  `${it}/*`,
])

/** What Medusa's own API does otherwise here, whichever way a request has come: the counter, the dashboard or its own port. */
export default defineMiddlewares({
  routes: [
    ...["/store/carts", "/store/carts/:id"].map((matcher) => ({
      ...{ matcher, methods: ["POST" as const], middlewares: [asGuest] },
    })),
    { matcher: "/admin/*", middlewares: [closedToDesks] },
    ...administrators.map((matcher) => ({ matcher, methods: CHANGES, middlewares: [closedToSupervisors] })),
    ...orderLocks,
  ],
})
