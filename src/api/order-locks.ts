import { randomUUID } from "node:crypto"
import { setTimeout as wait } from "node:timers/promises"
import type { MedusaNextFunction, MedusaRequest, MedusaResponse } from "@medusajs/framework/http"
import { ContainerRegistrationKeys, Modules } from "@medusajs/framework/utils"
import { isThere } from "./rows.ts"

const WAIT_SECONDS = 30
/** Who was killed with the lock keeps others out for so long. */
const HELD_SECONDS = 120
const LOOK_MILLISECONDS = 100

/**
 * One at a time does to an order what two must not do at once: Medusa's workflows that cancel, fulfil and complete orders,
 * capture and refund, or begin to change them, read what the order is and write what it shall be many steps later, with no
 * lock. A shopper who cancels while staff pack would have his money back and the parcel, too.
 *
 * By the order's id, as Medusa's workflows of order edits and deliveries lock it; so they are kept out, too. By no other
 * id: nobody has been let in yet, and locks of other names (of inventory items, of carts) are others' to take. Runs inside
 * Medusa: whichever way a request has come, the counter, the dashboard or Medusa's own port.
 */
const alone =
  (orderOf: (req: MedusaRequest) => Promise<string | undefined>, refusalOf: RefusalOf) =>
  async (req: MedusaRequest, res: MedusaResponse, next: MedusaNextFunction): Promise<void> => {
    const order = await orderOf(req)
    if (order === undefined || !(await isThere(req, `select from "order" where id = ?`, [order]))) return next()
    const locking = req.scope.resolve(Modules.LOCKING)
    const ownerId = randomUUID()
    const deadline = Date.now() + WAIT_SECONDS * 1000
    while (!(await locking.acquire(order, { ownerId, expire: HELD_SECONDS }).then(isTrue, isTaken))) {
      if (Date.now() > deadline) {
        const message = "Somebody else is at this order. Try again in a moment."
        res.status(503).setHeader("Retry-After", "2").json({ type: "unexpected_state", code: "order_busy", message })
        return
      }
      await wait(LOOK_MILLISECONDS)
    }
    const refused = await refusalOf(req, order)
    if (refused !== undefined) {
      await locking.release(order, { ownerId })
      res.status(400).json({ type: "not_allowed", ...refused })
      return
    }
    // When it is answered, and not when the client has left: the workflow goes on then.
    const end = res.end.bind(res) as (...given: unknown[]) => MedusaResponse
    res.end = ((...given: unknown[]) => {
      locking
        .release(order, { ownerId })
        .catch((error: Error) =>
          req.scope.resolve(ContainerRegistrationKeys.LOGGER).error(`An order's lock stays: ${error.name}`),
        )
      return end(...given)
    }) as typeof res.end
    next()
  }

/** @returns why it must not be done, though Medusa would do it */
type RefusalOf = (req: MedusaRequest, order: string) => Promise<Refusal | undefined>
interface Refusal {
  code: string
  message: string
}

const nothing: RefusalOf = async () => undefined

/** @param query  finds something of the order, whose id stands for `?` */
const refusedWhere =
  (query: string, refusal: Refusal): RefusalOf =>
  async (req, order) =>
    (await isThere(req, query, [order])) ? refusal : undefined

/** Medusa gives the money of an order back before it finds out that the order, which is being changed, cannot be canceled. */
const isChanging = refusedWhere(
  `select from order_change where order_id = ? and deleted_at is null and status in ('pending', 'requested') limit 1`,
  { code: "order_changing", message: "The order is being changed: confirm or cancel the change first." },
)

/** Medusa was lost in the middle of a cancellation: part of the money may be back, and the rest follows. */
const isBeingCanceled = refusedWhere(
  `select from mostrador.order_cancellation asked join "order" on "order".id = asked.order_id
    where order_id = ? and refused_at is null and canceled_at is null limit 1`,
  { code: "order_being_canceled", message: "The shopper is canceling this order. Try again in a few minutes." },
)

/**
 * What was sold at a till has left the shop with the customer before Medusa is told so. From then on Medusa refuses it
 * itself, unless staff have taken the delivery back.
 */
const isHandedOver = refusedWhere(
  `select from mostrador.till_payment where order_id = ? and handed_over_at is null limit 1`,
  {
    code: "order_handed_over",
    message: "The order was handed over at a till, which Medusa is about to be told: take the goods back as a return.",
  },
)

/** @returns the first refusal of several */
const firstOf =
  (...refusals: RefusalOf[]): RefusalOf =>
  async (req, order) => {
    for (const refusalOf of refusals) {
      const refused = await refusalOf(req, order)
      if (refused) return refused
    }
    return undefined
  }

const isTrue = () => true

/** @throws what is no answer of ours: the database is away */
function isTaken(error: Error): boolean {
  if (error.message.startsWith("Failed to acquire lock")) return false
  throw error
}

/** Of requests that begin to change an order. */
const orderInBody = async (req: MedusaRequest) => {
  const { order_id } = (req.body ?? {}) as { order_id?: unknown }
  return typeof order_id === "string" && order_id !== "" ? order_id : undefined
}

const orderInPath = async (req: MedusaRequest) => req.params.id

async function orderOfPayment(req: MedusaRequest): Promise<string | undefined> {
  const query = req.scope.resolve(ContainerRegistrationKeys.QUERY)
  const { data } = await query.graph({
    ...{ entity: "payment", fields: ["payment_collection.order.id"], filters: { id: req.params.id ?? "" } },
  })
  const [payment] = data as { payment_collection?: { order?: { id: string } } }[]
  return payment?.payment_collection?.order?.id
}

async function orderOfCollection(req: MedusaRequest): Promise<string | undefined> {
  const query = req.scope.resolve(ContainerRegistrationKeys.QUERY)
  const { data } = await query.graph({
    ...{ entity: "payment_collection", fields: ["order.id"], filters: { id: req.params.id ?? "" } },
  })
  const [collection] = data as { order?: { id: string } }[]
  return collection?.order?.id
}

const locked = (matcher: string, orderOf = orderInPath, refusalOf = nothing) => ({
  matcher,
  methods: ["POST" as const],
  middlewares: [alone(orderOf, refusalOf)],
})

/** What must not be done to an order by two at once. */
export const orderLocks = [
  locked("/admin/orders/:id/cancel", orderInPath, firstOf(isChanging, isHandedOver)),
  locked("/admin/orders/:id/complete"),
  locked("/admin/orders/:id/fulfillments", orderInPath, isBeingCanceled),
  // What begins a change of an order must not slip into its cancellation; order edits Medusa locks itself.
  locked("/admin/returns", orderInBody, isBeingCanceled),
  locked("/admin/claims", orderInBody, isBeingCanceled),
  locked("/admin/exchanges", orderInBody, isBeingCanceled),
  locked("/admin/orders/:id/transfer", orderInPath, isBeingCanceled),
  locked("/store/orders/:id/transfer/request", orderInPath, isBeingCanceled),
  locked("/store/returns", orderInBody, isBeingCanceled),
  locked("/admin/payments/:id/capture", orderOfPayment),
  locked("/admin/payments/:id/refund", orderOfPayment),
  locked("/admin/payment-collections/:id/mark-as-paid", orderOfCollection),
]
