import { afterAll, beforeAll, describe, expect, it } from "vitest"
import {
  BeyondEngine,
  type Facet,
  type Filters,
  InvalidSearch,
  type SearchEngine,
  type SearchQuery,
  UnknownSearchField,
} from "../../../../src/commerce/search/engine.ts"
import { meilisearchSearch } from "../../../../src/commerce/search/meilisearch/engine.ts"
import { applySettings, ensureIndex, indexSettings } from "../../../../src/commerce/search/meilisearch/settings.ts"
import { follow } from "../../../../src/commerce/search/meilisearch/tasks.ts"
import type { StandIn } from "../../../support/meilisearch/server.ts"
import { isReal, openTarget, type Target } from "../../../support/meilisearch/target.ts"
import { query, SHOP } from "./products.ts"

let target: Target
let engine: SearchEngine
const words = { stop_words: ["de", "la"], synonyms: [["lampara", "luminaria"]] }

beforeAll(async () => {
  target = await openTarget()
  const connection = target.connect()
  await ensureIndex(connection.admin, connection.index)
  await applySettings(connection.admin, connection.index, indexSettings(words))
  const task = await connection.admin.index(connection.index).addDocuments(SHOP)
  await follow(connection.admin, task)
  engine = meilisearchSearch({ connection, isFilled: () => true })
})
afterAll(() => target.close())

const search = async (more: Partial<SearchQuery>) => (await engine.search([query(more)]))[0]
const ids = async (more: Partial<SearchQuery>) => (await search(more))?.hits.map((it) => it.id)
const filtered = async (filters: Filters) => (await ids({ filters }))?.sort()

