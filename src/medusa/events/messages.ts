/** What a workflow of Medusa's tells on its own account. */
export interface WorkflowMessage {
  name: string
  data: Record<string, unknown>
}

/** Rows that were written to one table; Medusa's modules tell of them. */
export interface RowsMessage {
  table: WatchedTable
  action: Action
  ids: readonly string[]
}

/** What Medusa's subscribers are to hear; `busMessages` spells it out. Kept short, since it is written with every change. */
export type MedusaMessage = WorkflowMessage | RowsMessage

/** A message as Medusa's event bus takes it. */
export interface BusMessage {
  name: string
  data: Record<string, unknown>
  metadata: Record<string, string>
  /** One of a module: Medusa's bus does not log it, and Redis gives it the last place. */
  isInternal: boolean
}

type Action = "created" | "updated" | "deleted"

/**
 * Which rows a change has written, by their ids: all that Medusa's modules would tell of. `deleted` are those that were
 * not before, and those of links that are let go of; `updated` those of which a column differs (Medusa tells of no
 * other), also children that were deleted earlier and are stamped again with their line.
 */
export type RowChanges = Partial<Record<Action, Partial<Record<WatchedTable, readonly string[]>>>>

/** What is done to a cart, as far as Medusa's workflows tell of it differently. */
export type CartChange = keyof typeof WORKFLOWS

/**
 * What the workflow behind each route tells at its end.
 *
 * @source Medusa 2.21 `core-flows/dist/cart/workflows`, and what a running one was seen to emit
 */
const WORKFLOWS = {
  created: ["cart.created"],
  updated: ["cart.updated"],
  /** Also when other columns were changed with it. */
  region_updated: ["cart.region_updated", "cart.updated"],
  line_added: ["cart.updated"],
  line_updated: ["cart.updated"],
  /** Quantity 0: the workflow that deletes it runs within the one that updates it, and both tell of it. */
  line_updated_to_none: ["cart.updated", "cart.updated"],
  line_removed: ["cart.updated"],
  shipping_method_added: ["cart.updated"],
  customer_transferred: ["cart.customer_transferred"],
  merged: ["cart.customer_transferred", "cart.updated"],
  promotions_changed: [],
  taxes_calculated: [],
  completed: [],
  payment_collection_created: [],
  payment_session_created: [],
  payment_repaired: ["cart.updated"],
} as const satisfies Record<string, readonly string[]>

/** How a module names what it tells of a table: its own name, the model's, and what it is called in messages. */
const MODULE = {
  customer: ["customer", "customer", "customer.customer"],
  cart_address: ["cart", "address", "cart.address"],
  cart: ["cart", "cart", "cart.cart"],
  cart_line_item: ["cart", "line_item", "cart.line-item"],
  cart_line_item_tax_line: ["cart", "line_item_tax_line", "cart.line-item-tax-line"],
  cart_shipping_method: ["cart", "shipping_method", "cart.shipping-method"],
  cart_shipping_method_tax_line: ["cart", "shipping_method_tax_line", "cart.shipping-method-tax-line"],
  cart_line_item_adjustment: ["cart", "line_item_adjustment", "cart.line-item-adjustment"],
  cart_shipping_method_adjustment: ["cart", "shipping_method_adjustment", "cart.shipping-method-adjustment"],
  cart_promotion: ["CartCartPromotionPromotionLink", "LinkCartPromotion", "LinkCartPromotion"],
  payment_collection: ["payment", "payment_collection", "payment.payment-collection"],
  payment_session: ["payment", "payment_session", "payment.payment-session"],
  cart_payment_collection: [
    "CartCartPaymentPaymentCollectionLink",
    "LinkCartPaymentCollection",
    "LinkCartPaymentCollection",
  ],
  account_holder: ["payment", "account_holder", "payment.account-holder"],
  customer_account_holder: [
    "CustomerCustomerPaymentAccountHolderLink",
    "LinkCustomerAccountHolder",
    "LinkCustomerAccountHolder",
  ],
} as const satisfies Record<string, readonly [source: string, object: string, name: string]>

/** A table of Medusa's of which its modules tell, and of which the counter writes. In the order of telling. */
export type WatchedTable = keyof typeof MODULE

const TABLES = Object.keys(MODULE) as WatchedTable[]
const ACTIONS: readonly Action[] = ["deleted", "created", "updated"]
const LINK_ACTIONS: Record<Action, string> = { created: "attached", deleted: "detached", updated: "updated" }

/**
 * What Medusa would tell of a change of a cart if it had made it: its modules of the rows, then its workflow.
 *
 * Medusa tells of the rows in the order in which its steps end; here they come in one order. Nothing of this depends on
 * whether somebody listens.
 */
export function cartMessages(cartId: string, change: CartChange, rows: RowChanges): MedusaMessage[] {
  const ofRows = TABLES.flatMap((table) =>
    ACTIONS.flatMap((action) => {
      const ids = rows[action]?.[table] ?? []
      return ids.length > 0 ? [{ table, action, ids }] : []
    }),
  )
  return [...ofRows, ...WORKFLOWS[change].map((name) => ({ name, data: { id: cartId } }))]
}

/**
 * A message as Medusa's event bus would get it: a module tells of each row, a link of all of them at once.
 *
 * @param eventGroupId  which messages are of one change
 * @source Medusa 2.21 `utils/dist/modules-sdk/event-builder-factory.js`, `link-modules/dist/services/link-module-service.js`
 */
export function busMessages(message: MedusaMessage, eventGroupId: string): BusMessage[] {
  if ("name" in message) {
    return [{ name: message.name, data: message.data, metadata: { eventGroupId }, isInternal: false }]
  }
  const { table, ids } = message
  const [source, object, prefix] = MODULE[table]
  const isLink = source.endsWith("Link")
  const action = isLink ? LINK_ACTIONS[message.action] : message.action
  const described = {
    name: `${prefix}.${action}`,
    metadata: { source, object, action, eventGroupId },
    isInternal: true,
  }
  if (isLink) return [{ ...described, data: { id: ids.length === 1 ? ids[0] : ids } }]
  return ids.map((id) => ({ ...described, data: { id } }))
}
