import { asc, sql } from "drizzle-orm"
import fc from "fast-check"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { z } from "zod"
import {
  freeText,
  instantFilter,
  keyFilter,
  textFilter,
  textOperatorFilter,
  withGroups,
} from "../../src/medusa/filter-parameters.ts"
import {
  type Filters,
  filterCondition,
  filterInMemory,
  freeTextCondition,
  necessaryPatterns,
  withJoined,
} from "../../src/medusa/filters.ts"
import { region, region_country } from "../../src/medusa/schema.ts"
import { cloneDatabase, type TestDatabase } from "../support/database.ts"

let database: TestDatabase
const names = ["lino", "Lino crudo", "50% lana", "50_lana", "a\\b", "", "null", "ÁRBOL", "árbol", "o'clock"]

beforeAll(async () => {
  database = await cloneDatabase()
  await database.sql`delete from region_country`
  await database.sql`delete from region`
  for (const [i, name] of names.entries()) {
    await database.sql`insert into region (id, name, currency_code, created_at, deleted_at) values
      (${`r${i}`}, ${name}, ${i % 2 ? "eur" : "gbp"}, ${`2026-01-0${(i % 9) + 1}T00:00:00.123456Z`}::text::timestamptz,
       ${i % 3 ? null : "2026-02-01T00:00:00Z"}::text::timestamptz)`
  }
  const countries = [
    ["es", "ESPAÑA", "r0"],
    ["fr", "FRANCIA", "r0"],
    ["pt", "LINO", "r1"],
    ["it", "ITALIA", null],
  ]
  for (const [iso, name, id] of countries) {
    await database.sql`insert into region_country (iso_2, iso_3, num_code, name, display_name, region_id)
      values (${iso as string}, 'x', '0', ${name as string}, ${name as string}, ${id as string | null})`
  }
})
afterAll(() => database.drop())

const columns = { id: region.id, name: region.name, created_at: region.created_at, deleted_at: region.deleted_at }
async function found(condition: ReturnType<typeof filterCondition>): Promise<string[]> {
  const rows = await database.db.select({ id: region.id }).from(region).where(condition).orderBy(asc(region.id))
  return rows.map((row) => row.id)
}
const foundByMedusa = async (where: string) =>
  (await database.sql.unsafe(`select id from region where ${where} order by id`)).map((row) => row.id as string)

/** What a query says, and the SQL that Medusa's log shows for it. */
const cases: [query: unknown, medusa: string][] = [
  [{ name: "lino" }, `name = 'lino'`],
  [{ name: ["lino", "ÁRBOL"] }, `name in ('lino', 'ÁRBOL')`],
  [{ deleted_at: "null" }, `deleted_at is null`],
  [{ deleted_at: ["null"] }, `deleted_at in (null)`],
  [{ name: ["null", "lino"] }, `name in (null, 'lino')`],
  [{ name: { $eq: "lino" } }, `name = 'lino'`],
  [{ deleted_at: { $eq: "null" } }, `deleted_at is null`],
  [{ deleted_at: { $ne: "null" } }, `deleted_at is not null`],
  [{ deleted_at: { $ne: "2026-02-01T00:00:00Z" } }, `deleted_at != '2026-02-01T00:00:00Z'`],
  [{ name: { $in: ["lino"] } }, `name in ('lino')`],
  [{ name: { $nin: ["lino", "null"] } }, `name not in ('lino', null)`],
  [{ name: { $nin: ["lino"] } }, `name not in ('lino')`],
  [{ name: { $like: "%lin%" } }, `name like '%lin%'`],
  [{ name: { $like: "50\\_%" } }, `name like E'50\\\\_%'`],
  [{ name: { $ilike: "LINO%" } }, `name ilike 'LINO%'`],
  [{ name: { $re: "^L.*o" } }, "none"],
  [{ name: { $re: "^Li" } }, `name ~ '^Li'`],
  [{ name: { $gt: "a", $lte: "lino" } }, `name > 'a' and name <= 'lino'`],
  [{ name: { $gt: "null" } }, `name > null`],
  [{ created_at: "2026-01-02T00:00:00.123456Z" }, `created_at = '2026-01-02T00:00:00.123456Z'`],
  [{ created_at: "2026-01-02T00:00:00.123Z" }, `created_at = '2026-01-02T00:00:00.123Z'`],
  [{ created_at: { $gt: "2026-01-03T00:00:00.123456Z" } }, `created_at > '2026-01-03T00:00:00.123456Z'`],
  [{ created_at: { $lt: "2026-01-03T00:00:00Z" } }, `created_at < '2026-01-03T00:00:00Z'`],
  [
    { $or: [{ name: "lino" }, { name: "ÁRBOL", id: "r7" }], $and: [{ id: { $ne: "r0" } }] },
    `(name = 'lino' or (name = 'ÁRBOL' and id = 'r7')) and id != 'r0'`,
  ],
]
const Query = z.strictObject(
  withGroups({
    id: textOperatorFilter.optional(),
    name: textOperatorFilter.optional(),
    created_at: instantFilter.optional(),
    deleted_at: instantFilter.optional(),
  }),
)

