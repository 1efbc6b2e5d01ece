import { sql } from "drizzle-orm"
import { index, jsonb, text, timestamp } from "drizzle-orm/pg-core"
import { mostrador } from "../db/mostrador.sql.ts"

/** What staff and devices have done, or were refused, that the merchant may want to know. Never a secret. */
export const audit_entry = mostrador.table(
  "audit_entry",
  {
    /** `aud_...` */
    id: text().primaryKey(),
    at: timestamp({ withTimezone: true }).notNull().default(sql`clock_timestamp()`),
    /** `pin.wrong` */
    action: text().notNull(),
    /** `done` or `refused`. */
    outcome: text().notNull(),
    /** `user`, `cashier`, `agent`, `till`, `unknown`. */
    actor_type: text().notNull(),
    actor_id: text(),
    channel_id: text(),
    till_id: text(),
    /** Whom or what it was done to: a member of staff, a till. */
    subject_id: text(),
    details: jsonb().notNull(),
  },
  (table) => [
    index("audit_entry_at_index").on(table.at, table.id),
    index("audit_entry_subject_index").on(table.subject_id, table.at),
  ],
)
