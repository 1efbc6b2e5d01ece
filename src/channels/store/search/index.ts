import { createRoute, type OpenAPIHono } from "@hono/zod-openapi"
import type { Context } from "hono"
import {
  type Horizon,
  InvalidSearch,
  narrowQuery,
  narrowResult,
  type Search,
  type SearchQuery,
  SearchUnavailable,
  UnknownSearchField,
} from "../../../commerce/search/index.ts"
import { readBody } from "../../body.ts"
import type { Counter, Services } from "../../counter.ts"
import { error, json } from "../../described.ts"
import { WireError } from "../../errors.ts"
import { IdempotencyErrors, IdempotencyHeaders } from "../../idempotency.ts"
import { allowOrigin, answerPreflight, originRule } from "../../origins.ts"
import type { Passthrough } from "../../passthrough/index.ts"
import { refusal } from "../../refusals.ts"
import { withKey } from "../../security.ts"
import { answeredOnce } from "../idempotency.ts"
import { answer, requirePublishableKey } from "../lane.ts"
import { requireSalesChannel } from "../own.ts"
import { bothWays, SearchAnswer, SearchBody } from "./body.ts"
import { readQuery, showResult } from "./query.ts"

const PATH = "/store/search"
/** A tree of conditions that a person makes is a few deep; with the rest of the body around it. */
const MOST_DEEP = 24

export const searchProducts = createRoute({
  method: "post",
  path: PATH,
  summary: "Search products",
  description:
    "Medusa's search format: up to 20 queries at once, with filters, facets, highlights and pages, for the entity `product`. Narrowed to the key's sales channels.",
  security: withKey(),
  request: { headers: IdempotencyHeaders, body: json(SearchBody) },
  responses: {
    200: {
      description: "A result for each query. `X-Search-Engine` names who found it.",
      ...json(SearchAnswer),
    },
    400: error("The key is missing, unknown or of no sales channel, or the query is wrong: the message says what."),
    404: error("There is no index of this name."),
    ...IdempotencyErrors,
    413: error("The body is larger than 100 kB, also when it is inflated."),
    415: error("The body is encoded in a way that is not read here."),
    503: error("The search took too long (`search_unavailable`)."),
  },
})

/**
 * `POST /store/search` in Medusa 2.21's wire format, for the entity `product`. Medusa itself answers 404 there until a
 * merchant opens an index in code; the counter has one open.
 */
export function addSearch(app: OpenAPIHono<Counter>, services: Services, passthrough: Passthrough): void {
  const { config, publishableKeys } = services
  const origins = originRule(config.cors.store)

  app.options(PATH, (c) =>
    c.req.header("access-control-request-method") ? answerPreflight(c, origins) : passthrough(c),
  )
  app.post(PATH, async (c) => {
    c.set("way", "own")
    c.set("route", PATH)
    allowOrigin(c, origins)
    requirePublishableKey(c, publishableKeys)
    return await answeredOnce(c, services, () => answerSearch(c, services))
  })
  app.openAPIRegistry.registerPath(searchProducts)
}

async function answerSearch(c: Context<Counter>, services: Services): Promise<Response> {
  const body = await readBody(c, MOST_DEEP)
  const parsed = SearchBody.safeParse(body)
  if (!parsed.success) throw refusal(bothWays(body), body)
  const wire = "queries" in parsed.data ? parsed.data.queries : [parsed.data]
  const queries = wire.map((query) => readQuery(query, c.get("publishableKey").sales_channel_ids))
  requireSalesChannel(c)
  const { engine, results } = await searched(services, queries)
  c.header("X-Search-Engine", engine)
  return answer(c, {
    results: wire.map((query, i) => {
      const [asked, result] = [queries[i], results[i]]
      return asked && result ? showResult(query, asked, result) : {}
    }),
  })
}

/** Asks the search, tells the caller what is his to know, and says in the wire's words what it refuses. */
export async function searched(
  { search, store }: Pick<Services, "search" | "store">,
  queries: SearchQuery[],
): ReturnType<Search["search"]> {
  const horizons = queries.map(({ channels }) => ({ channels, locations: channels.flatMap(store.locationsOf) }))
  const narrowed = queries.map((query, i) => narrowQuery(query, horizons[i] as Horizon))
  try {
    const { engine, results } = await search.search(narrowed)
    const shown = results.map((result, i) => narrowResult(result, queries[i] as SearchQuery, horizons[i] as Horizon))
    return { engine, results: shown }
  } catch (error) {
    if (error instanceof UnknownSearchField) throw new WireError(400, "invalid_data", error.message)
    if (error instanceof InvalidSearch) throw new WireError(400, "not_allowed", error.message)
    if (!(error instanceof SearchUnavailable)) throw error
    throw new WireError(503, "unexpected_state", "The search took too long. Ask for less at once, or again.", {
      code: "search_unavailable",
      headers: { "Retry-After": "2" },
    })
  }
}
