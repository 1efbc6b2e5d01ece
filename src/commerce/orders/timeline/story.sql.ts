import { sql } from "drizzle-orm"
import { index, integer, jsonb, text, timestamp } from "drizzle-orm/pg-core"
import { mostrador } from "../../../platform/db/mostrador.sql.ts"

/** How far the story of an order has been told. Its row is the lock of who tells it. */
export const orderStory = mostrador.table(
  "order_story",
  {
    order_id: text().primaryKey(),
    /** Ids of the entries that were told, in the order in which they were: an entry's place is its event's version. */
    told: text().array().notNull().default(sql`'{}'`),
    /** It has changed, and is to be looked at; not before. */
    due_at: timestamp({ withTimezone: true }),
    /** When a draft became the order, and in which version: a trigger of `order` writes it. Null for what was no draft. */
    placed_at: timestamp({ withTimezone: true }),
    placed_version: integer(),
  },
  (table) => [index("order_story_due_index").on(table.due_at).where(sql`due_at is not null`)],
)

/** Who asks to cancel an order: written before Medusa is asked, so that the event knows it however that goes on. */
export const orderCancellation = mostrador.table("order_cancellation", {
  order_id: text().primaryKey(),
  actor: jsonb().notNull(),
  /** Id of the sales channel. */
  channel: text(),
  /** Id of ours. */
  channel_id: text(),
  device: text(),
  asked_at: timestamp({ withTimezone: true }).notNull().defaultNow(),
  /** When Medusa refused, for good, what it was lost in the middle of: the order is as free as if nobody had asked. */
  refused_at: timestamp({ withTimezone: true }),
})
