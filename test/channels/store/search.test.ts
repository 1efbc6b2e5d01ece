import { sign } from "hono/jwt"
import { beforeAll, describe, expect, it } from "vitest"
import { loadConfig } from "../../../src/config.ts"
import { counterForFile, demo } from "../../support/counter.ts"
import { ask, until } from "../../support/http.ts"

const shop = counterForFile()
beforeAll(async () => {
  await until("every product can be found", async () => {
    const [row] = await shop.database.sql`
      select (select count(*) from mostrador.search_product where word_lines <> '') = (
        select count(distinct product.id) from product join product_sales_channel on product_id = product.id
        where status = 'published' and product.deleted_at is null) as whole`
    return row?.whole
  })
})

const key = () => ({ "x-publishable-api-key": demo().channels.web.publishable_key })
const search = (body: unknown, headers: Record<string, string> = {}) =>
  ask(shop.counter.url, "/store/search", {
    method: "POST",
    headers: { ...key(), "content-type": "application/json", ...headers },
    body: typeof body === "string" ? body : JSON.stringify(body),
  })
const catalog = (query: string, headers: Record<string, string> = {}) =>
  ask(shop.counter.url, `/store/catalog?${query}`, { headers: { ...key(), ...headers } })

interface Results {
  results: {
    hits: { id: string; score?: number; document: Record<string, unknown>; highlights?: Record<string, string[]> }[]
    facets?: Record<string, { values: { value: string; count: number }[] }>
    metadata: { skip: number; take: number; count: number | null; query?: string }
  }[]
}
interface Found {
  products: {
    id: string
    title: string
    in_stock: boolean
    stock_location_ids: string[]
    price: { amount: number; currency_code: string; original_amount: number } | null
    highlights?: Record<string, string>
  }[]
  count: number
  limit: number
  facets: Record<string, { value: string; label: string; count: number }[]>
}

