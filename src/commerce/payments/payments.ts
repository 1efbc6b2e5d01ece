import type { Sql, TransactionSql } from "postgres"
import type Stripe from "stripe"
import type { StripeConfig } from "../../config.ts"
import type { LockConnections } from "../../platform/db/index.ts"
import { openJobs } from "../../platform/jobs/index.ts"
import type { Log } from "../../platform/log.ts"
import { repeat } from "../../platform/repeat.ts"
import type { ChangedBy, Shop } from "../carts/index.ts"
import { type Authorization, STRIPE_PROVIDER } from "../checkout/index.ts"
import type { OnTold } from "../orders/index.ts"
import { noteCanceled } from "./canceled.ts"
import { askAgain, type EventJob, paymentEvent, pruneEvents, settled, storeEvent } from "./events.ts"
import { type LetGo, letGoOfCards } from "./let-go.ts"
import { reconcile } from "./reconcile.ts"
import { type PaymentRepair, retryRepair } from "./repairs.ts"
import { type Completion, type Settling, settlePayment } from "./settle.ts"
import { openStripeClient, readAuthorization } from "./stripe.ts"

/** Sees to it that what is paid by Stripe is ordered or given back. */
export interface Payments {
  /**
   * Takes in what Stripe tells; what is to be done about it is done afterwards.
   *
   * @param payload  as it has come, to the byte
   * @throws NotFromStripe when the signature is not Stripe's, or too old; others when it is not stored
   */
  receive(payload: Buffer, signature: string | undefined): Promise<void>
  /** @returns what Stripe says of a payment whose money is there; undefined for any other */
  authorizationOf(intentId: string): Promise<Omit<Authorization, "session_id"> | undefined>
  /** Closes what a shopper has begun to pay by card and not paid; see `letGoOfCards`. */
  letGo(cartId: string, by: ChangedBy): Promise<LetGo>
  /**
   * Has a payment's repair tried again, soon after the transaction.
   *
   * @returns undefined when there is no such repair
   * @throws NotToBeRetried
   */
  retry(tx: TransactionSql, repairId: string): Promise<PaymentRepair | undefined>
  /** Has it looked at whether what was paid for an order that is canceled is given back. */
  orderTold: OnTold
  close(): Promise<void>
}

export class NotFromStripe extends Error {}

export interface PaymentsOptions {
  config: StripeConfig
  /** No slash at the end. */
  medusaUrl: string
  databaseUrl: string
  sql: Sql
  locks: LockConnections
  documents: Shop["documents"]
  log: Log
  /** How long completing a cart may take. */
  timeoutSeconds: number
  complete(cartId: string): Promise<Completion>
}

const RETRIES = 14
/** Beside the time that completing a cart may take. */
const JOB_SECONDS = 30
const RECONCILE_SECONDS = 60
const PRUNE_SECONDS = 3_600

export async function openPayments(options: PaymentsOptions): Promise<Payments> {
  const { config, medusaUrl, databaseUrl, sql, locks, documents, log, timeoutSeconds, complete } = options
  const stripe = openStripeClient(config)
  const settling: Settling = {
    ...{ sql, stripe, documents, complete },
    tellMedusa: (intent) => tellMedusa(stripe, config, medusaUrl, intent),
  }
  const jobs = await openJobs<EventJob>({
    ...{ queue: "stripe-events", databaseUrl, log, retries: RETRIES, seconds: timeoutSeconds + JOB_SECONDS },
    async work({ event_id, payment_intent_id }) {
      const outcome = await settlePayment(settling, payment_intent_id)
      await settled(sql, event_id, outcome)
      log.info({ event_id, payment_intent_id, outcome }, "a payment is settled")
    },
  })
  const store = (event: Parameters<typeof storeEvent>[2]) => storeEvent(sql, jobs, event)
  const asking = repeat(
    async (signal) => {
      const found = await reconcile({ sql, locks }, stripe, store, signal)
      if (found > 0) log.warn({ events: found }, "Stripe had events that it could not tell us")
      const lost = await askAgain(sql, jobs)
      if (lost > 0) log.error({ events: lost }, "payments could not be settled for long, and are tried again")
    },
    { every: RECONCILE_SECONDS * 1000, first: 0, log, failing: "Stripe cannot be asked for what it could not tell us" },
  )
  const pruning = repeat(() => pruneEvents(sql), {
    ...{ every: PRUNE_SECONDS * 1000, log, failing: "old events of Stripe's cannot be deleted" },
  })
  return {
    async receive(payload, signature) {
      const event = await verified(stripe, payload, signature, config.webhookSecret)
      const about = paymentEvent(event)
      if (about) await store(about)
    },
    authorizationOf: (intentId) => readAuthorization(stripe, intentId),
    letGo: (cartId, by) => letGoOfCards({ sql, stripe }, cartId, by),
    retry: (tx, repairId) => retryRepair(tx, jobs, repairId),
    orderTold: (tx, order, told) => noteCanceled(tx, jobs, order, told),
    async close() {
      await asking.close()
      await pruning.close()
      await jobs.close()
    },
  }
}

const MEDUSA_MILLISECONDS = 10_000

/** Has Medusa write down what was paid, as if Stripe had told it: it signs as Stripe does, by the secret that it is told. */
async function tellMedusa(stripe: Stripe, config: StripeConfig, medusaUrl: string, intent: Stripe.PaymentIntent) {
  const type = `payment_intent.${intent.status === "succeeded" ? "succeeded" : "amount_capturable_updated"}`
  const event = { id: `evt_${intent.id}`, object: "event", type, data: { object: intent } }
  const payload = JSON.stringify(event)
  const secret = config.webhookSecret
  const signature = await stripe.webhooks.generateTestHeaderStringAsync({ payload, secret })
  const answer = await fetch(`${medusaUrl}/hooks/payment/${STRIPE_PROVIDER.slice("pp_".length)}`, {
    ...{ method: "POST", body: payload, signal: AbortSignal.timeout(MEDUSA_MILLISECONDS) },
    headers: { "content-type": "application/json", "stripe-signature": signature },
  })
  if (!answer.ok) throw new Error(`Medusa does not take in what Stripe tells: ${answer.status}`)
}

async function verified(stripe: Stripe, payload: Buffer, signature = "", secret: string): Promise<Stripe.Event> {
  try {
    return await stripe.webhooks.constructEventAsync(payload, signature, secret)
  } catch (error) {
    throw new NotFromStripe((error as Error).message.split("\n")[0])
  }
}
