import { beforeAll, describe, expect, expectTypeOf, it } from "vitest"
import type { LiveRoutes } from "../../../src/channels/live/index.ts"
import type { StoreRoutes } from "../../../src/channels/store/index.ts"
import type { SchemaOf } from "../../../src/channels/typed.ts"
import { type MostradorClient, mostrador } from "../../../src/client.ts"
import { counterForFile, demo } from "../../support/counter.ts"
import { untilBuilt } from "../../support/documents.ts"
import { ask, until } from "../../support/http.ts"

const shop = counterForFile()
let client: MostradorClient
beforeAll(async () => {
  // What has no document yet only Medusa sells, and there is none.
  await untilBuilt(shop.database)
  client = mostrador(shop.counter.url, demo().channels.web.publishable_key)
})

/** What an answer says when all is well. */
async function well(answer: { status: number; json(): Promise<unknown> }): Promise<unknown> {
  expect(answer.status).toBe(200)
  return await answer.json()
}

/** The first variant of a product, or of the first one that there is. */
async function someVariant(id?: string) {
  const answer = await client.store.products.$get({
    query: { ...(id ? { id } : {}), fields: "id,*variants", limit: "1" },
  })
  if (!answer.ok) throw new Error((await answer.json()).message)
  const variant = (await answer.json()).products[0]?.variants?.[0]
  if (!variant) throw new Error("There is a product, and it has a variant")
  return variant
}

describe("the typed client", () => {
  it("searches the catalog, and looks up what it has found", async () => {
    const search = () =>
      client.store.catalog.$get({ query: { q: "camiseta", region_id: demo().regions.es, limit: "3" } })
    await until("the search is filled", async () => JSON.stringify(await well(await search())).includes('"prod_'))
    const answer = await search()
    if (!answer.ok) throw new Error((await answer.json()).message)
    const { products, count } = await answer.json()
    expectTypeOf(count).toEqualTypeOf<number>()
    expectTypeOf(products[0]?.price?.amount).toEqualTypeOf<number | undefined>()

    const { sku } = await someVariant(products[0]?.id)
    const found = await client.store.variants.lookup.$get({ query: { sku: sku ?? "", region_id: demo().regions.es } })
    if (!found.ok) throw new Error((await found.json()).message)
    const { variant } = await found.json()
    expect([variant.sku, typeof variant.calculated_price?.calculated_amount]).toEqual([sku, "number"])
  })

  it("fills a cart", async () => {
    const made = await client.store.carts.$post({ json: { region_id: demo().regions.es } })
    if (!made.ok) throw new Error((await made.json()).message)
    const { cart } = await made.json()
    expectTypeOf(cart.total).toEqualTypeOf<number>()

    const { id: variant_id } = await someVariant()
    const items = client.store.carts[":id"]["line-items"]
    const added = await items.$post({ param: { id: cart.id }, json: { variant_id, quantity: 2 } })
    if (!added.ok) throw new Error((await added.json()).message)
    const [line] = (await added.json()).cart.items
    expect([line?.variant_id, line?.quantity]).toEqual([variant_id, 2])

    const removed = await items[":line_id"].$delete({ param: { id: cart.id, line_id: line?.id ?? "" } })
    if (!removed.ok) throw new Error((await removed.json()).message)
    expect((await removed.json()).parent.items).toEqual([])
    const read = await client.store.carts[":id"].$get({ param: { id: cart.id } })
    expect(read.headers.get("etag")).toBe(removed.headers.get("etag"))
  })

  it("hands a cart over to another device, and tells what has happened to it", async () => {
    const made = await client.store.carts.$post({ json: { region_id: demo().regions.es } })
    if (!made.ok) throw new Error((await made.json()).message)
    const { cart } = await made.json()
    const given = await client.store.carts[":id"].handoff.$post({ param: { id: cart.id }, json: { to: "device" } })
    if (!given.ok) throw new Error((await given.json()).message)
    const { code } = (await given.json()).handoff
    expectTypeOf(code).toEqualTypeOf<string>()

    const claimed = await client.store.handoffs[":code"].claim.$post({ param: { code } })
    if (!claimed.ok) throw new Error((await claimed.json()).message)
    const { claim } = await claimed.json()
    expect(claim.cart_id).toBe(cart.id)
    const asked: string[] = []
    const phone = mostrador(shop.counter.url, demo().channels.web.publishable_key, {
      cartToken: claim.token,
      fetch: async (input, init) => {
        asked.push(new Headers(init?.headers).get("x-cart-token") ?? "")
        return await fetch(input, init)
      },
    })
    const told = await phone.store.carts[":id"].history.$get({ param: { id: claim.cart_id }, query: {} })
    if (!told.ok) throw new Error((await told.json()).message)
    const { history } = await told.json()
    expect(history.map(({ name }) => name)).toContain("cart.handed_over")
    expect(asked).toEqual([claim.token])
  })

  it("filters by operators and lists, as Medusa's client writes them", async () => {
    const asked = { created_at: { $gt: "2020-01-01T00:00:00Z" }, fields: "id,handle", limit: "2" }
    const some = await well(await client.store.collections.$get({ query: asked }))
    expect(some).toMatchObject({ collections: [{ id: expect.any(String) }, { id: expect.any(String) }], limit: 2 })
    const none = { created_at: { $gt: "2100-01-01T00:00:00Z" } }
    expect(await well(await client.store.collections.$get({ query: none }))).toMatchObject({ count: 0 })
    const { es, us } = demo().regions as Record<string, string>
    const regions = await well(await client.store.regions.$get({ query: { id: [es ?? "", us ?? ""].filter(Boolean) } }))
    expect(regions).toMatchObject({ count: [es, us].filter(Boolean).length })
  })

  it("says what went wrong, in Medusa's shape", async () => {
    const answer = await client.store.carts[":id"].$get({ param: { id: "cart_01M7ZRVFH8HMMAP027Z42YKK0G" } })
    if (answer.ok) throw new Error("There is no such cart")
    const error = await answer.json()
    expectTypeOf(error.message).toEqualTypeOf<string>()
    expect([answer.status, error.type]).toEqual([404, "not_found"])
  })

  it("follows the catalog as it comes", async () => {
    const stream = await client.store.catalog.stream.$get({ query: {} })
    expect([stream.status, stream.headers.get("content-type")]).toEqual([200, expect.stringContaining("event-stream")])
    await stream.body?.cancel()
    const feed = await client.store.catalog.feed.$get({ query: { limit: "1" } })
    expect((await feed.text()).trim().split("\n").length).toBeGreaterThan(2)
  })

  it("does not compile with what no route takes", () => {
    const { carts, catalog } = client.store
    const line = carts[":id"]["line-items"]
    const param = { id: "cart_1" }
    const never = () => [
      // @ts-expect-error there is no such parameter
      catalog.$get({ query: { colour: "blue" } }),
      // @ts-expect-error sorts are known by their names
      catalog.$get({ query: { sort: "cheapest" } }),
      // @ts-expect-error a line is of a variant
      line.$post({ param, json: { quantity: 1 } }),
      // @ts-expect-error quantities are numbers
      line.$post({ param, json: { variant_id: "variant_1", quantity: "1" } }),
      // @ts-expect-error a cart is one of some id
      carts[":id"].$get({ param: {} }),
      // @ts-expect-error nobody puts
      carts.$put({}),
      // @ts-expect-error there is no such route
      client.store.carrots,
    ]
    expectTypeOf(never).toBeFunction()
    type Query = NonNullable<NonNullable<Parameters<typeof catalog.$get>[0]>["query"]>
    expectTypeOf<Query["in_stock"]>().toEqualTypeOf<"true" | "false" | undefined>()
    expectTypeOf<Query["tag"]>().toEqualTypeOf<string | string[] | undefined>()
    // No route fell out by a path that TypeScript knows only as some text.
    type Paths = SchemaOf<StoreRoutes | LiveRoutes>
    expectTypeOf<string extends keyof Paths ? "any" : "named">().toEqualTypeOf<"named">()
  })

  it("has every store route of the reference", async () => {
    const { body } = await ask(shop.counter.url, "/openapi.json")
    const paths = Object.keys((body as { paths: object }).paths).filter((it) => it.startsWith("/store/"))
    // Spelled out by its type, which knows each of them and no other.
    const known: Record<keyof SchemaOf<StoreRoutes | LiveRoutes>, unknown> = KNOWN
    expect(Object.keys(known).sort()).toEqual(paths.map((it) => it.replace(/\{(\w+)\}/g, ":$1")).sort())
  })
})

