import { afterAll, beforeAll, expect, it } from "vitest"
import { demo } from "../../support/counter.ts"
import { ask } from "../../support/http.ts"
import { openShop } from "../catalog/shop.ts"
import { expectSame, send, UNORDERED } from "../compare.ts"

let shop: Awaited<ReturnType<typeof openShop>>
beforeAll(async () => {
  shop = await openShop()
})
afterAll(() => shop?.counter.close())

const key = () => ({ "x-publishable-api-key": demo().channels.web.publishable_key })
const products = () => `/store/products?limit=100&region_id=${demo().regions.es}&fields=*variants.calculated_price`

/** Of a new customer in the Club: his id, and his token. */
async function newMember(email: string) {
  const { medusa } = shop.sides
  const login = { email, password: "secret-1234" }
  const token = async (path: string) => {
    const { body } = await send(medusa, { method: "POST", path, body: login })
    return { authorization: `Bearer ${(body as { token: string }).token}` }
  }
  const registration = await token("/auth/customer/emailpass/register")
  const made = await send(medusa, {
    ...{ method: "POST", path: "/store/customers", headers: { ...key(), ...registration }, body: { email } },
  })
  const { id } = (made.body as { customer: { id: string } }).customer
  const { body } = await send(medusa, { path: "/admin/customer-groups?name=Club", headers: shop.admin })
  const [club] = (body as { customer_groups: { id: string }[] }).customer_groups
  const joined = await send(medusa, {
    ...{ method: "POST", path: `/admin/customer-groups/${club?.id}/customers`, headers: shop.admin },
    body: { add: [id] },
  })
  expect(joined.status).toBe(200)
  return { id, token: await token("/auth/customer/emailpass") }
}

it("a session of the Club gets its prices also in the counter's own routes", async () => {
  const { token } = await newMember("sesion@cliente.example")
  const { counter, medusa } = shop.sides
  const opened = await ask(counter, "/auth/session", { method: "POST", headers: token })
  const cookie = {
    cookie: opened.headers
      .getSetCookie()
      .map((it) => it.split(";")[0])
      .join("; "),
  }
  expect(cookie.cookie).toContain("connect.sid")

  type Shown = { products: { variants: { sku: string; calculated_price: { calculated_amount: number } }[] }[] }
  const prices = async (headers: Record<string, string>) => {
    const { body } = await send(medusa, { path: products(), headers: { ...key(), ...headers } })
    const variants = (body as Shown).products.flatMap((it) => it.variants).filter((it) => it.sku)
    return new Map(variants.map((it) => [it.sku, it.calculated_price]))
  }
  const [everybodys, own] = [await prices({}), await prices(cookie)]
  const [sku = ""] =
    [...own].find(([it, price]) => everybodys.get(it)?.calculated_amount !== price.calculated_amount) ?? []
  const looked = await send(counter, {
    ...{ path: `/store/variants/lookup?sku=${sku}&region_id=${demo().regions.es}`, headers: { ...key(), ...cookie } },
  })
  expect((looked.body as { variant: unknown }).variant).toMatchObject({ calculated_price: own.get(sku) })
  const catalog = async (headers: Record<string, string>) =>
    (
      await send(counter, {
        path: `/store/catalog?limit=100&region_id=${demo().regions.es}`,
        headers: { ...key(), ...headers },
      })
    ).body
  expect(await catalog(cookie)).toEqual(await catalog(token))
  expect(await catalog(cookie)).not.toEqual(await catalog({}))
  expect(await catalog({ cookie: "connect.sid=s%3Anobody.x" })).toEqual(await catalog({}))
})

it("a customer who was deleted gets what Medusa gives him while his token lives", async () => {
  const { id, token } = await newMember("borrado@cliente.example")
  const asked = { path: products(), headers: { ...key(), ...token } }
  const before = await expectSame(shop.sides, asked, { exactly: true, unordered: UNORDERED })
  const gone = await send(shop.sides.counter, { method: "DELETE", path: `/admin/customers/${id}`, headers: shop.admin })
  expect(gone.status).toBe(200)
  const after = await expectSame(shop.sides, asked, { exactly: true, unordered: UNORDERED })
  expect(after.text).toBe(before.text)
})
