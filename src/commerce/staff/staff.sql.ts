import { sql } from "drizzle-orm"
import { boolean, index, integer, text, timestamp } from "drizzle-orm/pg-core"
import { mostrador } from "../../platform/db/mostrador.sql.ts"

/** A user of Medusa's who works at a till or at the telephone. */
export const staff_member = mostrador.table("staff_member", {
  user_id: text().primaryKey(),
  /** `cashier`, `agent`, `supervisor`. */
  role: text().notNull(),
  is_active: boolean().notNull().default(true),
  /** Stock locations whose tills he may sign in at. */
  stock_location_ids: text().array().notNull().default(sql`'{}'`),
  /** Null: he signs in at no till. */
  pin_hash: text(),
  /** Who was signed in before has to do it anew: his role, places or PIN were changed. */
  sessions_from: timestamp({ withTimezone: true }).notNull().default(sql`clock_timestamp()`),
  created_at: timestamp({ withTimezone: true }).notNull().defaultNow(),
  updated_at: timestamp({ withTimezone: true }).notNull().defaultNow(),
})

/** Wrong PINs since the last right one; also of people whom there are not, so that they look the same. */
export const pin_failure = mostrador.table(
  "pin_failure",
  {
    /** A user's id, or the hash of a name that nobody has. */
    who: text().primaryKey(),
    count: integer().notNull(),
    locked_until: timestamp({ withTimezone: true }),
    at: timestamp({ withTimezone: true }).notNull().defaultNow(),
  },
  (table) => [index("pin_failure_at_index").on(table.at)],
)
