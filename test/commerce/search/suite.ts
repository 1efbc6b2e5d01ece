import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { type Catalog, openCatalog } from "../../../src/commerce/catalog/index.ts"
import {
  openSearch,
  type Search,
  type SearchEngine,
  type SearchQuery,
  type SearchSettings,
  type SearchWriter,
  searchWriter,
} from "../../../src/commerce/search/index.ts"
import { type ChangeFeed, openChangeFeed } from "../../../src/platform/changes/index.ts"
import type { Database } from "../../../src/platform/db/index.ts"
import { createLog } from "../../../src/platform/log.ts"
import { demo } from "../../support/counter.ts"
import { cloneDatabase, type TestDatabase } from "../../support/database.ts"
import { addProducts, addSale } from "../../support/products.ts"

/** The parts of a shop that an engine is opened on. */
export interface SearchShop {
  database: Database
  feed: ChangeFeed
  catalog: Catalog
  search: Search
}

/** One engine under test. */
export interface EngineUnderTest {
  engine: SearchEngine
  /** Resolves when all that is committed by now can be found. */
  settle(): Promise<void>
  close(): Promise<void>
}

export interface SearchSuite {
  /** What is written with documents beside Postgres' own index. */
  writers?: (database: Database) => SearchWriter[]
  open(shop: SearchShop): Promise<EngineUnderTest>
}

const WEB = "sc_suite_web"
const OUTLET = "sc_suite_outlet"
const day = (n: number) => new Date(Date.UTC(2026, 0, n))