describe("a filter", () => {
  it.each(cases)("%j finds what Medusa's SQL finds", async (query, medusa) => {
    const parsed = Query.safeParse(query)
    expect(parsed.success).toBe(medusa !== "none")
    if (parsed.data) {
      const theirs = await foundByMedusa(medusa)
      expect(await found(filterCondition(columns, parsed.data as Filters<"id">))).toEqual(theirs)
      expect(await found(sql`(${filterCondition(columns, parsed.data as Filters<"id">)})`)).toEqual(theirs)
    }
  })

  it("without a value is what it says", async () => {
    expect(await found(filterCondition(columns, { name: [] }))).toEqual([])
    expect(await found(filterCondition(columns, { name: { $nin: [] } }))).toHaveLength(names.length)
    expect(await found(filterCondition(columns, { name: {} }))).toHaveLength(names.length)
    expect(filterCondition(columns, {})).toBeUndefined()
  })

  it("for equality finds the same in memory as in Postgres", { timeout: 60_000 }, async () => {
    const rows = await database.db.select().from(region).orderBy(asc(region.id))
    const value = fc.constantFrom(...names, null, "nowhere")
    const own = fc.record(
      { name: fc.oneof(value, fc.array(value, { maxLength: 3 })), id: fc.constantFrom("r0", "r7", ["r1", "r2"]) },
      { requiredKeys: [] },
    )
    const groups = fc.array(own, { minLength: 1, maxLength: 3 })
    const filters = fc
      .tuple(own, fc.record({ $and: groups, $or: groups }, { requiredKeys: [] }))
      .map(([a, b]) => ({ ...a, ...b }) as Filters<"id" | "name">)
    await fc.assert(
      fc.asyncProperty(filters, async (it) => {
        const test = filterInMemory(columns, it)
        expect(rows.filter((row) => test?.(row)).map((row) => row.id)).toEqual(
          await found(filterCondition(columns, it)),
        )
      }),
      { numRuns: 200 },
    )
    expect(filterInMemory(columns, { name: { $eq: "lino" } })).toBeUndefined()
    expect(filterInMemory(columns, { created_at: "2026-01-01T00:00:00.123Z" })).toBeUndefined()
    expect(filterInMemory(columns, { created_at: ["2026-01-01T00:00:00.123Z"] })).toBeUndefined()
    expect(filterInMemory(columns, { deleted_at: null })).toBeDefined()
    expect(filterInMemory(columns, { $or: [{ name: "lino" }, { name: { $gt: "a" } }] })).toBeUndefined()
  })
})

