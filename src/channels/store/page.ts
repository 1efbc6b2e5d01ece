import { z } from "@hono/zod-openapi"

/** The page that a list lane is asked for, and what it answers with. */

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

/** What `limit` and `offset` say, and what Medusa says to a missing one. */
export function pageOf(query: { limit?: string | undefined; offset?: string | undefined }, defaultLimit: number) {
  return { offset: Number(query.offset ?? 0), limit: query.limit === undefined ? defaultLimit : Number(query.limit) }
}

export function orderOf<Name extends string>(order: Name | `-${Name}`): { by: Name; descending: boolean } {
  return { by: order.replace(/^-/, "") as Name, descending: order.startsWith("-") }
}

/** A page as Medusa answers it: its rows under their name, and what it was asked for. */
export function pageAnswer<Many extends string, Row extends z.ZodType>(many: Many, row: Row) {
  return z.object({
    ...({ [many]: z.array(row) } as Record<Many, z.ZodArray<Row>>),
    count: z.number().int(),
    offset: z.number().int(),
    limit: z.number().int(),
  })
}
