import { z } from "@hono/zod-openapi"
import type { Country, Region } from "../../commerce/regions/index.ts"
import type { Services } from "../counter.ts"
import { WireError } from "../errors.ts"
import { type FieldSelection, parseFields } from "./fields.ts"
import { lane } from "./lane.ts"

const DEFAULT_LIMIT = 50

/** @source Medusa 2.21 `medusa/dist/api/store/regions/query-config.js` */
const DEFAULT_FIELDS = [
  "id",
  "name",
  "currency_code",
  "created_at",
  "updated_at",
  "deleted_at",
  "metadata",
  "*countries",
]
const REGION_FIELDS = ["id", "name", "currency_code", "created_at", "updated_at", "deleted_at", "metadata"] as const
const COUNTRY_FIELDS = ["iso_2", "iso_3", "num_code", "name", "display_name"] as const
const FIELDS = new Set<string>([...REGION_FIELDS, ...COUNTRY_FIELDS.map((field) => `countries.${field}`)])

const CountryAnswer = z.object({
  iso_2: z.string().openapi({ example: "es" }),
  iso_3: z.string().openapi({ example: "esp" }),
  num_code: z.string().openapi({ example: "724" }),
  name: z.string().openapi({ example: "SPAIN" }),
  display_name: z.string().openapi({ example: "Spain" }),
})
const RegionAnswer = z
  .object({
    id: z.string().openapi({ example: "reg_01M7ZRVFH8HMMAP027Z42YKK0G" }),
    name: z.string().openapi({ example: "España" }),
    currency_code: z.string().openapi({ example: "eur" }),
    created_at: z.iso.datetime(),
    updated_at: z.iso.datetime(),
    deleted_at: z.iso.datetime().nullable(),
    metadata: z.record(z.string(), z.unknown()).nullable(),
    countries: z.array(CountryAnswer),
  })
  .openapi("StoreRegion")

/** Nested and unknown fields, and those of payment providers, are Medusa's. */
const fields = z
  .string()
  .refine((text) => known(parseFields(text, DEFAULT_FIELDS)))
  .optional()
  .openapi({
    description: "Fields of the region, and of its countries; `+ - *` as in Medusa.",
    example: "id,name,*countries",
  })

/** `null` means something else to Medusa. */
const value = z.string().refine((text) => text !== "null")
const oneOrMore = z.union([value, z.array(value).min(1)]).optional()
const count = z.string().regex(/^\d{1,9}$/)

export const listRegions = ({ regions }: Services) =>
  lane({
    method: "get",
    path: "/store/regions",
    summary: "List regions",
    description: "All regions of the shop, with their countries and currency.",
    shared: true,
    query: z.object({
      fields,
      id: oneOrMore,
      name: oneOrMore,
      currency_code: oneOrMore,
      limit: count.optional().openapi({ example: "20" }),
      offset: count.optional().openapi({ example: "0" }),
      // Other orders leave ties, among which Postgres decides anew each time.
      order: z.enum(["id", "-id"]).optional(),
    }),
    answer: z.object({
      regions: z.array(RegionAnswer),
      count: z.number().int(),
      offset: z.number().int(),
      limit: z.number().int(),
    }),
    handle(_, query) {
      const limit = query.limit === undefined ? DEFAULT_LIMIT : Number(query.limit)
      const offset = Number(query.offset ?? 0)
      const filter = { id: list(query.id), name: list(query.name), currency_code: list(query.currency_code) }
      const found = regions.list(filter, { offset, limit, descending: query.order === "-id" })
      const selection = parseFields(query.fields, DEFAULT_FIELDS)
      return { regions: found.regions.map((it) => shown(it, selection)), count: found.count, offset, limit }
    },
  })

export const getRegion = ({ regions }: Services) =>
  lane({
    method: "get",
    path: "/store/regions/{id}",
    summary: "Get a region",
    shared: true,
    params: z.object({ id: z.string().openapi({ example: "reg_01M7ZRVFH8HMMAP027Z42YKK0G" }) }),
    query: z.object({ fields }),
    answer: z.object({ region: RegionAnswer }),
    errors: { 404: "There is no region with this id." },
    handle(c, query) {
      const id = c.req.param("id") ?? ""
      const region = regions.find(id)
      if (!region) throw new WireError(404, "not_found", `Region with id: ${id} was not found`)
      return { region: shown(region, parseFields(query.fields, DEFAULT_FIELDS)) }
    },
  })

function known({ fields: asked, relations }: FieldSelection): boolean {
  return [...asked].every((field) => FIELDS.has(field)) && [...relations].every((relation) => relation === "countries")
}

function shown(region: Region, { fields: asked, relations }: FieldSelection): Record<string, unknown> {
  const own = REGION_FIELDS.filter((field) => asked.has(field)).map((field) => [field, region[field]])
  const wanted = COUNTRY_FIELDS.filter((field) => asked.has(`countries.${field}`))
  const countries = relations.has("countries")
    ? region.countries
    : region.countries.map((country) =>
        Object.fromEntries(wanted.map((field: keyof Country) => [field, country[field]])),
      )
  const withCountries = relations.has("countries") || wanted.length > 0
  return { ...Object.fromEntries(own), ...(withCountries ? { countries } : {}) }
}

const list = (value: string | string[] | undefined) => (typeof value === "string" ? [value] : value)