/** What every engine of the counter can do, in sentences about a shop. */
export function describeSearch(name: string, suite: SearchSuite): void {
  describe(`the search with ${name}`, () => {
    let database: TestDatabase
    let feed: ChangeFeed
    let catalog: Catalog
    let search: Search
    let under: EngineUnderTest
    let ids: Record<string, string> = {}
    let home = ""
    let lighting = ""
    let hidden = ""
    let madrid = ""
    let valencia = ""

    async function settle(): Promise<void> {
      await feed.catchUp()
      await search.indexer.catchUp()
      await under.settle()
    }

    async function ask(query: Partial<SearchQuery>) {
      const [result] = await under.engine.search([
        {
          channels: [WEB],
          q: "",
          facets: [],
          disjunctive: false,
          match: "last",
          typos: true,
          order: [],
          skip: 0,
          take: 20,
          ...query,
        },
      ])
      if (!result) throw new Error("no result")
      return result
    }

    const titlesOf = (result: { hits: { document: { title: string } }[] }) => result.hits.map((it) => it.document.title)
    const titles = async (query: Partial<SearchQuery>) => titlesOf(await ask(query))
    const settings = async (change: Partial<SearchSettings>) => {
      await database.sql.begin((tx) => search.settings.write(tx, { ...search.settings.value, ...change }))
      await feed.catchUp()
      await settle()
    }

    beforeAll(async () => {
      database = await cloneDatabase()
      const { sql } = database
      const log = createLog("silent")
      const { stock_locations } = demo()
      madrid = stock_locations.madrid
      valencia = stock_locations.valencia
      feed = await openChangeFeed(database, log)
      const write = searchWriter(suite.writers?.(database) ?? [])
      const onBuilt = (tx: Parameters<SearchWriter>[0], built: { product_id: string }[]) =>
        write(
          tx,
          built.map((it) => it.product_id),
        )
      catalog = await openCatalog(database, feed, log, { cacheBytes: 1e7, onBuilt })
      search = await openSearch(database, feed, log, { catalog, write })
      under = await suite.open({ database, feed, catalog, search })

      await sql`insert into sales_channel ${sql([
        { id: WEB, name: "Suite web" },
        { id: OUTLET, name: "Suite outlet" },
      ])}`
      await sql`insert into sales_channel_stock_location ${sql({ id: "scloc_suite", sales_channel_id: WEB, stock_location_id: madrid })}`
      ;[home, lighting, hidden] = ["pcat_suite_home", "pcat_suite_home_light", "pcat_suite_hidden"]
      await sql`insert into product_category ${sql([
        {
          id: home,
          name: "Casa",
          handle: "suite-casa",
          mpath: home,
          is_active: true,
          is_internal: false,
          rank: 90,
          parent_category_id: null,
        },
        {
          id: lighting,
          name: "Iluminación",
          handle: "suite-luz",
          mpath: `${home}.${lighting}`,
          is_active: true,
          is_internal: false,
          rank: 0,
          parent_category_id: home,
        },
        {
          id: hidden,
          name: "Secreta",
          handle: "suite-oculta",
          mpath: hidden,
          is_active: false,
          is_internal: false,
          rank: 91,
          parent_category_id: null,
        },
      ])}`
      const stocked = (sku: string, options: Record<string, string>, eur: number, stock: Record<string, number>) => ({
        sku,
        options,
        prices: { eur, usd: eur * 2 },
        stock,
      })
      const made = await addProducts(sql, [
        {
          title: "Lámpara",
          description: "Una luz para leer.",
          created_at: day(1),
          category_ids: [lighting],
          tags: ["lino"],
          collection: "Otoño suite",
          channels: [WEB],
          variants: [
            stocked("LAM-100", { Color: "Azul cielo" }, 40, { [madrid]: 3 }),
            stocked("LAM-200", { Color: "Rojo" }, 50, { [madrid]: 0 }),
          ],
        },
        {
          title: "Lámpara de pie Brisa",
          description: "Con pantalla tejida a mano.",
          created_at: day(2),
          category_ids: [lighting],
          tags: ["nuevo"],
          channels: [WEB],
          variants: [{ ...stocked("LAM-300", { Color: "Rojo" }, 120, { [valencia]: 2 }), barcode: "8400000000017" }],
        },
        {
          title: "Mesa con lámpara",
          created_at: day(3),
          category_ids: [home],
          channels: [WEB],
          variants: [stocked("MES-1", { Color: "Roble" }, 300, { [madrid]: 0 })],
        },
        {
          title: "Sofá Orilla",
          description: "Junto a una lámpara queda mejor.",
          created_at: day(4),
          category_ids: [home, hidden],
          channels: [WEB],
          variants: [stocked("SOF-1", { Color: "Gris" }, 800, { [madrid]: 1, [valencia]: 1 })],
        },
        {
          title: "Árbol de lino",
          subtitle: "Decoración",
          created_at: day(5),
          tags: ["lino", "nuevo"],
          type: "Adorno",
          channels: [WEB],
          variants: [{ sku: "ARB-1", prices: { eur: 15 } }],
        },
        { title: "Zapatero", created_at: day(6), channels: [WEB], variants: [{ sku: "ZAP-1" }] },
        { title: "Lámpara de saldo", channels: [OUTLET], variants: [stocked("OUT-1", {}, 5, { [madrid]: 9 })] },
        { title: "Lámpara en borrador", status: "draft", channels: [WEB], variants: [stocked("DRA-1", {}, 5, {})] },
        { title: "Lampera", channels: [OUTLET] },
      ])
      const names = ["lamp", "floor", "table", "sofa", "tree", "shoes", "outlet", "draft", "known"]
      ids = Object.fromEntries(names.map((key, i) => [key, made[i] ?? ""]))
      await settle()
    })
    afterAll(async () => {
      await feed?.close()
      await under?.close()
      await search?.close()
      await catalog?.close()
      await database?.drop()
    })

    describe("finds", () => {
      it("the whole title first, then what begins so, then other titles, then descriptions", async () => {
        expect(await titles({ q: "lámpara" })).toEqual([
          "Lámpara",
          "Lámpara de pie Brisa",
          "Mesa con lámpara",
          "Sofá Orilla",
        ])
      })

      it("the same whatever the accents and the case", async () => {
        const wanted = await titles({ q: "lámpara" })
        for (const q of ["lampara", "LÁMPARA", "LamPara", "la\u0301mpara"]) expect(await titles({ q })).toEqual(wanted)
        expect(await titles({ q: "arbol" })).toEqual(["Árbol de lino"])
      })

      it("a word by its beginning while it is typed, but only the last one", async () => {
        expect(await titles({ q: "zapa" })).toEqual(["Zapatero"])
        expect(await titles({ q: "lamp" })).toContain("Lámpara")
        expect(await titles({ q: "mesa lamp" })).toEqual(["Mesa con lámpara"])
        expect(await titles({ q: "zapa", match: "all", typos: false })).toEqual([])
      })

      it("a misspelt word", async () => {
        for (const q of ["zapatreo", "zapatro", "sapatero", "zapaterro"])
          expect(await titles({ q }), q).toEqual(["Zapatero"])
        expect(await titles({ q: "lapmara" })).toContain("Lámpara")
        expect(await titles({ q: "zapatreo", typos: false })).toEqual([])
      })

      it("a misspelt word that happens to be a word of another channel's product", async () => {
        expect(await titles({ q: "lampera brisa", match: "all" })).toEqual(["Lámpara de pie Brisa"])
      })

      it("what has all the words, or any of them", async () => {
        expect(await titles({ q: "brisa lámpara", match: "all" })).toEqual(["Lámpara de pie Brisa"])
        expect((await titles({ q: "brisa zapatero", match: "any" })).sort()).toEqual([
          "Lámpara de pie Brisa",
          "Zapatero",
        ])
        expect(await titles({ q: "brisa zapatero", match: "all" })).toEqual([])
      })

      it("words of categories, tags, collections, types and option values", async () => {
        expect((await titles({ q: "iluminación lámpara" })).sort()).toEqual(["Lámpara", "Lámpara de pie Brisa"])
        expect((await titles({ q: "otoño" }))[0]).toBe("Lámpara")
        expect(await titles({ q: "adorno" })).toEqual(["Árbol de lino"])
        expect(await titles({ q: "cielo" })).toEqual(["Lámpara"])
        expect(await titles({ q: "secreta", typos: false })).toEqual([])
      })

      it("a SKU or barcode by the whole of it", async () => {
        expect((await titles({ q: "LAM-300" }))[0]).toBe("Lámpara de pie Brisa")
        expect(await titles({ q: "lam-300", match: "all" })).toEqual(["Lámpara de pie Brisa"])
        expect(await titles({ q: "8400000000017" })).toEqual(["Lámpara de pie Brisa"])
        for (const q of ["840000000001", "8400000000016", "LAM-30", "LAM-301"])
          expect(await titles({ q }), q).toEqual([])
      })

      it("only in the fields that are asked for", async () => {
        expect(await titles({ q: "lino", searchOn: ["title"] })).toEqual(["Árbol de lino"])
        expect((await titles({ q: "lino", searchOn: ["tags"] })).sort()).toEqual(["Lámpara", "Árbol de lino"])
        expect(await titles({ q: "lámpara", searchOn: ["description"] })).toEqual(["Sofá Orilla"])
        expect(await titles({ q: "LAM-300", searchOn: ["skus"] })).toEqual(["Lámpara de pie Brisa"])
      })

      it("everything when nothing is typed", async () => {
        expect((await ask({})).count).toBe(6)
        expect((await ask({ q: "   " })).count).toBe(6)
      })
    })

    describe("follows the merchant's settings:", () => {
      it("words of a group mean the same, also several together", async () => {
        expect(await titles({ q: "diván" })).toEqual([])
        await settings({ synonyms: [["diván", "sofá", "mueble blando"]] })
        expect(await titles({ q: "diván" })).toEqual(["Sofá Orilla"])
        expect(await titles({ q: "mueble blando", match: "all" })).toEqual(["Sofá Orilla"])
        await settings({ synonyms: [] })
        expect(await titles({ q: "diván" })).toEqual([])
      })

      it("a stop word need not be found, unless there is nothing else", async () => {
        expect(await titles({ q: "el zapatero", match: "all" })).toEqual(["Zapatero"])
        expect(await titles({ q: "barato zapatero", match: "all" })).toEqual([])
        const { stop_words } = search.settings.value
        await settings({ stop_words: ["barato"] })
        expect(await titles({ q: "barato zapatero", match: "all" })).toEqual(["Zapatero"])
        await settings({ stop_words })
        expect((await ask({ q: "de", match: "all" })).count).toBeGreaterThan(0)
      })
    })

    describe("narrows", () => {
      it("to what the caller's channels show, and never counts anything else", async () => {
        expect(await titles({ channels: [OUTLET], q: "lámpara", typos: false })).toEqual(["Lámpara de saldo"])
        expect((await ask({ channels: [WEB, OUTLET], q: "lámpara", match: "all", typos: false })).count).toBe(5)
        expect((await ask({ channels: [] })).count).toBe(0)
        const { facets } = await ask({
          facets: [{ field: "tags", type: "value", limit: 100, sort: "count" }],
          channels: [OUTLET],
        })
        expect(facets).toEqual([{ field: "tags", type: "value", values: [] }])
        expect(await titles({ filters: { $or: [{ id: ids.outlet ?? "" }, { id: ids.draft ?? "" }] } })).toEqual([])
      })

      it("to a category and all below it", async () => {
        expect((await ask({ filters: { category_ids: home } })).count).toBe(4)
        expect((await ask({ filters: { category_ids: [lighting] } })).count).toBe(2)
        expect((await ask({ filters: { category_ids: hidden } })).count).toBe(0)
      })

      it("to tags, a collection, a type and option values", async () => {
        expect((await titles({ filters: { tags: "lino" } })).sort()).toEqual(["Lámpara", "Árbol de lino"])
        expect(await titles({ filters: { tags: { $contains: ["lino", "nuevo"] } } })).toEqual(["Árbol de lino"])
        expect(await titles({ filters: { collection_title: "Otoño suite" } })).toEqual(["Lámpara"])
        expect(await titles({ filters: { type: { $ne: null } } })).toEqual(["Árbol de lino"])
        expect((await titles({ filters: { options: ["Color:Rojo"] } })).sort()).toEqual([
          "Lámpara",
          "Lámpara de pie Brisa",
        ])
      })

      it("to products by their title, handle, SKUs, barcodes and variants", async () => {
        expect(await titles({ filters: { title: "Zapatero" } })).toEqual(["Zapatero"])
        expect(await titles({ filters: { title: { $prefix: "Mesa" } } })).toEqual(["Mesa con lámpara"])
        expect(await titles({ filters: { handle: ids.shoes?.toLowerCase() ?? "" } })).toEqual(["Zapatero"])
        expect(await titles({ filters: { skus: ["SOF-1", "OUT-1"] } })).toEqual(["Sofá Orilla"])
        expect(await titles({ filters: { skus: { $contains: ["LAM-100", "LAM-200"] } } })).toEqual(["Lámpara"])
        expect(await titles({ filters: { skus: { $contains: ["LAM-100", "LAM-300"] } } })).toEqual([])
        expect(await titles({ filters: { barcodes: "8400000000017" } })).toEqual(["Lámpara de pie Brisa"])
        expect((await ask({ filters: { barcodes: { $exists: false } } })).count).toBe(5)
        const [hit] = (await ask({ filters: { skus: "SOF-1" } })).hits
        const { variant_ids = [], option_value_ids = [] } = hit?.document ?? {}
        expect(await titles({ filters: { variant_ids } })).toEqual(["Sofá Orilla"])
        expect(await titles({ filters: { option_value_ids } })).toEqual(["Sofá Orilla"])
      })

      it("to a range of prices in a currency", async () => {
        expect((await titles({ filters: { "price.eur": { $gte: 15, $lt: 120 } } })).sort()).toEqual([
          "Lámpara",
          "Árbol de lino",
        ])
        expect(await titles({ filters: { "price.usd": { $gt: 1000 } } })).toEqual(["Sofá Orilla"])
        expect((await ask({ filters: { "price.gbp": { $exists: true } } })).count).toBe(0)
      })

      it("to what this sales channel has in stock, or these shops have", async () => {
        expect((await titles({ filters: { in_stock_sales_channel_ids: WEB } })).sort()).toEqual([
          "Lámpara",
          "Sofá Orilla",
          "Zapatero",
          "Árbol de lino",
        ])
        expect((await titles({ filters: { in_stock_location_ids: [valencia] } })).sort()).toEqual([
          "Lámpara de pie Brisa",
          "Sofá Orilla",
        ])
        expect((await ask({ filters: { in_stock_location_ids: { $contains: [madrid, valencia] } } })).count).toBe(1)
        expect((await ask({ filters: { in_stock_location_ids: [madrid, valencia] } })).count).toBe(3)
      })

      it("by conditions joined in any way", async () => {
        const filters = { $or: [{ tags: "nuevo" }, { "price.eur": { $gt: 500 } }], $not: { category_ids: lighting } }
        expect((await titles({ filters })).sort()).toEqual(["Sofá Orilla", "Árbol de lino"])
      })
    })

    describe("counts", () => {
      it("values, most first, of all that is found and not only of the page", async () => {
        const { facets, hits } = await ask({
          take: 1,
          facets: [
            { field: "options", type: "value", limit: 10, sort: "count" },
            { field: "tags", type: "value", limit: 1, sort: "alpha" },
          ],
        })
        expect(hits).toHaveLength(1)
        expect(facets).toEqual([
          {
            field: "options",
            type: "value",
            values: [
              { value: "Color:Rojo", count: 2 },
              { value: "Color:Azul cielo", count: 1 },
              { value: "Color:Gris", count: 1 },
              { value: "Color:Roble", count: 1 },
            ],
          },
          { field: "tags", type: "value", values: [{ value: "lino", count: 2 }] },
        ])
      })

      it("values that begin with a text", async () => {
        const { facets } = await ask({
          facets: [{ field: "options", type: "value", limit: 10, sort: "alpha", query: "color:r" }],
        })
        expect(facets[0]).toMatchObject({ values: [{ value: "Color:Roble" }, { value: "Color:Rojo" }] })
      })

      it("prices by ranges and as figures", async () => {
        const { facets } = await ask({
          facets: [
            {
              field: "price.eur",
              type: "range",
              ranges: [{ key: "low", to: 100 }, { from: 100, to: 300 }, { from: 300 }],
            },
            { field: "price.eur", type: "stats" },
          ],
        })
        expect(facets[0]).toEqual({
          field: "price.eur",
          type: "range",
          ranges: [
            { key: "low", count: 2 },
            { key: "100-300", count: 1 },
            { key: "300-*", count: 2 },
          ],
        })
        expect(facets[1]).toEqual({
          field: "price.eur",
          type: "stats",
          min: 15,
          max: 800,
          avg: 255,
          sum: 1275,
          count: 5,
        })
      })

      it("a disjunctive facet as if its own filter were not there, and the others with it", async () => {
        const facets: SearchQuery["facets"] = [
          { field: "options", type: "value", limit: 10, sort: "alpha" },
          { field: "tags", type: "value", limit: 10, sort: "alpha" },
        ]
        const filters = { options: "Color:Rojo", category_ids: home }
        const narrow = await ask({ filters, facets })
        const wide = await ask({ filters, facets, disjunctive: true })
        expect(titlesOf(wide)).toEqual(titlesOf(narrow))
        expect(wide.count).toBe(2)
        const values = (it: typeof wide, i: number) => (it.facets[i] as { values: unknown[] }).values
        expect(values(narrow, 0)).toEqual([
          { value: "Color:Azul cielo", count: 1 },
          { value: "Color:Rojo", count: 2 },
        ])
        expect(values(wide, 0)).toEqual([
          { value: "Color:Azul cielo", count: 1 },
          { value: "Color:Gris", count: 1 },
          { value: "Color:Roble", count: 1 },
          { value: "Color:Rojo", count: 2 },
        ])
        expect(values(wide, 1)).toEqual([
          { value: "lino", count: 1 },
          { value: "nuevo", count: 1 },
        ])
      })
    })

    describe("sorts", () => {
      const by = (field: string, direction: "ASC" | "DESC") => titles({ order: [{ field, direction }] })

      it("by price, with what has none at the end", async () => {
        expect(await by("price.eur", "ASC")).toEqual([
          "Árbol de lino",
          "Lámpara",
          "Lámpara de pie Brisa",
          "Mesa con lámpara",
          "Sofá Orilla",
          "Zapatero",
        ])
        expect((await by("price.eur", "DESC")).slice(0, 2)).toEqual(["Sofá Orilla", "Mesa con lámpara"])
      })

      it("by what is new, and by title without regard to accents", async () => {
        expect((await by("created_at", "DESC"))[0]).toBe("Zapatero")
        expect(await by("title", "ASC")).toEqual([
          "Árbol de lino",
          "Lámpara",
          "Lámpara de pie Brisa",
          "Mesa con lámpara",
          "Sofá Orilla",
          "Zapatero",
        ])
      })

      it("page by page, with nothing twice", async () => {
        const all = (await ask({})).hits.map((it) => it.id)
        const pages = await Promise.all([0, 2, 4].map((skip) => ask({ skip, take: 2 })))
        expect(pages.flatMap((page) => page.hits.map((it) => it.id))).toEqual(all)
        expect(pages.every((page) => page.count === 6)).toBe(true)
        const none = await ask({ take: 0 })
        expect([none.hits, none.count]).toEqual([[], 6])
        expect((await ask({ skip: 1000 })).hits).toEqual([])
      })
    })

    it("shows where a text matches", async () => {
      const highlight = { pre_tag: "<b>", post_tag: "</b>" }
      const [hit] = (await ask({ q: "lampara pi", highlight })).hits
      expect(hit?.highlights?.title).toBe("<b>Lámpara</b> de <b>pie</b> Brisa")
      const [tagged] = (await ask({ q: "lino", highlight: { ...highlight, fields: ["tags"] }, searchOn: ["tags"] }))
        .hits
      expect(Object.keys(tagged?.highlights ?? {})).toEqual(["tags"])
      expect(tagged?.highlights?.tags).toContain("<b>lino</b>")
    })

    it("answers several questions in one go, in their order", async () => {
      const base: SearchQuery = {
        q: "",
        channels: [WEB],
        facets: [],
        disjunctive: false,
        match: "last",
        typos: true,
        order: [],
        skip: 0,
        take: 5,
      }
      const found = await under.engine.search([
        { ...base, q: "sofá" },
        { ...base, q: "zapatero" },
      ])
      expect(found.map(titlesOf)).toEqual([["Sofá Orilla"], ["Zapatero"]])
    })

    describe("stands", () => {
      const HOSTILE = [
        "a".repeat(10_000),
        "mesa ".repeat(2_000),
        "'; drop table product; --",
        "' or 1=1 --",
        "(a+)+$ [a-z]* ^.*? \\",
        "lámpara & | ! <-> :* :A",
        "\0",
        "mesa\0lampara",
        "🪑🛋️",
        "%_%",
        "$1 $2",
        "\ud800",
        "日本語の製品",
        "/k/LAM-300",
        "'''",
        "*",
      ]
      for (const q of HOSTILE) {
        it(`a query like ${JSON.stringify(q.slice(0, 24))}`, async () => {
          for (const match of ["all", "any", "last"] as const) {
            const result = await ask({ q, match, highlight: { pre_tag: "<b>", post_tag: "</b>" } })
            expect(result.count).toBeGreaterThanOrEqual(0)
          }
        })
      }

      it("values of filters that are no values of it", async () => {
        for (const value of ["'; drop table product; --", "\0", "{a,b}", "\ud800", ""]) {
          expect((await ask({ filters: { tags: value } })).count, value).toBe(0)
          expect((await ask({ filters: { id: { $in: [value] } } })).count, value).toBe(0)
        }
        expect((await ask({ filters: { "price.eur": { $gt: 1e300 } } })).count).toBe(0)
      })

      it("a field that there is not", async () => {
        for (const field of ["nothing", "price", "price.EUR'", "constructor", "__proto__", "words"]) {
          const filters = JSON.parse(`{${JSON.stringify(field)}: 1}`)
          await expect(ask({ filters }), field).rejects.toThrow(/no field/)
          await expect(ask({ order: [{ field, direction: "ASC" }] })).rejects.toThrow(/no field/)
          await expect(ask({ facets: [{ field, type: "stats" }] })).rejects.toThrow(/no field/)
        }
      })
    })

    describe("keeps up with", () => {
      it("a new title, a withdrawn product and one that comes back", async () => {
        const { sql } = database
        await sql`update product set title = 'Botinero' where id = ${ids.shoes ?? ""}`
        await settle()
        expect(await titles({ q: "botinero" })).toEqual(["Botinero"])
        expect(await titles({ q: "zapatero", typos: false })).toEqual([])
        await sql`update product set status = 'draft' where id = ${ids.shoes ?? ""}`
        await settle()
        expect(await titles({ q: "botinero" })).toEqual([])
        await sql`update product set status = 'published', title = 'Zapatero' where id = ${ids.shoes ?? ""}`
        await settle()
        expect(await titles({ q: "zapatero" })).toEqual(["Zapatero"])
      })

      it("stock", async () => {
        const { sql } = database
        const stocked = () => titles({ q: "mesa", filters: { in_stock_sales_channel_ids: WEB } })
        expect(await stocked()).toEqual([])
        const level = sql`inventory_item_id in (select id from inventory_item where sku = 'MES-1')`
        await sql`update inventory_level set stocked_quantity = 4 where ${level}`
        await settle()
        expect(await stocked()).toEqual(["Mesa con lámpara"])
        await sql`update inventory_level set stocked_quantity = 0 where ${level}`
        await settle()
        expect(await stocked()).toEqual([])
      })

      it("a sale that begins and ends by the clock", async () => {
        const { sql } = database
        const price = async () => (await ask({ q: "sofá" })).hits[0]?.document.price.eur
        const list = await addSale(sql, "SOF-1", "eur", 600)
        await settle()
        expect(await price()).toBe(800)
        await sql`update price_list set status = 'active', ends_at = now() + interval '1 hour' where id = ${list}`
        await settle()
        expect(await price()).toBe(600)
        expect(await titles({ filters: { "price.eur": 600 } })).toEqual(["Sofá Orilla"])
        await sql`update price_list set ends_at = now() - interval '1 second' where id = ${list}`
        await settle()
        expect(await price()).toBe(800)
      })
    })
  })
}
