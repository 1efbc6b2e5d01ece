import Stripe from "stripe"
import { afterAll, beforeAll } from "vitest"
import { STRIPE_PROVIDER as CARDS } from "../../src/commerce/checkout/index.ts"
import type { Config } from "../../src/config.ts"
import { newId } from "../../src/platform/ids.ts"
import type { OpenCounter } from "../../src/server.ts"
import { demo, openTestCounter } from "./counter.ts"
import { cloneDatabase, type TestDatabase } from "./database.ts"
import { untilBuilt } from "./documents.ts"
import { openStripe, type StripeStandIn } from "./stripe/index.ts"

const KEY = "sk_test_shop"

/** A counter that takes cards, with a stand-in for Stripe and without a Medusa. */
export interface CardShop {
  bank: StripeStandIn
  stripe: Stripe
  database: TestDatabase
  counter: OpenCounter
  /** The shopper opens the form of a cart that is ready to be paid. Its session is as Medusa writes it. */
  formOf(cartId: string): Promise<{ intent: string }>
  /** The shopper sends the form. */
  confirm(intent: string): Promise<unknown>
  statusOf(intent: string): Promise<string>
  sessionsOf(cartId: string): Promise<{ provider_id: string; status: string }[]>
}

export function cardShopForFile(overrides: Partial<Config> = {}): CardShop {
  const shop = {
    async formOf(id) {
      const { database, stripe } = shop
      const [collection] = await database.sql<{ id: string; amount: number }[]>`
        select collection.id, amount::float8 as amount from payment_collection collection
        join cart_payment_collection link on link.payment_collection_id = collection.id where link.cart_id = ${id}`
      const { amount = 0, id: collectionId = "" } = collection ?? {}
      const session = newId("payses")
      const intent = await stripe.paymentIntents.create({
        ...{ amount: Math.round(amount * 100), currency: "eur", capture_method: "manual" },
        metadata: { session_id: session },
      })
      await database.sql`
        insert into payment_session (id, currency_code, amount, raw_amount, provider_id, data, context, payment_collection_id, metadata)
        values (${session}, 'eur', ${amount}, ${JSON.stringify({ value: String(amount), precision: 20 })}::text::jsonb, ${CARDS},
          ${JSON.stringify(intent)}::text::jsonb, '{}', ${collectionId}, '{}')`
      return { intent: intent.id }
    },
    confirm: (intent) =>
      shop.stripe.paymentIntents.confirm(intent, {
        ...{ payment_method: "pm_card_visa", return_url: "https://shop.example.com/back" },
      }),
    statusOf: async (intent) => (await shop.stripe.paymentIntents.retrieve(intent)).status,
    async sessionsOf(id) {
      const rows = await shop.database.sql<{ provider_id: string; status: string }[]>`
        select provider_id, session.status from payment_session session
        join cart_payment_collection link using (payment_collection_id) where link.cart_id = ${id}`
      return [...rows]
    },
  } as CardShop

  beforeAll(async () => {
    shop.bank = await openStripe()
    const { webhookSecret, url: apiUrl } = shop.bank
    const { hostname: host, port } = new URL(apiUrl)
    shop.stripe = new Stripe(KEY, { host, port, protocol: "http", maxNetworkRetries: 0 })
    shop.database = await cloneDatabase()
    const { sql } = shop.database
    await sql`
      insert into region_payment_provider (region_id, payment_provider_id, id) values (${demo().regions.es}, ${CARDS}, 'x')`
    await sql`insert into payment_provider (id) values (${CARDS}) on conflict do nothing`
    const stripe = { apiKey: KEY, webhookSecret, capture: "manual", apiUrl } as const
    shop.counter = await openTestCounter(shop.database.url, { stripe, ...overrides })
    await untilBuilt(shop.database, 60)
  }, 120_000)
  afterAll(async () => {
    await shop.counter?.close()
    await shop.database?.drop()
    await shop.bank?.close()
  })
  return shop
}
