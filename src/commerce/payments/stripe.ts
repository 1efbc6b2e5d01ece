import Stripe from "stripe"
import type { StripeConfig } from "../../config.ts"

/** In which form Medusa's provider reads, and writes down, what Stripe knows: that of the library that it brings. */
const MEDUSAS_VERSION = "2024-04-10"

const MILLISECONDS = 20_000

/** Our own client of Stripe's, for what Medusa's provider does not do. */
export function openStripeClient({ apiKey, apiUrl }: StripeConfig): Stripe {
  const at = apiUrl === undefined ? undefined : new URL(apiUrl)
  const elsewhere = at && {
    host: at.hostname,
    port: at.port || (at.protocol === "http:" ? "80" : "443"),
    protocol: at.protocol === "http:" ? ("http" as const) : ("https" as const),
  }
  return new Stripe(apiKey, { maxNetworkRetries: 2, timeout: MILLISECONDS, telemetry: false, ...elsewhere })
}

/**
 * What Medusa's provider would be told of a payment.
 *
 * @returns undefined unless the money can be captured, all of it
 */
export async function readAuthorization(
  stripe: Stripe,
  intentId: string,
): Promise<Record<string, unknown> | undefined> {
  const expand = ["payment_method"]
  const intent = await stripe.paymentIntents.retrieve(intentId, { expand }, { apiVersion: MEDUSAS_VERSION })
  const isWhole = intent.status === "requires_capture" && intent.amount_capturable === intent.amount
  return isWhole ? JSON.parse(JSON.stringify(intent)) : undefined
}

/** Currencies whose smallest unit is the major one, or a thousandth. @source Stripe's documentation, "Zero-decimal currencies" */
const NO_DECIMALS = new Set("bif clp djf gnf jpy kmf krw mga pyg rwf ugx vnd vuv xaf xof xpf".split(" "))
const THREE_DECIMALS = new Set("bhd iqd jod kwd omr tnd".split(" "))

const unitsIn = (currency: string) => (NO_DECIMALS.has(currency) ? 1 : THREE_DECIMALS.has(currency) ? 1_000 : 100)

/** @returns an amount of Stripe's, in the major unit */
export const inMajorUnit = (amount: number, currency: string): number => amount / unitsIn(currency)

/** @returns an amount in the smallest unit, of which nobody pays a part */
export const inSmallestUnit = (amount: number, currency: string): number => Math.round(amount * unitsIn(currency))
