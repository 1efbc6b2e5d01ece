import http from "node:http"
import type { AddressInfo } from "node:net"
import Stripe from "stripe"
import { afterEach, beforeEach, expect, it } from "vitest"
import { freePort } from "../support/cluster.ts"
import { until } from "../support/http.ts"
import type { Bank } from "../support/stripe/bank.ts"
import { openBeforeStripe } from "../support/stripe/before-stripe.ts"
import { openStripe, type StripeStandIn } from "../support/stripe/index.ts"

const webhookSecret = "whsec_of_the_shop"
const apiKey = "sk_test_mostrador"

let standIn: StripeStandIn
let bank: Bank
let stripe: Stripe
let shop: http.Server
let told: string[]
beforeEach(async () => {
  standIn = await openStripe()
  const port = await freePort()
  bank = await openBeforeStripe({ port, webhookSecret, apiKey, apiUrl: standIn.url })
  stripe = new Stripe(apiKey, { host: "127.0.0.1", port, protocol: "http", maxNetworkRetries: 0, telemetry: false })
  told = []
  shop = http.createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const signature = request.headers["stripe-signature"] as string
    told.push(stripe.webhooks.constructEvent(Buffer.concat(chunks), signature, webhookSecret).type)
    response.end()
  })
  await new Promise<void>((resolve) => shop.listen(0, "127.0.0.1", resolve))
  bank.deliverTo = `http://127.0.0.1:${(shop.address() as AddressInfo).port}`
})
afterEach(async () => {
  await bank.close()
  await standIn.close()
  shop.closeAllConnections()
  await new Promise((resolve) => shop.close(resolve))
})

const pay = (idempotencyKey: string) =>
  stripe.paymentIntents.create(
    { amount: 700, currency: "eur", payment_method_types: ["card"], payment_method: "pm_card_visa", confirm: true },
    { idempotencyKey },
  )

it("what is asked is Stripe's to answer, and what Stripe tells of it is delivered, signed, in order and once", async () => {
  const intent = await pay("one")
  expect(intent).toMatchObject({ status: "succeeded", amount_received: 700 })
  await expect(stripe.paymentIntents.retrieve("pi_none")).rejects.toMatchObject({ code: "resource_missing" })
  await bank.settled()
  expect(told).toEqual(standIn.events.map((it) => it.type))
  expect(told.at(-1)).toBe("payment_intent.succeeded")
})

it("what is held back is told when it is released", async () => {
  bank.hold()
  await pay("one")
  await bank.settled()
  expect(told).toEqual([])
  await bank.release({ twice: true })
  expect(told).toHaveLength(2 * standIn.events.length)
})

it("an answer of Stripe's that is lost is the same when it is asked for again", async () => {
  bank.fail({ match: /^POST \/v1\/payment_intents/, status: 500, when: "after" })
  await expect(pay("one")).rejects.toMatchObject({ statusCode: 500 })
  const { data: made } = await stripe.paymentIntents.list()
  expect((await pay("one")).id).toBe(made[0]?.id)
  await until("Stripe was asked once", async () => (await stripe.paymentIntents.list()).data.length === 1)
})
