import type { z } from "zod"
import { WireError } from "./errors.ts"

type Issue = { code?: string; path: PropertyKey[]; message: string; [key: string]: unknown }

/**
 * A body that its schema refuses, as Medusa says it.
 *
 * @source Medusa 2.21 `framework/dist/zod/zod-helpers.js`
 */
export function refusal(error: z.core.$ZodError, body: unknown): WireError {
  const messages = error.issues.slice(0, 3).map((issue) => message(issue as unknown as Issue, body))
  return new WireError(400, "invalid_data", `Invalid request: ${messages.join("; ")}`)
}

function message(issue: Issue, body: unknown): string | undefined {
  const path = issue.path.join(", ")
  const received = valueAt(body, issue.path)
  switch (issue.code) {
    case "invalid_type":
      return wrongType([issue], body) || missing([issue], body) || issue.message
    case "invalid_value":
      if (received === undefined) return `Field '${path}' is required`
      return `Expected: '${(issue.values as unknown[]).join(", ")}' for field '${path}', but got: '${received}'`
    case "invalid_union":
      return unionMessage(issue, body)
    case "unrecognized_keys":
      return `Unrecognized fields: '${(issue.keys as string[]).join(", ")}'`
    case "too_small":
      return `Value for field '${path}' too small, expected at least: '${issue.minimum}'`
    case "too_big":
      return `Value for field '${path}' too big, expected at most: '${issue.maximum}'`
    default:
      return issue.message
  }
}

function unionMessage(issue: Issue, body: unknown): string {
  const issues = (issue.errors as Issue[][]).flat().map((it) => ({ ...it, path: [...issue.path, ...it.path] }))
  if (issues.length === 0) return issue.message
  return wrongType(issues, body) || missing(issues, body) || issue.message
}

function wrongType(issues: Issue[], body: unknown): string | undefined {
  const typed = issues.filter((it) => it.code === "invalid_type")
  const expected = typed.filter((it) => valueAt(body, it.path) !== undefined).map((it) => it.expected)
  const [first] = typed
  if (expected.length === 0 || !first) return undefined
  return `Expected type: '${expected.join(", ")}' for field '${first.path.join(", ")}', got: '${valueAt(body, first.path)}'`
}

function missing(issues: Issue[], body: unknown): string | undefined {
  const field = issues.find(
    (it) => (it.code === "invalid_type" || it.code === "invalid_value") && valueAt(body, it.path) === undefined,
  )
  return field && `Field '${field.path.join(", ")}' is required`
}

function valueAt(body: unknown, path: PropertyKey[]): unknown {
  return path.reduce<unknown>((it, key) => (isObject(it) ? it[key] : undefined), isObject(body) ? body : undefined)
}

/** Medusa looks into no lists: what stands in one is missing to it. @source Medusa 2.21 `utils/dist/common/is-object.js` */
const isObject = (it: unknown): it is Record<PropertyKey, unknown> =>
  (it as { constructor?: { name?: unknown } } | null | undefined)?.constructor?.name === "Object"
