import { sql } from "drizzle-orm"
import { boolean, index, integer, numeric, text, timestamp } from "drizzle-orm/pg-core"
import { mostrador } from "../../platform/db/mostrador.sql.ts"

/** What Stripe has told of payments, each event once; nothing of what it says of a person. */
export const stripe_event = mostrador.table(
  "stripe_event",
  {
    /** `evt_...`, Stripe's own. */
    id: text().primaryKey(),
    /** `payment_intent.succeeded`. */
    type: text().notNull(),
    payment_intent_id: text().notNull(),
    /** When it happened, at Stripe. */
    created_at: timestamp({ withTimezone: true }).notNull(),
    received_at: timestamp({ withTimezone: true }).notNull().defaultNow(),
    /** When what it says was dealt with, and what came of it: `ordered`, `not_paid`, `repaired`... */
    settled_at: timestamp({ withTimezone: true }),
    outcome: text(),
    /** When Medusa was asked to write down what it says. */
    told_at: timestamp({ withTimezone: true }),
    /** How often Stripe has said that it will never do what this asks for. */
    refusals: integer().notNull().default(0),
  },
  (table) => [
    index("stripe_event_unsettled_index").on(table.received_at).where(sql`settled_at is null`),
    index("stripe_event_payment_intent_id_index").on(table.payment_intent_id),
  ],
)

/** Up to when Stripe was asked for events that it could not tell us; one row. */
export const stripe_asked = mostrador.table("stripe_asked", {
  is_one: boolean().primaryKey().default(true),
  until: timestamp({ withTimezone: true }).notNull(),
})

/** Money that was authorised or taken for what is no order, or none any more, and what became of it. */
export const payment_repair = mostrador.table(
  "payment_repair",
  {
    /** `payrep_...` */
    id: text().primaryKey(),
    payment_intent_id: text().notNull().unique(),
    payment_session_id: text().notNull(),
    cart_id: text(),
    /** In the major unit. */
    amount: numeric().notNull(),
    currency_code: text().notNull(),
    /** For programs: `insufficient_inventory`, `amount_changed`, `already_ordered`, `cart_refused`, `cart_merged`, `unknown_session`, `refund_refused`. */
    reason: text().notNull(),
    /** For people. */
    message: text().notNull(),
    /** `cancel`, `refund`, or `none` when staff have to decide. */
    action: text().notNull(),
    created_at: timestamp({ withTimezone: true }).notNull().defaultNow(),
    /** When the money was given back. */
    done_at: timestamp({ withTimezone: true }),
    /** How often staff have had it tried again. */
    retries: integer().notNull().default(0),
  },
  (table) => [index("payment_repair_created_at_index").on(table.created_at)],
)
