import type { Merge } from "../change/index.ts"

/** A line of which there are more or less than before: 0 where it was, or is, not there. */
export interface LineChange {
  id: string
  variant_id: string | null
  title: string
  quantity: { from: number; to: number }
}

/** What a change has changed, in short: nothing that the cart itself does not show. */
export interface What {
  /** Parts of the cart that are different: `items`, `email`, `shipping_address`. */
  changed: string[]
  lines: LineChange[]
  promotions: { added: string[]; removed: string[] }
  shipping_methods: { added: string[]; removed: string[] }
  /** Of two carts that were merged: by what policy, and what could not be kept. */
  merge?: Pick<Merge, "policy" | "dropped">
}

interface Line {
  id: string
  variant_id: string | null
  title: string
  quantity: number
}
interface Method {
  id: string
  name: string | null
}
/** What events keep of a cart: of lists of rows, those that are different. */
interface Part {
  items?: Line[]
  shipping_methods?: Method[]
  promotions?: string[]
  merge?: Pick<Merge, "policy" | "dropped">
  [name: string]: unknown
}

/** @param data  of an event of a cart */
export function whatOf(data: { before: unknown; after: unknown }): What {
  const [before, after] = [partOf(data.before), partOf(data.after)]
  const { merge } = after
  return {
    changed: [...new Set([...Object.keys(before), ...Object.keys(after)])].filter((it) => PARTS.has(it)).sort(),
    lines: linesOf(before.items ?? [], after.items ?? []),
    promotions: difference(before.promotions ?? [], after.promotions ?? []),
    shipping_methods: difference(namesOf(before.shipping_methods), namesOf(after.shipping_methods)),
    ...(merge ? { merge: { policy: merge.policy, dropped: merge.dropped } } : {}),
  }
}

/** Whose names are told: what is in them may be personal. */
const PARTS = new Set([
  ...["region_id", "currency_code", "sales_channel_id", "customer_id", "email", "locale", "metadata", "completed_at"],
  ...["promotions", "payment", "shipping_address", "billing_address", "items", "shipping_methods"],
])

const partOf = (it: unknown): Part => (typeof it === "object" && it !== null ? (it as Part) : {})

function linesOf(before: readonly Line[], after: readonly Line[]): LineChange[] {
  const was = new Map(before.map((it) => [it.id, it]))
  const is = new Map(after.map((it) => [it.id, it]))
  return [...new Map([...was, ...is]).values()].flatMap(({ id, variant_id, title }) => {
    const quantity = { from: was.get(id)?.quantity ?? 0, to: is.get(id)?.quantity ?? 0 }
    return quantity.from === quantity.to ? [] : [{ id, variant_id, title, quantity }]
  })
}

const namesOf = (methods: readonly Method[] = []) => methods.flatMap((it) => it.name ?? [])

function difference(before: readonly string[], after: readonly string[]) {
  return { added: after.filter((it) => !before.includes(it)), removed: before.filter((it) => !after.includes(it)) }
}
