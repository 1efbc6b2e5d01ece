import { type Account, type Call, newId, now } from "./account.ts"
import { invalidParameter, noSuch, refused } from "./errors.ts"
import { list } from "./lists.ts"
import type { Charge, Refund } from "./objects.ts"
import { amount, metadata, oneOf, type Params, text } from "./params.ts"

export function create(account: Account, { params }: Call): Refund {
  const reason = oneOf(params, "reason", ["duplicate", "fraudulent", "requested_by_customer"])
  const charge = chargeOf(account, params)
  if (charge.refunded) {
    throw refused(`Charge ${charge.id} has already been refunded.`, { code: "charge_already_refunded" })
  }
  const left = charge.amount - charge.amount_refunded
  const wanted = amount(params, "amount") ?? left
  if (wanted > left) {
    const [asked, rest] = [wanted, left].map((units) => written(units, charge.currency))
    throw refused(`Refund amount (${asked}) is greater than unrefunded amount on charge (${rest})`, {
      param: "amount",
    })
  }
  const refund: Refund = {
    id: newId("re"),
    object: "refund",
    amount: wanted,
    balance_transaction: null,
    charge: charge.id,
    created: now(),
    currency: charge.currency,
    destination_details: { card: { type: "refund" }, type: "card" },
    metadata: metadata(params),
    payment_intent: charge.payment_intent,
    reason: reason ?? null,
    receipt_number: null,
    status: "succeeded",
  }
  const before = charge.amount_refunded
  charge.amount_refunded += wanted
  charge.refunded = charge.amount_refunded === charge.amount
  account.refunds.set(refund.id, refund)
  account.emit("refund.created", refund)
  account.emit("charge.refunded", charge, {
    amount_refunded: before,
    ...(charge.refunded && { refunded: false }),
  })
  return refund
}

export function retrieve(account: Account, { id }: Call): Refund {
  const refund = account.refunds.get(id)
  if (!refund) throw noSuch("refund", id)
  return refund
}

export function listAll(account: Account, { params }: Call) {
  const intent = text(params, "payment_intent")
  const charge = text(params, "charge")
  const found = [...account.refunds.values()].filter(
    (refund) => (!intent || refund.payment_intent === intent) && (!charge || refund.charge === charge),
  )
  return list("/v1/refunds", found, params)
}

/** The captured charge that a request wants money back from. */
function chargeOf(account: Account, params: Params): Charge {
  const id = text(params, "charge")
  const intentId = text(params, "payment_intent")
  if (!id && !intentId) {
    const message = "One of the following params should be provided for this request: payment_intent or charge."
    throw invalidParameter("charge", message, "parameter_missing")
  }
  if (id) {
    const charge = account.charge(id, "charge")
    if (charge.captured) return charge
    if (charge.paid && !charge.refunded) {
      const message = `This uncaptured Charge was created by a PaymentIntent (${charge.payment_intent}). You must cancel the PaymentIntent to reverse the authorization instead of refunding the Charge directly.`
      throw refused(message, { param: "charge" })
    }
    throw unsuccessful(charge.payment_intent, "charge")
  }
  const intent = account.paymentIntent(intentId ?? "", "payment_intent")
  const charge = intent.latest_charge ? account.charge(intent.latest_charge) : undefined
  if (charge?.captured) return charge
  throw unsuccessful(intent.id, "payment_intent")
}

const unsuccessful = (intent: string, param: string) =>
  refused(`This PaymentIntent (${intent}) does not have a successful charge to refund.`, { param })

/** "$20.00", "¥500" */
function written(units: number, currency: string): string {
  const format = new Intl.NumberFormat("en-US", { style: "currency", currency })
  return format.format(units / 10 ** (format.resolvedOptions().maximumFractionDigits ?? 2))
}
