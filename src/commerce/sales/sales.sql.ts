import { bigint, index, jsonb, numeric, smallint, text, timestamp, uniqueIndex } from "drizzle-orm/pg-core"
import { mostrador } from "../../platform/db/mostrador.sql.ts"

const moment = () => timestamp({ withTimezone: true })

/** Through which channel an order was placed, at which till, and by whom: a trigger writes it with `order.placed`. */
export const order_channel = mostrador.table(
  "order_channel",
  {
    order_id: text().primaryKey(),
    /** Ours; null: the request was of none. */
    channel_id: text(),
    till_id: text(),
    actor: jsonb().notNull(),
    placed_at: moment().notNull().defaultNow(),
  },
  (table) => [index("order_channel_channel_index").on(table.channel_id, table.placed_at)],
)

/** What was paid at a till: one row for each receipt, in the transaction of its order. Sums of it make X and Z reports. */
export const till_payment = mostrador.table(
  "till_payment",
  {
    /** `tpay_...` */
    id: text().primaryKey(),
    till_id: text().notNull(),
    /** The shift within which it was taken: `mostrador.till_session`. */
    session_hash: text().notNull(),
    user_id: text().notNull(),
    order_id: text().notNull(),
    cart_id: text().notNull(),
    stock_location_id: text().notNull(),
    /** `cash`. */
    tender: text().notNull(),
    currency_code: text().notNull(),
    /** What was due and has been taken; `amount_given - change` is the same. */
    amount: numeric().notNull(),
    amount_given: numeric().notNull(),
    change: numeric().notNull(),
    /** Within the till, without gaps. */
    number: bigint({ mode: "number" }).notNull(),
    /** As it was printed. */
    receipt: jsonb().notNull(),
    issued_at: moment().notNull(),
    /** The goods were handed over there and then: when Medusa knew it, too. */
    handed_over_at: moment(),
    /** How often it was tried to tell Medusa, and when it is tried again. */
    tries: smallint().notNull().default(0),
    try_at: moment().notNull().defaultNow(),
  },
  (table) => [
    uniqueIndex("till_payment_order_index").on(table.order_id),
    uniqueIndex("till_payment_number_index").on(table.till_id, table.number),
    index("till_payment_session_index").on(table.session_hash),
  ],
)
