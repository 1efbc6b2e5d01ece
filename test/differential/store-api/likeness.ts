import type { Answer } from "../../support/http.ts"
import { normalise } from "../compare.ts"
import type { Known } from "./step.ts"

/** What two runs of a flow cannot have in common, by its name in an answer. */
const DIFFERENT_BY_NATURE: Record<string, string> = {
  display_id: "orders are numbered as they come",
  ordering: "changes of orders are numbered as they come, over all orders",
  iat: "the second in which a token was given",
  exp: "the second in which a token ends",
  token: "drawn at random",
  token_hash: "of a token that is drawn at random",
}

/** Lists that Medusa reads without an order, so that they come as they happen to lie in the table. */
const UNORDERED = new Set(["items", "tax_lines", "adjustments", "tags", "categories", "options", "variants", "values"])

const ID = /\b([a-z]+(?:_[a-z]+)*)_([0-9A-HJKMNP-TV-Z]{26})\b/g
const ULID_DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

/**
 * An answer without that by which two runs of a flow must differ: ids and times of what the run has made, what only it
 * may have (`own`, its e-mail address), and the values of `DIFFERENT_BY_NATURE`.
 *
 * @param begun  when the run began: an id from before, such as a product's, is one that both runs share, and is kept
 */
export function likeness(answer: Answer, own: Known, begun: Date) {
  const type = answer.headers.get("content-type")
  if (answer.body === undefined) return { status: answer.status, type, body: answer.text }

  let text = JSON.stringify(inOrder(answer.body, begun))
  for (const [name, value] of Object.entries(own)) text = text.replaceAll(value, `<${name}>`)
  // `normalise` numbers ids with one word before the `_`: so `pay_col_` is made one, and ids to keep lose theirs.
  text = text.replace(ID, (_, prefix: string, ulid: string) =>
    bornBefore(begun, ulid) ? `${prefix}:${ulid}` : `${prefix.replaceAll("_", "")}_${ulid}`,
  )
  for (const name of Object.keys(DIFFERENT_BY_NATURE)) {
    text = text.replace(new RegExp(`"${name}":(\\d+|"[^"]+")`, "g"), `"${name}":"<${name}>"`)
  }
  return { status: answer.status, type, body: normalise(JSON.parse(text)) }
}

/** The first ten digits of a ULID are the milliseconds since 1970. */
function bornBefore(moment: Date, ulid: string): boolean {
  const born = [...ulid.slice(0, 10)].reduce((sum, digit) => sum * 32 + ULID_DIGITS.indexOf(digit), 0)
  return born < moment.getTime()
}

/** Brings lists without an order into one: that of what their entries say, but for times and the ids of this run. */
function inOrder(value: unknown, begun: Date, name = ""): unknown {
  const said = (entry: unknown) =>
    JSON.stringify(entry)
      .replace(ID, (id, _, ulid: string) => (bornBefore(begun, ulid) ? id : ""))
      .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, "")
  if (Array.isArray(value)) {
    const entries = value.map((entry) => inOrder(entry, begun))
    return UNORDERED.has(name) ? entries.sort((a, b) => (said(a) < said(b) ? -1 : 1)) : entries
  }
  if (value === null || typeof value !== "object") return value
  return Object.fromEntries(Object.entries(value).map(([key, it]) => [key, inOrder(it, begun, key)]))
}
