import { z } from "@hono/zod-openapi"
import { DEFAULT_HIGHLIGHT, type Facet, type Filters, type SearchQuery } from "../../../commerce/search/index.ts"
import { WireError } from "../../errors.ts"

const MOST_VALUES = 100
const value = z.string().min(1).max(255)
const several = z
  .union([value, z.array(value).min(1).max(MOST_VALUES)])
  .transform((it) => (typeof it === "string" ? [it] : it))
  .optional()
const number = (text: z.ZodString, check: (n: number) => boolean, what: string) =>
  text.transform(Number).refine(check, what)
const amount = number(
  z.string().regex(/^\d{1,12}(\.\d{1,8})?$/, "must be an amount, such as 19.90"),
  Number.isFinite,
  "",
)
const whole = z
  .string()
  .regex(/^\d{1,7}$/, "must be a whole number")
  .transform(Number)

const SORTS = {
  relevance: [],
  price: [{ field: "price", direction: "ASC" }],
  "-price": [{ field: "price", direction: "DESC" }],
  newest: [{ field: "created_at", direction: "DESC" }],
  title: [{ field: "title", direction: "ASC" }],
  "-title": [{ field: "title", direction: "DESC" }],
} as const

/** Facets by the names of the parameters that they are for. */
export const FACETS = {
  category_id: "category_ids",
  collection_id: "collection_id",
  tag: "tags",
  type_id: "type_id",
  option: "options",
  stock_location_id: "in_stock_location_ids",
  price: "price",
} as const
export type FacetName = keyof typeof FACETS
const facetNames = Object.keys(FACETS) as FacetName[]

const MOST_LIMIT = 100
const VALUES_OF_A_FACET = 100

export const CatalogParameters = z
  .object({
    q: z.string().max(10_240, "must have at most 10,240 characters").optional().openapi({ example: "lámpara" }),
    category_id: several.openapi({ description: "A category, with all below it; any of several." }),
    collection_id: several,
    type_id: several,
    tag: several.openapi({ description: "Tags by their text; any of several." }),
    option: several
      .refine(
        (it) => it?.every((option) => /^[^:]+:./.test(option)) ?? true,
        "must be an option and its value, such as Color:Azul",
      )
      .openapi({
        description: "An option and its value; values of one option are alternatives, several options must all fit.",
        example: "Color:Azul",
      }),
    price_min: amount.optional().openapi({ example: "10" }),
    price_max: amount.optional().openapi({ example: "49.90" }),
    currency_code: z
      .string()
      .regex(/^[A-Za-z]{3}$/, "must be three letters, such as eur")
      .transform((it) => it.toLowerCase())
      .optional()
      .openapi({ example: "eur" }),
    region_id: value.optional().openapi({ description: "For its currency, and for the caller's own prices." }),
    country_code: z
      .string()
      .regex(/^[A-Za-z]{2}$/, "must be two letters, such as es")
      .optional(),
    province: value.optional(),
    in_stock: z
      .enum(["true", "false"])
      .optional()
      .openapi({ description: "`true`: only what this channel has in stock." }),
    stock_location_id: several.openapi({ description: "Only what one of these shops has in stock." }),
    sort: z.enum(Object.keys(SORTS) as (keyof typeof SORTS)[]).default("relevance"),
    facets: z
      .string()
      .transform((it) => it.split(",").filter(Boolean))
      .pipe(z.array(z.enum(facetNames)).max(facetNames.length))
      .optional()
      .openapi({ example: "category_id,option,price", description: `Any of ${facetNames.join(", ")}.` }),
    limit: whole
      .refine((it) => it <= MOST_LIMIT, `must be at most ${MOST_LIMIT}`)
      .default(20)
      .openapi({ example: 20 }),
    offset: whole.default(0).openapi({ example: 0 }),
  })
  .strict()
export type CatalogQuery = z.output<typeof CatalogParameters>

/**
 * The simple form as our engines take it.
 *
 * @param currency  in which prices are compared; undefined when nobody has said
 * @throws WireError when prices are asked for in no currency
 */
export function searchFor(query: CatalogQuery, channels: string[], currency: string | undefined): SearchQuery {
  const priceField = () => {
    if (currency) return `price.${currency}`
    throw new WireError(400, "invalid_data", "Invalid request: say in which currency, by currency_code or region_id")
  }
  const { price_min, price_max } = query
  const filters: Filters[] = []
  const anyOf = (field: string, values: string[] | undefined) => {
    if (values) filters.push({ [field]: values })
  }
  anyOf("category_ids", query.category_id)
  anyOf("collection_id", query.collection_id)
  anyOf("type_id", query.type_id)
  anyOf("tags", query.tag)
  for (const values of byOption(query.option ?? [])) anyOf("options", values)
  anyOf("in_stock_location_ids", query.stock_location_id)
  if (query.in_stock === "true") anyOf("in_stock_sales_channel_ids", channels)
  if (price_min !== undefined || price_max !== undefined) {
    const bounds = {
      ...(price_min === undefined ? {} : { $gte: price_min }),
      ...(price_max === undefined ? {} : { $lte: price_max }),
    }
    filters.push({ [priceField()]: bounds })
  }
  const facets = [...new Set(query.facets)].map(
    (name): Facet =>
      name === "price"
        ? { field: priceField(), type: "stats" }
        : { field: FACETS[name], type: "value", limit: VALUES_OF_A_FACET, sort: "count" },
  )
  return {
    channels,
    q: query.q ?? "",
    filters: { $and: filters },
    facets,
    disjunctive: true,
    highlight: { fields: ["title", "description"], ...DEFAULT_HIGHLIGHT },
    match: "last",
    typos: true,
    // Without words there is no relevance: then what is new is shown first.
    order: SORTS[query.sort === "relevance" && !query.q?.trim() ? "newest" : query.sort].map(
      ({ field, direction }) => ({
        field: field === "price" ? priceField() : field,
        direction,
      }),
    ),
    skip: query.offset,
    take: query.limit,
  }
}

/** Values of the same option belong together: `Color:Azul` or `Color:Rojo`, and `Talla:M`. */
function byOption(options: string[]): string[][] {
  const groups = new Map<string, string[]>()
  for (const option of options) {
    const title = option.slice(0, option.indexOf(":"))
    groups.set(title, [...(groups.get(title) ?? []), option])
  }
  return [...groups.values()]
}