const KNOWN = {
  ...{ "/store/carts": true, "/store/carts/:id": true, "/store/carts/:id/complete": true },
  ...{ "/store/carts/:id/customer": true, "/store/carts/:id/line-items": true },
  ...{ "/store/carts/:id/line-items/:line_id": true, "/store/carts/:id/promotions": true },
  ...{
    "/store/carts/:id/operations": true,
    "/store/carts/:id/handoff": true,
    "/store/carts/:id/history": true,
    "/store/carts/:id/stream": true,
  },
  ...{ "/store/carts/:id/stream-ticket": true, "/store/customers/me/cart": true, "/store/handoffs/:code/claim": true },
  ...{ "/store/carts/:id/shipping-methods": true, "/store/carts/:id/taxes": true, "/store/catalog": true },
  ...{ "/store/catalog/feed": true, "/store/catalog/stream": true, "/store/collections": true },
  ...{ "/store/collections/:id": true, "/store/currencies": true, "/store/currencies/:code": true },
  ...{ "/store/orders": true, "/store/orders/:id": true, "/store/orders/:id/access": true },
  ...{ "/store/orders/:id/cancel": true, "/store/orders/:id/stream": true, "/store/orders/:id/timeline": true },
  ...{ "/store/payment-collections": true, "/store/payment-collections/:id/payment-sessions": true },
  ...{ "/store/policies": true, "/store/product-categories": true, "/store/product-categories/:id": true },
  ...{ "/store/product-tags": true, "/store/product-tags/:id": true, "/store/product-types": true },
  ...{ "/store/product-types/:id": true, "/store/product-variants": true, "/store/product-variants/:id": true },
  ...{ "/store/products": true, "/store/products/:id": true, "/store/regions": true, "/store/regions/:id": true },
  ...{ "/store/search": true, "/store/search/token": true, "/store/shipping-options": true },
  ...{ "/store/variants/:id/availability": true, "/store/variants/lookup": true },
} as const