describe("a search with Meilisearch", () => {
  it("finds words whatever their case and accents, all of them, in the order of their weight", async () => {
    expect(await ids({ q: "LAMPARA" })).toEqual(["lampara"])
    expect(await ids({ q: "lino" })).toEqual(["camisa", "mantel", "lampara"])
    expect(await ids({ q: "camisa lino" })).toEqual(["camisa"])
    expect(await ids({ q: "camisa mesa" })).toEqual([])
    expect(await ids({ q: "luminaria" })).toEqual(["lampara"])
  })

  it("takes the last word for a beginning only when a person is still typing", async () => {
    expect(await ids({ q: "cami", match: "all" })).toEqual([])
    expect((await ids({ q: "cam", match: "last" }))?.sort()).toEqual(["camisa", "lampara"])
    expect(await ids({ q: "lino man", match: "last" })).toEqual(["mantel"])
  })

  it("finds any of the words when any will do, each product once, with its facets", async () => {
    const found = await search({
      q: "xyzzy camisa mesa",
      match: "any",
      facets: [{ field: "tags", type: "value", limit: 5, sort: "count" }],
    })
    expect(found?.hits.map((it) => it.id).sort()).toEqual(["camisa", "mantel"])
    expect(found?.count).toBe(2)
    expect(found?.facets[0]).toMatchObject({
      values: [
        { value: "Lino", count: 2 },
        { value: "Verano", count: 1 },
      ],
    })
  })

  it("forgives slips unless told not to", async () => {
    expect(await ids({ q: "camiza" })).toEqual(["camisa"])
    expect(await ids({ q: "camiza", typos: false })).toEqual([])
    expect(await ids({ q: "camisa", typos: false })).toEqual(["camisa"])
  })

  it("finds a SKU or a barcode by the whole of it, whatever its case, and then nothing else", async () => {
    expect(await ids({ q: "cam-lino-m" })).toEqual(["camisa"])
    expect(await ids({ q: " 8412345678905 " })).toEqual(["camisa"])
    expect(await ids({ q: "lam 7" })).toEqual(["lampara"])
    expect(await ids({ q: "841234567890", match: "last" })).toEqual([])
    expect(await ids({ q: "SECRET-1" })).toEqual([])
    const [hit] = (await search({ q: "MAN-1", highlight: { pre_tag: "<b>", post_tag: "</b>" } }))?.hits ?? []
    expect(hit?.score).toBe(1)
    expect(hit?.highlights?.skus).toEqual(["<b>MAN-1</b>"])
  })

  it("takes quotes, minus and backslashes for what a person types, not for commands", async () => {
    expect(await ids({ q: '"siesta' })).toEqual(["vela"])
    expect(await ids({ q: "-lino" })).toEqual(["camisa", "mantel", "lampara"])
    expect(await ids({ q: "!!! ???" })).toEqual([])
    expect(await ids({ filters: { title: 'Vela "Siesta" \\ noche' } })).toEqual(["vela"])
    expect(await ids({ filters: { title: '" OR id EXISTS OR title = "' } })).toEqual([])
    expect(await ids({ filters: { title: "\\" } })).toEqual([])
  })

  it("looks only where it is told to", async () => {
    expect(await ids({ q: "lino", searchOn: ["title"] })).toEqual(["camisa", "mantel"])
    expect(await ids({ q: "mesa", searchOn: ["title", "tags"] })).toEqual([])
    expect(await ids({ q: "MAN-1", searchOn: ["title"] })).toEqual([])
    expect(await ids({ q: "MAN-1", searchOn: ["skus"] })).toEqual(["mantel"])
    await expect(search({ q: "x", searchOn: ["price.eur"] })).rejects.toThrow(UnknownSearchField)
  })

  it("never shows, counts or offers what is not in the caller's channels", async () => {
    const all = await search({ facets: [{ field: "price.eur", type: "stats" }] })
    expect(all?.count).toBe(4)
    expect(all?.facets[0]).toMatchObject({ min: 12, max: 120, count: 4 })
    expect(await ids({ filters: { $or: [{ id: "secreto" }, { title: "Camisa secreta de lino" }] } })).toEqual([])
    expect(await ids({ channels: [] })).toEqual([])
    expect(await ids({ channels: ["till"], q: "camisa" })).toEqual(["secreto"])
  })

  it("filters by every operator of Medusa that it can", async () => {
    expect(await filtered({ "price.eur": { $gte: 39.9, $lt: 120 } })).toEqual(["camisa", "mantel"])
    expect(await filtered({ "price.gbp": { $exists: true } })).toEqual(["camisa"])
    expect(await filtered({ "price.gbp": null })).toEqual(["lampara", "mantel", "vela"])
    expect(await filtered({ category_ids: ["cat_ropa", "cat_nothing"] })).toEqual(["camisa"])
    expect(await filtered({ tags: { $contains: ["Lino", "Verano"] } })).toEqual(["camisa"])
    expect(await filtered({ tags: { $overlaps: ["Verano", "Otro"] } })).toEqual(["camisa"])
    expect(await filtered({ tags: { $exists: false } })).toEqual(["lampara", "vela"])
    expect(await filtered({ collection_id: null })).toEqual(["camisa", "lampara", "vela"])
    expect(await filtered({ collection_id: { $ne: null } })).toEqual(["mantel"])
    expect(await filtered({ created_at: { $gt: "2026-02-15" } })).toEqual(["camisa"])
    expect(await filtered({ $not: { categories: "Casa" } })).toEqual(["camisa", "vela"])
    expect(await filtered({ categories: { $nin: ["Casa", "Camisas"] } })).toEqual(["vela"])
    expect(await filtered({ $or: [{ handle: "vela" }, { $and: [{ tags: "Lino" }, { tags: "Verano" }] }] })).toEqual([
      "camisa",
      "vela",
    ])
    expect(await filtered({ $or: [], $and: [] })).toHaveLength(4)
    expect(await filtered({ id: [] })).toEqual([])
    expect(await filtered({ title: { $prefix: "Man" } })).toEqual(["mantel"])
  })

  it("refuses what is no field and no operation, and leaves to another engine what it cannot do", async () => {
    await expect(search({ filters: { colour: "x" } })).rejects.toThrow(UnknownSearchField)
    await expect(search({ filters: { description: "x" } })).rejects.toThrow(UnknownSearchField)
    await expect(search({ filters: { tags: { $gt: "x" } } })).rejects.toThrow(InvalidSearch)
    await expect(search({ filters: { "price.eur": { $gt: "cheap" } } })).rejects.toThrow(InvalidSearch)
    await expect(search({ facets: [{ field: "title", type: "value", limit: 1, sort: "count" }] })).rejects.toThrow(
      UnknownSearchField,
    )
    await expect(search({ order: [{ field: "handle", direction: "ASC" }] })).rejects.toThrow(UnknownSearchField)
    await expect(search({ filters: { title: { $like: "ant" } } })).rejects.toThrow(BeyondEngine)
    expect(await ids({ q: "mantel" })).toEqual(["mantel"])
  })

  it("orders strictly by what is asked, else by relevance, and by id where that is the same; and pages", async () => {
    expect(await ids({ order: [{ field: "price.eur", direction: "DESC" }] })).toEqual([
      "lampara",
      "mantel",
      "camisa",
      "vela",
    ])
    expect(await ids({ q: "lino", order: [{ field: "price.eur", direction: "DESC" }] })).toEqual([
      "lampara",
      "mantel",
      "camisa",
    ])
    expect(await ids({})).toEqual(["camisa", "lampara", "mantel", "vela"])
    const page = await search({ skip: 1, take: 2 })
    expect([page?.count, page?.hits.map((it) => it.id)]).toEqual([4, ["lampara", "mantel"]])
  })

  it("answers with documents as they were written, and a score", async () => {
    const [hit] = (await search({ q: "camisa" }))?.hits ?? []
    expect(hit?.document).toEqual(SHOP[0])
    expect(hit?.score).toBeGreaterThan(0)
    expect(hit?.score).toBeLessThanOrEqual(1)
    expect(hit?.highlights).toBeUndefined()
  })
})

