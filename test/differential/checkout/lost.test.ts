import fs from "node:fs"
import { setTimeout as wait } from "node:timers/promises"
import type { Sql } from "postgres"
import { afterAll, beforeAll, expect, inject, it } from "vitest"
import { freePort } from "../../support/cluster.ts"
import { demo, openCounterBeforeMedusa } from "../../support/counter.ts"
import { type Answer, ask, until } from "../../support/http.ts"
import { theMedusa } from "../../support/medusa.ts"
import { type Program, run } from "../../support/program.ts"
import { keyOf } from "../carts/shop.ts"
import { CARDS, type Cards, openCards, readyCart } from "./cards.ts"
import { keepScarce } from "./stock.ts"

/** How many checkouts are paid by card while the counter is killed: 12, or `PAID_FAULTS`, and then Medusa is, too. */
const CHECKOUTS = Number(process.env.PAID_FAULTS ?? 12)
const KILLS_MEDUSA = process.env.PAID_FAULTS !== undefined
const SHOPPERS = 6
const since = new Date().toISOString()

let cards: Cards
let bank: Cards["bank"]
let stripe: Cards["stripe"]
let sql: Sql
let giveBack: () => Promise<void>
let program: Program
let url: string
let port: string
let isOver = false
const told = { counter: 0, medusa: 0, refused: 0 }

beforeAll(async () => {
  cards = await openCards({ maxNetworkRetries: 3 })
  ;({ sql, bank, stripe } = cards)
  giveBack = await keepScarce(sql)
  port = String(await freePort())
  url = `http://127.0.0.1:${port}`
  bank.deliverTo = `${url}/hooks/stripe`
  await open()
}, 300_000)
afterAll(async () => {
  program?.process.kill("SIGKILL")
  await program?.exited
  // Other files have the same Medusa.
  const isUp = async () => (await ask(theMedusa().url, "/health").catch(() => undefined))?.status === 200
  await until("Medusa is up", isUp, 120)
  await giveBack?.()
  await cards?.close()
})

async function open(): Promise<void> {
  const { url: medusa, databaseUrl, stripe: config } = theMedusa()
  program = run(
    {
      ...{ PORT: port, DATABASE_URL: databaseUrl, MEDUSA_URL: medusa, DATA_DIR: inject("cluster").dataDir },
      ...{ STRIPE_API_KEY: config.apiKey, STRIPE_WEBHOOK_SECRET: config.webhookSecret },
      ...{ STRIPE_API_URL: config.apiUrl ?? "", REQUEST_TIMEOUT_SECONDS: "15" },
    },
    ["counter"],
  )
  const isUp = async () => (await ask(url, "/health").catch(() => undefined))?.status === 200
  await until("the counter is up", isUp, 60)
}

const send = (path: string, body?: object): Promise<Answer> =>
  ask(url, path, {
    headers: { ...keyOf("web"), ...(body ? { "content-type": "application/json" } : {}) },
    ...(body ? { method: "POST", body: JSON.stringify(body) } : {}),
    signal: AbortSignal.timeout(20_000),
  })

/** For so long a shopper insists; meanwhile Medusa is killed and started again, some times. */
const PATIENCE_SECONDS = 300
/** How many answers have come. */
let answered = 0

/** Asks until there is an answer; whatever is asked may be asked twice. */
async function insist<T>(path: string, body?: object): Promise<T | undefined> {
  const until = Date.now() + PATIENCE_SECONDS * 1000
  let last = "nothing"
  while (Date.now() < until) {
    const answer = await send(path, body).catch(() => undefined)
    if (answer && (answer.status < 400 || answer.status === 400)) {
      answered++
      return answer.status === 400 ? undefined : (answer.body as T)
    }
    if (answer) last = `${answer.status} ${answer.text}`
    await wait(50)
  }
  throw new Error(`${path} is not done: ${last} was answered`)
}

/** @returns the payment at Stripe, and its cart; undefined when what he wants was held for others */
async function checkOut(number: number): Promise<{ cart: string; intent: string } | undefined> {
  const { variants } = demo()
  const variant = number % 3 === 0 ? variants.scarce : variants.unmanaged
  const cart = await readyCart((_, path, body) => insist(path, body), { variant })
  if (!cart) return undefined
  const data = number % 4 === 0 ? { capture_method: "automatic" } : {}
  const begun = await insist<{ payment_collection: { payment_sessions: { data: { id: string } }[] } }>(cart.sessions, {
    provider_id: CARDS,
    data,
  })
  const intent = begun?.payment_collection.payment_sessions.at(-1)?.data.id
  return intent ? { cart: cart.id, intent } : undefined
}

/** Pays as people do: some by 3-D Secure, some with a card that is declined, most of them at once. */
async function pay(number: number, intent: string): Promise<void> {
  const confirm = (payment_method: string) =>
    stripe.paymentIntents.confirm(intent, { payment_method, return_url: "https://shop.example.com" })
  // He has begun anew meanwhile, without knowing it: what he asked for twice was done twice.
  const isGone = (error: { code?: string }) => {
    if (error.code !== "payment_intent_unexpected_state") throw error
  }
  if (number % 7 === 3) await confirm("pm_card_visa_chargeDeclined").catch(() => {})
  else if (number % 5 === 2 && bank.authenticate) {
    const { status } = (await confirm("pm_card_authenticationRequired").catch(isGone)) ?? {}
    if (status === "requires_action") bank.authenticate(intent)
  } else await confirm("pm_card_visa").catch(isGone)
}

