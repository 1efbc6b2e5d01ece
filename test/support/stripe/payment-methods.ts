import { createHash } from "node:crypto"
import { type Account, type Call, newId, now } from "./account.ts"
import { type Card, cardOfName, cardOfNumber } from "./cards.ts"
import { docUrl, invalidParameter, noSuch, Refusal, refused } from "./errors.ts"
import { list } from "./lists.ts"
import type { BillingDetails, PaymentMethod } from "./objects.ts"
import { group, metadata, oneOf, type Params, required, text } from "./params.ts"

const spent =
  "The provided PaymentMethod was previously used with a PaymentIntent without Customer attachment, shared with a connected account without Customer attachment, or was detached from a Customer. It may not be used again. To use a PaymentMethod multiple times, you must attach it to a Customer first."

export function create(account: Account, { params }: Call): PaymentMethod {
  oneOf(params, "type", ["card"])
  const card = group(params, "card") ?? {}
  const token = text(card, "token")
  const held = token ? cardOfName(token) : cardOfNumber(required(card, "number").replaceAll(" ", ""))
  if (!held) {
    throw token ? noSuch("token", token, "card[token]") : invalidParameter("card[number]", "No such test card.")
  }
  return keep(account, held, params)
}

/**
 * The payment method that a request names: one of the account's, or a new one for a test card such as `pm_card_visa`,
 * as Stripe makes one each time.
 *
 * @param customer  for whom it pays
 * @throws Refusal when it is another customer's, or may not be used again
 */
export function resolve(account: Account, params: Params, customer: string | null): PaymentMethod | undefined {
  const data = group(params, "payment_method_data")
  if (data) return create(account, { id: "", params: data })
  const id = text(params, "payment_method")
  if (!id) return undefined
  const card = id.startsWith("pm_card_") ? cardOfName(id) : undefined
  if (card) return keep(account, card, {})
  const method = account.paymentMethod(id, "payment_method")
  if (account.cards.get(id)?.spent) throw refused(spent, { param: "payment_method" })
  if (method.customer && method.customer !== customer) {
    const message = `The provided PaymentMethod (${id}) belongs to a Customer. Please include the Customer in the \`customer\` parameter on the PaymentIntent.`
    throw refused(message, { param: "payment_method" })
  }
  return method
}

export const retrieve = (account: Account, { id }: Call) => account.paymentMethod(id)

export function listAll(account: Account, { params }: Call) {
  const customer = account.customer(required(params, "customer"), "customer").id
  return list("/v1/payment_methods", ofCustomer(account, customer), params)
}

export function listOfCustomer(account: Account, { id, params }: Call) {
  const customer = account.customer(id).id
  return list(`/v1/customers/${id}/payment_methods`, ofCustomer(account, customer), params)
}

/** Saves a payment method to a customer. Its bank is asked first, so a card that is declined is declined here. */
export function attach(account: Account, { id, params }: Call): PaymentMethod {
  const customer = account.customer(required(params, "customer"), "customer").id
  const card = cardOfName(id)
  const method = card ? keep(account, card, {}) : account.paymentMethod(id)
  const held = account.cards.get(method.id)
  if (held?.spent) throw refused(spent, { param: "payment_method" })
  if (method.customer && method.customer !== customer) {
    throw refused("The payment method you provided has already been attached to a customer.")
  }
  const declines = held?.card.attaches ? undefined : held?.card.declines
  if (declines) throw new Refusal(402, { type: "card_error", doc_url: docUrl(declines.code), ...declines })
  method.customer = customer
  return method
}

export function detach(account: Account, { id }: Call): PaymentMethod {
  const method = account.paymentMethod(id)
  if (!method.customer) {
    throw refused("The payment method you provided is not attached to a customer so detachment is impossible.")
  }
  method.customer = null
  const held = account.cards.get(id)
  if (held) held.spent = true
  return method
}

export const ofCustomer = (account: Account, customer: string) =>
  [...account.paymentMethods.values()].filter((method) => method.customer === customer)

function keep(account: Account, card: Card, params: Params): PaymentMethod {
  const method: PaymentMethod = {
    id: newId("pm"),
    object: "payment_method",
    allow_redisplay: "unspecified",
    billing_details: billingDetails(group(params, "billing_details") ?? {}),
    card: {
      brand: card.brand,
      country: "US",
      display_brand: card.brand,
      exp_month: 12,
      exp_year: new Date().getUTCFullYear() + 2,
      // The same card has the same fingerprint in whichever payment method it is.
      fingerprint: createHash("sha256").update(card.number).digest("hex").slice(0, 16),
      funding: "credit",
      last4: card.number.slice(-4),
      wallet: null,
    },
    created: now(),
    customer: null,
    livemode: false,
    metadata: metadata(params),
    type: "card",
  }
  account.paymentMethods.set(method.id, method)
  account.cards.set(method.id, { card, spent: false })
  return method
}

export function address(params: Params): BillingDetails["address"] {
  const line = (name: string) => text(params, name) ?? null
  return {
    city: line("city"),
    country: line("country"),
    line1: line("line1"),
    line2: line("line2"),
    postal_code: line("postal_code"),
    state: line("state"),
  }
}

function billingDetails(params: Params): BillingDetails {
  return {
    address: address(group(params, "address") ?? {}),
    email: text(params, "email") ?? null,
    name: text(params, "name") ?? null,
    phone: text(params, "phone") ?? null,
  }
}
