import fc from "fast-check"
import type { TestDatabase } from "../../support/database.ts"
import { insertRows } from "./modules.ts"

type Row = Record<string, unknown>

/** A shop's worth of price rows, and what is asked of it. */
export interface PriceWorld {
  lists: Row[]
  listRules: Row[]
  preferences: Row[]
  sets: Row[]
  prices: Row[]
  priceRules: Row[]
  /** Contexts as Medusa's callers give them: nested. */
  contexts: Row[]
}

const HOUR = 60 * 60 * 1000
const regions = ["reg_1", "reg_2", "reg_3"]
const groups = ["cusgroup_1", "cusgroup_2", "cusgroup_3", "cusgroup_4"]
const numbers = ["10", "50", "50.0", "99.5", "1e2", "-3", "0"]

const operator = fc.oneof({ weight: 3, arbitrary: fc.constant("eq") }, fc.constantFrom("gt", "gte", "lt", "lte"))

/** What a price rule can say of each attribute. Only texts that are numbers are compared: Postgres fails on others. */
const priceRule = fc.oneof(
  { weight: 4, arbitrary: rule("region_id", operator, fc.constantFrom(...regions)) },
  { weight: 3, arbitrary: rule("customer.groups.id", operator, fc.constantFrom(...groups)) },
  { weight: 3, arbitrary: rule("points", operator, fc.constantFrom(...numbers)) },
  rule("points", fc.constant("eq"), fc.constant("many")),
  rule("tier", operator, fc.constantFrom("gold", "silver", "")),
  rule("is_member", operator, fc.constantFrom("true", "false")),
  rule("counts", operator, fc.constantFrom("1", "2", "3")),
)

/** Of a price list's rule: a list of values, or one, or none; numbers are not texts there. */
const listRule = fc.oneof(
  { weight: 4, arbitrary: rule("customer.groups.id", fc.constant(undefined), oneOrMore(...groups)) },
  { weight: 3, arbitrary: rule("region_id", fc.constant(undefined), oneOrMore(...regions)) },
  rule("points", fc.constant(undefined), oneOrMore<unknown>(10, 50, "50", 99.5)),
  rule("tier", fc.constant(undefined), oneOrMore<unknown>("gold", "silver", "", null)),
  rule("is_member", fc.constant(undefined), oneOrMore<unknown>(true, false, "true")),
  rule("counts", fc.constant(undefined), oneOrMore<unknown>(1, 2, "3", [1])),
)

function rule(attribute: string, how: fc.Arbitrary<string | undefined>, value: fc.Arbitrary<unknown>) {
  return fc.record({ attribute: fc.constant(attribute), operator: how, value, deleted_at: seldomDeleted() })
}

function oneOrMore<T>(...values: T[]): fc.Arbitrary<unknown> {
  const value = fc.constantFrom(...values)
  return fc.oneof({ weight: 5, arbitrary: fc.uniqueArray(value, { maxLength: 3 }) }, value)
}

function seldomDeleted(): fc.Arbitrary<string | null> {
  return mostly(null, fc.constant(new Date().toISOString()), 16)
}

/** By chance and not by weights: fast-check leans to the odd ones of those. */
function mostly<T, U>(usual: T, odd: fc.Arbitrary<U>, outOf = 4): fc.Arbitrary<T | U> {
  return fc.tuple(fc.nat({ max: outOf - 1 }), odd).map(([chance, it]) => (chance === outOf - 1 ? it : usual))
}

/** Rows with as many rules as they say, or seldom not. */
const miscount = mostly(0, fc.constantFrom(null, 1, -1), 16)
const counted = (rules: { deleted_at: string | null }[], wrong: number | null) =>
  wrong === null ? null : rules.filter((it) => it.deleted_at === null).length + wrong

const time = fc.constantFrom(-48 * HOUR, -HOUR, HOUR, 48 * HOUR)
const list = fc.record({
  type: fc.constantFrom("sale", "override"),
  status: fc.constantFrom("active", "active", "active", "draft"),
  starts: fc.oneof(fc.constant(null), fc.constant(null), fc.constant(-HOUR), time),
  ends: fc.oneof(fc.constant(null), fc.constant(null), fc.constant(HOUR), time),
  rules: fc.oneof(fc.array(listRule, { maxLength: 0 }), fc.array(listRule, { minLength: 1, maxLength: 3 })),
  miscount,
  deleted_at: seldomDeleted(),
})

/** Usually many, so that a run sees many cases; few when a counterexample is made smaller. */
function many<T>(item: fc.Arbitrary<T>, least: number, most: number): fc.Arbitrary<T[]> {
  const few = fc.array(item, { minLength: 1, maxLength: most })
  return fc.oneof({ withCrossShrink: true }, few, {
    weight: 9,
    arbitrary: fc.array(item, { minLength: least, maxLength: most, size: "max" }),
  })
}

