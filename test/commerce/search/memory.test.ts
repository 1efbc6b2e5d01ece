import { afterAll, beforeAll, expect, it } from "vitest"
import { type SearchQuery, SearchUnavailable } from "../../../src/commerce/search/index.ts"
import { answerOf } from "../../../src/commerce/search/postgres/answer.ts"
import { pruneSets } from "../../../src/commerce/search/postgres/index.ts"
import { findWords } from "../../../src/commerce/search/postgres/match.ts"
import { SearchMemory } from "../../../src/commerce/search/postgres/memory.ts"
import { Pace } from "../../../src/commerce/search/postgres/pace.ts"
import { linesOf, SET_FIELDS } from "../../../src/commerce/search/postgres/row.ts"
import { readTerms } from "../../../src/commerce/search/postgres/terms.ts"
import { ANY_WEIGHT, WEIGHT_BITS } from "../../../src/commerce/search/postgres/word-index.ts"
import { openIndexedCatalog } from "../../support/catalog.ts"
import { demo } from "../../support/counter.ts"
import { cloneDatabase, type TestDatabase } from "../../support/database.ts"
import { changeSomething, dice } from "../catalog/random-changes.ts"

let database: TestDatabase
let shop: Awaited<ReturnType<typeof openIndexedCatalog>>
let memory: SearchMemory

beforeAll(async () => {
  database = await cloneDatabase()
  shop = await openIndexedCatalog(database)
  memory = new SearchMemory(database.sql, shop.log)
})
afterAll(async () => {
  await memory.close()
  await shop.close()
  await database.drop()
})

/** What stands in the table, row by row, sets by their members. */
async function inTable() {
  const rows = await database.sql.unsafe(`
    select n, product_id, word_lines, title, created_at, updated_at, price, ${SET_FIELDS.map(
      (field) => `(select members from mostrador.search_set where id = ${field}) as ${field}`,
    ).join(", ")}
    from mostrador.search_product order by n`)
  return rows.map((row) => ({ ...row }))
}
/** The words that a row has in memory, as the table has them: each word that any row has is asked for, text by text. */
async function wordsIn({ words, size }: SearchMemory) {
  const rows = await database.sql<{ word_lines: string }[]>`select word_lines from mostrador.search_product`
  const all = new Set(rows.flatMap((it) => it.word_lines.split("\n").flatMap((line) => line.split(" ").slice(1))))
  const letters = ["A", "B", "C", "D"] as const
  const found = new Map<number, Map<string, string>>()
  for (const word of all) {
    for (const letter of letters) {
      const marked = new Uint8Array(size)
      await words.mark({ word, begins: false, weights: WEIGHT_BITS[letter] }, marked, patience())
      for (const [n, it] of marked.entries()) {
        if (it === 0) continue
        const row = found.get(n) ?? new Map<string, string>()
        found.set(n, row.set(word, (row.get(word) ?? "") + letter))
      }
    }
  }
  return (n: number) => linesOf(found.get(n) ?? new Map())
}
async function inMemory(memory: SearchMemory) {
  const words = await wordsIn(memory)
  return [...memory.ids.keys()].flatMap((n) => {
    const product_id = memory.ids[n]
    if (product_id === undefined) return []
    const number = (field: string) => memory.numbersOf(field)?.[n]
    const sets = SET_FIELDS.map((field) => [field, memory.membersOf(memory.setsOf(field)[n] ?? -1)])
    const numbers = { created_at: number("created_at"), updated_at: number("updated_at"), price: memory.priceOf(n) }
    return [{ n, product_id, word_lines: words(n), title: memory.titles[n], ...numbers, ...Object.fromEntries(sets) }]
  })
}
it("has what the table has, also after any 300 changes, and a process that begins later has the same", async () => {
  await shop.untilBuilt()
  await memory.catchUp()
  const roll = dice(7)
  for (let n = 0; n < 300; n++) {
    await changeSomething(database.sql, n, roll)
    if (n % 23 !== 0) continue
    // Also in the middle of what is being built.
    await memory.catchUp()
  }
  await shop.untilBuilt()
  await memory.catchUp()
  const table = await inTable()
  expect(table.length).toBeGreaterThan(50)
  expect(await inMemory(memory)).toEqual(table)
  const later = new SearchMemory(database.sql, shop.log)
  await later.catchUp()
  expect(await inMemory(later)).toEqual(table)
  await later.close()
})

