import http from "node:http"
import { createRequire } from "node:module"
import type { AddressInfo } from "node:net"
import Stripe from "stripe"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { openStripe, type StripeStandIn } from "../support/stripe/index.ts"

const require = createRequire(import.meta.url)
const ofMedusa: typeof Stripe = require("../../node_modules/@medusajs/payment-stripe/node_modules/stripe")

let standIn: StripeStandIn

beforeEach(async () => {
  standIn = await openStripe()
})

afterEach(() => standIn.close())

/** The library, leading to the stand-in. */
function client(Library: typeof Stripe, key = "sk_test_mostrador", maxNetworkRetries = 0): Stripe {
  const { hostname: host, port } = new URL(standIn.url)
  return new Library(key, { host, port, protocol: "http", maxNetworkRetries, telemetry: false })
}

/** What a promise is rejected with, as the library's error. */
async function refusal(promise: Promise<unknown>): Promise<Stripe.errors.StripeError> {
  const error = await promise.then(
    () => undefined,
    (reason) => reason,
  )
  if (!error) throw new Error("It was not refused.")
  return error
}

const types = () => standIn.events.map((event) => event.type)

const card = { payment_method_types: ["card"] }

describe.each([
  ["stripe 19", Stripe],
  ["Medusa's stripe 15", ofMedusa],
])("%s", (_name, Library) => {
  let stripe: Stripe

  beforeEach(() => {
    stripe = client(Library)
  })

  const pay = (payment_method: string, more: Partial<Stripe.PaymentIntentCreateParams> = {}) =>
    stripe.paymentIntents.create({
      amount: 2000,
      currency: "EUR",
      ...card,
      payment_method,
      confirm: true,
      ...more,
    })

  it("takes a payment at once, and tells of it in order", async () => {
    const intent = await pay("pm_card_visa", {
      metadata: { session_id: "payses_1" },
      expand: ["payment_method", "latest_charge"],
    })
    expect(intent).toMatchObject({
      status: "succeeded",
      amount_received: 2000,
      currency: "eur",
      metadata: { session_id: "payses_1" },
      payment_method: { object: "payment_method", card: { brand: "visa", last4: "4242" } },
      latest_charge: { object: "charge", captured: true, amount_captured: 2000, payment_intent: intent.id },
    })
    expect(intent.lastResponse.requestId).toMatch(/^req_/)
    expect(types()).toEqual(["payment_intent.created", "charge.succeeded", "payment_intent.succeeded"])
    const [created, , succeeded] = standIn.events
    // What has happened stays as it was, and names the payment method by its id.
    expect(created?.data.object).toMatchObject({ status: "requires_confirmation" })
    expect(succeeded?.data.object).toMatchObject({ status: "succeeded", payment_method: expect.stringMatching(/^pm_/) })
  })

  it("holds the money until it is captured, and lets go of what is not captured", async () => {
    const open = await stripe.paymentIntents.create({ amount: 2000, currency: "eur", capture_method: "manual" })
    expect(open).toMatchObject({
      status: "requires_payment_method",
      automatic_payment_methods: { enabled: true },
    })
    const held = await stripe.paymentIntents.confirm(open.id, {
      payment_method: "pm_card_mastercard",
      return_url: "https://shop.example/back",
    })
    expect(held).toMatchObject({ status: "requires_capture", amount_capturable: 2000, amount_received: 0 })

    const captured = await stripe.paymentIntents.capture(open.id, { amount_to_capture: 1500 })
    expect(captured).toMatchObject({ status: "succeeded", amount_capturable: 0, amount_received: 1500 })
    expect(await stripe.charges.retrieve(String(captured.latest_charge))).toMatchObject({
      captured: true,
      amount_captured: 1500,
      amount_refunded: 500,
    })
    expect(types()).toEqual([
      "payment_intent.created",
      "charge.succeeded",
      "payment_intent.amount_capturable_updated",
      "charge.captured",
      "payment_intent.succeeded",
    ])
    expect(await refusal(stripe.paymentIntents.capture(open.id))).toMatchObject({
      type: "StripeInvalidRequestError",
      code: "payment_intent_unexpected_state",
      payment_intent: { id: open.id, status: "succeeded" },
    })
  })

  it("wants the way back when the shopper may be led off the page", async () => {
    const payment = { amount: 2000, currency: "eur", payment_method: "pm_card_visa", confirm: true }
    expect(await refusal(stripe.paymentIntents.create(payment))).toMatchObject({ param: "return_url" })
    expect(standIn.events).toEqual([])
    const automatic_payment_methods = { enabled: true, allow_redirects: "never" as const }
    expect(await stripe.paymentIntents.create({ ...payment, automatic_payment_methods })).toMatchObject({
      status: "succeeded",
    })
  })

  it("goes on when the shopper passes 3-D Secure", async () => {
    const open = await pay("pm_card_authenticationRequired", { capture_method: "manual" })
    expect(open).toMatchObject({ status: "requires_action", next_action: { type: "use_stripe_sdk" } })
    standIn.authenticate(open.id)
    expect(await stripe.paymentIntents.retrieve(open.id)).toMatchObject({
      status: "requires_capture",
      amount_capturable: 2000,
      next_action: null,
    })
    expect(types()).toEqual([
      "payment_intent.created",
      "payment_intent.requires_action",
      "charge.succeeded",
      "payment_intent.amount_capturable_updated",
    ])

    const return_url = "https://shop.example/back"
    const led = await pay("pm_card_threeDSecure2Required", { return_url })
    expect(led.next_action).toMatchObject({ type: "redirect_to_url", redirect_to_url: { return_url } })
    const browser = `${standIn.url}/test/payment_intents/${led.id}/authenticate`
    expect((await fetch(browser, { method: "POST" })).status).toBe(200)
    expect(await stripe.paymentIntents.retrieve(led.id)).toMatchObject({ status: "succeeded" })
  })

  it("wants another way to pay when the shopper does not pass 3-D Secure", async () => {
    const open = await pay("pm_card_authenticationRequired")
    standIn.failAuthentication(open.id)
    const failed = await stripe.paymentIntents.retrieve(open.id)
    expect(failed).toMatchObject({
      status: "requires_payment_method",
      payment_method: null,
      latest_charge: null,
      last_payment_error: { code: "payment_intent_authentication_failure", type: "invalid_request_error" },
    })
    expect(types().slice(2)).toEqual(["payment_intent.payment_failed"])
    expect(await stripe.paymentIntents.confirm(open.id, { payment_method: "pm_card_visa" })).toMatchObject({
      status: "succeeded",
      last_payment_error: null,
    })
  })

  it("declines a card that asks for 3-D Secure when no shopper is there", async () => {
    expect(await refusal(pay("pm_card_authenticationRequired", { off_session: true }))).toMatchObject({
      type: "StripeCardError",
      code: "authentication_required",
      payment_intent: { status: "requires_payment_method" },
    })
  })

  it.each([
    ["pm_card_chargeDeclined", "card_declined", "generic_decline"],
    ["pm_card_visa_chargeDeclined", "card_declined", "generic_decline"],
    ["pm_card_chargeDeclinedInsufficientFunds", "card_declined", "insufficient_funds"],
    ["pm_card_visa_chargeDeclinedInsufficientFunds", "card_declined", "insufficient_funds"],
    ["pm_card_chargeDeclinedExpiredCard", "expired_card", undefined],
    ["pm_card_chargeDeclinedIncorrectCvc", "incorrect_cvc", undefined],
    ["pm_card_chargeDeclinedProcessingError", "processing_error", undefined],
  ])("declines %s", async (method, code, decline_code) => {
    const error = await refusal(pay(method))
    expect(error).toMatchObject({ type: "StripeCardError", statusCode: 402, code, decline_code })
    const intent = await stripe.paymentIntents.retrieve(error.payment_intent?.id ?? "", { expand: ["latest_charge"] })
    expect(intent).toMatchObject({
      status: "requires_payment_method",
      last_payment_error: { code },
      latest_charge: { status: "failed", paid: false, failure_code: code },
    })
    expect(types()).toEqual(["payment_intent.created", "charge.failed", "payment_intent.payment_failed"])
  })

  it("cancels what is not paid, and nothing else", async () => {
    const held = await pay("pm_card_visa", { capture_method: "manual" })
    expect(await stripe.paymentIntents.cancel(held.id, { cancellation_reason: "abandoned" })).toMatchObject({
      status: "canceled",
      cancellation_reason: "abandoned",
      amount_capturable: 0,
    })
    expect(types().slice(3)).toEqual(["charge.refunded", "payment_intent.canceled"])

    const paid = await pay("pm_card_visa")
    for (const { id, status } of [{ ...held, status: "canceled" }, paid]) {
      expect(await refusal(stripe.paymentIntents.cancel(id))).toMatchObject({
        statusCode: 400,
        code: "payment_intent_unexpected_state",
        payment_intent: { id, status },
      })
    }
  })

  it("changes the amount until it is paid, and metadata always", async () => {
    const open = await stripe.paymentIntents.create({ amount: 2000, currency: "eur", ...card, metadata: { a: "1" } })
    expect(await stripe.paymentIntents.update(open.id, { amount: 2500, metadata: { b: "2" } })).toMatchObject({
      amount: 2500,
      metadata: { a: "1", b: "2" },
    })
    await stripe.paymentIntents.confirm(open.id, { payment_method: "pm_card_visa" })
    expect(await refusal(stripe.paymentIntents.update(open.id, { amount: 9 }))).toMatchObject({
      code: "payment_intent_unexpected_state",
    })
    expect((await stripe.paymentIntents.update(open.id, { metadata: { a: "" } })).metadata).toEqual({ b: "2" })
  })

  it("gives back what was captured, and no more", async () => {
    const held = await pay("pm_card_visa", { capture_method: "manual" })
    expect((await refusal(stripe.refunds.create({ payment_intent: held.id }))).message).toContain(
      "does not have a successful charge to refund",
    )
    expect((await refusal(stripe.refunds.create({ charge: String(held.latest_charge) }))).message).toContain(
      "You must cancel the PaymentIntent",
    )

    const paid = await pay("pm_card_visa")
    const before = standIn.events.length
    const refund = await stripe.refunds.create({
      payment_intent: paid.id,
      amount: 500,
      reason: "requested_by_customer",
    })
    expect(refund).toMatchObject({ status: "succeeded", amount: 500, charge: paid.latest_charge })
    expect(types().slice(before)).toEqual(["refund.created", "charge.refunded"])
    expect(standIn.events.at(-1)?.data).toMatchObject({
      object: { amount_refunded: 500, refunded: false },
      previous_attributes: { amount_refunded: 0 },
    })
    expect(await refusal(stripe.refunds.create({ payment_intent: paid.id, amount: 1501 }))).toMatchObject({
      param: "amount",
      message: "Refund amount (€15.01) is greater than unrefunded amount on charge (€15.00)",
    })
    await stripe.refunds.create({ charge: String(paid.latest_charge) })
    expect(await refusal(stripe.refunds.create({ payment_intent: paid.id }))).toMatchObject({
      statusCode: 400,
      code: "charge_already_refunded",
    })
    const { data } = await stripe.refunds.list({ payment_intent: paid.id })
    expect(data.map(({ amount }) => amount)).toEqual([1500, 500])
    expect(await stripe.refunds.retrieve(refund.id)).toMatchObject({ id: refund.id })
  })

  it("does once what is asked twice with one idempotency key", async () => {
    const params = { amount: 2000, currency: "eur", ...card }
    const options = { idempotencyKey: "payses_1" }
    const first = await stripe.paymentIntents.create(params, options)
    const again = await stripe.paymentIntents.create(params, options)
    expect(again.id).toBe(first.id)
    expect(again.lastResponse.headers["idempotent-replayed"]).toBe("true")
    expect(types()).toEqual(["payment_intent.created"])
    expect(standIn.events[0]?.request).toEqual({ id: first.lastResponse.requestId, idempotency_key: "payses_1" })

    const other = refusal(stripe.paymentIntents.create({ ...params, amount: 1 }, options))
    expect(await other).toMatchObject({ type: "StripeIdempotencyError", statusCode: 400 })
    expect(await refusal(stripe.customers.create({}, options))).toMatchObject({ type: "StripeIdempotencyError" })
  })

  it("remembers a decline, but not a request that made no sense", async () => {
    const options = { idempotencyKey: "once" }
    const params = { amount: 2000, currency: "eur", ...card, payment_method: "pm_card_chargeDeclined", confirm: true }
    const first = await refusal(stripe.paymentIntents.create(params, options))
    const again = await refusal(stripe.paymentIntents.create(params, options))
    expect(again.payment_intent?.id).toBe(first.payment_intent?.id)
    expect(again.headers?.["idempotent-replayed"]).toBe("true")

    const senseless = stripe.paymentIntents.create({ amount: 0, currency: "eur" }, { idempotencyKey: "twice" })
    expect(await refusal(senseless)).toMatchObject({ code: "parameter_invalid_integer", param: "amount" })
    await stripe.paymentIntents.create({ amount: 1, currency: "eur" }, { idempotencyKey: "twice" })
  })

  it("refuses an idempotency key whose first request still runs", async () => {
    const stalled = standIn.stall(/^POST \/v1\/payment_intents$/)
    const params = { amount: 2000, currency: "eur", ...card }
    const options = { idempotencyKey: "slow" }
    const first = stripe.paymentIntents.create(params, options)
    await stalled.reached
    expect(await refusal(stripe.paymentIntents.create(params, options))).toMatchObject({
      statusCode: 409,
      code: "idempotency_key_in_use",
    })
    stalled.release()
    expect((await first).object).toBe("payment_intent")
  })

  it("fails as a test asks for, before the work or after it", async () => {
    const match = /^POST \/v1\/payment_intents$/
    const create = (idempotencyKey?: string) =>
      stripe.paymentIntents.create({ amount: 2000, currency: "eur" }, { idempotencyKey })

    standIn.fail({ match, status: 429 })
    expect(await refusal(create())).toMatchObject({ type: "StripeRateLimitError", code: "rate_limit" })
    standIn.fail({ match, status: 500 })
    expect(await refusal(create("k"))).toMatchObject({ type: "StripeAPIError", statusCode: 500 })
    expect(standIn.events).toEqual([])

    standIn.fail({ match, status: 500, when: "after" })
    expect(await refusal(create("k"))).toMatchObject({ type: "StripeAPIError" })
    const found = await create("k")
    expect(found.lastResponse.headers["idempotent-replayed"]).toBe("true")
    expect(types()).toEqual(["payment_intent.created"])

    // The library asks once more by itself, and without a key that makes a second intent.
    standIn.fail({ match, status: 0, times: 2, when: "after" })
    expect(await refusal(create())).toMatchObject({ type: "StripeConnectionError" })
    expect(types()).toHaveLength(3)
    expect(standIn.requests.map(({ status }) => status)).toEqual([429, 500, 500, 200, 0, 0])
  })

  it("makes good a lost answer when the library retries", async () => {
    standIn.fail({ match: /^POST/, status: 0, when: "after" })
    const patient = client(Library, "sk_test_patient", 1)
    const intent = await patient.paymentIntents.create({ amount: 2000, currency: "eur" })
    expect(intent.lastResponse.headers["idempotent-replayed"]).toBe("true")
    expect(types()).toEqual(["payment_intent.created"])
  })

  it("knows its own keys and objects only", async () => {
    expect(await refusal(client(Library, "sk_live_1").customers.list())).toMatchObject({
      type: "StripeAuthenticationError",
    })
    expect(await refusal(stripe.paymentIntents.retrieve("pi_none"))).toMatchObject({
      statusCode: 404,
      code: "resource_missing",
      message: "No such payment_intent: 'pi_none'",
    })
    expect(
      await refusal(stripe.paymentIntents.create({ amount: 1, currency: "eur", customer: "cus_none" })),
    ).toMatchObject({ statusCode: 400, code: "resource_missing", param: "customer" })
  })

  it("keeps customers and their ways to pay", async () => {
    const customer = await stripe.customers.create({ email: "ana@example.com", address: { city: "Vigo" } })
    expect(await stripe.customers.update(customer.id, { name: "Ana" })).toMatchObject({
      email: "ana@example.com",
      name: "Ana",
      address: { city: "Vigo" },
    })
    const method = await stripe.paymentMethods.create({ type: "card", card: { token: "tok_visa" } })
    await stripe.paymentMethods.attach(method.id, { customer: customer.id })
    const saved = await stripe.setupIntents.create({
      customer: customer.id,
      payment_method: "pm_card_mastercard",
      confirm: true,
    })
    expect(saved.status).toBe("succeeded")
    const { data } = await stripe.customers.listPaymentMethods(customer.id, { limit: 100 })
    expect(data.map(({ id }) => id)).toEqual([saved.payment_method, method.id])
    expect((await stripe.paymentMethods.list({ customer: customer.id })).data).toHaveLength(2)

    expect((await refusal(pay(method.id))).message).toContain("belongs to a Customer")
    expect(await pay(method.id, { customer: customer.id, off_session: true })).toMatchObject({ status: "succeeded" })
    await stripe.paymentMethods.detach(method.id)
    expect((await refusal(pay(method.id))).message).toContain("may not be used again")
    expect(
      await refusal(stripe.paymentMethods.attach("pm_card_chargeDeclined", { customer: customer.id })),
    ).toMatchObject({ type: "StripeCardError" })

    expect(await stripe.customers.del(customer.id)).toMatchObject({ deleted: true })
    expect(await stripe.customers.retrieve(customer.id)).toMatchObject({ deleted: true })
    expect(await refusal(stripe.customers.update(customer.id, { name: "B" }))).toMatchObject({ statusCode: 404 })
  })

  it("lists intents and events, newest first, page by page", async () => {
    const from = Math.floor(Date.now() / 1000)
    const made: string[] = []
    for (const amount of [1, 2, 3]) made.push((await stripe.paymentIntents.create({ amount, currency: "eur" })).id)
    const first = await stripe.paymentIntents.list({ limit: 2, created: { gte: from } })
    expect(first).toMatchObject({ has_more: true, url: "/v1/payment_intents" })
    expect(first.data.map(({ amount }) => amount)).toEqual([3, 2])
    const rest = await stripe.paymentIntents.list({ limit: 2, starting_after: first.data[1]?.id })
    expect(rest).toMatchObject({ has_more: false, data: [{ amount: 1 }] })
    expect((await stripe.paymentIntents.list({ created: { lte: from - 1 } })).data).toEqual([])

    await stripe.paymentIntents.cancel(made[0] ?? "")
    const all = await stripe.events.list({ created: { gte: from } }).autoPagingToArray({ limit: 100 })
    expect(all.map(({ id }) => id)).toEqual(standIn.events.map(({ id }) => id).reverse())
    const canceled = await stripe.events.list({ type: "payment_intent.canceled" })
    expect(canceled.data).toMatchObject([{ data: { object: { id: made[0], status: "canceled" } } }])
    expect(await stripe.events.retrieve(all[0]?.id ?? "")).toEqual(all[0])
  })

  describe("events", () => {
    let shop: http.Server
    let taken: Stripe.Event[]
    /** What the shop answers; 200 when there is nothing left. */
    let answers: number[]

    beforeEach(async () => {
      taken = []
      answers = []
      shop = http.createServer(async (request, response) => {
        const chunks: Buffer[] = []
        for await (const chunk of request) chunks.push(chunk)
        const signature = request.headers["stripe-signature"] ?? ""
        taken.push(stripe.webhooks.constructEvent(Buffer.concat(chunks), signature, standIn.webhookSecret))
        response.writeHead(answers.shift() ?? 200).end()
      })
      await new Promise<void>((resolve) => shop.listen(0, "127.0.0.1", resolve))
      standIn.deliverTo = `http://127.0.0.1:${(shop.address() as AddressInfo).port}/hooks/stripe`
    })

    afterEach(() => new Promise((resolve) => shop.close(resolve)))

    const ids = (events: { id: string }[]) => events.map(({ id }) => id)

    it("come signed and in order", async () => {
      await pay("pm_card_visa")
      await standIn.settled()
      expect(taken).toEqual(JSON.parse(JSON.stringify(standIn.events)))
      expect(standIn.deliveries.map(({ event, status }) => [event, status])).toEqual(
        ids(standIn.events).map((id) => [id, 200]),
      )
    })

    it("come again until they are taken", async () => {
      answers = [500, 200, 503]
      standIn.hold()
      await stripe.paymentIntents.create({ amount: 1, currency: "eur" })
      await stripe.paymentIntents.create({ amount: 2, currency: "eur" })
      await standIn.release()
      const [first, second] = ids(standIn.events)
      expect(ids(taken)).toEqual([first, second, first, first])
      expect(standIn.deliveries.map(({ status }) => status)).toEqual([500, 200, 503, 200])
    })

    it("wait while they are held, and come twice and in any order when a test wants it", async () => {
      standIn.hold()
      await pay("pm_card_visa")
      await standIn.settled()
      expect(taken).toEqual([])
      await standIn.release({ twice: true, shuffled: true })
      const twice = [...ids(standIn.events), ...ids(standIn.events)]
      expect(ids(taken).sort()).toEqual([...twice].sort())
      expect(ids(taken)).not.toEqual(twice)

      await stripe.paymentIntents.create({ amount: 1, currency: "eur" })
      await standIn.settled()
      expect(taken.at(-1)?.id).toBe(standIn.events.at(-1)?.id)
    })

    it("come again when a test delivers them again", async () => {
      standIn.hold()
      await stripe.paymentIntents.create({ amount: 1, currency: "eur" })
      const [event] = standIn.events
      if (!event) throw new Error("Nothing has happened.")
      answers = [202]
      expect(await standIn.deliver(event)).toBe(202)
      expect(await standIn.deliver(event, "http://127.0.0.1:9")).toBe(0)
      expect(ids(taken)).toEqual([event.id])
    })
  })
})
