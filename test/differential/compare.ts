import { expect } from "vitest"
import { type Answer, ask } from "../support/http.ts"

/** The two ways to the same rows. */
export interface Sides {
  /** The counter's address. */
  counter: string
  /** Medusa's own. */
  medusa: string
}

/** A request as both sides get it. */
export interface Asked {
  method?: string
  path: string
  headers?: Record<string, string>
  /** JSON-able, or a string that is sent as it is. */
  body?: unknown
}

const ULID = /\b([a-z]+(?:_[a-z]+)*_)[0-9A-HJKMNP-TV-Z]{26}\b/g
const TIME = /\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z\b/g
const TOKEN = /\beyJ[\w-]+\.[\w-]+\.[\w-]+\b/g

/** How alike two answers must be. */
export interface Likeness {
  /** Ids and times too: for two readings of the very same rows. */
  exactly?: boolean
  /**
   * Relations that Medusa reads without an order: Postgres gives them in that of whichever plan it takes. With a dot,
   * only those of one owner: `variants.options`.
   */
  unordered?: readonly string[]
}

/**
 * Relations that Medusa reads without an order. Those through a table of pairs come as Postgres joins them; variants and
 * option values as they lie in their table, or as an index leads to them once they were written anew.
 */
export const UNORDERED = ["tags", "categories", "variants", "values", "variants.options", "variant.options"]

/**
 * What two answers must have in common: ids are numbered in the order in which they first stand in the answer, times
 * and tokens lose their value, keys are sorted. So the same rows under other ids look alike, and nothing else does.
 *
 * @param exactly  keeps ids and times: for two readings of the very same rows
 */
export function normalise(value: unknown, { exactly = false, unordered = [] }: Likeness = {}): unknown {
  const sorted = JSON.stringify(sortKeys(value, new Set(unordered)))
  if (sorted === undefined || exactly) return sorted === undefined ? undefined : JSON.parse(sorted)
  const seen = new Map<string, string>()
  const numbered = sorted
    .replace(ULID, (id, prefix: string) => {
      if (!seen.has(id)) seen.set(id, `${prefix}#${seen.size + 1}`)
      return seen.get(id) ?? id
    })
    .replace(TIME, "<time>")
    .replace(TOKEN, "<token>")
  return JSON.parse(numbered)
}

/** Sends a request to one side. */
export function send(base: string, { method = "GET", path, headers = {}, body }: Asked): Promise<Answer> {
  const raw = body === undefined || typeof body === "string" ? body : JSON.stringify(body)
  const type: Record<string, string> = raw === undefined ? {} : { "content-type": "application/json" }
  return ask(base, path, { method, headers: { ...type, ...headers }, body: raw })
}

/**
 * Sends the same request to both sides and holds their answers against each other: status, kind of content and body.
 *
 * @returns the counter's answer
 */
export async function expectSame(sides: Sides, asked: Asked, options: Likeness = {}): Promise<Answer> {
  const theirs = await send(sides.medusa, asked)
  const ours = await send(sides.counter, asked)
  const label = `${asked.method ?? "GET"} ${asked.path}`
  expect({ label, ...comparable(ours, options) }).toEqual({ label, ...comparable(theirs, options) })
  return ours
}

function comparable(answer: Answer, options: Likeness) {
  return {
    status: answer.status,
    type: answer.headers.get("content-type")?.split(";")[0],
    body: answer.body === undefined ? answer.text : normalise(answer.body, options),
  }
}

/** @param owner  the key under which `value` stands */
function sortKeys(value: unknown, unordered: ReadonlySet<string>, owner = ""): unknown {
  if (Array.isArray(value)) return value.map((it) => sortKeys(it, unordered, owner))
  if (value === null || typeof value !== "object") return value
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, it]) => {
        const sorted = sortKeys(it, unordered, key)
        const isFree = unordered.has(key) || unordered.has(`${owner}.${key}`)
        return [key, isFree && Array.isArray(sorted) ? sorted.sort(byText) : sorted]
      }),
  )
}

const byText = (a: unknown, b: unknown) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)
