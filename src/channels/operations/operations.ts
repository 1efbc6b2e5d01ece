import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi"
import { isMigrated } from "../../platform/db/index.ts"
import type { Counter, Services } from "../counter.ts"

const Check = z.enum(["ok", "failed"])
const Readiness = z.object({
  status: Check,
  checks: z.object({
    database: Check,
    migrations: Check,
    catalog: Check.openapi({
      description:
        "Failed when no document of a product could be built here for 10 seconds. It makes no counter unready.",
    }),
    medusa: Check,
  }),
  search: z
    .object({
      engine: z.enum(["meilisearch", "postgres"]).openapi({ description: "Which one answers searches now." }),
      behind: z.number().openapi({ description: "Products that have changed and that Meilisearch does not have yet." }),
      failing_since: z.iso.datetime().optional(),
      reason: z.string().optional(),
    })
    .optional()
    .openapi({
      description: "Where Meilisearch is configured. It never makes a counter unready: Postgres answers then.",
    }),
})

const readiness = (description: string) => ({ description, content: { "application/json": { schema: Readiness } } })

const health = createRoute({
  method: "get",
  path: "/health",
  summary: "Whether the process is alive",
  responses: { 200: { description: "It is.", content: { "text/plain": { schema: z.literal("OK") } } } },
})

const ready = createRoute({
  method: "get",
  path: "/ready",
  summary: "Whether the process can do its work",
  description:
    "Asks the database, whether all migrations are applied, whether the documents of products that lanes answer from can be kept up to date, and Medusa. With `for=lanes` Medusa does not count: for balancers that should go on sending what the counter answers itself while Medusa is down.",
  request: { query: z.object({ for: z.enum(["all", "lanes"]).default("all") }) },
  responses: { 200: readiness("Everything that counts is well."), 503: readiness("Something that counts has failed.") },
})

const metricsRoute = createRoute({
  method: "get",
  path: "/metrics",
  summary: "Prometheus metrics of this process",
  responses: {
    200: {
      description: "Durations by route and way, open streams, documents that are out of date.",
      content: { "text/plain": { schema: z.string() } },
    },
  },
})

/** All of them, for the typed client. */
export type OperationRoutes = typeof health | typeof ready | typeof metricsRoute

/** How long a check may take before it counts as failed. */
const CHECK_MILLISECONDS = 2_000
/** How long documents may fail to be built before lanes answer from what is too old. */
const STALE_MILLISECONDS = 10_000

/** What those who run the shop ask it. None of it needs a key, and none of it tells of customers. */
export function addOperations(app: OpenAPIHono<Counter>, services: Services): void {
  const { catalog, config, database, metrics } = services
  metrics.watch(
    "mostrador_catalog_documents_stale",
    "Products whose documents are out of date: waiting to be built, or set aside because they cannot be.",
    async () => ({ ...(await inTime(catalog.staleness())) }),
  )
  app.openapi(health, (c) => c.text("OK"))

  app.openapi(ready, async (c) => {
    const [alive, migrated, medusa, search] = await Promise.all([
      passes(database.sql`select 1`.then(() => true)),
      passes(isMigrated(database)),
      passes(
        fetch(`${config.medusaUrl}/health`, { signal: AbortSignal.timeout(CHECK_MILLISECONDS) }).then((it) => it.ok),
      ),
      searchState(services),
    ])
    const { failingSince } = catalog
    const fresh = failingSince === undefined || Date.now() - failingSince.getTime() <= STALE_MILLISECONDS
    // What keeps one counter from building documents keeps them all: better an old catalog than none.
    const well = alive && migrated && (medusa || c.req.valid("query").for === "lanes")
    const checks = { database: word(alive), migrations: word(migrated), catalog: word(fresh), medusa: word(medusa) }
    return c.json({ status: word(well), checks, search }, well ? 200 : 503, { "Cache-Control": "no-store" })
  })

  app.openapi(metricsRoute, async (c) => {
    const { body, contentType } = await metrics.text()
    return c.text(body, 200, { "Content-Type": contentType })
  })
}

async function searchState({ meilisearch }: Services): Promise<z.infer<typeof Readiness>["search"]> {
  if (!meilisearch) return undefined
  const well = await passes(meilisearch.isWell())
  const { behind, failing } = meilisearch.state
  const why = failing && { failing_since: failing.since.toISOString(), reason: failing.reason }
  return { engine: well ? "meilisearch" : "postgres", behind, ...why }
}

/** A check that fails, throws or takes too long has not passed; why is in the log of whoever failed. */
const passes = (check: Promise<boolean>) => inTime(check).catch(() => false)

async function inTime<T>(asked: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error("it takes too long")), CHECK_MILLISECONDS)
  })
  return Promise.race([asked, late]).finally(() => clearTimeout(timer))
}

const word = (well: boolean) => (well ? ("ok" as const) : ("failed" as const))