/** Few amounts, so that some are equal; as Postgres may write them. */
const amount = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: 0, max: 30_000 }).map((cents) => (cents / 100).toFixed(2)) },
  fc.constantFrom("10", "10.00", "0", "0.1", "9.9999", "123456789.125", "0.000001"),
)
const quantity = mostly(null, fc.constantFrom(0, 1, 2, 5, 10, 50))
const price = fc.record({
  amount,
  currency_code: mostly("eur", fc.constantFrom("usd", "gbp")),
  min_quantity: quantity,
  max_quantity: quantity,
  list: fc.option(fc.nat(), { freq: 2 }),
  rules: fc.oneof(
    { weight: 2, arbitrary: fc.array(priceRule, { maxLength: 0 }) },
    // As the table's unique index has it.
    fc.uniqueArray(priceRule, { maxLength: 3, selector: (it) => `${it.attribute} ${it.operator}` }),
  ),
  miscount,
  deleted_at: seldomDeleted(),
})

const preference = fc.record({
  what: fc.constantFrom(
    ...regions.map((value) => ["region_id", value]),
    ...["eur", "usd", "EUR", null].map((value) => ["currency_code", value]),
    ["tier", "gold"],
  ),
  is_tax_inclusive: fc.boolean(),
  deleted_at: seldomDeleted(),
})

const context = fc.record(
  {
    currency_code: mostly("eur", fc.constantFrom("usd", "gbp", "EUR", "jpy")),
    region_id: fc.constantFrom(...regions, ...regions, "reg_other"),
    quantity: mostly(1, fc.constantFrom(0, 2, 5, 7, 100)),
    customer: fc
      .uniqueArray(fc.constantFrom(...groups), { maxLength: 3 })
      .map((ids) => ({ groups: ids.map((id) => ({ id })) })),
    points: fc.constantFrom<unknown>(10, 50, 99.5, 100, 0, -3, "50", ["50", "100"]),
    tier: fc.constantFrom<unknown>("gold", "silver", "", ["gold", "silver"], ["gold"]),
    is_member: fc.boolean(),
    counts: fc.constantFrom<unknown>([1, 2], [3], [], [2, 3, 4]),
    // More than ten attributes, and Medusa leaves out those that no rule speaks of.
    other: mostly(undefined, fc.constant(Object.fromEntries([..."abcdefghijk"].map((it) => [it, it])))),
  },
  { requiredKeys: ["currency_code"], noNullPrototype: true },
)

export const priceWorld: fc.Arbitrary<PriceWorld> = fc
  .record({
    lists: many(list, 3, 8),
    preferences: fc.uniqueArray(preference, { maxLength: 6, selector: (it) => it.what.join() }),
    sets: many(many(price, 4, 8), 20, 30),
    contexts: many(context, 4, 6),
  })
  .map(({ lists, preferences, sets, contexts }) => {
    const prices = sets.flatMap((ofSet, set) =>
      ofSet.map((it, index) => ({ ...it, id: `price_${set}_${index}`, price_set_id: `pset_${set}` })),
    )
    return {
      lists: lists.map((it, index) => ({
        id: `plist_${index}`,
        title: "",
        description: "",
        type: it.type,
        status: it.status,
        starts_at: it.starts === null ? null : new Date(Date.now() + it.starts),
        ends_at: it.ends === null ? null : new Date(Date.now() + it.ends),
        rules_count: counted(it.rules, it.miscount),
        deleted_at: it.deleted_at,
      })),
      listRules: lists.flatMap((it, index) =>
        it.rules.map(({ attribute, value, deleted_at }, number) => {
          return { id: `plrule_${index}_${number}`, price_list_id: `plist_${index}`, attribute, value, deleted_at }
        }),
      ),
      preferences: preferences.map(({ what: [attribute, value], ...rest }, index) => {
        return { id: `prpref_${index}`, attribute, value, ...rest }
      }),
      sets: sets.map((_, index) => ({ id: `pset_${index}` })),
      prices: prices.map((it) => ({
        id: it.id,
        price_set_id: it.price_set_id,
        amount: it.amount,
        raw_amount: { value: it.amount, precision: 20 },
        currency_code: it.currency_code,
        min_quantity: it.min_quantity,
        max_quantity: it.max_quantity,
        price_list_id: it.list === null ? null : `plist_${it.list % lists.length}`,
        rules_count: counted(it.rules, it.miscount),
        deleted_at: it.deleted_at,
      })),
      priceRules: prices.flatMap((it) =>
        it.rules.map((rule, number) => ({ id: `${it.id}_${number}`, price_id: it.id, ...rule })),
      ),
      contexts,
    }
  })

/** Replaces all prices of the database by those of a world. */
export async function furnishPrices(database: TestDatabase, world: PriceWorld): Promise<void> {
  for (const table of ["price_set", "price_list", "price_preference"]) {
    await database.sql`delete from ${database.sql(table)}`
  }
  await insertRows(database, "price_list", world.lists)
  await insertRows(database, "price_list_rule", world.listRules)
  await insertRows(database, "price_preference", world.preferences)
  await insertRows(database, "price_set", world.sets)
  await insertRows(database, "price", world.prices)
  await insertRows(database, "price_rule", world.priceRules)
}