/** Where Medusa runs, if that can be found out here; somebody starts it again when it is gone. */
function medusaProcess(): number | undefined {
  const wanted = `--port\0${new URL(theMedusa().url).port}\0`
  const all = fs.existsSync("/proc") ? fs.readdirSync("/proc").filter((it) => /^\d+$/.test(it)) : []
  const isIt = (pid: string) => {
    try {
      return fs.readFileSync(`/proc/${pid}/cmdline`, "utf8").includes(wanted)
    } catch {
      return false
    }
  }
  const found = all.find(isIt)
  return found === undefined ? undefined : Number(found)
}

const say = (what: string) =>
  process.stdout.write(`  ${what}; the counter was killed ${told.counter} times, Medusa ${told.medusa} times\n`)

/** Kills the counter at odd moments, and Medusa now and then; Stripe's messages come late, twice and out of order. */
async function trouble(): Promise<void> {
  for (let turn = 0; !isOver; turn++) {
    // On any machine the shoppers come on between two deaths.
    const next = answered + Math.ceil(Math.random() * 24)
    while (answered < next && !isOver) await wait(10)
    await wait(Math.random() * 200)
    if (turn % 3 === 0) bank.hold()
    if (turn % 3 === 1) void bank.release({ twice: true, shuffled: true })
    const medusa = KILLS_MEDUSA && turn % 8 === 2 ? medusaProcess() : undefined
    if (medusa !== undefined) {
      process.kill(medusa, "SIGKILL")
      told.medusa++
    }
    program.process.kill("SIGKILL")
    await program.exited
    told.counter++
    await open()
  }
}

it(`of ${CHECKOUTS} payments that are made while the counter and Medusa are killed, each has one order or is given back`, {
  timeout: 600_000 + CHECKOUTS * 6_000,
}, async () => {
  const paid: { cart: string; intent: string }[] = []
  let number = 0
  const shopper = async () => {
    while (number < CHECKOUTS) {
      const mine = number++
      if (KILLS_MEDUSA && mine % 20 === 0) say(`${mine} of ${CHECKOUTS}`)
      const made = await checkOut(mine)
      if (!made) {
        told.refused++
        continue
      }
      paid.push(made)
      await pay(mine, made.intent)
      // Half of them do not come back.
      if (mine % 2 === 0) await send(`/store/carts/${made.cart}/complete`, {}).catch(() => {})
    }
  }
  const troubled = trouble()
  await Promise.all(Array.from({ length: SHOPPERS }, shopper))
  isOver = true
  await troubled
  say("all have paid")
  await bank.release({ twice: true, shuffled: true })

  // What Stripe could not tell while nobody was there, it is asked for: by a counter that is opened at once.
  const other = await openCounterBeforeMedusa({ holdMinutes: 10, stripe: theMedusa().stripe })
  const over = new Date().toISOString()
  const isSettled = async () => {
    const [row] = await sql<{ left: number; is_asked: boolean }[]>`
      select (select count(*)::int from mostrador.stripe_event
          where settled_at is null and received_at >= ${since}) as left,
        exists (select from mostrador.stripe_asked where until >= ${over}) as is_asked`
    return row?.left === 0 && row.is_asked
  }
  await until("all that Stripe has told is settled", isSettled, 540).finally(() => other.close())
  for (const { cart, intent } of paid) {
    const { status, amount_received } = await stripe.paymentIntents.retrieve(intent)
    const { data: refunds } = await stripe.refunds.list({ payment_intent: intent })
    const refunded = refunds.reduce((sum, it) => sum + it.amount, 0)
    const isMoney = status === "requires_capture" || (status === "succeeded" && refunded < amount_received)
    const orders = await sql<{ order_id: string; pays: boolean }[]>`
      select order_id, exists (
        select from payment_session session
        join payment on payment.payment_session_id = session.id and payment.canceled_at is null
        join order_payment_collection link on link.payment_collection_id = session.payment_collection_id
        where link.order_id = order_cart.order_id and session.data->>'id' = ${intent}) as pays
      from order_cart where cart_id = ${cart} and deleted_at is null`
    expect([intent, status, refunded, orders.length, orders.some((it) => it.pays)]).toEqual([
      ...[intent, status, refunded],
      ...(isMoney ? [1, true] : [orders.length, false]),
    ])
    expect(orders.length).toBeLessThanOrEqual(1)
  }
  // All money at Stripe is that of an order, also what a shopper has begun twice.
  const created = { gte: Math.floor(Date.parse(since) / 1000) }
  for await (const { id, status, amount_received, metadata } of stripe.paymentIntents.list({ limit: 100, created })) {
    if (!metadata.session_id) continue
    const { data: refunds } = await stripe.refunds.list({ payment_intent: id })
    const isKept =
      status === "requires_capture" || (status === "succeeded" && refunds.length === 0 && amount_received > 0)
    const ordered = await sql`
      select from payment where payment_session_id = ${metadata.session_id} and canceled_at is null`
    expect([id, isKept]).toEqual([id, ordered.length > 0])
  }
  say(`${paid.length} payments, ${told.refused} refused for want of stock`)
})
