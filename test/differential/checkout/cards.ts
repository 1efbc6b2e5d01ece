import type { Sql } from "postgres"
import Stripe from "stripe"
import { openDatabase } from "../../../src/platform/db/index.ts"
import { demo } from "../../support/counter.ts"
import { theMedusa } from "../../support/medusa.ts"
import { type Bank, openBank } from "../../support/stripe/bank.ts"
import { SPANISH } from "../carts/shop.ts"

/** Medusa's name of who takes cards. */
export const CARDS = "pp_stripe_stripe"

/** What paying by card takes beside a counter. */
export interface Cards {
  bank: Bank
  /** As the shopper's browser, and staff in Stripe's dashboard, have it. */
  stripe: Stripe
  sql: Sql
  close(): Promise<void>
}

/** Opens the bank that the run's Medusa asks, and has Spain paid by card, too, until it is closed. */
export async function openCards({ maxNetworkRetries = 0, connections = 4 } = {}): Promise<Cards> {
  const { databaseUrl, stripe: config } = theMedusa()
  const bank = await openBank(config)
  const at = { host: "127.0.0.1", port: config.port, protocol: "http" as const }
  const stripe = new Stripe(config.apiKey, { ...at, maxNetworkRetries })
  const { sql, close } = openDatabase(databaseUrl, { connections })
  await sql`
    insert into region_payment_provider (region_id, payment_provider_id, id)
    values (${demo().regions.es}, ${CARDS}, 'regpp_stripe') on conflict do nothing`
  return {
    ...{ bank, stripe, sql },
    async close() {
      await sql`delete from region_payment_provider where payment_provider_id = ${CARDS}`
      await bank.close()
      await close()
    },
  }
}

/** A cart of which everything is known but how it is paid. */
export interface ReadyCart {
  id: string
  /** Its first line. */
  line: string
  /** Where payment sessions are made for it. */
  sessions: string
}

/**
 * Has a shopper in Spain come as far as paying.
 *
 * @param ask  sends it to the counter, and gives the body of the answer; undefined when it was refused
 * @returns undefined when the cart was refused
 */
export async function readyCart(
  ask: (method: "GET" | "POST", path: string, body?: object) => Promise<unknown>,
  { variant, quantity = 1, email = "vega@example.com" }: { variant: string; quantity?: number; email?: string },
): Promise<ReadyCart | undefined> {
  const made = await ask("POST", "/store/carts", {
    ...{ region_id: demo().regions.es, email, shipping_address: SPANISH, items: [{ variant_id: variant, quantity }] },
  })
  if (!made) return undefined
  const { id, items } = (made as { cart: { id: string; items: { id: string }[] } }).cart
  const offered = await ask("GET", `/store/shipping-options?cart_id=${id}`)
  const [option] = (offered as { shipping_options: { id: string }[] }).shipping_options
  await ask("POST", `/store/carts/${id}/shipping-methods`, { option_id: option?.id })
  const collected = await ask("POST", "/store/payment-collections", { cart_id: id })
  const { payment_collection } = collected as { payment_collection: { id: string } }
  const sessions = `/store/payment-collections/${payment_collection.id}/payment-sessions`
  return { id, line: items[0]?.id ?? "", sessions }
}
