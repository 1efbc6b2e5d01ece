import { type Account, type Call, newId, now } from "./account.ts"
import type { Decline } from "./cards.ts"
import { list } from "./lists.ts"
import type { Charge, PaymentIntent } from "./objects.ts"
import { text } from "./params.ts"

/**
 * Asks the card for the intent's amount and makes this its latest charge. A declined card leaves a charge as well.
 *
 * @param declined  why the bank has said no, if it has
 */
export function createCharge(account: Account, intent: PaymentIntent, declined?: Decline): Charge {
  const method = account.paymentMethod(intent.payment_method ?? "")
  const captured = !declined && intent.capture_method !== "manual"
  const charge: Charge = {
    id: newId("ch"),
    object: "charge",
    amount: intent.amount,
    amount_captured: captured ? intent.amount : 0,
    amount_refunded: 0,
    balance_transaction: null,
    billing_details: structuredClone(method.billing_details),
    captured,
    created: now(),
    currency: intent.currency,
    customer: intent.customer,
    description: intent.description,
    disputed: false,
    failure_code: declined?.code ?? null,
    failure_message: declined?.message ?? null,
    livemode: false,
    metadata: { ...intent.metadata },
    outcome: {
      network_status: declined ? "declined_by_network" : "approved_by_network",
      reason: declined ? (declined.decline_code ?? declined.code) : null,
      risk_level: "normal",
      seller_message: declined ? "The bank did not return any further details with this decline." : "Payment complete.",
      type: declined ? "issuer_declined" : "authorized",
    },
    paid: !declined,
    payment_intent: intent.id,
    payment_method: method.id,
    payment_method_details: { card: structuredClone(method.card), type: "card" },
    receipt_email: intent.receipt_email,
    refunded: false,
    status: declined ? "failed" : "succeeded",
  }
  account.charges.set(charge.id, charge)
  intent.latest_charge = charge.id
  return charge
}

export const retrieve = (account: Account, { id }: Call) => account.charge(id)

export function listAll(account: Account, { params }: Call) {
  const intent = text(params, "payment_intent")
  const customer = text(params, "customer")
  const found = [...account.charges.values()].filter(
    (charge) => (!intent || charge.payment_intent === intent) && (!customer || charge.customer === customer),
  )
  return list("/v1/charges", found, params)
}
