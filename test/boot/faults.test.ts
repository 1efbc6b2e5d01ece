import { randomUUID } from "node:crypto"
import { afterAll, beforeAll, expect, inject, it } from "vitest"
import { freePort } from "../support/cluster.ts"
import { demo } from "../support/counter.ts"
import { cloneDatabase, type TestDatabase } from "../support/database.ts"
import { untilBuilt } from "../support/documents.ts"
import { type Answer, ask, until } from "../support/http.ts"
import { type Program, run } from "../support/program.ts"

/** How many changes are made while the counter and Postgres are killed by turns: 120, or `CART_FAULTS`. */
const CHANGES = Number(process.env.CART_FAULTS ?? 120)
const SHOPPERS = 8
/** Lines that each cart gets. */
const LINES = 14

let database: TestDatabase
let program: Program
let url: string
let port: string
let isOver = false

beforeAll(async () => {
  database = await cloneDatabase()
  // The tests' cluster answers before it has written; here it is killed.
  await database.sql`alter database ${database.sql(database.url.split("/").at(-1) ?? "")} set synchronous_commit = on`
  port = String(await freePort())
  url = `http://127.0.0.1:${port}`
  await open()
  // Before, only Medusa could add the line, and of what is lost on the way to it nobody knows what came of it.
  await untilBuilt(database, 60)
}, 120_000)
afterAll(async () => {
  program?.process.kill("SIGKILL")
  await program?.exited
  await database?.drop()
})

async function open(): Promise<void> {
  const dataDir = inject("cluster").dataDir
  const env = { PORT: port, DATABASE_URL: database.url, MEDUSA_URL: "http://127.0.0.1:9", DATA_DIR: dataDir }
  program = run(env, ["counter"])
  const isUp = async () => (await ask(url, "/health").catch(() => undefined))?.status === 200
  await until("the counter is up", isUp, 60).catch((error) => {
    throw new Error(`${error.message}; it said:\n${program.output()}`)
  })
}

function send(path: string, body: object | undefined, headers: Record<string, string>): Promise<Answer> {
  const key = { "x-publishable-api-key": demo().channels.web.publishable_key }
  const signal = AbortSignal.timeout(20_000)
  if (!body) return ask(url, path, { headers: { ...key, ...headers }, signal })
  const type = { "content-type": "application/json" }
  return ask(url, path, {
    ...{ method: "POST", headers: { ...key, ...type, ...headers }, body: JSON.stringify(body), signal },
  })
}

const moment = () => new Promise((resolve) => setTimeout(resolve, 50))

/** Asks again under the same key until there is an answer, as a client does that does not know what came of it. */
async function insist(path: string, body: object): Promise<Answer> {
  const key = randomUUID()
  for (;;) {
    const answer = await send(path, body, { "idempotency-key": key }).catch(() => undefined)
    if (answer && answer.status < 409) return answer
    if (answer && answer.status === 409) {
      // It runs; its process may be the one that has just been killed.
      expect((answer.body as { code: string }).code).toBe("idempotency_key_in_use")
    }
    await moment()
  }
}

/** Looks whether the line is there, and asks for it in the version that it was not there in, until it is. */
async function lookAndAdd(cart: string, line: { metadata: { number: number } }): Promise<void> {
  for (;;) {
    const seen = await send(`/store/carts/${cart}`, undefined, {}).catch(() => undefined)
    if (seen?.status === 200) {
      const { items } = (seen.body as { cart: { items: { metadata: { number: number } }[] } }).cart
      if (items.some((it) => it.metadata.number === line.metadata.number)) return
      const meantFor = { "if-match": String(seen.headers.get("etag")) }
      const added = await send(`/store/carts/${cart}/line-items`, line, meantFor).catch(() => undefined)
      if (added?.status === 200) return
      if (added && added.status < 500) expect([added.status, added.text]).toEqual([412, added.text])
    }
    await moment()
  }
}

/**
 * @param isKeyed  whether each change has a key: others are written by one statement, and not in a transaction
 * @returns the id of a cart with lines that are numbered
 */
async function filledCart(isKeyed: boolean): Promise<string> {
  const { regions, variants } = demo()
  const created = await insist("/store/carts", { region_id: regions.es })
  expect(created.status).toBe(200)
  const { id } = (created.body as { cart: { id: string } }).cart
  for (let number = 0; number < LINES; number++) {
    const line = { variant_id: variants.unmanaged, quantity: 1, metadata: { number } }
    if (isKeyed) {
      const added = await insist(`/store/carts/${id}/line-items`, line)
      expect([added.status, added.status === 200 ? "" : added.text]).toEqual([200, ""])
    } else await lookAndAdd(id, line)
  }
  return id
}

