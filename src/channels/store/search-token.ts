import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi"
import type { Context } from "hono"
import { SearchUnavailable } from "../../commerce/search/index.ts"
import type { Counter, Services } from "../counter.ts"
import { error, json } from "../described.ts"
import { WireError } from "../errors.ts"
import { IdempotencyErrors, IdempotencyHeaders } from "../idempotency.ts"
import { allowOrigin, answerPreflight, originRule } from "../origins.ts"
import { withKey } from "../security.ts"
import { answeredOnce } from "./idempotency.ts"
import { requirePublishableKey } from "./lane.ts"
import { requireSalesChannel } from "./own.ts"

const PATH = "/store/search/token"

const Token = z.object({
  token: z
    .string()
    .openapi({ description: "For Meilisearch's own clients, in the place of a key.", example: "eyJ..." }),
  expires_at: z.iso.datetime().openapi({ example: "2026-11-21T12:15:00.000Z" }),
  index: z.string().openapi({ description: "The index to search.", example: "mostrador_products" }),
  url: z.url().optional().openapi({ description: "Where Meilisearch is; absent when it is not open to browsers." }),
})

export const issueToken = createRoute({
  method: "post",
  path: PATH,
  summary: "A token with which a browser searches Meilisearch by itself",
  description:
    "It finds published products of the publishable key's sales channels and nothing else, for a quarter of an hour.",
  security: withKey(),
  request: { headers: IdempotencyHeaders },
  responses: {
    200: { description: "The token.", ...json(Token) },
    400: error("The publishable key is missing, not valid or of no sales channel."),
    ...IdempotencyErrors,
    501: error("This shop has no Meilisearch: ask `POST /store/search`."),
    503: error(
      "Meilisearch cannot be reached (`meilisearch_unavailable`): ask `POST /store/search`, and for a token later.",
    ),
  },
})

/** The counter's own: Medusa has no such route. */
export function addSearchToken(app: OpenAPIHono<Counter>, services: Services): void {
  const { config, publishableKeys } = services
  const origins = originRule(config.cors.store)
  app.options(PATH, (c) => answerPreflight(c, origins))

  app.openAPIRegistry.registerPath(issueToken)
  app.post(PATH, async (c) => {
    c.set("way", "own")
    c.set("route", PATH)
    allowOrigin(c, origins)
    requirePublishableKey(c, publishableKeys)
    requireSalesChannel(c)
    return await answeredOnce(c, services, () => token(c, services))
  })
}

async function token(c: Context<Counter>, services: Services): Promise<Response> {
  const { config } = services
  if (!services.searchTokens) {
    throw new WireError(
      501,
      "not_allowed",
      "This shop has no Meilisearch that a browser could search. Use POST /store/search, or set MEILI_URL and MEILI_MASTER_KEY.",
      { code: "meilisearch_not_configured" },
    )
  }
  try {
    const { token, expires_at, index } = await services.searchTokens.issue(c.get("publishableKey").sales_channel_ids)
    const url = config.meilisearch?.publicUrl
    const body = { token, expires_at: expires_at.toISOString(), index, ...(url ? { url } : {}) }
    return c.json(body, 200, { "Cache-Control": "no-store" })
  } catch (cause) {
    if (!(cause instanceof SearchUnavailable)) throw cause
    c.var.log.warn({ request_id: c.var.requestId, reason: cause.message }, "no search token")
    throw new WireError(
      503,
      "unexpected_state",
      "Meilisearch cannot be reached now. Use POST /store/search, and ask for a token again later.",
      { code: "meilisearch_unavailable", headers: { "Retry-After": "5" } },
    )
  }
}
