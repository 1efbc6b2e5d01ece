import { type ChildProcess, spawn } from "node:child_process"
import { randomUUID } from "node:crypto"
import fs from "node:fs"
import path from "node:path"
import { afterAll, beforeAll, expect, inject, it } from "vitest"
import { childEnvironment, loadConfig } from "../../src/config.ts"
import { PROJECT } from "../../src/medusa/cli.ts"
import {
  busMessages,
  type CartChange,
  cartMessages,
  type MedusaMessage,
  type RowChanges,
  type WatchedTable,
} from "../../src/medusa/events/messages.ts"
import { recordEvents } from "../../src/platform/events/index.ts"
import { freePort } from "../support/cluster.ts"
import { demo } from "../support/counter.ts"
import { cloneDatabase, type TestDatabase } from "../support/database.ts"
import { ask, until } from "../support/http.ts"

interface Heard {
  name: string
  data: Record<string, unknown>
  metadata: Record<string, string>
}

/** A project of Medusa's as ours, with one subscriber more: it writes down all that it hears. */
const project = path.join(PROJECT, ".data", `subscribers-${randomUUID()}`)
const heardFile = path.join(project, "heard.ndjson")
const files = {
  "package.json": JSON.stringify({ type: "module", dependencies: { "@medusajs/medusa": "*" } }),
  "medusa-config.ts": 'export { default } from "../../medusa-config.ts"',
  "src/subscribers/hear.ts": `
    import fs from "node:fs"
    export default async ({ event }) => fs.appendFileSync(${JSON.stringify(heardFile)}, JSON.stringify(event) + "\\n")
    export const config = { event: "*" }`,
}

let database: TestDatabase
let medusa: { process: ChildProcess; url: string }
let variants: string[]
let cart: string
let collection: string
let line: string
let methods: string[]

beforeAll(async () => {
  database = await cloneDatabase()
  for (const [file, text] of Object.entries(files)) {
    fs.mkdirSync(path.dirname(path.join(project, file)), { recursive: true })
    fs.writeFileSync(path.join(project, file), text)
  }
  fs.writeFileSync(heardFile, "")
  medusa = await startMedusa()
  const listed = await send("GET", "/store/products?limit=50&fields=id,variants.id,%2Bvariants.inventory_quantity")
  const { products } = listed as { products: { variants: { id: string; inventory_quantity: number }[] }[] }
  variants = products.flatMap((it) => it.variants.filter((it) => it.inventory_quantity > 20).map((it) => it.id))
})
afterAll(async () => {
  await killMedusa()
  await database?.drop()
  fs.rmSync(project, { recursive: true, force: true })
})

async function startMedusa() {
  const port = await freePort()
  const config = loadConfig({ DATA_DIR: inject("cluster").dataDir, MEDUSA_PORT: String(port) })
  const withParent = path.join(PROJECT, "src/medusa/end-with-parent.cjs")
  const cli = path.join(PROJECT, "node_modules/@medusajs/cli/cli.js")
  const child = spawn(process.execPath, ["--import", "tsx", cli, "start", "--port", String(port)], {
    cwd: project,
    env: {
      ...childEnvironment(config, database.url),
      NODE_OPTIONS: `--require ${JSON.stringify(withParent)} --import tsx`,
    },
    stdio: ["ignore", "ignore", "ignore", "ipc"],
  })
  const answers = () =>
    ask(config.medusaUrl, "/health").then(
      (it) => it.status === 200,
      () => false,
    )
  await until("Medusa answers", answers, 120)
  return { process: child, url: config.medusaUrl }
}

/** As a machine that loses its power. */
async function killMedusa() {
  if (!medusa) return
  const exit = new Promise((resolve) => medusa.process.once("exit", resolve))
  medusa.process.kill("SIGKILL")
  await exit
}

async function send(method: string, address: string, body?: unknown, headers: Record<string, string> = {}) {
  const answer = await ask(medusa.url, address, {
    method,
    headers: {
      ...{ "x-publishable-api-key": demo().channels.web.publishable_key, "content-type": "application/json" },
      ...headers,
    },
    body: body === undefined ? null : JSON.stringify(body),
  })
  expect([method, address, answer.status, answer.text]).toEqual([method, address, 200, answer.text])
  return answer.body
}

const heard = (): Heard[] =>
  fs
    .readFileSync(heardFile, "utf8")
    .split("\n")
    .filter((it) => it !== "")
    .map((it) => JSON.parse(it))

