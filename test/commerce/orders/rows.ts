import type { Sql } from "postgres"
import { newId } from "../../../src/platform/ids.ts"

/** Orders as plain SQL writes them, with what Medusa's rows must have: whoever writes them, they are told of. */
export function orderWriter(sql: Sql) {
  const raw = (amount: number) => JSON.stringify({ value: String(amount), precision: 20 })
  return {
    async place(): Promise<string> {
      const id = newId("order")
      await sql`insert into "order" (id, currency_code, email) values (${id}, 'eur', 'vega@example.com')`
      return id
    },
    /** @param amount  below zero: it is given back */
    async pay(order_id: string, amount: number): Promise<string> {
      const id = newId("ordtrx")
      await sql`
        insert into order_transaction (id, order_id, amount, raw_amount, currency_code, reference)
        values (${id}, ${order_id}, ${amount}, ${raw(amount)}::text::jsonb, 'eur', ${amount < 0 ? "refund" : "capture"})`
      return id
    },
    async fulfill(order_id: string): Promise<string> {
      const id = newId("ful")
      const [location] = await sql<{ id: string }[]>`select id from stock_location limit 1`
      await sql.begin(async (tx) => {
        await tx`insert into fulfillment (id, location_id, packed_at) values (${id}, ${location?.id ?? ""}, now())`
        await tx`
          insert into order_fulfillment (order_id, fulfillment_id, id) values (${order_id}, ${id}, ${newId("ordful")})`
      })
      return id
    },
    /** A draft that an agent has begun some hours ago. */
    async draft(hours: number): Promise<string> {
      const id = newId("order")
      await sql`
        insert into "order" (id, currency_code, email, is_draft_order, status, created_at)
        values (${id}, 'eur', 'vega@example.com', true, 'draft', now() - make_interval(hours => ${hours}))`
      return id
    },
    /** As Medusa's workflow does it. */
    async convert(draft: string): Promise<void> {
      await sql`update "order" set is_draft_order = false, status = 'pending', updated_at = now() where id = ${draft}`
    },
    async label(fulfillment: string, number: string): Promise<void> {
      await sql`
        insert into fulfillment_label (id, fulfillment_id, tracking_number, tracking_url, label_url)
        values (${newId("fulla")}, ${fulfillment}, ${number}, '#', '#')`
    },
    async ship(fulfillment: string): Promise<void> {
      await sql`update fulfillment set shipped_at = now() where id = ${fulfillment}`
    },
    async cancel(order: string): Promise<void> {
      await sql`update "order" set status = 'canceled', canceled_at = now() where id = ${order}`
    },
  }
}
