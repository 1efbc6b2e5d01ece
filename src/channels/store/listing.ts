import { z } from "@hono/zod-openapi"
import type { HeldTable, Question } from "../../platform/changes/index.ts"
import { WireError } from "../errors.ts"
import { type Lane, lane } from "./lane.ts"
import { orderOf, pageAnswer, pageOf, pageParameters } from "./page.ts"
import { compileProjection, type Shape } from "./project.ts"
import type { selectable } from "./selectable.ts"

/** `fields`, of which the lane itself finds out whether it has them. */
export const fieldsParameter = z
  .string()
  .optional()
  .openapi({ description: "Fields to answer with; `+ - *` as in Medusa.", example: "id" })

/** What makes the lanes of one noun that lies in one table and shows nothing of others. */
export interface Noun<
  Name extends string,
  Path extends string,
  One extends string,
  Many extends string,
  Key extends "id" | "code",
  Filters extends z.ZodRawShape,
  Row extends z.ZodType,
> {
  /** As Medusa's body has them. */
  one: One
  many: Many
  /** As Medusa's messages have it: `Product tag`. */
  title: string
  path: Path
  /** The parameter in the path of one, and the column it is. */
  key: Key
  table: Pick<HeldTable<object, Name>, "find" | "page">
  /** Columns to order by. */
  orders: readonly Name[]
  defaultLimit: number
  defaultOrder?: `-${Name}`
  select: ReturnType<typeof selectable>
  shape: Shape
  /** Schemas of the filters. */
  filters: Filters
  answer: Row
}

/** A noun as it is, with its types followed from its names and schemas. */
export const noun = <
  Name extends string,
  Path extends string,
  One extends string,
  Many extends string,
  Key extends "id" | "code",
  Filters extends z.ZodRawShape,
  Row extends z.ZodType,
>(
  it: Noun<Name, Path, One, Many, Key, Filters, Row>,
) => it

/** The lane that lists it. */
export function listLane<
  Name extends string,
  Path extends string,
  Many extends string,
  Filters extends z.ZodRawShape,
  Row extends z.ZodType,
>(noun: Noun<Name, Path, string, Many, "id" | "code", Filters, Row>) {
  type Query = z.ZodObject<{ fields: typeof fieldsParameter } & ReturnType<typeof pageParameters<Name>> & Filters>
  return lane({
    method: "get",
    path: noun.path,
    summary: `List ${noun.many.replaceAll("_", " ")}`,
    shared: true,
    query: z.object({ fields: fieldsParameter, ...pageParameters(noun.orders), ...noun.filters }),
    answer: pageAnswer(noun.many, noun.answer),
    async handle(_, query) {
      const { fields, limit: __, offset: ___, order = noun.defaultOrder, q: words, ...filters } = query as ListQuery
      const selection = noun.select(fields)
      if (!selection) return undefined
      const page = pageOf(query as ListQuery, noun.defaultLimit)
      const question = { filters, words, order: order && orderOf(order), ...page }
      const found = await noun.table.page(question as Question<Name>)
      if (!found) return undefined
      const project = compileProjection(selection, noun.shape)
      return { [noun.many]: found.rows.map((row) => project(row) ?? null), count: found.count, ...page }
    },
  }) as Lane<z.ZodObject> as unknown as Lane<Query, Path, ReturnType<typeof pageAnswer<Many, Row>>>
}

interface ListQuery {
  fields?: string
  limit?: string
  offset?: string
  order?: string
  q?: string
}

/** The lane that gets one of it. */
export function getLane<
  Name extends string,
  Path extends string,
  One extends string,
  Key extends "id" | "code",
  Row extends z.ZodType,
>(noun: Noun<Name, Path, One, string, Key, z.ZodRawShape, Row>) {
  return lane({
    method: "get",
    path: `${noun.path}/{${noun.key}}` as `${Path}/{${Key}}`,
    summary: `Get a ${noun.one.replaceAll("_", " ")}`,
    shared: true,
    params: z.object({ [noun.key]: z.string() }),
    query: z.object({ fields: fieldsParameter }),
    answer: z.object({ [noun.one]: noun.answer } as Record<One, Row>),
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