/** Where the rows of a cart stand, and how they hang on it. */
const ROWS: Record<WatchedTable, string> = {
  customer: "true",
  cart_address: "true",
  cart: "id = $1",
  cart_line_item: "cart_id = $1",
  cart_line_item_tax_line: "item_id in (select id from cart_line_item where cart_id = $1)",
  cart_shipping_method: "cart_id = $1",
  cart_shipping_method_tax_line: "shipping_method_id in (select id from cart_shipping_method where cart_id = $1)",
  cart_line_item_adjustment: "item_id in (select id from cart_line_item where cart_id = $1)",
  cart_shipping_method_adjustment: "shipping_method_id in (select id from cart_shipping_method where cart_id = $1)",
  cart_promotion: "cart_id = $1",
  payment_collection: "id in (select payment_collection_id from cart_payment_collection where cart_id = $1)",
  payment_session:
    "payment_collection_id in (select payment_collection_id from cart_payment_collection where cart_id = $1)",
  cart_payment_collection: "cart_id = $1",
  account_holder: "true",
  customer_account_holder: "true",
}
const TABLES = Object.keys(ROWS) as WatchedTable[]

type Rows = Map<string, { table: WatchedTable; updated: string; isDeleted: boolean }>

async function rowsOf(cartId: string): Promise<Rows> {
  const rows: Rows = new Map()
  for (const table of TABLES) {
    const found = await database.sql.unsafe(
      `select id, updated_at::text as updated, deleted_at is not null as "isDeleted"
       from ${table} where ${ROWS[table]} and $1 <> '?'`,
      [cartId],
    )
    for (const { id, updated, isDeleted } of found) rows.set(id, { table, updated, isDeleted })
  }
  return rows
}

/** What a writer would say that he has written. */
function changesBetween(before: Rows, after: Rows): RowChanges {
  const changes = {} as Record<"created" | "updated" | "deleted", Partial<Record<WatchedTable, string[]>>>
  for (const [id, { table, updated, isDeleted }] of after) {
    const known = before.get(id)
    if (known?.updated === updated) continue
    const action = !known ? "created" : isDeleted && !known.isDeleted ? "deleted" : "updated"
    changes[action] ??= {}
    changes[action][table] = [...(changes[action][table] ?? []), id]
  }
  for (const [id, { table }] of before) {
    if (after.has(id)) continue
    changes.deleted ??= {}
    changes.deleted[table] = [...(changes.deleted[table] ?? []), id]
  }
  return changes
}

/** Without when, and in an order of our own: Medusa's steps run side by side. */
const comparable = (messages: Pick<Heard, "name" | "data" | "metadata">[]) =>
  messages
    .map(({ name, data, metadata }) => {
      const { eventGroupId, created_at, published_at, ...described } = metadata
      expect(eventGroupId).toMatch(/^[0-9A-Z]{26}$/)
      return JSON.stringify([name, { ...data, id: [data.id].flat().sort() }, described])
    })
    .sort()

/** Has the counter tell of a change of a cart. */
const record = (cartId: string, medusa: MedusaMessage[]) =>
  database.sql.begin((tx) =>
    recordEvents(tx, [
      {
        ...{ name: "cart.updated", subject: { type: "cart", id: cartId }, version: 1, channel: null, device: null },
        ...{ actor: { type: "guest", id: null }, before: null, after: null, medusa },
      },
    ]),
  )

const END: MedusaMessage = { name: "test.end", data: { id: "end" } }

/** What is heard until a message comes that is told after all of it. */
async function hearAll(begin: number): Promise<Heard[]> {
  const ends = () =>
    heard()
      .slice(begin)
      .some((it) => it.name === "test.end")
  await record("cart_end", [END])
  await until("all is heard", ends)
  return heard()
    .slice(begin)
    .filter((it) => it.name !== "test.end")
}

interface Step {
  name: string
  change: CartChange
  ask(): Promise<unknown>
}

const address = (path_ = "") => `/store/carts/${cart}${path_}`
const sessions = () => `/store/payment-collections/${collection}/payment-sessions`

async function login() {
  const [{ email, password } = { email: "", password: "" }] = demo().customers
  const { token } = (await send("POST", "/auth/customer/emailpass", { email, password })) as { token: string }
  return { authorization: `Bearer ${token}` }
}