describe("what is not translated exactly is refused, and so is Medusa's to answer:", () => {
  const refused: [string, z.ZodType, unknown][] = [
    ["a zero byte", textFilter, "a\0"],
    ["null for a key", keyFilter, "null"],
    ["null in a list of keys", keyFilter, ["a", "null"]],
    ["null to search for", freeText, "null"],
    ["an operator that Medusa does not have", textOperatorFilter, { $foo: "x" }],
    ["an operator that fails for text", textOperatorFilter, { $contains: "x" }],
    ["a list for $eq", textOperatorFilter, { $eq: ["a", "b"] }],
    ["no operator", textOperatorFilter, {}],
    ["a pattern that ends with an escape", textOperatorFilter, { $like: "a\\" }],
    ["a wrong regular expression", textOperatorFilter, { $re: "(" }],
    ["a date alone", instantFilter, "2026-01-01"],
    ["another zone", instantFilter, "2026-01-01T00:00:00+02:00"],
    ["the 30th of February", instantFilter, "2026-02-30T00:00:00Z"],
    ["midnight as 24:00", instantFilter, "2026-02-20T24:00:00Z"],
    ["a word", instantFilter, "yesterday"],
    ["a pattern for a time", instantFilter, { $like: "2026%" }],
  ]
  it.each(refused)("%s", (_, schema, value) => expect(schema.safeParse(value).success).toBe(false))
})

describe("free text", () => {
  const search = (text: string) => found(freeTextCondition([region.name, region.currency_code], text))
  it.each([
    ["lino", `name ilike '%lino%' or currency_code ilike '%lino%'`],
    [" LINO\tcru ", `name ilike '%lino%' and name ilike '%cru%'`],
    ["lino gbp", `name ilike '%lino%' and currency_code = 'gbp'`],
    ["50%", `name ilike '%50%%'`],
    ["_", `name ilike '%_%' or currency_code ilike '%_%'`],
    ["a\\", `name ilike E'%a\\\\%' or currency_code ilike E'%a\\\\%'`],
    ["a\\\\b", `name ilike E'%a\\\\\\\\b%'`],
    ["árbol", `name ilike '%árbol%'`],
    ["o'clock", `name ilike '%o''clock%'`],
  ])("%j finds what Medusa's SQL finds", async (text, medusa) => {
    expect(await search(text)).toEqual(await foundByMedusa(medusa))
  })

  it("takes more words than a statement takes parameters", async () => {
    const words = Array.from({ length: 70_000 }, (_, i) => `lino${i}`)
    expect(await search(words.join(" "))).toEqual([])
    expect(await search("lino ".repeat(70_000))).toEqual(await search("lino"))
  })

  it.each([
    ["taza azules", ["%azules%", "%taza%"]],
    ["a%bcd x_y", ["%bcd%"]],
    ["a\\\\%lino lino", ["%lino%"]],
    ["%% a b-c 12", []],
    ["BULK-000077 _a", ["%BULK-000077%"]],
    ["x".repeat(10_000), [`%${"x".repeat(60)}%`]],
    ["uno dos tres cuatro cinco", ["%cuatro%", "%cinco%", "%tres%"]],
  ])("%j is narrowed to what has all of %j", (text, patterns) => expect(necessaryPatterns(text)).toEqual(patterns))

  it("of blanks searches for nothing", () => expect(freeTextCondition([region.name], " \t")).toBeUndefined())

  it("reaches into a relation by one join, and finds also what has nothing there", async () => {
    const joined = (text: string) =>
      found(
        withJoined(
          region_country,
          sql`${region_country.region_id} = ${region.id} and ${region_country.deleted_at} is null`,
          freeTextCondition([region.name, region_country.name], text),
        ),
      )
    expect(await joined("lino espa")).toEqual(["r0"])
    expect(await joined("espa francia")).toEqual([]) // no row of the join has both
    expect(await joined("lino")).toEqual(["r0", "r1"])
    expect(await joined("50")).toEqual(["r2", "r3"])
  })
})