it("is sent the words of a product only when they have changed", async () => {
  const [product] = await database.sql<{ id: string; n: number; variant: string }[]>`
    select product_id as id, n, (select min(id) from product_variant variant where variant.product_id = it.product_id
      and deleted_at is null) as variant
    from mostrador.search_product it where word_lines <> '' order by n limit 1`
  const versions = async () => {
    await shop.untilBuilt()
    const [row] = await database.sql<{ version: number; words_version: number }[]>`
      select version::float8 as version, words_version::float8 as words_version
      from mostrador.search_product where product_id = ${product?.id ?? ""}`
    if (!row) throw new Error("no such row")
    return row
  }
  const before = await versions()
  await database.sql`
    update price set amount = amount + 1, raw_amount = jsonb_build_object('value', (amount + 1)::text, 'precision', 20)
    where price_set_id in (select price_set_id from product_variant_price_set where variant_id = ${product?.variant ?? ""})`
  const dearer = await versions()
  expect(dearer.version).toBeGreaterThan(before.version)
  expect(dearer.words_version).toBe(before.words_version)
  await memory.catchUp()
  await database.sql`update product set title = 'Palabrota' where id = ${product?.id ?? ""}`
  const renamed = await versions()
  expect(renamed.words_version).toBe(renamed.version)
  await memory.catchUp()
  expect(await having("palabrota")).toBe(1)
})

it("reads more rows than come at once, and gives none of them a second number", async () => {
  const [before] = await database.sql`select max(n) as n from mostrador.search_product`
  const web = memory.combinationsWhere("sales_channel_ids", (it) => it.includes(demo().channels.web.sales_channel_id))
  const shown = memory.ids.findIndex((id, n) => id && web[memory.setsOf("sales_channel_ids")[n] ?? 0])
  await database.sql.unsafe(`
    insert into mostrador.search_product (product_id, version, words_version, word_lines, codes, title, created_at, updated_at, price,
      ${SET_FIELDS.join(", ")})
    select 'prod_many_' || i, 1000000, 1000000, 'A muchos', '{}', 'Muchos ' || i, i, i, '{"eur": 3.5}', ${SET_FIELDS.join(", ")}
    from generate_series(1, 12000) i, (select * from mostrador.search_product where n = ${Number(shown)}) shown`)
  await database.sql`update mostrador.installation set value = '1000000' where name = 'search_version'`
  await memory.catchUp()
  const rows = memory.ids.flatMap((id, n) => (id?.startsWith("prod_many_") ? [n] : []))
  expect(rows.length).toBe(12_000)
  expect(rows[0]).toBe(Number(before?.n) + 1)
  expect(memory.titles[rows[11_999] ?? 0]).toBe("Muchos 12000")
  expect(memory.numbersOf("price.eur")?.[rows[5_000] ?? 0]).toBe(3.5)
  expect(memory.numbersOf("price.xyz")).toBeUndefined()
})

const nothing = async () => new Uint8Array()
const patience = () => new Pace(performance.now() + 60_000)
const everything = (more: Partial<SearchQuery>): SearchQuery => ({
  ...{ channels: [demo().channels.web.sales_channel_id], q: "", facets: [], disjunctive: false, match: "all" },
  ...{ typos: false, order: [], skip: 0, take: 5, ...more },
})

it.each([0, 900, 5_000, 11_990])("has the same order on a page that begins at %i as on one with all", async (skip) => {
  const order: SearchQuery["order"] = [
    { field: "created_at", direction: "DESC" },
    { field: "title", direction: "ASC" },
  ]
  const page = (query: Partial<SearchQuery>) =>
    answerOf(everything({ order, ...query }), undefined, memory, nothing, patience())
  const all = (await page({ take: 20_000 })).hits.map((it) => it.id)
  expect(all.length).toBeGreaterThan(12_000)
  const some = await page({ skip, take: 100 })
  expect(some.hits.map((it) => it.id)).toEqual(all.slice(skip, skip + 100))
  expect(some.count).toBe(all.length)
})

