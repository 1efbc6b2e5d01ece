import { type Account, type Call, newId, now } from "./account.ts"
import { checkReturnUrl, pay } from "./confirmation.ts"
import { invalidParameter, refused, unexpectedState } from "./errors.ts"
import { list } from "./lists.ts"
import type { IntentStatus, PaymentIntent } from "./objects.ts"
import { amount, flag, given, group, metadata, oneOf, type Params, required, text, textOr, words } from "./params.ts"
import { resolve } from "./payment-methods.ts"

const cancellable: IntentStatus[] = [
  "requires_payment_method",
  "requires_capture",
  "requires_confirmation",
  "requires_action",
  "processing",
]

const updatable: IntentStatus[] = ["requires_payment_method", "requires_confirmation", "requires_action"]

/** What may be changed whatever has become of the intent. */
const alwaysUpdatable = ["metadata", "description", "receipt_email", "expand"]

export function create(account: Account, { params }: Call): PaymentIntent {
  const wanted = amount(params, "amount")
  if (wanted === undefined) throw invalidParameter("amount", "Missing required param: amount.", "parameter_missing")
  const currency = currencyOf(required(params, "currency"))
  const customer = text(params, "customer")
  const confirm = flag(params, "confirm")
  for (const name of ["return_url", "off_session", "error_on_requires_action"]) {
    if (given(params, name) && !confirm) {
      const message = `The parameter \`${name}\` cannot be passed when creating a PaymentIntent unless \`confirm\` is set to true.`
      throw invalidParameter(name, message)
    }
  }
  const id = newId("pi")
  const intent: PaymentIntent = {
    id,
    object: "payment_intent",
    amount: wanted,
    amount_capturable: 0,
    amount_received: 0,
    application: null,
    application_fee_amount: null,
    canceled_at: null,
    cancellation_reason: null,
    capture_method: captureMethod(params) ?? "automatic_async",
    client_secret: `${id}_secret_${newId("").slice(1)}`,
    confirmation_method: "automatic",
    created: now(),
    currency,
    customer: customer ? account.customer(customer, "customer").id : null,
    description: text(params, "description") ?? null,
    last_payment_error: null,
    latest_charge: null,
    livemode: false,
    metadata: metadata(params),
    next_action: null,
    on_behalf_of: null,
    payment_method: null,
    payment_method_options: group(params, "payment_method_options") ?? {},
    ...methodTypes(params),
    processing: null,
    receipt_email: text(params, "receipt_email") ?? null,
    review: null,
    setup_future_usage: setupFutureUsage(params) ?? null,
    shipping: null,
    source: null,
    statement_descriptor: text(params, "statement_descriptor") ?? null,
    statement_descriptor_suffix: text(params, "statement_descriptor_suffix") ?? null,
    status: "requires_payment_method",
    transfer_data: null,
    transfer_group: text(params, "transfer_group") ?? null,
  }
  if (confirm) checkReturnUrl(intent, params)
  const method = resolve(account, params, intent.customer)
  if (confirm && !method) {
    throw invalidParameter("payment_method", "You must provide a payment method when `confirm` is set to true.")
  }
  if (method) choose(intent, method.id)
  account.paymentIntents.set(id, intent)
  account.emit("payment_intent.created", intent)
  return confirm ? pay(account, intent, params) : intent
}

export const retrieve = (account: Account, { id }: Call) => account.paymentIntent(id)

export function listAll(account: Account, { params }: Call) {
  const customer = text(params, "customer")
  const intents = [...account.paymentIntents.values()]
  const found = customer ? intents.filter((intent) => intent.customer === customer) : intents
  return list("/v1/payment_intents", found, params)
}

export function update(account: Account, { id, params }: Call): PaymentIntent {
  const intent = account.paymentIntent(id)
  const closed = Object.keys(params).find((name) => !alwaysUpdatable.includes(name))
  if (closed && !updatable.includes(intent.status)) {
    const what = given(params, "amount") ? "This PaymentIntent's amount" : "This PaymentIntent"
    const only = `You may only update the ${closed} of a PaymentIntent with one of the following statuses: ${updatable.join(", ")}.`
    throw unexpectedState(`${what} could not be updated because it has a status of ${intent.status}. ${only}`, intent)
  }
  // All is read before anything is written, so that a refusal leaves the intent as it was.
  const customer = text(params, "customer")
  const changed = {
    amount: amount(params, "amount") ?? intent.amount,
    currency: currencyOf(text(params, "currency") ?? intent.currency),
    customer: customer ? account.customer(customer, "customer").id : intent.customer,
    capture_method: captureMethod(params) ?? intent.capture_method,
    description: textOr(params, "description", intent.description),
    metadata: metadata(params, intent.metadata),
    receipt_email: textOr(params, "receipt_email", intent.receipt_email),
    setup_future_usage: setupFutureUsage(params) ?? intent.setup_future_usage,
    payment_method_types: words(params, "payment_method_types") ?? intent.payment_method_types,
  }
  const method = resolve(account, params, changed.customer)
  // A bank has been asked for another amount than this: 3-D Secure begins anew.
  if (intent.status === "requires_action" && changed.amount !== intent.amount && intent.payment_method) {
    choose(intent, intent.payment_method)
  }
  Object.assign(intent, changed)
  if (method) choose(intent, method.id)
  return intent
}

