import type { Draft } from "../carts/index.ts"
import type { Order, OrderLine, OrderMethod } from "../orders/index.ts"
import type { Checkout } from "./read.ts"

type Row = Record<string, unknown>

/** The order as `readOrder` will read it, out of the rows that are to be written. */
export function placedOrder({ changes, cart }: Draft, { variants }: Checkout): Order {
  const rows = (table: Parameters<typeof changes.get>[0]) =>
    [...(changes.get(table)?.created.values() ?? [])] as unknown as Row[]
  const [order] = rows("order")
  const [summary] = rows("order_summary")
  const address = (id: unknown) => rows("order_address").find((it) => it.id === id) ?? null
  const parts = (of: "order_line_item" | "order_shipping_method", parent: string, id: unknown) => ({
    tax_lines: rows(`${of}_tax_line`).filter((it) => it[parent] === id),
    adjustments: rows(`${of}_adjustment`).filter((it) => it[parent] === id),
  })
  const lines = new Map(rows("order_line_item").map((it) => [it.id, it]))
  const methods = new Map(rows("order_shipping_method").map((it) => [it.id, it]))
  const { payment_sessions: _, ...collection } = cart.payment_collection ?? {}
  return {
    order: order as Order["order"],
    summary: summary?.totals as Row,
    credit_lines: rows("order_credit_line") as Order["credit_lines"],
    items: rows("order_item").map((item) => {
      const line = lines.get(item.item_id)
      const variant = variants.find((it) => it.id === line?.variant_id)?.row ?? null
      return { item, line, variant, ...parts("order_line_item", "item_id", item.item_id) } as unknown as OrderLine
    }),
    shipping_methods: rows("order_shipping").map((shipping) => {
      const { shipping_method_id: id } = shipping
      const own = parts("order_shipping_method", "shipping_method_id", id)
      return { shipping, method: methods.get(id), ...own } as unknown as OrderMethod
    }),
    shipping_address: address(order?.shipping_address_id),
    billing_address: address(order?.billing_address_id),
    payment_collections: (cart.payment_collection ? [collection] : []) as Order["payment_collections"],
    fulfillments: [],
  }
}
