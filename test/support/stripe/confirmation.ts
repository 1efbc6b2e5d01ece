import { type Account, type Call, type HeldCard, newId } from "./account.ts"
import { authenticationRequired, type Decline } from "./cards.ts"
import { createCharge } from "./charges.ts"
import { docUrl, invalidParameter, Refusal, unexpectedState } from "./errors.ts"
import type { IntentStatus, NextAction, PaymentError, PaymentIntent } from "./objects.ts"
import { flag, type Params, text } from "./params.ts"
import { resolve } from "./payment-methods.ts"

const confirmable: IntentStatus[] = ["requires_payment_method", "requires_confirmation", "requires_action"]

export function confirm(account: Account, { id, params }: Call): PaymentIntent {
  const intent = account.paymentIntent(id)
  if (intent.status === "succeeded" || intent.status === "requires_capture") {
    const message =
      "You cannot confirm this PaymentIntent because it has already succeeded after being previously confirmed."
    throw unexpectedState(message, intent)
  }
  if (!confirmable.includes(intent.status)) {
    const message = `You cannot confirm this PaymentIntent because it has a status of ${intent.status}. Only a PaymentIntent with one of the following statuses may be confirmed: requires_confirmation, requires_action.`
    throw unexpectedState(message, intent)
  }
  checkReturnUrl(intent, params)
  const method = resolve(account, params, intent.customer)
  if (method) intent.payment_method = method.id
  if (!intent.payment_method) {
    const message =
      "You cannot confirm this PaymentIntent because it's missing a payment method. You can either update the PaymentIntent with a payment method and then confirm it again, or confirm it again directly with a payment method or ConfirmationToken."
    throw unexpectedState(message, intent)
  }
  return pay(account, intent, params)
}

/** Some ways to pay lead the shopper off the page, so Stripe wants to know the way back unless they are shut out. */
export function checkReturnUrl(intent: PaymentIntent, params: Params): void {
  const { automatic_payment_methods: automatic } = intent
  if (!automatic?.enabled || automatic.allow_redirects === "never") return
  if (text(params, "return_url") || flag(params, "use_stripe_sdk")) return
  const message =
    "This PaymentIntent is configured to accept payment methods enabled in your Dashboard. Because some of these payment methods might redirect your customer off of your page, you must provide a `return_url`. If you don't want to accept redirect-based payment methods, set `automatic_payment_methods[enabled]` to `true` and `automatic_payment_methods[allow_redirects]` to `never` when creating Setup Intents and Payment Intents."
  throw invalidParameter("return_url", message)
}

/**
 * Tries to pay with the intent's payment method: what comes of it is the card's to say.
 *
 * @throws Refusal when the card is declined; the intent has gone back to `requires_payment_method` by then
 */
export function pay(account: Account, intent: PaymentIntent, params: Params): PaymentIntent {
  const { card } = heldCard(account, intent)
  intent.last_payment_error = null
  if (card.authenticates) {
    // off_session is also "one_off" or "recurring" in older versions; anything but "false" says that nobody is there.
    const nobodyThere = (text(params, "off_session") ?? "false") !== "false"
    if (nobodyThere || flag(params, "error_on_requires_action")) {
      throw decline(account, intent, authenticationRequired)
    }
    intent.status = "requires_action"
    intent.next_action = nextAction(intent, params)
    account.emit("payment_intent.requires_action", intent)
    return intent
  }
  if (card.declines) throw decline(account, intent, card.declines)
  return take(account, intent)
}

/** The shopper has passed 3-D Secure. */
export function authenticate(account: Account, { id }: Pick<Call, "id">): PaymentIntent {
  const intent = awaitingAction(account, id)
  const { card } = heldCard(account, intent)
  intent.next_action = null
  if (!card.declines) return take(account, intent)
  decline(account, intent, card.declines)
  return intent
}

/** The shopper has not passed 3-D Secure. No charge comes of it. */
export function failAuthentication(account: Account, { id }: Pick<Call, "id">): PaymentIntent {
  const intent = awaitingAction(account, id)
  const code = "payment_intent_authentication_failure"
  fail(account, intent, {
    type: "invalid_request_error",
    code,
    doc_url: docUrl(code),
    message:
      "The provided PaymentMethod has failed authentication. You can provide payment_method_data or a new PaymentMethod to attempt to fulfill this PaymentIntent again.",
  })
  return intent
}

function take(account: Account, intent: PaymentIntent): PaymentIntent {
  const held = heldCard(account, intent)
  const method = account.paymentMethod(intent.payment_method ?? "")
  if (intent.customer && intent.setup_future_usage) method.customer = intent.customer
  held.spent = method.customer === null
  const charge = createCharge(account, intent)
  intent.next_action = null
  if (intent.capture_method === "manual") {
    intent.status = "requires_capture"
    intent.amount_capturable = intent.amount
    account.emit("charge.succeeded", charge)
    account.emit("payment_intent.amount_capturable_updated", intent)
  } else {
    intent.status = "succeeded"
    intent.amount_received = intent.amount
    account.emit("charge.succeeded", charge)
    account.emit("payment_intent.succeeded", intent)
  }
  return intent
}

function decline(account: Account, intent: PaymentIntent, why: Decline): Refusal {
  const charge = createCharge(account, intent, why)
  account.emit("charge.failed", charge)
  const error = fail(account, intent, {
    type: "card_error",
    doc_url: docUrl(why.code),
    ...why,
    charge: charge.id,
  })
  return new Refusal(402, { ...error, payment_intent: structuredClone(intent) })
}

function fail(account: Account, intent: PaymentIntent, why: PaymentError): PaymentError {
  const payment_method = structuredClone(account.paymentMethod(intent.payment_method ?? ""))
  intent.last_payment_error = { ...why, payment_method }
  intent.payment_method = null
  intent.next_action = null
  intent.status = "requires_payment_method"
  account.emit("payment_intent.payment_failed", intent)
  return intent.last_payment_error
}

function awaitingAction(account: Account, id: string): PaymentIntent {
  const intent = account.paymentIntent(id)
  if (intent.status === "requires_action") return intent
  throw unexpectedState(`There is nothing to authenticate: the status is ${intent.status}.`, intent)
}

function heldCard(account: Account, intent: PaymentIntent): HeldCard {
  const held = account.cards.get(intent.payment_method ?? "")
  if (!held) throw new Error(`${intent.id} has no payment method.`)
  return held
}

function nextAction(intent: PaymentIntent, params: Params): NextAction {
  const url = `https://hooks.stripe.com/3d_secure_2/hosted?payment_intent=${intent.id}`
  const return_url = text(params, "return_url")
  if (return_url && !flag(params, "use_stripe_sdk")) {
    return { type: "redirect_to_url", redirect_to_url: { return_url, url } }
  }
  const use_stripe_sdk = { type: "three_d_secure_redirect" as const, stripe_js: url, source: newId("src") }
  return { type: "use_stripe_sdk", use_stripe_sdk }
}