describe("POST /store/search", () => {
  it("answers one query or several, each with its hits, facets and page", async () => {
    const query = { entity: "product", filters: { q: "lino" }, search_options: { facets: ["options"] } }
    const one = await search(query)
    expect(one.status, one.text).toBe(200)
    expect(one.headers.get("x-search-engine")).toBe("postgres")
    const { results } = one.body as Results
    expect(results).toHaveLength(1)
    const [result] = results
    expect(result?.metadata).toMatchObject({ skip: 0, take: 20, query: "lino" })
    expect(result?.metadata.count).toBe(result?.hits.length)
    expect(result?.hits.length).toBeGreaterThan(2)
    expect(result?.hits[0]).not.toHaveProperty("score")
    expect(result?.hits[0]?.document).toMatchObject({ status: "published", title: expect.stringMatching(/lino/i) })
    expect(result?.facets?.options?.values.length).toBeGreaterThan(1)

    const facetOnly = { entity: "product", pagination: { take: 0 }, search_options: { count: "none" } }
    const two = (await search({ queries: [query, facetOnly] })).body as Results
    expect(two.results.map((it) => it.hits.length)).toEqual([result?.hits.length, 0])
    expect(two.results[1]?.metadata.count).toBeNull()
    expect(two.results[1]).not.toHaveProperty("facets")
  })

  it("shows the fields that are asked for, the score and the highlights", async () => {
    const { body } = await search({
      entity: "product",
      fields: ["title", "price.eur"],
      filters: { q: "LINO" },
      pagination: { take: 1 },
      search_options: { include_score: true, highlight: { fields: ["title"], pre_tag: "[", post_tag: "]" } },
    })
    const [hit] = (body as Results).results[0]?.hits ?? []
    expect(Object.keys(hit?.document ?? {})).toEqual(["title", "price"])
    expect(hit?.score).toBeGreaterThan(0)
    expect(hit?.highlights?.title?.[0]).toMatch(/\[lino\]/i)
  })

  it("answers as many conditions as a query may have, of which memory knows nothing", async () => {
    const conditions = Array.from({ length: 190 }, (_, i) => ({ [i % 2 ? "handle" : "skus"]: { $exists: true } }))
    const facets = ["tags", "category_ids", "type"].map((field) => ({ field }))
    const either = [{ tags: "regalo" }, { handle: { $like: "" } }]
    const { status, body } = await search({
      ...{ entity: "product", filters: { $and: conditions, $or: either } },
      search_options: { facets, disjunctive_facets: true },
    })
    expect(status).toBe(200)
    expect((body as Results).results[0]?.metadata.count).toBeGreaterThan(50)
  })

  it("finds nothing outside of the key's sales channels", async () => {
    const { sql } = shop.database
    const { web, pos } = demo().channels
    const [product] = await sql<{ id: string }[]>`
      select product_id as id from mostrador.search_product where title not like '%lino%' and (
        select count(*) from product_sales_channel link where link.product_id = search_product.product_id
          and link.deleted_at is null and sales_channel_id in ${sql([web.sales_channel_id, pos.sales_channel_id])}) = 2
      order by 1 limit 1`
    const id = product?.id ?? ""
    await sql`delete from product_sales_channel where product_id = ${id} and sales_channel_id = ${web.sales_channel_id}`
    const count = async (token: string) => {
      const { body } = await search({ entity: "product", filters: { id } }, { "x-publishable-api-key": token })
      return (body as Results).results[0]?.metadata.count
    }
    await until("the web store shows it no more", async () => (await count(web.publishable_key)) === 0)
    expect(await count(pos.publishable_key)).toBe(1)
  })

  const refused: [name: string, body: unknown, status: number, message: string | RegExp][] = [
    ["another entity", { entity: "customer" }, 404, 'No search index named "customer"'],
    ["no entity", {}, 400, /^Invalid request: /],
    ["no queries", { queries: [] }, 400, /^Invalid request: /],
    ["21 queries", { queries: Array(21).fill({ entity: "product" }) }, 400, /^Invalid request: /],
    ["101 hits", { entity: "product", pagination: { take: 101 } }, 400, /^Invalid request: /],
    ["an unknown key", { entity: "product", colour: 1 }, 400, /^Invalid request: /],
    [
      "a field to show",
      { entity: "product", fields: ["title", "cost"] },
      400,
      `Search index "product" can't return the fields: cost`,
    ],
    [
      "a field to filter",
      { entity: "product", filters: { cost: 1 } },
      400,
      'Unknown field "cost" used in filters on search index "product"',
    ],
    [
      "a field that filters nothing",
      { entity: "product", filters: { description: "x" } },
      400,
      'Field "description" is not filterable on search index "product"',
    ],
    [
      "a field to sort",
      { entity: "product", pagination: { order: { tags: "ASC" } } },
      400,
      'Field "tags" is not sortable on search index "product"',
    ],
    [
      "a facet",
      { entity: "product", search_options: { facets: ["title"] } },
      400,
      'Field "title" does not support "value" facets on search index "product"',
    ],
    [
      "a field to search",
      { entity: "product", search_options: { attributes_to_search_on: ["id"] } },
      400,
      'Field "id" is not searchable on search index "product"',
    ],
    [
      "vectors",
      { entity: "product", search_options: { vector: { value: [1] } } },
      400,
      'search_options.vector requires a vector field on search index "product"',
    ],
    [
      "an operator on a list",
      { entity: "product", filters: { tags: { $gt: "a" } } },
      400,
      /not supported on array field "tags"/,
    ],
    ["a word for a number", { entity: "product", filters: { "price.eur": { $gt: "cheap" } } }, 400, /Cannot cast/],
    ["broken JSON", '{"entity":', 400, /JSON/],
    ["filters 100 deep", `{"entity":"product","filters":${'{"$not":'.repeat(100)}{}${"}".repeat(100)}}`, 400, /deep/],
    [
      "filters 10,000 deep",
      `{"entity":"product","filters":${'{"$not":'.repeat(10_000)}{}${"}".repeat(10_000)}}`,
      400,
      /deep/,
    ],
    ["a thousand filters", { entity: "product", filters: { $or: Array(1_000).fill({ id: "a" }) } }, 400, /at most 200/],
    [
      "a thousand facets",
      { entity: "product", search_options: { facets: Array(1_000).fill("tags") } },
      400,
      /at most 50/,
    ],
    ["too much", { entity: "product", filters: { q: "x".repeat(120_000) } }, 413, "request entity too large"],
  ]
  for (const [name, body, status, message] of refused) {
    it(`refuses, and says why: ${name}`, async () => {
      const answer = await search(body)
      expect(answer.status, answer.text).toBe(status)
      expect((answer.body as { message: string }).message).toEqual(
        typeof message === "string" ? message : expect.stringMatching(message),
      )
    })
  }

  it("answers hostile text like any other", async () => {
    for (const q of ["x".repeat(10_000), "'; drop table product; --", "(a+)+$", "\0", "🪑"]) {
      expect((await search({ entity: "product", filters: { q } })).status).toBe(200)
    }
    expect((await search({ entity: "product", filters: { q: 5 } })).status).toBe(400)
    expect((await search({ entity: "product", filters: { $and: "x" } })).status).toBe(400)
    expect((await search({ entity: "product", filters: { $and: [{ q: "x" }] } })).status).toBe(400)
  })

  it("finds parts of a title, and slips in words of four letters", async () => {
    const like = (await search({ entity: "product", filters: { title: { $like: "de lino lav" } } })).body as Results
    expect(like.results[0]?.hits[0]?.document.title).toMatch(/de lino lavado/)
    for (const q of ["lnio", "linno", "lin", "lono"]) {
      const options = { typo_tolerance: true, match_strategy: "last" }
      const { body } = await search({ entity: "product", filters: { q }, search_options: options })
      expect(
        (body as Results).results[0]?.hits.map((it) => it.document.title),
        q,
      ).toContain("Funda nórdica de lino lavado")
    }
  })

  it("takes forms of a word for the same once the shop's language is set", async () => {
    const query = { entity: "product", filters: { q: "fundas nórdicas" }, search_options: { match_strategy: "all" } }
    const count = async () => ((await search(query)).body as Results).results[0]?.metadata.count
    const write = async (language: string) => {
      const claims = { actor_id: "user_01", actor_type: "user", exp: Math.floor(Date.now() / 1000) + 60 }
      const token = await sign(claims, loadConfig({}).jwtSecret, "HS256")
      const answer = await ask(shop.counter.url, "/admin/omnichannel/search-settings", {
        method: "POST",
        headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
        body: JSON.stringify({ language }),
      })
      expect(answer.status, answer.text).toBe(200)
    }
    expect(await count()).toBe(0)
    await write("spanish")
    expect(await count()).toBe(1)
    await write("simple")
    expect(await count()).toBe(0)
  })

  it("needs a publishable key, and lets a storefront's page read its answer", async () => {
    expect((await ask(shop.counter.url, "/store/search", { method: "POST" })).status).toBe(400)
    const answer = await search({ entity: "product" }, { origin: "http://localhost:8000" })
    expect(answer.headers.get("access-control-allow-origin")).toBe("http://localhost:8000")
  })
})

