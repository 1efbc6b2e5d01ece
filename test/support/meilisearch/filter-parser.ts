import { ApiError } from "./errors.ts"

type Comparison = "=" | "!=" | ">" | ">=" | "<" | "<="

/** A filter expression, read. */
export type Expression =
  | { kind: "and"; parts: Expression[] }
  | { kind: "or"; parts: Expression[] }
  | { kind: "not"; part: Expression }
  | { kind: "compare"; attribute: string; operator: Comparison; value: string }
  | { kind: "between"; attribute: string; from: string; to: string }
  | { kind: "in"; attribute: string; values: string[] }
  | { kind: "exists"; attribute: string }
  | { kind: "null"; attribute: string }
  | { kind: "empty"; attribute: string }
  | { kind: "starts"; attribute: string; value: string }

const KEYWORDS = ["AND", "OR", "NOT", "IN", "TO", "EXISTS", "IS", "NULL", "EMPTY", "CONTAINS", "STARTS", "WITH"]

type Token = { kind: "word" | "quoted" | "operator"; text: string; at: number }

const refuse = (message: string, text: string, at: number) =>
  new ApiError("invalid_search_filter", `${message}\n${at + 1}:${text.length + 1} ${text}`)

/** @source `crates/filter-parser/src/value.rs` of Meilisearch: what a word is, and how quotes are escaped */
function tokens(text: string): Token[] {
  const found: Token[] = []
  const pattern =
    /\s+|(?<quoted>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|(?<operator>!=|>=|<=|[=<>()[\],])|(?<word>[\p{L}\p{N}_.-]+)/suy
  while (pattern.lastIndex < text.length) {
    const at = pattern.lastIndex
    const match = pattern.exec(text)
    if (!match) {
      throw refuse("Was expecting an operation `=`, `!=`, `>=`, `>`, `<=`, `<`, `IN`, `NOT IN`, `TO`...", text, at)
    }
    const { quoted, operator, word } = match.groups ?? {}
    if (quoted) found.push({ kind: "quoted", text: unquote(quoted), at })
    else if (operator) found.push({ kind: "operator", text: operator, at })
    else if (word) found.push({ kind: "word", text: word, at })
  }
  return found
}

function unquote(quoted: string): string {
  return quoted.slice(1, -1).replace(/\\(.)/gs, (_, escaped: string) => {
    if (`"'\\`.includes(escaped)) return escaped
    const known: Record<string, string> = { n: "\n", r: "\r", t: "\t" }
    const found = known[escaped]
    if (found === undefined) throw new ApiError("invalid_search_filter", `Malformed value: \`\\${escaped}\`.`)
    return found
  })
}

/** Reads one filter expression; undefined for an empty one. */
export function parseFilter(text: string): Expression | undefined {
  const all = tokens(text)
  if (all.length === 0) return undefined
  let at = 0
  const peek = (ahead = 0) => all[at + ahead]
  const is = (word: string, ahead = 0) => peek(ahead)?.kind !== "quoted" && peek(ahead)?.text === word
  const fail = (message: string) => refuse(message, text, peek()?.at ?? text.length)
  const take = (word: string) => {
    if (!is(word)) throw fail(`Was expecting \`${word}\`.`)
    at++
  }

  function value(): string {
    const token = peek()
    if (!token || token.kind === "operator" || (token.kind === "word" && KEYWORDS.includes(token.text))) {
      throw fail("Was expecting a value but instead got nothing or a reserved keyword.")
    }
    at++
    return token.text
  }

  function group(kind: "and" | "or", word: string, part: () => Expression): Expression {
    const parts = [part()]
    while (is(word)) {
      at++
      parts.push(part())
    }
    return parts.length === 1 ? (parts[0] as Expression) : { kind, parts }
  }
  const or = (): Expression => group("or", "OR", and)
  const and = (): Expression => group("and", "AND", not)

  function not(): Expression {
    if (!is("NOT")) return primary()
    at++
    return { kind: "not", part: not() }
  }

  function primary(): Expression {
    if (is("(")) {
      at++
      const inner = or()
      take(")")
      return inner
    }
    const attribute = value()
    if (is("NOT")) {
      at++
      return { kind: "not", part: worded(attribute) }
    }
    const operator = peek()
    if (operator?.kind === "operator" && ["=", "!=", ">", ">=", "<", "<="].includes(operator.text)) {
      at++
      return { kind: "compare", attribute, operator: operator.text as Comparison, value: value() }
    }
    if (is("TO", 1)) {
      const from = value()
      take("TO")
      return { kind: "between", attribute, from, to: value() }
    }
    return worded(attribute)
  }

  function worded(attribute: string): Expression {
    if (is("EXISTS")) {
      at++
      return { kind: "exists", attribute }
    }
    if (is("IS")) {
      at++
      const negated = is("NOT")
      if (negated) at++
      if (!is("NULL") && !is("EMPTY")) throw fail("Was expecting `NULL` or `EMPTY`.")
      const part: Expression = { kind: is("NULL") ? "null" : "empty", attribute }
      at++
      return negated ? { kind: "not", part } : part
    }
    if (is("STARTS")) {
      at++
      take("WITH")
      return { kind: "starts", attribute, value: value() }
    }
    if (is("CONTAINS")) {
      throw new ApiError(
        "feature_not_enabled",
        "Using `CONTAINS` in a filter requires enabling the `contains filter` experimental feature.",
      )
    }
    if (!is("IN")) throw fail(`Was expecting an operation at \`${attribute}\`.`)
    at++
    take("[")
    const values: string[] = []
    while (!is("]")) {
      values.push(value())
      if (!is(",")) break
      at++
    }
    take("]")
    return { kind: "in", attribute, values }
  }

  const whole = or()
  if (at < all.length) throw fail("Found unexpected characters at the end of the filter.")
  return whole
}
