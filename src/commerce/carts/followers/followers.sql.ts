import { sql } from "drizzle-orm"
import { customType, index, jsonb, text, timestamp, uuid } from "drizzle-orm/pg-core"
import { mostrador } from "../../../platform/db/mostrador.sql.ts"

const xid8 = customType<{ data: string }>({ dataType: () => "xid8" })

/** Processes that hold streams of carts open, and when they last said so. Unlogged: it is true only while they live. */
export const stream_process = mostrador.table("stream_process", {
  id: uuid().primaryKey(),
  seen_at: timestamp({ withTimezone: true }).notNull(),
})

/** Who looks at carts now: a row for each open stream, and for a while for those that have ended. Unlogged, too. */
export const cart_presence = mostrador.table(
  "cart_presence",
  {
    id: uuid().primaryKey(),
    /** The transaction that has last written it: by it others see that something is new. */
    tx: xid8().notNull().default(sql`pg_current_xact_id()`),
    process_id: uuid().notNull(),
    cart_id: text().notNull(),
    channel: text(),
    device: text(),
    /** Of what kind he is who looks. */
    actor_type: text().notNull(),
    joined_at: timestamp({ withTimezone: true }).notNull().default(sql`clock_timestamp()`),
    left_at: timestamp({ withTimezone: true }),
  },
  (table) => [
    index("cart_presence_tx_index").on(table.tx),
    index("cart_presence_cart_index").on(table.cart_id),
    index("cart_presence_process_index").on(table.process_id),
  ],
)

/** What opens a stream once to who cannot send headers. */
export const stream_ticket = mostrador.table(
  "stream_ticket",
  {
    /** SHA-256, hexadecimal. */
    ticket_hash: text().primaryKey(),
    cart_id: text().notNull(),
    /** Who asked for it, and what he showed: what opens the cart to him has to be valid when it is used, too. */
    bearer: jsonb().notNull(),
    expires_at: timestamp({ withTimezone: true }).notNull(),
  },
  (table) => [index("stream_ticket_expires_index").on(table.expires_at)],
)
