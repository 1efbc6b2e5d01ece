import { setTimeout as wait } from "node:timers/promises"
import type { Sql } from "postgres"
import { afterAll, beforeAll, expect, it } from "vitest"
import { releaseExpired } from "../../../src/commerce/checkout/index.ts"
import type { OpenCounter } from "../../../src/server.ts"
import { demo, openCounterBeforeMedusa } from "../../support/counter.ts"
import { type Answer, until } from "../../support/http.ts"
import { theMedusa } from "../../support/medusa.ts"
import { keyOf } from "../carts/shop.ts"
import { send } from "../compare.ts"
import { CARDS, type Cards, openCards, type ReadyCart, readyCart } from "./cards.ts"
import { keepScarce, leaveScarce, levelsOfScarce } from "./stock.ts"

/** `CHECKOUT_BUYERS` for more; a quarter of them can have it. */
const BUYERS = Number(process.env.CHECKOUT_BUYERS ?? 12)
const LEFT = Math.ceil(BUYERS / 4)
const CHANNELS = ["web", "app", "pos", "phone"] as const
const since = new Date().toISOString()

let counter: OpenCounter
let cards: Cards
let sql: Sql
let giveBack: () => Promise<void>
beforeAll(async () => {
  cards = await openCards()
  sql = cards.sql
  counter = await openCounterBeforeMedusa({ holdMinutes: 10, stripe: theMedusa().stripe })
  cards.bank.deliverTo = `${counter.url}/hooks/stripe`
  giveBack = await keepScarce(sql)
  await leaveScarce(sql, LEFT)
}, 300_000)
afterAll(async () => {
  await giveBack?.()
  await counter?.close()
  await cards?.close()
})

const bodyOf = <T>({ body }: Answer) => body as T

interface Buyer extends ReadyCart {
  headers: Record<string, string>
}

/** A cart of which nothing is left to be done but to pay. */
async function shop(number: number): Promise<Buyer> {
  const headers = keyOf(CHANNELS[number % CHANNELS.length] ?? "web")
  const ask = async (method: string, path: string, body?: object) =>
    (await send(counter.url, { method, path, headers, ...(body ? { body } : {}) })).body
  const made = await readyCart(ask, { variant: demo().variants.scarce, email: `vega-${number}@example.com` })
  return { ...(made as ReadyCart), headers }
}

/** Staff take the money that was not taken at once. */
async function captureAll(carts: string[]): Promise<void> {
  const { email, password } = demo().admin
  const { url } = counter
  const login = await send(url, { method: "POST", path: "/auth/user/emailpass", body: { email, password } })
  const headers = { authorization: `Bearer ${bodyOf<{ token: string }>(login).token}` }
  const payments = await sql<{ id: string }[]>`
    select payment.id from payment join cart_payment_collection link using (payment_collection_id)
    where link.cart_id = any(${carts}) and captured_at is null and canceled_at is null`
  for (const { id } of payments) {
    const captured = await send(url, { method: "POST", path: `/admin/payments/${id}/capture`, body: {}, headers })
    expect([captured.status, captured.text.slice(0, 200)]).toEqual([200, expect.anything()])
  }
}

it(`the last ${LEFT} go to ${LEFT} of ${BUYERS} who pay at once, late, twice or not at all, and no money is kept of the others`, {
  timeout: 120_000 + BUYERS * 3_000,
}, async () => {
  const buyers: Buyer[] = []
  for (let number = 0; number < BUYERS; number++) buyers.push(await shop(number))
  const { bank, stripe } = cards
  const carts = buyers.map((it) => it.id)
  const sold = async () =>
    (await sql`select from order_cart where cart_id = any(${carts}) and deleted_at is null`).length
  const refusals: Answer[] = []
  const intents: string[] = []

  /** Waits for his turn as long as there may be something left. */
  async function buy({ id: cart, sessions, headers }: Buyer, number: number): Promise<void> {
    const post = (path: string, body: object) => send(counter.url, { method: "POST", path, body, headers })
    const begin = () =>
      post(sessions, { provider_id: CARDS, data: number % 3 === 0 ? { capture_method: "automatic" } : {} })
    let begun = await begin()
    while (begun.status !== 200) {
      // So many at once may be told to come back in a moment.
      const { code } = bodyOf<{ code: string }>(begun)
      const isBusy = begun.status === 503 && code === "counter_busy"
      if (!isBusy) expect([begun.status, code]).toEqual([400, "insufficient_inventory"])
      if (!isBusy && (await sold()) === LEFT) {
        refusals.push(begun)
        return
      }
      await wait(BUYERS * 20)
      begun = await begin()
    }
    const [session] = bodyOf<{ payment_collection: { payment_sessions: { data: { id: string } }[] } }>(begun)
      .payment_collection.payment_sessions
    const intent = session?.data.id ?? ""
    intents.push(intent)
    const confirm = (payment_method: string) =>
      stripe.paymentIntents.confirm(intent, { payment_method, return_url: "https://shop.example.com" })
    if (number % 5 === 4) {
      // His card is declined, and he goes; ten minutes later what was held for him is free again.
      await confirm("pm_card_visa_chargeDeclined").catch(() => {})
      await sql`update mostrador.stock_hold set expires_at = now() where cart_id = ${cart}`
      await releaseExpired(sql)
      refusals.push(begun)
      return
    }
    if (number % 5 === 3) await wait(1_000)
    await confirm("pm_card_visa")
    // He may be gone before the counter says anything, or ask twice.
    const complete = () => post(`/store/carts/${cart}/complete`, {})
    if (number % 2 === 0) await Promise.all([complete(), complete()])
  }
  await Promise.all(buyers.map(buy))
  await bank.settled()
  await until("all are sold", async () => (await sold()) === LEFT, 60)
  await until(
    "all that Stripe has told is settled",
    async () =>
      (await sql`select from mostrador.stripe_event where settled_at is null and received_at >= ${since}`).length === 0,
    120,
  )
  // Who has paid has what was held for him.
  const repaired = await sql`select from mostrador.payment_repair where cart_id = any(${carts})`
  expect([await sold(), refusals.length, repaired.length]).toEqual([LEFT, BUYERS - LEFT, 0])
  await captureAll(carts)
  const kept = await Promise.all(
    intents.map(async (id) => {
      const { status, metadata } = await stripe.paymentIntents.retrieve(id)
      const { data } = await stripe.refunds.list({ payment_intent: id })
      expect(status).not.toBe("requires_capture")
      const isKept = status === "succeeded" && data.length === 0
      const pays = await sql`
        select from payment join order_payment_collection link using (payment_collection_id)
        where payment_session_id = ${metadata.session_id ?? ""} and payment.captured_at is not null`
      expect([id, isKept]).toEqual([id, pays.length === 1])
      return isKept
    }),
  )
  expect(kept.filter((it) => it)).toHaveLength(LEFT)
  const [row] = await sql<{ left: number }[]>`
    select sum(stocked_quantity - reserved_quantity)::float8 as left from inventory_level 
    where id in (${levelsOfScarce(sql)})`
  expect(row?.left).toBe(0)
})
