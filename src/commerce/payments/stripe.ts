import Stripe from "stripe"
import type { StripeConfig } from "../../config.ts"
import { stripeAddress } from "../../medusa/stripe/address.ts"
import type { Authorization } from "../checkout/index.ts"

/** In which form Medusa's provider reads, and writes down, what Stripe knows: that of the library that it brings. */
const MEDUSAS_VERSION = "2024-04-10"

const MILLISECONDS = 20_000

/** Our own client of Stripe's, for what Medusa's provider does not do. */
export function openStripeClient({ apiKey, apiUrl }: StripeConfig): Stripe {
  const elsewhere = apiUrl === undefined ? {} : stripeAddress(apiUrl)
  return new Stripe(apiKey, { maxNetworkRetries: 2, timeout: MILLISECONDS, telemetry: false, ...elsewhere })
}

/**
 * Asks for a payment whose money is there.
 *
 * @returns what Medusa's provider would be told of it; undefined unless all of the money can be captured, or was taken
 *   and nothing of it given back
 */
export async function readAuthorization(
  stripe: Stripe,
  intentId: string,
): Promise<Omit<Authorization, "session_id"> | undefined> {
  const expand = ["payment_method", "latest_charge"]
  const intent = await stripe.paymentIntents.retrieve(intentId, { expand }, { apiVersion: MEDUSAS_VERSION })
  const { status, amount, amount_capturable, amount_received } = intent
  const charge = intent.latest_charge as Stripe.Charge | null
  const is_captured = status === "succeeded" && amount_received === amount && charge?.amount_refunded === 0
  if (!is_captured && !(status === "requires_capture" && amount_capturable === amount)) return undefined
  // Medusa's provider does not ask for the charge.
  const told = { ...intent, latest_charge: charge?.id ?? null }
  return { data: JSON.parse(JSON.stringify(told)), is_captured }
}

/** Currencies whose smallest unit is the major one, or a thousandth. @source Stripe's documentation, "Zero-decimal currencies" */
const NO_DECIMALS = new Set("bif clp djf gnf jpy kmf krw mga pyg rwf ugx vnd vuv xaf xof xpf".split(" "))
const THREE_DECIMALS = new Set("bhd iqd jod kwd omr tnd".split(" "))

const unitsIn = (currency: string) => (NO_DECIMALS.has(currency) ? 1 : THREE_DECIMALS.has(currency) ? 1_000 : 100)

/** @returns an amount of Stripe's, in the major unit */
export const inMajorUnit = (amount: number, currency: string): number => amount / unitsIn(currency)

/** @returns an amount in the smallest unit, of which nobody pays a part */
export const inSmallestUnit = (amount: number, currency: string): number => Math.round(amount * unitsIn(currency))