const steps: Step[] = [
  {
    name: "a new cart",
    change: "created",
    async ask() {
      const created = await send("POST", "/store/carts", {
        ...{ region_id: demo().regions.es, email: "subscriber@example.com" },
        items: variants.slice(0, 2).map((variant_id) => ({ variant_id, quantity: 1 })),
        shipping_address: { country_code: "es", city: "Madrid" },
      })
      cart = (created as { cart: { id: string } }).cart.id
    },
  },
  {
    name: "a new line",
    change: "line_added",
    async ask() {
      const added = await send("POST", address("/line-items"), { variant_id: variants[2], quantity: 1 })
      const { items } = (added as { cart: { items: { id: string; variant_id: string }[] } }).cart
      line = items.find((it) => it.variant_id === variants[2])?.id ?? ""
    },
  },
  {
    name: "more of a line",
    change: "line_added",
    ask: () => send("POST", address("/line-items"), { variant_id: variants[2], quantity: 1 }),
  },
  { name: "metadata", change: "updated", ask: () => send("POST", address(), { metadata: { a: "1" } }) },
  { name: "the same metadata", change: "updated", ask: () => send("POST", address(), { metadata: { a: "1" } }) },
  {
    name: "an address",
    change: "updated",
    ask: () => send("POST", address(), { shipping_address: { country_code: "es", city: "Sevilla" } }),
  },
  {
    name: "a shipping method",
    change: "shipping_method_added",
    async ask() {
      const listed = await send("GET", `/store/shipping-options?cart_id=${cart}`)
      methods = (listed as { shipping_options: { id: string }[] }).shipping_options.map((it) => it.id)
      await send("POST", address("/shipping-methods"), { option_id: methods[0], data: {} })
    },
  },
  {
    name: "another shipping method",
    change: "shipping_method_added",
    ask: () => send("POST", address("/shipping-methods"), { option_id: methods[1], data: {} }),
  },
  {
    name: "a promotion",
    change: "promotions_changed",
    ask: () => send("POST", address("/promotions"), { promo_codes: [demo().promotions.code] }),
  },
  { name: "taxes", change: "taxes_calculated", ask: () => send("POST", address("/taxes"), {}) },
  {
    name: "a payment collection",
    change: "payment_collection_created",
    async ask() {
      const created = await send("POST", "/store/payment-collections", { cart_id: cart })
      collection = (created as { payment_collection: { id: string } }).payment_collection.id
    },
  },
  {
    name: "a payment that is begun",
    change: "payment_session_created",
    ask: () => send("POST", sessions(), { provider_id: "pp_system_default" }),
  },
  {
    name: "a payment that is begun anew, by a customer",
    change: "payment_session_created",
    ask: async () => send("POST", sessions(), { provider_id: "pp_system_default" }, await login()),
  },
  {
    name: "another quantity",
    change: "line_updated",
    ask: () => send("POST", address(`/line-items/${line}`), { quantity: 3 }),
  },
  {
    name: "quantity 0",
    change: "line_updated_to_none",
    ask: () => send("POST", address(`/line-items/${line}`), { quantity: 0 }),
  },
  {
    name: "a line that is removed",
    change: "line_removed",
    async ask() {
      const shown = (await send("GET", address())) as { cart: { items: { id: string }[] } }
      await send("DELETE", address(`/line-items/${shown.cart.items[0]?.id}`))
    },
  },
  {
    name: "no promotion",
    change: "promotions_changed",
    ask: () => send("DELETE", address("/promotions"), { promo_codes: [demo().promotions.code] }),
  },
  {
    name: "another region",
    change: "region_updated",
    ask: () => {
      const other = Object.entries(demo().regions).find(([name]) => name !== "es")
      return send("POST", address(), { region_id: other?.[1] })
    },
  },
  {
    name: "a customer",
    change: "customer_transferred",
    async ask() {
      await send("POST", address("/customer"), {}, await login())
    },
  },
]

it.each(steps)("tells subscribers of the counter's change what Medusa tells of its own: $name", async (step) => {
  const before = await rowsOf(cart ?? "")
  const begin = heard().length
  await step.ask()
  const ofMedusa = await hearAll(begin)
  const messages = cartMessages(cart, step.change, changesBetween(before, await rowsOf(cart)))
  expect(comparable(messages.flatMap((it) => busMessages(it, "0".repeat(26))))).toEqual(comparable(ofMedusa))

  const again = heard().length
  await record(cart, messages)
  expect(comparable(await hearAll(again))).toEqual(comparable(ofMedusa))
})

it("lets them hear, in order, what was done while Medusa was killed and away", { timeout: 150_000 }, async () => {
  const begin = heard().length
  const names = Array.from({ length: 40 }, (_, at) => `test.change_${at}`)
  for (const [at, name] of names.entries()) {
    if (at === 20) await killMedusa()
    await record(cart, [{ name, data: { id: cart } }])
  }
  medusa = await startMedusa()
  const told = (await hearAll(begin)).map((it) => it.name).filter((it) => it.startsWith("test.change"))
  expect([...new Set(told)]).toEqual(names)
})