export function capture(account: Account, { id, params }: Call): PaymentIntent {
  const intent = account.paymentIntent(id)
  if (intent.status === "succeeded") {
    throw unexpectedState("This PaymentIntent could not be captured because it has already been captured.", intent)
  }
  if (intent.status !== "requires_capture" || !intent.latest_charge) {
    const message = `This PaymentIntent could not be captured because it has a status of ${intent.status}. Only a PaymentIntent with one of the following statuses may be captured: requires_capture.`
    throw unexpectedState(message, intent)
  }
  const captured = amount(params, "amount_to_capture") ?? intent.amount_capturable
  if (captured > intent.amount_capturable) {
    const message = "The requested capture amount is greater than the amount you can capture for this charge."
    throw refused(message, { code: "amount_too_large", param: "amount_to_capture" })
  }
  const charge = account.charge(intent.latest_charge)
  charge.captured = true
  charge.amount_captured = captured
  // What is not captured is let go at once, and Stripe counts it as refunded.
  charge.amount_refunded = charge.amount - captured
  intent.metadata = metadata(params, intent.metadata)
  intent.amount_capturable = 0
  intent.amount_received = captured
  intent.status = "succeeded"
  account.emit("charge.captured", charge)
  account.emit("payment_intent.succeeded", intent)
  return intent
}

export function cancel(account: Account, { id, params }: Call): PaymentIntent {
  const reasons = ["duplicate", "fraudulent", "requested_by_customer", "abandoned"] as const
  const reason = oneOf(params, "cancellation_reason", reasons)
  const intent = account.paymentIntent(id)
  if (!cancellable.includes(intent.status)) {
    const message = `You cannot cancel this PaymentIntent because it has a status of ${intent.status}. Only a PaymentIntent with one of the following statuses may be canceled: ${cancellable.join(", ")}.`
    throw unexpectedState(message, intent)
  }
  const held = intent.status === "requires_capture" && intent.latest_charge
  intent.amount_capturable = 0
  intent.canceled_at = now()
  intent.cancellation_reason = reason ?? null
  intent.next_action = null
  intent.status = "canceled"
  if (held) {
    const charge = account.charge(held)
    charge.amount_refunded = charge.amount
    charge.refunded = true
    account.emit("charge.refunded", charge, { amount_refunded: 0, refunded: false })
  }
  account.emit("payment_intent.canceled", intent)
  return intent
}

function choose(intent: PaymentIntent, method: string): void {
  intent.payment_method = method
  intent.next_action = null
  intent.status = "requires_confirmation"
}

function currencyOf(currency: string): string {
  if (/^[a-z]{3}$/i.test(currency)) return currency.toLowerCase()
  throw invalidParameter("currency", `Invalid currency: ${currency}.`)
}

const captureMethod = (params: Params) => oneOf(params, "capture_method", ["automatic", "automatic_async", "manual"])

const setupFutureUsage = (params: Params) => oneOf(params, "setup_future_usage", ["off_session", "on_session"])

/** Which ways to pay there are. Since 2023-08-16 Stripe takes those of the Dashboard when a request names none. */
function methodTypes(params: Params): Pick<PaymentIntent, "automatic_payment_methods" | "payment_method_types"> {
  const types = words(params, "payment_method_types")
  const automatic = group(params, "automatic_payment_methods")
  if (types && automatic && flag(automatic, "enabled")) {
    const message = "You may only specify one of these parameters: automatic_payment_methods, payment_method_types."
    throw invalidParameter("automatic_payment_methods", message)
  }
  if (types) return { automatic_payment_methods: null, payment_method_types: types }
  const redirects = automatic && oneOf(automatic, "allow_redirects", ["always", "never"])
  return {
    automatic_payment_methods: { allow_redirects: redirects ?? "always", enabled: true },
    payment_method_types: ["card"],
  }
}
