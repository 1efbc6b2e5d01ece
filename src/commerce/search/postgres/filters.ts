import { type Filters, InvalidSearch } from "../engine.ts"
import {
  isNumber,
  operatorsOf,
  type Place,
  placeOf,
  requireList,
  requireOne,
  requireText,
  toNumber,
  toText,
} from "../filters.ts"
import type { SearchMemory } from "./memory.ts"
import { begins, compares, hasAll, hasAny, hasOneOf, holds, isOwn } from "./own.ts"
import type { Pace } from "./pace.ts"
import { SET_FIELDS, type SetField, toMember } from "./row.ts"
import { Values } from "./values.ts"

/** Whether a row of the memory passes. */
export type Test = (row: number) => boolean

/** @returns by row: 1 for the products that a `select` finds */
export type Ask = (select: string, values: unknown[]) => Promise<Uint8Array>

const EVERY: Test = () => true
const NONE: Test = () => false
const not =
  (test: Test): Test =>
  (row) =>
    !test(row)

/** @returns a test that all of them pass */
export function all(tests: Test[]): Test {
  const some = tests.filter((it) => it !== EVERY)
  if (some.includes(NONE)) return NONE
  const [first = EVERY, second] = some
  if (some.length < 2) return first
  if (some.length === 2 && second) return (row) => first(row) && second(row)
  return (row) => some.every((it) => it(row))
}
const any = (tests: Test[]): Test => (tests.length === 1 ? (tests[0] ?? NONE) : (row) => tests.some((it) => it(row)))

/**
 * Filters as a test of the memory's rows. What is filtered by and not in memory is asked of Postgres.
 *
 * @throws UnknownSearchField
 * @throws InvalidSearch
 * @throws SearchUnavailable
 */
export async function testOf(filters: Filters, memory: SearchMemory, ask: Ask, pace: Pace): Promise<Test> {
  const tests: Test[] = []
  for (const [key, value] of Object.entries(filters)) {
    if (value === undefined) continue
    if (key === "$and" || key === "$or") {
      const parts: Test[] = []
      for (const it of value as Filters[]) parts.push(await testOf(it, memory, ask, pace))
      // Nothing to choose from is no condition, as in Medusa.
      if (key === "$and") tests.push(all(parts))
      else if (parts.length > 0) tests.push(any(parts))
    } else if (key === "$not") tests.push(not(await testOf(value as Filters, memory, ask, pace)))
    else {
      const place = placeOf(key)
      for (const [operator, it] of operatorsOf(key, value)) {
        tests.push(await fieldTest({ ...place, memory, ask }, operator, it))
        await pace.pause()
      }
    }
  }
  return all(tests)
}

interface At extends Place {
  memory: SearchMemory
  ask: Ask
}

const COMPARISONS = { $lt: "<", $lte: "<=", $gt: ">", $gte: ">=" } as const

async function fieldTest(at: At, operator: string, value: unknown): Promise<Test> {
  const list = Array.isArray(value) ? value : [value]
  switch (operator) {
    case "$eq":
    case "$in":
      return oneOf(at, list)
    case "$ne":
    case "$nin":
      return not(await oneOf(at, list))
    case "$exists":
      return value ? not(await isEmpty(at)) : isEmpty(at)
    case "$lt":
    case "$lte":
    case "$gt":
    case "$gte":
      return compared(requireOne(at, operator), COMPARISONS[operator], value)
    case "$overlaps":
      return oneOf(requireList(at, operator), list)
    case "$contains":
      return hasEach(requireList(at, operator), list)
    case "$prefix": {
      requireText(at, operator)
      const text = toText(value)
      return (await ownTest(at, (values) => begins(at, value, values))) ?? textTest(at, (it) => it.startsWith(text))
    }
    case "$like": {
      requireText(at, operator)
      const text = toText(value)
      return (await ownTest(at, (values) => holds(at, value, values))) ?? textTest(at, (it) => it.includes(text))
    }
    default:
      throw new InvalidSearch(`The search does not support operator "${operator}" on "${at.name}"`)
  }
}

/** Has one of the values; null stands for none at all. */
async function oneOf(at: At, list: unknown[]): Promise<Test> {
  const some = list.filter((it) => it !== null && it !== undefined)
  const tests = some.length < list.length ? [await isEmpty(at)] : []
  if (some.length > 0) tests.push(await hasOne(at, some))
  return tests.length === 0 ? NONE : any(tests)
}

async function hasOne(at: At, list: unknown[]): Promise<Test> {
  if (isNumber(at)) {
    const wanted = new Set(list.map((it) => toNumber(at, it)))
    return numberTest(at, (it) => wanted.has(it))
  }
  const own = await ownTest(at, (values) => hasOneOf(at, list, values))
  if (own) return own
  const wanted = new Set(list.map(toMember))
  return setTest(at, (members) => members.some((it) => wanted.has(it))) ?? textTest(at, (it) => wanted.has(it))
}

async function hasEach(at: At, list: unknown[]): Promise<Test> {
  const own = await ownTest(at, (values) => hasAll(at, list, values))
  const wanted = list.map(toMember)
  return own ?? setTest(at, (members) => wanted.every((it) => members.includes(it))) ?? NONE
}

async function compared(at: At, operator: "<" | "<=" | ">" | ">=", value: unknown): Promise<Test> {
  if (isNumber(at)) {
    const bound = toNumber(at, value)
    return numberTest(at, (it) => holdsBetween(it, operator, bound))
  }
  const text = toText(value)
  const own = await ownTest(at, (values) => compares(at, operator, value, values))
  return own ?? textTest(at, (it) => holdsBetween(it, operator, text))
}

function holdsBetween<T extends number | string>(a: T, operator: "<" | "<=" | ">" | ">=", b: T): boolean {
  if (operator === "<") return a < b
  if (operator === "<=") return a <= b
  return operator === ">" ? a > b : a >= b
}

async function isEmpty(at: At): Promise<Test> {
  const found = setTest(at, (members) => members.length === 0)
  if (found) return found
  if (at.field.array) return not((await ownTest(at, () => hasAny(at))) ?? NONE)
  if (at.field.kind !== "number") return NONE
  const column = at.memory.numbersOf(at.name)
  return column ? (row) => Number.isNaN(column[row]) : EVERY
}

async function ownTest(at: At, select: (values: Values) => string): Promise<Test | undefined> {
  if (!isOwn(at)) return undefined
  const values = new Values()
  const text = select(values)
  const found = await at.ask(text, values.list)
  return (row) => found[row] === 1
}

function setTest({ name, memory }: At, fits: (members: readonly string[]) => boolean): Test | undefined {
  if (!isSetField(name)) return undefined
  const [column, wanted] = [memory.setsOf(name), memory.combinationsWhere(name, fits)]
  return (row) => wanted[column[row] ?? 0] === 1
}

/** A field with one text: of a combination the only member. */
function textTest(at: At, fits: (text: string) => boolean): Test {
  if (at.name === "status") return fits("published") ? EVERY : NONE
  const { ids } = at.memory
  return setTest(at, ([text]) => text !== undefined && fits(text)) ?? ((row) => fits(ids[row] ?? ""))
}

function numberTest({ name, memory }: At, fits: (number: number) => boolean): Test {
  const column = memory.numbersOf(name)
  // NaN, where there is none, fits nothing.
  return column ? (row) => fits(column[row] as number) : NONE
}

export const isSetField = (name: string): name is SetField => (SET_FIELDS as readonly string[]).includes(name)
