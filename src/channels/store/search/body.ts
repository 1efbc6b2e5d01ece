import { z } from "@hono/zod-openapi"

/** @source Medusa 2.21 `medusa/dist/api/store/search/validators.js`: the same shapes, limits and refusals */
const MAX_SEARCH_QUERIES = 20
const MAX_SEARCH_TAKE = 100
/** Ours: a tag stands around every match. */
const MOST_TAG = 100

const FilterValue = z.union([z.string(), z.number(), z.boolean(), z.null()])
const OperatorMap = z
  .object({
    $eq: FilterValue.optional(),
    $ne: FilterValue.optional(),
    $in: z.array(FilterValue).optional(),
    $nin: z.array(FilterValue).optional(),
    $lt: FilterValue.optional(),
    $lte: FilterValue.optional(),
    $gt: FilterValue.optional(),
    $gte: FilterValue.optional(),
    $exists: z.boolean().optional(),
    $contains: z.union([FilterValue, z.array(FilterValue)]).optional(),
    $overlaps: z.array(FilterValue).optional(),
    $prefix: z.string().optional(),
    $like: z.string().optional(),
  })
  .strict()
type FilterTree = { [key: string]: unknown }
const Filters: z.ZodType<FilterTree> = z
  .lazy(() =>
    z.record(z.string(), z.union([FilterValue, z.array(FilterValue), OperatorMap, Filters, z.array(Filters)])),
  )
  .openapi("StoreSearchFilters", {
    type: "object",
    description:
      "A field and its value, list of values or operators; `q` for the text; `$and`, `$or`, `$not` for groups. What stands beside each other must all hold.",
    example: { q: "lámpara", category_ids: ["pcat_01"], "price.eur": { $lte: 50 } },
  })

const Facet = z.union([
  z.string(),
  z
    .object({
      field: z.string(),
      type: z.literal("value").optional(),
      limit: z.number().int().positive().optional(),
      sort: z.enum(["count", "alpha"]).optional(),
      query: z.string().optional(),
    })
    .strict(),
  z
    .object({
      field: z.string(),
      type: z.literal("range"),
      ranges: z.array(
        z
          .object({
            key: z.string().optional(),
            from: z.union([z.number(), z.string()]).optional(),
            to: z.union([z.number(), z.string()]).optional(),
          })
          .strict(),
      ),
    })
    .strict(),
  z.object({ field: z.string(), type: z.literal("stats") }).strict(),
])
const Highlight = z.union([
  z.boolean(),
  z
    .object({
      fields: z.array(z.string()),
      pre_tag: z.string().max(MOST_TAG).optional(),
      post_tag: z.string().max(MOST_TAG).optional(),
      snippet: z.union([z.boolean(), z.object({ length: z.number().int().positive() })]).optional(),
    })
    .strict(),
])
const Options = z
  .object({
    attributes_to_search_on: z.array(z.string()).optional(),
    match_strategy: z.enum(["all", "any", "last"]).optional(),
    typo_tolerance: z.boolean().optional(),
    facets: z.array(Facet).optional(),
    disjunctive_facets: z.boolean().optional(),
    highlight: Highlight.optional(),
    distinct: z.string().optional(),
    min_score: z.number().optional(),
    include_score: z.boolean().optional(),
    locales: z.array(z.string()).optional(),
    vector: z
      .object({
        field: z.string().optional(),
        value: z.array(z.number()).optional(),
        query: z.string().optional(),
        semantic_ratio: z.number().min(0).max(1).optional(),
      })
      .strict()
      .optional(),
    count: z.enum(["estimated", "exact", "none"]).optional(),
  })
  .strict()
const Pagination = z
  .object({
    skip: z.number().int().nonnegative().optional(),
    take: z.number().int().nonnegative().max(MAX_SEARCH_TAKE).optional(),
    order: z.record(z.string(), z.enum(["ASC", "DESC"])).optional(),
    cursor: z.string().optional(),
  })
  .strict()
const Query = z
  .object({
    entity: z.string().min(1).openapi({ example: "product" }),
    fields: z.array(z.string()).optional(),
    filters: Filters.optional(),
    pagination: Pagination.optional(),
    search_options: Options.optional(),
  })
  .strict()

const Batch = z.object({ queries: z.array(Query).min(1).max(MAX_SEARCH_QUERIES) }).strict()
export const SearchBody = z.union([Batch, Query])

/**
 * What is wrong with a body that neither form takes, as Medusa's Zod 4.2 tells it: of the one form that fits but for a
 * limit, or else of both.
 */
export function bothWays(body: unknown): z.core.$ZodError {
  const errors = [Batch, Query].map((form) => form.safeParse(body).error?.issues ?? [])
  const fitting = errors.filter((issues) => issues.every((it) => it.code === "too_big" || it.code === "too_small"))
  if (fitting.length === 1) return new z.core.$ZodError(fitting[0] ?? [])
  return new z.core.$ZodError([{ code: "invalid_union", path: [], errors, message: "Invalid input", input: body }])
}
export type WireQuery = z.output<typeof Query>
export type WireFacet = z.output<typeof Facet>

const FacetAnswer = z.union([
  z.object({ type: z.literal("value"), values: z.array(z.object({ value: z.string(), count: z.number().int() })) }),
  z.object({
    type: z.literal("range"),
    ranges: z.array(
      z.object({
        key: z.string(),
        from: z.union([z.number(), z.string()]).optional(),
        to: z.union([z.number(), z.string()]).optional(),
        count: z.number().int(),
      }),
    ),
  }),
  z.object({
    type: z.literal("stats"),
    min: z.number(),
    max: z.number(),
    avg: z.number().optional(),
    sum: z.number().optional(),
    count: z.number().int(),
  }),
])
export const SearchAnswer = z.object({
  results: z.array(
    z.object({
      hits: z.array(
        z.object({
          id: z.string(),
          score: z.number().optional(),
          document: z.record(z.string(), z.unknown()),
          highlights: z.record(z.string(), z.array(z.string())).optional(),
        }),
      ),
      facets: z.record(z.string(), FacetAnswer).optional(),
      metadata: z.object({
        skip: z.number().int(),
        take: z.number().int(),
        count: z.number().int().nullable(),
        query: z.string().optional(),
        processing_time_ms: z.number(),
      }),
    }),
  ),
})
