import { ApiError } from "./errors.ts"
import { type Expression, parseFilter } from "./filter-parser.ts"
import { covers } from "./settings.ts"
import { compareTexts, normal, valuesOf } from "./values.ts"

export type Document = Record<string, unknown>

/**
 * Reads a `filter` parameter: a string, or lists of strings where the outer is AND and the inner OR.
 *
 * @returns whether a document passes
 * @throws ApiError `invalid_search_filter`, also when an attribute is not filterable
 */
export function readFilter(filter: unknown, filterable: readonly string[], index: string): (it: Document) => boolean {
  const expression = combined(filter)
  if (!expression) return () => true
  requireFilterable(expression, filterable, index)
  return (document) => passes(expression, document)
}

function combined(filter: unknown): Expression | undefined {
  if (filter === undefined || filter === null) return undefined
  if (typeof filter === "string") return parseFilter(filter)
  if (!Array.isArray(filter)) {
    const message = `Invalid syntax for the filter parameter: \`expected String, Array, found: ${JSON.stringify(filter)}\`.`
    throw new ApiError("invalid_search_filter", message)
  }
  const parts = filter.flatMap((part) => {
    if (!Array.isArray(part)) return combined(part) ?? []
    if (part.some((it) => typeof it !== "string")) {
      throw new ApiError("invalid_search_filter", "Invalid syntax for the filter parameter: `too many array levels`.")
    }
    const inner = part.flatMap((it: string) => parseFilter(it) ?? [])
    return inner.length > 0 ? [{ kind: "or" as const, parts: inner }] : []
  })
  return parts.length > 0 ? { kind: "and", parts } : undefined
}

function requireFilterable(expression: Expression, filterable: readonly string[], index: string): void {
  if (expression.kind === "and" || expression.kind === "or") {
    for (const part of expression.parts) requireFilterable(part, filterable, index)
  } else if (expression.kind === "not") requireFilterable(expression.part, filterable, index)
  else if (!covers(filterable, expression.attribute)) {
    const known =
      filterable.length === 0
        ? "This index does not have configured filterable attributes."
        : `Available filterable attribute patterns are: \`${[...filterable].sort().join("`, `")}\`.`
    throw new ApiError(
      "invalid_search_filter",
      `Index \`${index}\`: Attribute \`${expression.attribute}\` is not filterable. ${known}`,
    )
  }
}

const same = (a: unknown, value: string) =>
  typeof a === "number" ? a === Number(value) : normal(String(a)) === normal(value)

function passes(expression: Expression, document: Document): boolean {
  switch (expression.kind) {
    case "and":
      return expression.parts.every((part) => passes(part, document))
    case "or":
      return expression.parts.some((part) => passes(part, document))
    case "not":
      return !passes(expression.part, document)
  }
  const { present, values } = valuesOf(document, expression.attribute)
  const filled = values.filter((it) => it !== null)
  switch (expression.kind) {
    case "exists":
      return present
    case "null":
      return present && values.length === 1 && values[0] === null
    case "empty":
      return present && (values.length === 0 || (values.length === 1 && values[0] === ""))
    case "in":
      return filled.some((it) => expression.values.some((value) => same(it, value)))
    case "starts":
      return filled.some((it) => normal(String(it)).startsWith(normal(expression.value)))
    case "between":
      return filled.some((it) => Number(it) >= Number(expression.from) && Number(it) <= Number(expression.to))
    case "compare":
      return compares(filled, expression.operator, expression.value)
  }
}

function compares(values: unknown[], operator: string, value: string): boolean {
  if (operator === "=") return values.some((it) => same(it, value))
  if (operator === "!=") return !values.some((it) => same(it, value))
  const order = (it: unknown) => {
    if (typeof it === "number") return Number.isNaN(Number(value)) ? Number.NaN : it - Number(value)
    return compareTexts(String(it), value)
  }
  return values.some((it) => {
    const difference = order(it)
    if (operator === ">") return difference > 0
    if (operator === ">=") return difference >= 0
    return operator === "<" ? difference < 0 : difference <= 0
  })
}
