import { z } from "@hono/zod-openapi"
import type { ProductDocument } from "../../../commerce/catalog/index.ts"
import { type FacetResult, type Hit, isNamed, readLabels } from "../../../commerce/search/index.ts"
import type { Services } from "../../counter.ts"
import { wrongParameter } from "../../parameters.ts"
import { answer } from "../lane.ts"
import { ownRoute } from "../own.ts"
import { searched } from "../search/index.ts"
import { callersPrice, type PriceContext, type PriceOf, priceContext } from "./price.ts"
import { CatalogParameters, FACETS, type FacetName, searchFor } from "./query.ts"

const CatalogHit = z
  .object({
    id: z.string(),
    title: z.string(),
    subtitle: z.string().nullable(),
    description: z.string().nullable(),
    handle: z.string(),
    thumbnail: z.string().nullable(),
    created_at: z.iso.datetime(),
    collection: z.object({ id: z.string(), title: z.string() }).nullable(),
    type: z.object({ id: z.string(), value: z.string() }).nullable(),
    tags: z.array(z.string()),
    category_ids: z.array(z.string()),
    options: z.array(z.string()).openapi({ example: ["Color:Azul"] }),
    in_stock: z.boolean().openapi({ description: "In one of the key's sales channels." }),
    stock_location_ids: z.array(z.string()),
    price: z
      .object({
        currency_code: z.string(),
        amount: z.number(),
        original_amount: z.number(),
        amount_with_tax: z.number().optional(),
      })
      .nullable()
      .openapi({
        description: "Of the cheapest variant, for this caller; null when neither region nor currency is given.",
      }),
    highlights: z.record(z.string(), z.union([z.string(), z.array(z.string())])).optional(),
  })
  .openapi("StoreCatalogHit")
const CatalogFacet = z.union([
  z.array(z.object({ value: z.string(), label: z.string(), count: z.number().int() })),
  z.object({ min: z.number().nullable(), max: z.number().nullable(), count: z.number().int() }),
])
const CatalogAnswer = z.object({
  products: z.array(CatalogHit),
  count: z.number().int(),
  offset: z.number().int(),
  limit: z.number().int(),
  facets: z.record(z.string(), CatalogFacet),
})

/** `GET /store/catalog`: the search as a person would write it into an address bar. */
export const searchCatalog = (services: Services) => {
  const { regions, catalog, database } = services
  const priceOf = callersPrice(services)
  return ownRoute({
    path: "/store/catalog",
    summary: "Search the catalog",
    description:
      "Products of the key's sales channels: by words (with beginnings, slips and synonyms), narrowed by filters, with facets that count as if their own filter were not set. Prices are filtered and sorted by what anyone pays in the currency; a hit's own price is the caller's.",
    query: CatalogParameters,
    answer: {
      description: "A page of hits. `X-Search-Engine` names who found them.",
      content: { "application/json": { schema: CatalogAnswer } },
    },
    errors: { 503: "The search took too long, or a session was sent and Medusa, which knows whose it is, is not up." },
    async handle(c, query) {
      const region = query.region_id === undefined ? undefined : regions.find(query.region_id)
      if (query.region_id !== undefined && !region) {
        throw wrongParameter("region_id", `there is no region ${query.region_id}`)
      }
      if (region && query.currency_code && query.currency_code !== region.currency_code) {
        throw wrongParameter("currency_code", `the region ${region.id} sells in ${region.currency_code}`)
      }
      const currency = query.currency_code ?? region?.currency_code
      const channels = c.get("publishableKey").sales_channel_ids
      const { engine, results } = await searched(services, [searchFor(query, channels, currency)])
      const [result] = results
      const hits = result?.hits ?? []
      const [documents, context] = await Promise.all([
        catalog.documents.get(hits.map((hit) => hit.id)),
        priceContext(c, services, query, currency),
      ])
      const facets = await Promise.all(
        [...new Set(query.facets)].map(async (name, i) => [
          name,
          await showFacet(database.sql, name, result?.facets[i]),
        ]),
      )
      const byId = new Map(documents.map((it) => [it.product_id, it]))
      c.header("X-Search-Engine", engine)
      // Prices and stock change at any moment: kept by nobody without asking whether it still holds.
      c.header("Cache-Control", "private, no-cache")
      c.header("Vary", "x-publishable-api-key, Authorization, Cookie", { append: true })
      return answer(c, {
        products: hits.map((hit) => showHit(hit, channels, byId.get(hit.id), context, priceOf)),
        count: result?.count ?? 0,
        offset: query.offset,
        limit: query.limit,
        facets: Object.fromEntries(facets),
      })
    },
  })
}

function showHit(
  { document, highlights }: Hit,
  channels: string[],
  product: ProductDocument | undefined,
  context: PriceContext,
  priceOf: PriceOf,
): z.input<typeof CatalogHit> {
  const { id, title, subtitle, description, handle, thumbnail, tags, category_ids, options } = document
  const { collection_id, collection_title, type_id, type } = document
  return {
    ...{ id, title, subtitle, description, handle, thumbnail },
    created_at: new Date(document.created_at).toISOString(),
    collection: collection_id === null ? null : { id: collection_id, title: collection_title ?? "" },
    type: type_id === null ? null : { id: type_id, value: type ?? "" },
    ...{ tags, category_ids, options },
    in_stock: document.in_stock_sales_channel_ids.some((channel) => channels.includes(channel)),
    stock_location_ids: document.in_stock_location_ids,
    price: product ? priceOf(product, document.price, context) : null,
    ...(highlights ? { highlights } : {}),
  }
}

async function showFacet(
  sql: Services["database"]["sql"],
  name: FacetName,
  facet: FacetResult | undefined,
): Promise<z.input<typeof CatalogFacet>> {
  if (facet?.type === "stats") return { min: facet.min, max: facet.max, count: facet.count }
  if (facet?.type !== "value") return []
  const field = FACETS[name]
  if (!isNamed(field)) return facet.values.map(({ value, count }) => ({ value, label: value, count }))
  const labels = await readLabels(
    sql,
    field,
    facet.values.map((it) => it.value),
  )
  return facet.values.flatMap(({ value, count }) => {
    const label = labels.get(value)
    return label === undefined ? [] : [{ value, label, count }]
  })
}
