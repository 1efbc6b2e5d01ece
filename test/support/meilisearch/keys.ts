import { createHmac, randomUUID, timingSafeEqual } from "node:crypto"
import { ApiError, refuseUnknown } from "./errors.ts"

export interface Key {
  uid: string
  key: string
  name: string | null
  description: string | null
  actions: string[]
  indexes: string[]
  expiresAt: string | null
  createdAt: string
  updatedAt: string
}

/** Who asks, and what it may do. */
export interface Caller {
  may(action: string, index?: string): boolean
  /** The filter that a tenant token puts on an index. */
  rule(index: string): unknown
}

const ACTIONS = [
  ...["*", "search", "documents.*", "documents.add", "documents.get", "documents.delete"],
  ...["indexes.*", "indexes.create", "indexes.get", "indexes.update", "indexes.delete", "indexes.swap"],
  ...["tasks.*", "tasks.get", "tasks.cancel", "tasks.delete", "settings.*", "settings.get", "settings.update"],
  ...["stats.*", "stats.get", "metrics.get", "dumps.create", "snapshots.create", "version"],
  ...["keys.get", "keys.create", "keys.update", "keys.delete"],
]

const fits = (pattern: string, name: string) =>
  pattern === "*" || pattern === name || (pattern.endsWith("*") && name.startsWith(pattern.slice(0, -1)))

const refused = () => new ApiError("invalid_api_key", "The provided API key is invalid.")

/** @source https://www.meilisearch.com/docs/reference/api/keys */
export function createKeys(masterKey: string) {
  const keys: Key[] = []

  function add(given: Pick<Key, "actions" | "indexes"> & Partial<Key>): Key {
    const uid = given.uid ?? randomUUID()
    const at = new Date().toISOString()
    const key: Key = {
      name: null,
      description: null,
      expiresAt: null,
      ...given,
      uid,
      key: createHmac("sha256", masterKey).update(uid).digest("hex"),
      createdAt: at,
      updatedAt: at,
    }
    keys.unshift(key)
    return key
  }
  add({ name: "Default Search API Key", actions: ["search"], indexes: ["*"] })
  add({ name: "Default Admin API Key", actions: ["*"], indexes: ["*"] })

  const isAlive = (key: Key) => key.expiresAt === null || Date.parse(key.expiresAt) > Date.now()
  const mayOf = (key: Key) => (action: string, index?: string) =>
    key.actions.some(
      (it) => it === "*" || it === action || (it.endsWith(".*") && action.startsWith(it.slice(0, -1))),
    ) &&
    (index === undefined || key.indexes.some((it) => fits(it, index)))

  /** @source https://www.meilisearch.com/docs/learn/security/tenant_token_reference */
  function tenant(token: string): Caller {
    const [head = "", body = "", signature = ""] = token.split(".")
    const header = json(head)
    const claims = json(body)
    const key = keys.find((it) => it.uid === claims.apiKeyUid)
    if (header.alg !== "HS256" || !key || !isAlive(key)) throw refused()
    const expected = createHmac("sha256", key.key).update(`${head}.${body}`).digest()
    const given = Buffer.from(signature, "base64url")
    if (given.length !== expected.length || !timingSafeEqual(given, expected)) throw refused()
    if (typeof claims.exp === "number" && claims.exp * 1000 <= Date.now()) throw refused()
    const rules: Record<string, { filter?: unknown } | null> = Array.isArray(claims.searchRules)
      ? Object.fromEntries(claims.searchRules.map((it: string) => [it, null]))
      : (claims.searchRules as Record<string, null>)
    const ruleOf = (index: string) => {
      const patterns = Object.keys(rules).filter((it) => fits(it, index))
      return patterns.sort((a, b) => b.length - a.length)[0]
    }
    return {
      may: (action, index) =>
        action === "search" && mayOf(key)(action, index) && (index === undefined || ruleOf(index) !== undefined),
      rule: (index) => rules[ruleOf(index) ?? ""]?.filter,
    }
  }

  return {
    /** @throws ApiError for no key, or one that opens nothing */
    caller(authorization: string | undefined): Caller {
      if (!authorization?.startsWith("Bearer ")) {
        const message = "The Authorization header is missing. It must use the bearer authorization method."
        throw new ApiError("missing_authorization_header", message)
      }
      const token = authorization.slice("Bearer ".length)
      if (token === masterKey) return { may: () => true, rule: () => undefined }
      const key = keys.find((it) => it.key === token)
      if (key && isAlive(key)) return { may: mayOf(key), rule: () => undefined }
      if (token.split(".").length === 3) return tenant(token)
      throw refused()
    },
    create(body: Record<string, unknown>): Key {
      refuseUnknown(body, ["description", "name", "uid", "actions", "indexes", "expiresAt"])
      for (const name of ["actions", "indexes", "expiresAt"]) {
        if (!(name in body)) {
          const code = name === "expiresAt" ? "missing_api_key_expires_at" : `missing_api_key_${name}`
          throw new ApiError(code, `Missing field \`${name}\``)
        }
      }
      for (const action of body.actions as string[]) {
        if (ACTIONS.includes(action)) continue
        throw new ApiError("invalid_api_key_actions", `Unknown value \`${action}\` at \`.actions[0]\``)
      }
      const { expiresAt } = body
      if (expiresAt !== null && !(Date.parse(String(expiresAt)) > Date.now())) {
        throw new ApiError("invalid_api_key_expires_at", "Invalid value at `.expiresAt`: it must be in the future.")
      }
      if (keys.some((it) => it.uid === body.uid)) {
        throw new ApiError(
          "api_key_already_exists",
          `\`uid\` field value \`${body.uid}\` is already an existing API key.`,
        )
      }
      return add(body as unknown as Key)
    },
    list(query: URLSearchParams) {
      refuseUnknown(Object.fromEntries(query), ["offset", "limit"])
      const [offset, limit] = [Number(query.get("offset") ?? 0), Number(query.get("limit") ?? 20)]
      return { results: keys.slice(offset, offset + limit), offset, limit, total: keys.length }
    },
    get(uidOrKey: string): Key {
      const key = keys.find((it) => it.uid === uidOrKey || it.key === uidOrKey)
      if (!key) throw new ApiError("api_key_not_found", `API key \`${uidOrKey}\` not found.`)
      return key
    },
    remove(uidOrKey: string): void {
      keys.splice(keys.indexOf(this.get(uidOrKey)), 1)
    },
  }
}
export type Keys = ReturnType<typeof createKeys>

function json(part: string): Record<string, unknown> {
  try {
    return JSON.parse(Buffer.from(part, "base64url").toString()) as Record<string, unknown>
  } catch {
    throw refused()
  }
}