describe("facets with Meilisearch", () => {
  const filters = { categories: "Casa", "price.eur": { $lt: 100 } }

  it("count values, ranges and statistics in what was found", async () => {
    const found = await search({
      facets: [
        { field: "options", type: "value", limit: 2, sort: "count" },
        { field: "categories", type: "value", limit: 5, sort: "alpha" },
        { field: "price.eur", type: "range", ranges: [{ to: 39.9 }, { key: "mid", from: 39.9, to: 60 }, { from: 60 }] },
        { field: "price.eur", type: "stats" },
      ],
    })
    expect(found?.facets).toEqual([
      {
        field: "options",
        type: "value",
        values: [
          { value: "Color:Blanco", count: 2 },
          { value: "Color:Azul cielo", count: 1 },
        ],
      },
      {
        field: "categories",
        type: "value",
        values: [
          { value: "Camisas", count: 1 },
          { value: "Casa", count: 2 },
        ],
      },
      {
        field: "price.eur",
        type: "range",
        ranges: [
          { key: "*-39.9", count: 1 },
          { key: "mid", count: 2 },
          { key: "60-*", count: 1 },
        ],
      },
      {
        field: "price.eur",
        type: "stats",
        min: 12,
        max: 120,
        sum: expect.closeTo(230.9),
        count: 4,
        avg: expect.closeTo(57.725),
      },
    ])
  })

  it("leave their own filter out when a shopper may choose a second value, in the same request", async () => {
    const before = target.standIn?.requests.length ?? 0
    const found = await search({
      filters,
      disjunctive: true,
      facets: [
        { field: "categories", type: "value", limit: 5, sort: "count" },
        { field: "price.eur", type: "range", ranges: [{ from: 100 }] },
      ],
    })
    expect(found?.hits.map((it) => it.id)).toEqual(["mantel"])
    expect(found?.facets).toMatchObject([
      {
        values: [
          { value: "Camisas", count: 1 },
          { value: "Casa", count: 1 },
        ],
      },
      { ranges: [{ count: 1 }] },
    ])
    if (target.standIn) expect(target.standIn.requests).toHaveLength(before + 1)
  })

  it("are searched themselves", async () => {
    const facet = { field: "options", type: "value" as const, limit: 5, sort: "count" as const }
    expect((await search({ facets: [{ ...facet, query: "color:bl" }] }))?.facets).toMatchObject([
      { values: [{ value: "Color:Blanco", count: 2 }] },
    ])
    expect((await search({ q: "camisa", facets: [{ ...facet, query: "talla" }] }))?.facets).toMatchObject([
      { values: [{ value: "Talla:M", count: 1 }] },
    ])
  })
})

