import { sql } from "drizzle-orm"
import { bigint, index, text, timestamp, uniqueIndex } from "drizzle-orm/pg-core"
import { mostrador } from "../../platform/db/mostrador.sql.ts"
import { channel } from "../channels/channels.sql.ts"

const moment = () => timestamp({ withTimezone: true })

/** A device at which cashiers sell what stands in the shop around it. */
export const till = mostrador.table(
  "till",
  {
    /** `till_...` */
    id: text().primaryKey(),
    name: text().notNull(),
    stock_location_id: text().notNull(),
    /** Of the kind `pos`. */
    channel_id: text()
      .notNull()
      .references(() => channel.id),
    /** Of the device's token; it stays when the till is revoked, so that we know who tries. */
    token_hash: text(),
    /** Of a code that gives a device a token, once. */
    pairing_code_hash: text(),
    pairing_expires_at: moment(),
    paired_at: moment(),
    revoked_at: moment(),
    /** Receipts are numbered by it and `last_receipt_number`, without gaps. */
    receipt_prefix: text().notNull(),
    last_receipt_number: bigint({ mode: "number" }).notNull().default(0),
    created_at: moment().notNull().defaultNow(),
    updated_at: moment().notNull().defaultNow(),
  },
  (table) => [
    uniqueIndex("till_name_index").on(sql`lower(${table.name})`),
    uniqueIndex("till_receipt_prefix_index").on(table.receipt_prefix),
    uniqueIndex("till_token_index").on(table.token_hash),
    uniqueIndex("till_pairing_code_index").on(table.pairing_code_hash),
    index("till_channel_index").on(table.channel_id),
  ],
)

/** A cashier is signed in at a till: one at a time. */
export const till_session = mostrador.table(
  "till_session",
  {
    token_hash: text().primaryKey(),
    till_id: text()
      .notNull()
      .references(() => till.id, { onDelete: "cascade" }),
    user_id: text().notNull(),
    begun_at: moment().notNull().default(sql`clock_timestamp()`),
    expires_at: moment().notNull(),
    ended_at: moment(),
    /** `signed_out`, `another_sign_in`, `till_revoked`, `till_paired`, `till_moved`. */
    ended_because: text(),
  },
  (table) => [
    uniqueIndex("till_session_open_index").on(table.till_id).where(sql`ended_at is null`),
    index("till_session_begun_index").on(table.begun_at),
  ],
)