describe("GET /store/catalog", () => {
  it("finds by words, with slips, and shows what a hit costs its caller", async () => {
    const answer = await catalog(`q=lnio lavado&region_id=${demo().regions.es}`)
    expect(answer.status, answer.text).toBe(200)
    const { products, count } = answer.body as Found
    expect(count).toBeGreaterThan(0)
    expect(products[0]).toMatchObject({ title: expect.stringMatching(/lino/i), price: { currency_code: "eur" } })
    expect(products[0]?.highlights?.title).toContain("<mark>")
    const gbp = (await catalog("q=lino&currency_code=GBP")).body as Found
    expect(gbp.products[0]?.price?.currency_code).toBe("gbp")
    const none = (await catalog("q=lino")).body as Found
    expect(none.products[0]?.price).toBeNull()
  })

  it("narrows by category, option, price and stock, and counts facets with their names", async () => {
    const region = `region_id=${demo().regions.es}`
    const [home] = await shop.database.sql<{ id: string }[]>`select id from product_category where handle = 'hogar'`
    const all = (await catalog(`category_id=${home?.id}&facets=category_id,option,price,stock_location_id&${region}`))
      .body as Found
    expect(all.count).toBeGreaterThan(10)
    expect(all.facets.category_id?.find((it) => it.value === home?.id)).toEqual({
      value: home?.id,
      label: "Hogar",
      count: all.count,
    })
    const [option] = all.facets.option ?? []
    const narrowed = (await catalog(`category_id=${home?.id}&option=${encodeURIComponent(option?.value ?? "")}`))
      .body as Found
    expect(narrowed.count).toBe(option?.count)
    const cheap = (await catalog(`category_id=${home?.id}&price_max=20&sort=price&limit=100&${region}`)).body as Found
    const amounts = cheap.products.map((it) => it.price?.amount ?? 0)
    expect(amounts.length).toBeGreaterThan(1)
    const { madrid } = demo().stock_locations
    const there = (await catalog(`stock_location_id=${madrid}&limit=100`)).body as Found
    expect(there.count).toBeGreaterThan(0)
    expect(there.products.every((it) => it.stock_location_ids.includes(madrid))).toBe(true)
    const stocked = (await catalog("in_stock=true&limit=100")).body as Found
    expect(stocked.products.every((it) => it.in_stock)).toBe(true)
  })

  it("sorts and pages, with nothing twice", async () => {
    const pages = await Promise.all([0, 10, 20].map((offset) => catalog(`sort=title&limit=10&offset=${offset}`)))
    const titles = pages.flatMap((page) => (page.body as Found).products.map((it) => it.id))
    expect(new Set(titles).size).toBe(30)
  })

  it("sends nothing twice to a client that has it", async () => {
    const first = await catalog("q=lino")
    const again = await catalog("q=lino", {
      "if-none-match": first.headers.get("etag") ?? "",
      "cache-control": "max-age=0",
    })
    expect(again.status).toBe(304)
    expect(first.headers.get("cache-control")).toBe("private, no-cache")
  })

  for (const [query, reason] of [
    ["colour=blue", /colour/],
    ["limit=101", /limit: must be at most 100/],
    ["limit=many", /limit: must be a whole number/],
    ["offset=-1", /offset/],
    ["sort=best", /sort/],
    ["facets=cost", /facets/],
    ["price_max=5", /currency/],
    ["sort=price", /currency/],
    ["price_min=cheap&currency_code=eur", /price_min: must be an amount/],
    ["currency_code=euro", /currency_code/],
    ["region_id=reg_unknown", /there is no region reg_unknown/],
    ["in_stock=perhaps", /in_stock/],
    ["category_id[$ne]=x", /category_id/],
    [`tag=${"x".repeat(300)}`, /tag/],
    ["tag=a%00b", /zero byte/],
    ["option=Color", /option: must be an option and its value/],
    ["option=Color:Azul&option=:Rojo", /option: must be an option and its value/],
    [`q=${"x".repeat(10_500)}`, /q: must have/],
  ] as const) {
    it(`refuses, and says why: ${query.slice(0, 30)}`, async () => {
      const answer = await catalog(query)
      expect(answer.status, answer.text).toBe(400)
      expect(answer.body).toEqual({ type: "invalid_data", message: expect.stringMatching(reason) })
    })
  }

  it("answers hostile text like any other", async () => {
    for (const q of ["x".repeat(9_000), "'%22;--", "%F0%9F%AA%91", "%E0%A4%A", "(a%2B)%2B$"]) {
      expect((await catalog(`q=${q}`)).status, q.slice(0, 20)).toBe(200)
    }
  })
})