describe("highlights with Meilisearch", () => {
  it("mark matches in every field that was asked for, and cut long texts around them", async () => {
    const tags = { pre_tag: "[", post_tag: "]" }
    const [whole] =
      (await search({ q: "camisa lino", highlight: { ...tags, fields: ["title", "tags", "subtitle"] } }))?.hits ?? []
    expect(whole?.highlights).toEqual({ title: "[Camisa] de [lino]", tags: ["Verano", "[Lino]"] })
    const [cut] =
      (await search({ q: "botones", highlight: { ...tags, fields: ["description"], snippet_words: 5 } }))?.hits ?? []
    expect(cut?.highlights?.description).toMatch(/^….*\[botones\].*…$/)
    const [begun] = (await search({ q: "cam", match: "last", searchOn: ["title"], highlight: tags }))?.hits ?? []
    expect(begun?.highlights?.title).toBe("[Camisa] de lino")
    const [none] = (await search({ highlight: tags }))?.hits ?? []
    expect(none?.highlights).toBeUndefined()
  })

  it("are marked by whatever tags a page has, also with signs in them", async () => {
    for (const tag of ["my-mark", "a/b", "[x].*+?^$(){}|\\"]) {
      const tags = { pre_tag: `<${tag}>`, post_tag: `</${tag}>` }
      const [hit] = (await search({ q: "cam", match: "last", searchOn: ["title"], highlight: tags }))?.hits ?? []
      expect(hit?.highlights?.title).toBe(`<${tag}>Camisa</${tag}> de lino`)
    }
  })
})

describe("several searches at once", () => {
  it("are one request, answered in their order", async () => {
    const before = target.standIn?.requests.length ?? 0
    const found = await engine.search([
      query({ q: "vela" }),
      query({ q: "MAN-1" }),
      query({ q: "??" }),
      query({ take: 1 }),
    ])
    expect(found.map((it) => it.hits.map((hit) => hit.id))).toEqual([["vela"], ["mantel"], [], ["camisa"]])
    if (target.standIn) expect(target.standIn.requests).toHaveLength(before + 1)
  })
})

describe("a search that would be many for Meilisearch", () => {
  const ranges = (most: number): Facet => ({
    field: "price.eur",
    type: "range",
    ranges: Array.from({ length: most }, (_, i) => ({ from: i, to: i + 1 })),
  })
  const valuesLike = (text: string): Facet => ({ field: "tags", type: "value", limit: 1, sort: "count", query: text })
  const isLeft = async (more: Partial<SearchQuery>, times = 1) => {
    const before = target.standIn?.requests.length
    await expect(engine.search(Array.from({ length: times }, () => query(more)))).rejects.toThrow(BeyondEngine)
    expect(target.standIn?.requests.length).toBe(before)
  }

  it("is left to another engine, and does not reach Meilisearch", async () => {
    await isLeft({ facets: Array.from({ length: 50 }, () => ranges(50)) })
    await isLeft({ facets: [ranges(20)] }, 10)
    await isLeft({ q: "una dos tres", match: "any", facets: [ranges(50)] })
    await isLeft({ facets: Array.from({ length: 25 }, () => valuesLike("l")) })
    await isLeft({ filters: { id: ["x".repeat(90_000)] }, facets: [ranges(20)] })
    expect((await search({ facets: [ranges(100)] }))?.facets[0]).toMatchObject({ type: "range" })
  })

  it("asks for the facets of a code only when there is such a code", async () => {
    const before = target.standIn?.requests.length ?? 0
    const asked = () =>
      target.standIn?.requests.slice(before).map((it) => (it.body as { queries: unknown[] }).queries.length)
    await search({ q: "lino", facets: [ranges(5)] })
    if (target.standIn) expect(asked()).toEqual([1 + 1 + 5])
    const found = await search({ q: "MAN-1", facets: [ranges(5), { field: "price.eur", type: "range", ranges: [{}] }] })
    expect(found?.facets).toMatchObject([{ type: "range" }, { ranges: [{ count: 1 }] }])
    if (target.standIn) expect(asked()).toEqual([7, 1 + 1 + 6, 1 + 6])
  })

  it("counts the facets of a code also where a filter hides its product", async () => {
    const found = await search({
      ...{ q: "MAN-1", searchOn: ["skus"], filters: { categories: "Camisas" }, disjunctive: true },
      facets: [{ field: "categories", type: "value", limit: 5, sort: "count" }],
    })
    expect(found).toMatchObject({ hits: [], facets: [{ values: [{ value: "Casa", count: 1 }] }] })
  })

  it.skipIf(isReal)("asks a few things at a time where they cannot be asked together", async () => {
    const standIn = target.standIn as StandIn
    Object.assign(standIn.faults, { delayMilliseconds: 20, slow: /search/ })
    await search({ q: "camisa mesa", match: "any", facets: [ranges(15)] })
    standIn.faults.delayMilliseconds = 0
    expect(standIn.busiest).toBeGreaterThan(1)
    expect(standIn.busiest).toBeLessThanOrEqual(4)
  })
})
