import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from "vitest"
import { type Database, openDatabase } from "../../src/platform/db/index.ts"
import type { OpenCounter } from "../../src/server.ts"
import { normalise, UNORDERED } from "../differential/compare.ts"
import { freePort } from "../support/cluster.ts"
import { demo, openCounterBeforeMedusa } from "../support/counter.ts"
import { type Answer, ask, until } from "../support/http.ts"
import { theMedusa } from "../support/medusa.ts"
import { type Program, run } from "../support/program.ts"

let counter: OpenCounter
let database: Database
let variant: string
let cart: string

beforeAll(async () => {
  counter = await openCounterBeforeMedusa()
  database = openDatabase(theMedusa().databaseUrl, { connections: 3 })
  const { body } = await send("GET", "/store/products?limit=50&fields=id,variants.id,%2Bvariants.inventory_quantity")
  const { products } = body as { products: { variants: { id: string; inventory_quantity: number }[] }[] }
  variant = products.flatMap((it) => it.variants).find((it) => it.inventory_quantity >= 60)?.id ?? ""
  expect(variant).not.toBe("")
})
afterAll(async () => {
  await counter?.close()
  await database?.close()
})
beforeEach(async () => {
  const created = await send("POST", "/store/carts", { region_id: demo().regions.es })
  expect([created.status, created.headers.get("etag")]).toEqual([200, '"1"'])
  cart = (created.body as { cart: { id: string } }).cart.id
})

function send(
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
  url = counter.url,
): Promise<Answer> {
  return ask(url, path, {
    method,
    headers: {
      ...{ "x-publishable-api-key": demo().channels.web.publishable_key, "content-type": "application/json" },
      ...headers,
    },
    body: body === undefined ? null : JSON.stringify(body),
    // Many wait for one another here, and Medusa takes its time for each.
    signal: AbortSignal.timeout(90_000),
  })
}

/** What makes Medusa answer what a lane could; see `addChangeLane`. */
const THROUGH_MEDUSA = { "x-medusa-locale": "es-ES" }
let way: Record<string, string> = THROUGH_MEDUSA

const add = (headers: Record<string, string> = {}, quantity = 1, url = counter.url) =>
  send("POST", `/store/carts/${cart}/line-items`, { variant_id: variant, quantity }, { ...way, ...headers }, url)

/** How many of the variant are in the cart, as Medusa itself shows it. */
async function inCart(): Promise<number> {
  const { body } = await send("GET", `/store/carts/${cart}`, undefined, {}, theMedusa().url)
  return (body as { cart: { items: { quantity: number }[] } }).cart.items.reduce((sum, it) => sum + it.quantity, 0)
}

const versionOf = (answer: Answer) => Number(answer.headers.get("etag")?.match(/^"(\d+)"$/)?.[1])

