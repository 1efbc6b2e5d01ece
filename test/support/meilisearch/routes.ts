import { ApiError, refuseUnknown } from "./errors.ts"
import { searchFacet } from "./facets.ts"
import type { Caller } from "./keys.ts"
import { multiSearch } from "./multi-search.ts"
import { checkSearch, matches, search } from "./searching.ts"
import type { State } from "./server.ts"
import { defaults } from "./settings.ts"

export interface Request {
  method: string
  path: string
  query: URLSearchParams
  authorization: string | undefined
  body: unknown
}

interface Answer {
  status: number
  body?: unknown
}

const ok = (body: unknown): Answer => ({ status: 200, body })
const accepted = (body: unknown): Answer => ({ status: 202, body })

/** What a route needs of the caller, and what it answers; `index` and `id` come out of the path. */
interface Route {
  pattern: RegExp
  action: string | undefined
  answer(it: { state: State; caller: Caller; index: string; id: string; query: URLSearchParams; body: never }): Answer
}

const route = (pattern: string, action: string | undefined, answer: Route["answer"]): Route => ({
  pattern: new RegExp(`^${pattern.replace(":index", "(?<index>[^/]+)").replace(":id", "(?<id>[^/]+)")}$`),
  action,
  answer,
})

type Body = Record<string, unknown>

const ROUTES: Route[] = [
  route("GET /health", undefined, () => ok({ status: "available" })),
  route("GET /version", "version", ({ state }) =>
    ok({ commitSha: "0", commitDate: "0", pkgVersion: state.faults.version }),
  ),
  route("GET /stats", "stats.get", ({ state }) => ok(state.indexes.statsOfAll())),
  route("GET /indexes/:index/stats", "stats.get", ({ state, index }) => ok(state.indexes.stats(index))),
  route("GET /keys", "keys.get", ({ state, query }) => ok(state.keys.list(query))),
  route("POST /keys", "keys.create", ({ state, body }) => ({ status: 201, body: state.keys.create(body as Body) })),
  route("GET /keys/:id", "keys.get", ({ state, id }) => ok(state.keys.get(id))),
  route("DELETE /keys/:id", "keys.delete", ({ state, id }) => {
    state.keys.remove(id)
    return { status: 204 }
  }),
  route("GET /tasks", "tasks.get", ({ state, caller, query }) =>
    ok(state.tasks.list(query, (index) => index === null || caller.may("tasks.get", index))),
  ),
  route("GET /tasks/:id", "tasks.get", ({ state, id }) => ok(state.tasks.get(id))),
  route("GET /indexes", "indexes.get", ({ state, caller }) =>
    ok(state.indexes.list((uid) => caller.may("indexes.get", uid))),
  ),
  route("POST /indexes", "indexes.create", ({ state, body }) => accepted(state.indexes.create(body))),
  route("GET /indexes/:index", "indexes.get", ({ state, index }) => ok(state.indexes.view(state.indexes.get(index)))),
  route("DELETE /indexes/:index", "indexes.delete", ({ state, index }) => accepted(state.indexes.remove(index))),
  route("POST /swap-indexes", "indexes.swap", ({ state, body }) => accepted(state.indexes.swap(body))),
  route("GET /indexes/:index/settings", "settings.get", ({ state, index }) => ok(state.indexes.get(index).settings)),
  route("PATCH /indexes/:index/settings", "settings.update", ({ state, index, body }) =>
    accepted(state.indexes.updateSettings(index, body)),
  ),
  route("DELETE /indexes/:index/settings", "settings.update", ({ state, index }) =>
    accepted(state.indexes.updateSettings(index, defaults())),
  ),
  route("POST /indexes/:index/documents", "documents.add", ({ state, index, body, query }) =>
    accepted(state.indexes.write(index, body, query, true)),
  ),
  route("PUT /indexes/:index/documents", "documents.add", ({ state, index, body, query }) =>
    accepted(state.indexes.write(index, body, query, false)),
  ),
  route("GET /indexes/:index/documents", "documents.get", ({ state, index, query }) =>
    ok(state.indexes.documents(index, Object.fromEntries(query))),
  ),
  route("POST /indexes/:index/documents/fetch", "documents.get", ({ state, index, body }) =>
    ok(state.indexes.documents(index, body)),
  ),
  route("GET /indexes/:index/documents/:id", "documents.get", ({ state, index, id }) =>
    ok(state.indexes.document(index, id)),
  ),
  route("DELETE /indexes/:index/documents", "documents.delete", ({ state, index }) =>
    accepted(state.indexes.removeDocuments(index, "all")),
  ),
  route("DELETE /indexes/:index/documents/:id", "documents.delete", ({ state, index, id }) =>
    accepted(state.indexes.removeDocuments(index, [id])),
  ),
  route("POST /indexes/:index/documents/delete-batch", "documents.delete", ({ state, index, body }) =>
    accepted(state.indexes.removeDocuments(index, body)),
  ),
  route("POST /indexes/:index/documents/delete", "documents.delete", ({ state, index, body }) => {
    refuseUnknown(body, ["filter"])
    return accepted(state.indexes.removeDocuments(index, body))
  }),
  route("POST /indexes/:index/search", "search", ({ state, index, body, caller }) => {
    checkSearch(body ?? {})
    return ok(search(state.indexes.get(index), body ?? {}, caller.rule(index)))
  }),
  route("POST /indexes/:index/facet-search", "search", ({ state, index, body, caller }) => {
    const it = state.indexes.get(index)
    const select = (query: object) => matches(it, query as Body, caller.rule(index)).map((match) => match.document)
    return ok(searchFacet(body, it.settings, select))
  }),
  route("POST /multi-search", "search", ({ state, body, caller }) => ok(multiSearch(body, state.indexes, caller))),
]

/** Finds the route, asks whether the key opens it, and answers; unknown paths are 404 as Meilisearch's are. */
export function answerRequest(request: Request, state: State): Answer {
  const { method, path, query, authorization, body } = request
  for (const { pattern, action, answer } of ROUTES) {
    const match = pattern.exec(`${method} ${path}`)
    if (!match) continue
    const { index = "", id = "" } = match.groups ?? {}
    if (action === undefined) return answer({ state, caller: NOBODY, index, id, query, body: body as never })
    const caller = state.keys.caller(authorization)
    if (!caller.may(action, index || undefined)) {
      throw new ApiError("invalid_api_key", "The provided API key is invalid.")
    }
    return answer({
      state,
      caller,
      index: decodeURIComponent(index),
      id: decodeURIComponent(id),
      query,
      body: body as never,
    })
  }
  throw new ApiError("not_found", `Not found: ${method} ${path}`)
}

const NOBODY: Caller = { may: () => false, rule: () => undefined }
