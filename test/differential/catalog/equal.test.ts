import fc from "fast-check"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { demo } from "../../support/counter.ts"
import { type Asked, expectSame, send, UNORDERED } from "../compare.ts"
import { product, productList, variant, variantList } from "./requests.ts"
import { answeredByLane, openShop } from "./shop.ts"

/** Requests of each kind; `CATALOG_RUNS` for more. */
const RUNS = Number(process.env.CATALOG_RUNS ?? 150)

let shop: Awaited<ReturnType<typeof openShop>>
let carts: string[]

beforeAll(async () => {
  shop = await openShop()
  const address = {
    first_name: "Vega",
    last_name: "Montearce",
    address_1: "Rue Neuve 1",
    city: "Lyon",
    country_code: "fr",
  }
  const open = async (body: object) => {
    const answer = await send(shop.sides.medusa, { method: "POST", path: "/store/carts", headers: key("web"), body })
    return (answer.body as { cart: { id: string } }).cart.id
  }
  carts = [
    await open({ region_id: demo().regions.gb }),
    await open({ region_id: demo().regions.fr, shipping_address: address }),
  ]
})
afterAll(() => shop?.counter.close())

const key = (channel: "web" | "app" | "pos" | "phone") => ({
  "x-publishable-api-key": demo().channels[channel].publishable_key,
})
const caller = () =>
  fc.tuple(
    fc.constantFrom("web" as const, "web" as const, "app" as const, "pos" as const, "phone" as const),
    fc.constantFrom({}, {}, {}, ...shop.customers, { authorization: "Bearer nonsense" }),
  )

const kinds = { productList, product, variantList, variant }
/** How many of the generated requests of a kind a lane must answer by itself, for the test to say something. */
const LEAST_BY_LANE = 0.4

describe("any generated request is answered as Medusa answers it", () => {
  it.each(Object.entries(kinds))("%s", { timeout: 600_000 }, async (_, paths) => {
    const before = await answeredByLane(shop.sides)
    let good = 0
    await fc.assert(
      fc.asyncProperty(paths(shop.ids, carts), caller(), async (path, [channel, token]) => {
        // Medusa 2.21 never answers when `locale` is given twice.
        fc.pre(path.split("locale=").length < 3)
        const asked: Asked = { path, headers: { ...key(channel), ...token } }
        const answer = await expectSame(shop.sides, asked, { exactly: true, unordered: UNORDERED })
        if (answer.status === 200) good++
      }),
      { numRuns: RUNS },
    )
    const byLane = (await answeredByLane(shop.sides)) - before
    process.stdout.write(`  ${RUNS} requests, ${good} of them good, ${byLane} answered by the lane\n`)
    expect(byLane).toBeGreaterThan(good * LEAST_BY_LANE)
  })
})

it.each([
  "/store/products/prod_none?region_id=reg_none",
  "/store/product-variants/variant_none?region_id=reg_none",
  "/store/product-variants/variant_none?region_id=reg_none&fields=id",
  "/store/product-variants/variant_none?cart_id=cart_none",
])("of two mistakes the same one is told: %s", async (path) => {
  const answer = await expectSame(shop.sides, { path, headers: key("web") }, { exactly: true })
  expect(answer.status).toBeGreaterThanOrEqual(400)
})