describe.each([
  ["through Medusa", THROUGH_MEDUSA],
  ["in a lane", {}],
])("a cart that is changed %s", (_, headers) => {
  beforeAll(() => {
    way = headers
  })
  it("has one line of what was asked twenty times at once under one key", { timeout: 120_000 }, async () => {
    const key = { "idempotency-key": `once-${cart}` }
    const answers = await Promise.all(Array.from({ length: 20 }, () => add(key)))
    const [first] = answers.filter((it) => it.status === 200)
    for (const { status, text, body } of answers) {
      if (status === 200) expect(text).toBe(first?.text)
      else expect([status, (body as { code: string }).code]).toEqual([409, "idempotency_key_in_use"])
    }
    expect(await inCart()).toBe(1)
    const again = await add(key)
    expect([again.status, again.text, again.headers.get("idempotency-replayed")]).toEqual([200, first?.text, "true"])
    expect(versionOf(again)).toBe(2)

    const other = await add(key, 2)
    expect([other.status, (other.body as { code: string }).code]).toEqual([422, "idempotency_key_reused"])
    expect(await inCart()).toBe(1)
  })

  it("has all that twenty writers put into it at once, none of whom failed, and a version for each", {
    timeout: 120_000,
  }, async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => add()))
    expect(answers.map((it) => it.status)).toEqual(Array(20).fill(200))
    expect(await inCart()).toBe(20)
    expect(answers.map(versionOf).sort((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, i) => i + 2))
  })

  it("is not changed by who has an older one in mind: he is shown the one that it is", async () => {
    const added = await add({ "if-match": '"1"' })
    expect([added.status, versionOf(added)]).toEqual([200, 2])
    const late = await add({ "if-match": '"1"' })
    expect([late.status, versionOf(late)]).toEqual([412, 2])
    expect(late.body).toMatchObject({ code: "version_conflict", cart: { id: cart, items: [{ quantity: 1 }] } })
    expect(await inCart()).toBe(1)
    const read = await send("GET", `/store/carts/${cart}`)
    expect(versionOf(read)).toBe(2)
    // But for relations that come in no order.
    const shown = (body: unknown) => normalise((body as { cart: object }).cart, { exactly: true, unordered: UNORDERED })
    expect(shown(late.body)).toEqual(shown(read.body))
  })

  it("may be changed by a page that sends a key and a version", async () => {
    const preflight = await send("OPTIONS", `/store/carts/${cart}/line-items`, undefined, {
      origin: "http://localhost:8000",
      "access-control-request-method": "POST",
      "access-control-request-headers": "content-type,idempotency-key,if-match",
    })
    expect(preflight.headers.get("access-control-allow-headers")).toContain("idempotency-key,if-match")
    const added = await add({ origin: "http://localhost:8000", "idempotency-key": `page-${cart}` })
    expect(added.headers.get("access-control-allow-origin")).toBe("http://localhost:8000")
    expect(added.headers.get("access-control-expose-headers")).toContain("ETag")
  })
})

describe("a counter that is killed while Medusa is at a cart", () => {
  let program: Program
  let url: string
  beforeAll(async () => {
    way = THROUGH_MEDUSA
    const port = String(await freePort())
    url = `http://127.0.0.1:${port}`
    const { databaseUrl, url: medusaUrl } = theMedusa()
    const dataDir = inject("cluster").dataDir
    program = run({ PORT: port, DATABASE_URL: databaseUrl, MEDUSA_URL: medusaUrl, DATA_DIR: dataDir }, ["counter"])
    const isUp = async () => (await ask(url, "/health").catch(() => undefined))?.status === 200
    await until("the counter is up", isUp, 60).catch((error) => {
      throw new Error(`${error.message}; it said:\n${program.output()}`)
    })
  })
  afterAll(() => program?.process.kill("SIGKILL"))

  it("leaves no key and no cart locked; what it had begun is told as unknown, and counts as a version", {
    timeout: 90_000,
  }, async () => {
    const { sql } = database
    const key = { "idempotency-key": `killed-${cart}` }
    await sql.begin(async (tx) => {
      // Medusa's line waits for the row that it belongs to.
      await tx`select from cart where id = ${cart} for update`
      const cut = add(key, 1, url).catch((error: Error) => error)
      const isWaiting = async () =>
        (
          await sql`
            select from pg_stat_activity where datname = current_database()
              and wait_event_type = 'Lock' and wait_event <> 'advisory'`
        ).length > 0
      await until("Medusa waits for the row", isWaiting)
      const waiting = await add(key)
      expect([waiting.status, (waiting.body as { code: string }).code]).toEqual([409, "idempotency_key_in_use"])
      program.process.kill("SIGKILL")
      expect(await cut).toBeInstanceOf(Error)
    })
    await program.exited

    const code = async () => ((await add(key)).body as { code: string }).code
    await until("the key's lock is gone", async () => (await code()) === "idempotency_outcome_unknown")
    // Medusa does not notice that nobody waits for it, and the row is free now.
    await until("Medusa has made the change", async () => (await inCart()) === 1, 30)
    // It counts when Postgres has noticed that the counter is gone: till then the cart is in its hands.
    await until("it counts", async () => versionOf(await send("GET", `/store/carts/${cart}`)) === 2)

    const next = { "idempotency-key": `next-${cart}` }
    const added = await add(next)
    expect([added.status, versionOf(added)]).toEqual([200, 3])
    expect((await add(next)).text).toBe(added.text)
    expect(await inCart()).toBe(2)
  })
})
