import { type Account, type Call, newId, now } from "./account.ts"
import { docUrl, invalidParameter, noSuch, Refusal } from "./errors.ts"
import type { PaymentError, PaymentMethod, SetupIntent } from "./objects.ts"
import { flag, metadata, oneOf, text, words } from "./params.ts"
import { resolve } from "./payment-methods.ts"

/** Saves a way to pay for later. A card that asks for 3-D Secure stays at `requires_action`. */
export function create(account: Account, { params }: Call): SetupIntent {
  const customer = text(params, "customer")
  const owner = customer ? account.customer(customer, "customer").id : null
  const confirm = flag(params, "confirm")
  const method = resolve(account, params, owner)
  if (confirm && !method) throw invalidParameter("payment_method", "You must provide a payment method to confirm.")
  const id = newId("seti")
  const intent: SetupIntent = {
    id,
    object: "setup_intent",
    client_secret: `${id}_secret_${newId("").slice(1)}`,
    created: now(),
    customer: owner,
    description: text(params, "description") ?? null,
    last_setup_error: null,
    livemode: false,
    metadata: metadata(params),
    next_action: null,
    payment_method: method?.id ?? null,
    payment_method_types: words(params, "payment_method_types") ?? ["card"],
    status: method ? "requires_confirmation" : "requires_payment_method",
    usage: oneOf(params, "usage", ["off_session", "on_session"]) ?? "off_session",
  }
  account.setupIntents.set(id, intent)
  if (confirm && method) setUp(account, intent, method)
  return intent
}

export function retrieve(account: Account, { id }: Call): SetupIntent {
  const intent = account.setupIntents.get(id)
  if (!intent) throw noSuch("setupintent", id)
  return intent
}

function setUp(account: Account, intent: SetupIntent, method: PaymentMethod): void {
  const card = account.cards.get(method.id)?.card
  if (card?.authenticates) {
    const stripe_js = `https://hooks.stripe.com/3d_secure_2/hosted?setup_intent=${intent.id}`
    const use_stripe_sdk = { type: "three_d_secure_redirect" as const, stripe_js, source: newId("src") }
    intent.next_action = { type: "use_stripe_sdk", use_stripe_sdk }
    intent.status = "requires_action"
    return
  }
  if (card?.declines && !card.attaches) {
    const error: PaymentError = { type: "card_error", doc_url: docUrl(card.declines.code), ...card.declines }
    intent.last_setup_error = { ...error, payment_method: structuredClone(method) }
    intent.payment_method = null
    intent.status = "requires_payment_method"
    throw new Refusal(402, { ...intent.last_setup_error, setup_intent: structuredClone(intent) })
  }
  if (intent.customer) method.customer = intent.customer
  intent.status = "succeeded"
}
