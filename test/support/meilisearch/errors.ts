/** How Meilisearch types its errors, by code, where it is not `invalid_request` with status 400. */
const OTHERS: Record<string, { status: number; type: string }> = {
  missing_authorization_header: { status: 401, type: "auth" },
  invalid_api_key: { status: 403, type: "auth" },
  index_not_found: { status: 404, type: "invalid_request" },
  document_not_found: { status: 404, type: "invalid_request" },
  task_not_found: { status: 404, type: "invalid_request" },
  api_key_not_found: { status: 404, type: "invalid_request" },
  not_found: { status: 404, type: "invalid_request" },
  index_already_exists: { status: 409, type: "invalid_request" },
  api_key_already_exists: { status: 409, type: "invalid_request" },
  invalid_content_type: { status: 415, type: "invalid_request" },
  missing_content_type: { status: 415, type: "invalid_request" },
  payload_too_large: { status: 413, type: "invalid_request" },
  internal: { status: 500, type: "internal" },
}

/** @source https://www.meilisearch.com/docs/reference/errors/overview */
export interface ErrorBody {
  message: string
  code: string
  type: string
  link: string
}

/** A refusal in Meilisearch's words. */
export class ApiError extends Error {
  readonly status: number
  readonly body: ErrorBody

  constructor(code: string, message: string) {
    super(message)
    const { status, type } = OTHERS[code] ?? { status: 400, type: "invalid_request" }
    this.status = status
    this.body = { message, code, type, link: `https://docs.meilisearch.com/errors#${code}` }
  }
}

/** Refuses keys of `value` that are not among `known`, as every body and query of Meilisearch does. */
export function refuseUnknown(value: object, known: readonly string[], where = ""): void {
  for (const key of Object.keys(value)) {
    if (known.includes(key)) continue
    const list = known.map((it) => `\`${it}\``).join(", ")
    throw new ApiError("bad_request", `Unknown field \`${key}\`${where}: expected one of ${list}`)
  }
}

type Kind = "string" | "strings" | "integer" | "boolean" | "object" | "array" | "any"

/** Refuses a value that is not of its kind; null and undefined pass. */
export function requireKind(value: unknown, kind: Kind, path: string, code: string): void {
  if (value === undefined || value === null || kind === "any") return
  const fits = {
    string: () => typeof value === "string",
    strings: () => Array.isArray(value) && value.every((it) => typeof it === "string"),
    integer: () => Number.isInteger(value) && (value as number) >= 0,
    boolean: () => typeof value === "boolean",
    object: () => typeof value === "object" && !Array.isArray(value),
    array: () => Array.isArray(value),
  }[kind]()
  if (fits) return
  const expected = { string: "a string", strings: "an array", integer: "a positive integer", boolean: "a boolean" }
  const wanted = expected[kind as keyof typeof expected] ?? `an ${kind}`
  throw new ApiError(code, `Invalid value type at \`${path}\`: expected ${wanted}, but found ${JSON.stringify(value)}`)
}

/** `maxTotalHits` as error codes write it: `max_total_hits`. */
export const snake = (name: string): string => name.replace(/[A-Z]/g, (it) => `_${it.toLowerCase()}`)
