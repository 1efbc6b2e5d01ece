import { defineMiddlewares } from "@medusajs/framework/http"
import { closedToDesks, closedToSupervisors, lettersClosedToSupervisors } from "./back-office.ts"
import { asGuest } from "./guests.ts"
import { orderLocks } from "./order-locks.ts"

const CHANGES = ["POST" as const, "DELETE" as const]
const READS = ["GET" as const]
const within = (path: string) => [path, `${path}/*`]

/** What makes administrators, or ends them. */
const administrators = [
  { matchers: within("/admin/api-keys"), methods: CHANGES },
  { matchers: ["/admin/users/:id"], methods: ["DELETE" as const] },
  { matchers: ["/admin/users/:id/*"], methods: CHANGES },
  // What is in them opens the door: invitations have their tokens, executions what they were given and have made.
  ...["/admin/invites", "/admin/workflows-executions"].map((it) => ({
    ...{ matchers: within(it), methods: [...READS, ...CHANGES] },
  })),
]

/** What Medusa's own API does otherwise here, whichever way a request has come: the counter, the dashboard or its own port. */
export default defineMiddlewares({
  routes: [
    ...["/store/carts", "/store/carts/:id"].map((matcher) => ({
      ...{ matcher, methods: ["POST" as const], middlewares: [asGuest] },
    })),
    { matcher: "/admin/*", middlewares: [closedToDesks] },
    ...administrators.flatMap(({ matchers, methods }) =>
      matchers.map((matcher) => ({ matcher, methods, middlewares: [closedToSupervisors] })),
    ),
    ...within("/admin/notifications").map((matcher) => ({
      ...{ matcher, methods: READS, middlewares: [lettersClosedToSupervisors] },
    })),
    ...orderLocks,
  ],
})