/** Orders the cart, which a gift card pays and nobody has to send. Asked again it is the same order, also without a key. */
async function order(cart: string, isKeyed: boolean): Promise<void> {
  const pay = () => database.sql`
    with unsent as (update cart_line_item set requires_shipping = false where cart_id = ${cart})
    insert into credit_line (id, cart_id, amount, raw_amount)
    values (${`cacl_${cart}`}, ${cart}, 100000, '{"value":"100000","precision":20}') on conflict do nothing`
  while (
    !(await pay().then(
      () => true,
      () => false,
    ))
  )
    await moment()
  const path = `/store/carts/${cart}/complete`
  for (;;) {
    const placed = isKeyed ? await insist(path, {}) : await send(path, {}, {}).catch(() => undefined)
    if (placed && placed.status < 500) return expect([placed.status, placed.text]).toEqual([200, placed.text])
    await moment()
  }
}

/** Kills the counter, or one of the database's processes, upon which Postgres restarts, by turns and at odd moments. */
async function trouble(): Promise<{ kills: number; restarts: number }> {
  const told = { kills: 0, restarts: 0 }
  while (!isOver) {
    await new Promise((resolve) => setTimeout(resolve, 50 + Math.random() * 500))
    if (isOver) break
    if (told.restarts < told.kills) {
      await restartPostgres()
      told.restarts++
    } else {
      program.process.kill("SIGKILL")
      await program.exited
      await open()
      told.kills++
    }
  }
  return told
}

/** As a crash does it: whatever was in its memory is gone, and it recovers from its log. */
async function restartPostgres(): Promise<void> {
  const [before] = await database.sql`
    select pid, (select system.backend_start from pg_stat_activity system where system.backend_type = 'checkpointer')::text
      as started
    from pg_stat_activity where datname = current_database() order by pid = pg_backend_pid() limit 1`
  process.kill(before?.pid, "SIGKILL")
  const isAnother = async () => {
    const [row] = await database.sql`
      select backend_start::text as started from pg_stat_activity where backend_type = 'checkpointer'`
    return row !== undefined && row.started !== before?.started
  }
  await until("Postgres is there again", () => isAnother().catch(() => false), 30)
}

it("whatever is killed, each change that was acknowledged is made, once and whole", {
  timeout: 120_000 + CHANGES * 500,
}, async () => {
  const troubled = trouble()
  const carts: string[] = []
  const shopping = Array.from({ length: SHOPPERS }, async (_, shopper) => {
    for (let i = shopper; i < CHANGES / (LINES + 2); i += SHOPPERS) {
      const cart = await filledCart(shopper % 2 === 0)
      await order(cart, shopper % 2 === 0)
      carts.push(cart)
    }
  })
  await Promise.all(shopping).finally(() => {
    isOver = true
  })
  const told = await troubled
  process.stdout.write(`  ${CHANGES} changes, ${told.kills} kills, ${told.restarts} restarts of Postgres\n`)
  expect(told.kills).toBeGreaterThan(0)
  expect(told.restarts).toBeGreaterThan(0)

  const { sql } = database
  for (const cart of carts) {
    const lines = await sql`
      select line.id, line.metadata->>'number' as number, count(tax.id)::int as taxes from cart_line_item line
      left join cart_line_item_tax_line tax on tax.item_id = line.id and tax.deleted_at is null
      where line.cart_id = ${cart} and line.deleted_at is null group by 1, 2`
    expect(lines.map((it) => Number(it.number)).sort((a, b) => a - b)).toEqual([...Array(LINES).keys()])
    expect(lines.map((it) => it.taxes)).toEqual(lines.map(() => 1))
    const [state] = await sql`select version::int as version from mostrador.cart_state where cart_id = ${cart}`
    const events = await sql`
      select version::int as version from mostrador.event where subject_id = ${cart} order by position`
    expect(state?.version).toBe(LINES + 2)
    expect(events.map((it) => it.version)).toEqual(Array.from({ length: LINES + 2 }, (_, i) => i + 1))
    const orders = await sql`
      select order_id, (select count(*)::int from order_item where order_item.order_id = order_cart.order_id) as lines,
        (select count(*)::int from order_summary where order_summary.order_id = order_cart.order_id) as summaries,
        (select count(*)::int from mostrador.event where subject_id = order_cart.order_id) as events
      from order_cart where cart_id = ${cart}`
    expect(orders).toEqual([{ order_id: expect.anything(), lines: LINES, summaries: 1, events: 1 }])
  }
})
