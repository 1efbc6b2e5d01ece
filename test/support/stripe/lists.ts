import { invalidParameter } from "./errors.ts"
import { group, type Params, text } from "./params.ts"

interface Listed {
  id: string
  created: number
}

/**
 * A page as Stripe gives it, newest first.
 *
 * @param items  in the order in which they came to be
 */
export function list<Item extends Listed>(url: string, items: Iterable<Item>, params: Params) {
  const limit = Number(text(params, "limit") ?? 10)
  if (!(limit >= 1 && limit <= 100)) throw invalidParameter("limit", "Invalid limit: must be between 1 and 100")
  const found = [...items].reverse().filter((item) => within(item.created, params))
  const after = text(params, "starting_after")
  const from = after === undefined ? 0 : found.findIndex((item) => item.id === after) + 1
  if (after !== undefined && from === 0) {
    throw invalidParameter("starting_after", `No such object: '${after}'`, "resource_missing")
  }
  const data = found.slice(from, from + limit)
  return { object: "list" as const, data, has_more: from + limit < found.length, url }
}

function within(created: number, params: Params): boolean {
  if (typeof params.created === "string") return created === Number(params.created)
  const { gt, gte, lt, lte } = group(params, "created") ?? {}
  return (
    (gt === undefined || created > Number(gt)) &&
    (gte === undefined || created >= Number(gte)) &&
    (lt === undefined || created < Number(lt)) &&
    (lte === undefined || created <= Number(lte))
  )
}