it("lets others have their turn while it goes through many rows with many conditions", async () => {
  const conditions = Array.from({ length: 200 }, (_, i) => ({ "price.eur": { $ne: 1_000 + i } }))
  const query = everything({ filters: { $and: conditions } })
  let turns = 0
  const others = setInterval(() => turns++, 0)
  const answer = await answerOf(query, undefined, memory, nothing, patience())
  clearInterval(others)
  expect(answer.count).toBeGreaterThan(10)
  expect(turns).toBeGreaterThan(0)
  await expect(answerOf(query, undefined, memory, nothing, new Pace(0))).rejects.toThrow(SearchUnavailable)
})

it("is the same after combinations that no product has were forgotten, and one of them has come back", async () => {
  const add = (members: string[]) => database.sql`
    insert into mostrador.search_set (field, digest, members) values ('tags', ${members.join()}, ${members})
    returning id`
  const count = async () => {
    const [row] = await database.sql<{ count: number }[]>`select count(*)::int as count from mostrador.search_set`
    return row?.count ?? 0
  }
  const before = await count()
  await add(["nobody has it"])
  await database.sql.begin(pruneSets)
  expect(await count()).toBeLessThanOrEqual(before)
  const [again] = await add(["nobody has it"])
  await database.sql`
    update mostrador.search_product set tags = ${again?.id}, version = 1000001 where product_id = 'prod_many_1'`
  await database.sql`update mostrador.installation set value = '1000001' where name = 'search_version'`
  await memory.catchUp()
  expect(await inMemory(memory)).toEqual(await inTable())
})

/** How many rows have such a word. */
async function having(word: string) {
  const marked = new Uint8Array(memory.size)
  await memory.words.mark({ word, begins: false, weights: ANY_WEIGHT }, marked, patience())
  return marked.reduce((sum, it) => sum + it, 0)
}

it("ranks by the texts that are searched, and counts a word once however many of them it stands in", async () => {
  await database.sql.unsafe(`
    insert into mostrador.search_product (product_id, version, words_version, word_lines, codes, title, created_at,
      updated_at, price, ${SET_FIELDS.join(", ")})
    select made.id, 1000002, 1000002, made.lines, '{}', made.title, 0, 0, '{}', ${SET_FIELDS.join(", ")}
    from (values ('prod_rank_title', 'A zmesa zroble', 'Zmesa zroble'),
      ('prod_rank_text', 'AD zmesa' || chr(10) || 'D zroble', 'Otra')) made (id, lines, title),
      (select * from mostrador.search_product where product_id = 'prod_many_1') shown`)
  await database.sql`update mostrador.installation set value = '1000002' where name = 'search_version'`
  await memory.catchUp()
  const found = async (searchOn: string[] | undefined) => {
    const query = { q: "zroble zmesa", match: "all" as const, typos: false, ...(searchOn ? { searchOn } : {}) }
    const settings = { language: "simple" as const, stop_words: [], synonyms: [] }
    const terms = await readTerms(database.sql, query, settings, false)
    const matched = await findWords(database.sql, terms, memory, patience())
    const scores = [...(matched?.rows ?? [])].map((row, i) => [memory.ids[row], matched?.scores[i]] as const)
    return scores.sort((a, b) => Number(b[1]) - Number(a[1])).map(([id]) => id)
  }
  expect(await found(undefined)).toEqual(["prod_rank_title", "prod_rank_text"])
  expect(await found(["title", "description"])).toEqual(["prod_rank_title", "prod_rank_text"])
  expect(await found(["description"])).toEqual(["prod_rank_text"])
  expect(await found(["title"])).toEqual(["prod_rank_title"])
})

it("is read anew when the database was put back to an earlier state", async () => {
  expect(await having("muchos")).toBe(12_000)
  await database.sql`delete from mostrador.search_product where product_id like 'prod_many_%' or product_id like 'prod_rank_%'`
  await database.sql`update mostrador.search_product set version = 3, title = 'Como antes'`
  await database.sql`update mostrador.installation set value = '3' where name = 'search_version'`
  await memory.catchUp()
  expect(memory.version).toBe(3)
  expect(await having("muchos")).toBe(0)
  expect(await inMemory(memory)).toEqual(await inTable())
})
