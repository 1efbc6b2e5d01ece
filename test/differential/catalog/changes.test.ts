import fc from "fast-check"
import { afterAll, beforeAll, expect, it } from "vitest"
import { openDatabase } from "../../../src/platform/db/index.ts"
import { dice } from "../../commerce/catalog/random-changes.ts"
import { untilBuilt } from "../../support/documents.ts"
import { until } from "../../support/http.ts"
import { theMedusa } from "../../support/medusa.ts"
import { expectSame, normalise, send, UNORDERED } from "../compare.ts"
import { key, make, randomChange, STATE, type State } from "./admin-changes.ts"
import { product, productList, variant, variantList } from "./requests.ts"
import { answeredByLane, openShop } from "./shop.ts"

const CHANGES = 200
/** Requests after them; `CATALOG_RUNS` for more. */
const RUNS = Number(process.env.CATALOG_RUNS ?? 240)
const SEED = 421

let shop: Awaited<ReturnType<typeof openShop>>
let database: ReturnType<typeof openDatabase>
const undo: (() => Promise<void>)[] = []

beforeAll(async () => {
  shop = await openShop()
  database = openDatabase(theMedusa().databaseUrl, { connections: 1 })
})
afterAll(async () => {
  // The other files find the shop as it was.
  for (const back of undo.reverse()) await back()
  await untilBuilt(database, 120)
  await database?.close()
  await shop?.counter.close()
}, 300_000)

it(`after ${CHANGES} changes by admins, everything is answered as Medusa answers it`, {
  timeout: 600_000,
}, async () => {
  const { sql } = database
  const state = Object.fromEntries(
    await Promise.all(Object.entries(STATE).map(async ([name, text]) => [name, [...(await sql.unsafe(text))]])),
  ) as unknown as State
  const roll = dice(SEED)
  for (let n = 0; n < CHANGES; n++) {
    const change = randomChange(shop, state, roll)
    await make(shop, change.make, roll(2) ? "counter" : "medusa")
    undo.push(() => make(shop, change.undo, "medusa"))
  }
  await untilBuilt({ sql }, 120)
  await until("the counter has been told", async () => {
    const asked = { path: "/store/products?fields=id,title,*variants&limit=200", headers: key("web") }
    const [ours, theirs] = await Promise.all([send(shop.sides.counter, asked), send(shop.sides.medusa, asked)])
    const likeness = { exactly: true, unordered: UNORDERED }
    return JSON.stringify(normalise(ours.body, likeness)) === JSON.stringify(normalise(theirs.body, likeness))
  })

  const before = await answeredByLane(shop.sides)
  const paths = fc.oneof(
    productList(shop.ids, []),
    product(shop.ids, []),
    variantList(shop.ids, []),
    variant(shop.ids, []),
  )
  const callers = fc.constantFrom({}, {}, ...shop.customers)
  await fc.assert(
    fc.asyncProperty(paths, callers, async (path, token) => {
      fc.pre(path.split("locale=").length < 3)
      const asked = { path, headers: { ...key("web"), ...token } }
      await expectSame(shop.sides, asked, { exactly: true, unordered: UNORDERED })
    }),
    { numRuns: RUNS },
  )
  expect(await answeredByLane(shop.sides)).toBeGreaterThan(before + RUNS / 4)
})
