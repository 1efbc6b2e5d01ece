import { openBeforeStripe } from "./before-stripe.ts"
import { openStripe, type StripeStandIn } from "./index.ts"

/** Where the tests' shop is paid: Stripe itself, or who stands in for it. */
export type Bank = Pick<StripeStandIn, "deliverTo" | "hold" | "release" | "settled" | "fail" | "close"> & {
  /** The shopper passes 3-D Secure; at Stripe itself a person would have to. */
  authenticate: ((id: string) => unknown) | undefined
}

const { STRIPE_API_KEY, STRIPE_API_URL = "https://api.stripe.com" } = process.env

/** A test account's key, where the tests are to pay at Stripe itself. */
export const stripeKey = STRIPE_API_KEY?.startsWith("sk_test_") ? STRIPE_API_KEY : undefined

/** Why a test is skipped that a person would have to take part in. */
export const atStripe = stripeKey !== undefined && "a person has to pass 3-D Secure at Stripe"

export const openBank = async (options: { port: number; webhookSecret: string }): Promise<Bank> =>
  stripeKey === undefined
    ? await openStripe(options)
    : await openBeforeStripe({ ...options, apiKey: stripeKey, apiUrl: STRIPE_API_URL })
