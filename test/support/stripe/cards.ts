/**
 * Stripe's test cards: https://docs.stripe.com/testing
 *
 * A card that is expired, has a wrong CVC or meets a processing error has no decline code, as that page says.
 */

export interface Decline {
  code: string
  decline_code?: string
  message: string
  param?: string
}

export interface Card {
  name: string
  number: string
  brand: string
  /** Asks for 3-D Secure before anything else. */
  authenticates?: boolean
  declines?: Decline
  /** Declines payments, but may be saved to a customer. */
  attaches?: boolean
}

const declined = (decline_code: string, message = "Your card was declined.") => ({
  code: "card_declined",
  decline_code,
  message,
})

const insufficientFunds = declined("insufficient_funds", "Your card has insufficient funds.")
const generic = declined("generic_decline")

/** What becomes of a card that asks for 3-D Secure when no shopper is there. */
export const authenticationRequired: Decline = {
  code: "authentication_required",
  decline_code: "authentication_required",
  message: "Your card was declined. This transaction requires authentication.",
}

const cards: Card[] = [
  { name: "visa", number: "4242424242424242", brand: "visa" },
  { name: "visa_debit", number: "4000056655665556", brand: "visa" },
  { name: "mastercard", number: "5555555555554444", brand: "mastercard" },
  { name: "amex", number: "378282246310005", brand: "amex" },
  { name: "authenticationRequired", number: "4000002760003184", brand: "visa", authenticates: true },
  { name: "threeDSecure2Required", number: "4000000000003220", brand: "visa", authenticates: true },
  {
    name: "threeDSecureRequiredChargeDeclined",
    number: "4000008400001629",
    brand: "visa",
    authenticates: true,
    declines: generic,
  },
  { name: "chargeCustomerFail", number: "4000000000000341", brand: "visa", declines: generic, attaches: true },
  { name: "chargeDeclined", number: "4000000000000002", brand: "visa", declines: generic },
  {
    name: "chargeDeclinedInsufficientFunds",
    number: "4000000000009995",
    brand: "visa",
    declines: insufficientFunds,
  },
  { name: "chargeDeclinedLostCard", number: "4000000000009987", brand: "visa", declines: declined("lost_card") },
  { name: "chargeDeclinedStolenCard", number: "4000000000009979", brand: "visa", declines: declined("stolen_card") },
  {
    name: "chargeDeclinedExpiredCard",
    number: "4000000000000069",
    brand: "visa",
    declines: { code: "expired_card", message: "Your card has expired.", param: "exp_month" },
  },
  {
    name: "chargeDeclinedIncorrectCvc",
    number: "4000000000000127",
    brand: "visa",
    declines: { code: "incorrect_cvc", message: "Your card's security code is incorrect.", param: "cvc" },
  },
  {
    name: "chargeDeclinedProcessingError",
    number: "4000000000000119",
    brand: "visa",
    declines: {
      code: "processing_error",
      message: "An error occurred while processing your card. Try again in a little bit.",
    },
  },
]

export const cardOfNumber = (number: string): Card | undefined => cards.find((card) => card.number === number)

/** @param name  `pm_card_visa`, `tok_visa`; a card that declines is also known with `visa_` before its name */
export function cardOfName(name: string): Card | undefined {
  const bare = name.match(/^(?:pm_card|tok)_(?:visa_(?=charge))?(.+)$/)?.[1]
  return cards.find((card) => card.name === bare)
}
