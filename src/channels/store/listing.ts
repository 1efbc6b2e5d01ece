import { z } from "@hono/zod-openapi"
import type { HeldTable, Question } from "../../platform/changes/index.ts"
import { WireError } from "../errors.ts"
import { type Lane, lane } from "./lane.ts"
import { compileProjection, type Shape } from "./project.ts"
import type { selectable } from "./selectable.ts"

const count = z.string().regex(/^\d{1,9}$/)

/** `limit`, `offset`, and `order` by one of the columns. */
export function pageParameters<Name extends string>(columns: readonly Name[]) {
  const orders = columns.flatMap((name) => [name, `-${name}`] as const) as [Name, ...(Name | `-${Name}`)[]]
  return {
    limit: count.optional().openapi({ example: "20" }),
    offset: count.optional().openapi({ example: "0" }),
    order: z.enum(orders).optional().openapi({ description: "A column; from last to first with `-`." }),
  }
}

/** `fields`, of which the lane itself finds out whether it has them. */
export const fieldsParameter = z
  .string()
  .optional()
  .openapi({ description: "Fields to answer with; `+ - *` as in Medusa.", example: "id" })

/** What `limit` and `offset` say, and what Medusa says to a missing one. */
export function pageOf(query: { limit?: string | undefined; offset?: string | undefined }, defaultLimit: number) {
  return { offset: Number(query.offset ?? 0), limit: query.limit === undefined ? defaultLimit : Number(query.limit) }
}

export function orderOf<Name extends string>(order: string | undefined): Question<Name>["order"] {
  return order === undefined ? undefined : { by: order.replace(/^-/, "") as Name, descending: order.startsWith("-") }
}

/** What makes the lanes of one noun that lies in one table and shows nothing of others. */
export interface Noun<Name extends string> {
  /** As Medusa's body has them. */
  one: string
  many: string
  /** As Medusa's messages have it: `Product tag`. */
  title: string
  path: string
  /** The parameter in the path of one, and the column it is. */
  key: "id" | "code"
  table: Pick<HeldTable<object, Name>, "find" | "page">
  /** Columns to order by. */
  orders: readonly Name[]
  defaultLimit: number
  defaultOrder?: `-${Name}`
  select: ReturnType<typeof selectable>
  shape: Shape
  /** Schemas of the filters. */
  filters: z.ZodRawShape
  answer: z.ZodType
}

/** The lane that lists it. */
export function listLane<Name extends string>(noun: Noun<Name>) {
  return lane({
    method: "get",
    path: noun.path,
    summary: `List ${noun.many.replaceAll("_", " ")}`,
    shared: true,
    query: z.object({ fields: fieldsParameter, ...pageParameters(noun.orders), ...noun.filters }),
    answer: z.object({
      [noun.many]: z.array(noun.answer),
      count: z.number().int(),
      offset: z.number().int(),
      limit: z.number().int(),
    }),
    async handle(_, query) {
      const { fields, limit: __, offset: ___, order = noun.defaultOrder, q: words, ...filters } = query as ListQuery
      const selection = noun.select(fields)
      if (!selection) return undefined
      const page = pageOf(query as ListQuery, noun.defaultLimit)
      const found = await noun.table.page({ filters, words, order: orderOf<Name>(order), ...page } as Question<Name>)
      if (!found) return undefined
      const project = compileProjection(selection, noun.shape)
      return { [noun.many]: found.rows.map((row) => project(row) ?? null), count: found.count, ...page }
    },
  }) as Lane<z.ZodObject>
}

interface ListQuery {
  fields?: string
  limit?: string
  offset?: string
  order?: string
  q?: string
}

/** The lane that gets one of it. */
export function getLane<Name extends string>(noun: Noun<Name>) {
  return lane({
    method: "get",
    path: `${noun.path}/{${noun.key}}`,
    summary: `Get a ${noun.one.replaceAll("_", " ")}`,
    shared: true,
    params: z.object({ [noun.key]: z.string() }),
    query: z.object({ fields: fieldsParameter }),
    answer: z.object({ [noun.one]: noun.answer }),
    errors: { 404: `There is no ${noun.one.replaceAll("_", " ")} with this ${noun.key}.` },
    handle(c, query) {
      const selection = noun.select(query.fields)
      if (!selection) return undefined
      const key = c.req.param(noun.key) ?? ""
      const row = noun.table.find(key)
      // Medusa takes what has none of the fields for what is not there.
      const shown = row && compileProjection(selection, noun.shape)(row)
      if (!shown) throw new WireError(404, "not_found", `${noun.title} with ${noun.key}: ${key} was not found`)
      return { [noun.one]: shown }
    },
  })
}
