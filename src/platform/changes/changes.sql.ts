import { bigint, customType, index, text, timestamp } from "drizzle-orm/pg-core"
import { mostrador } from "../db/mostrador.sql.ts"

/** A transaction id that never wraps around; a string in JavaScript, since it has 64 bits. */
const xid8 = customType<{ data: string }>({ dataType: () => "xid8" })

/** Which transactions a reading saw: exactly, also when older ones were still open. */
const pgSnapshot = customType<{ data: string }>({ dataType: () => "pg_snapshot" })

/**
 * Every write to a watched table of Medusa's, whoever made it, appended by its triggers (see `mostrador.watch` in
 * `drizzle/`). `tx` is the transaction that wrote it: rows of one transaction become visible together, and those of a
 * transaction that is still open are told apart from those that will never come.
 */
export const change = mostrador.table(
  "change",
  {
    id: bigint({ mode: "bigint" }).primaryKey().generatedAlwaysAsIdentity(),
    tx: xid8().notNull(),
    relation: text().notNull(),
    /** The watched key of the changed row; null when all of the table changed (`truncate`). */
    key: text(),
    at: timestamp({ withTimezone: true }).notNull().defaultNow(),
  },
  (table) => [index("change_tx_id_index").on(table.tx, table.id), index("change_at_index").on(table.at)],
)

/** Who reads the feed and must not lose anything when it dies: its row is its position and its lock. */
export const consumer = mostrador.table("consumer", {
  name: text().primaryKey(),
  position: pgSnapshot().notNull(),
})
