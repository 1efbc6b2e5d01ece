import { customType, index, jsonb, primaryKey, smallint, text, timestamp } from "drizzle-orm/pg-core"
import { mostrador } from "../db/mostrador.sql.ts"

const bytea = customType<{ data: Buffer }>({ dataType: () => "bytea" })

/**
 * What was answered to a request that came with a key. Without a status it has begun: whoever runs it holds the
 * advisory lock of scope and key, so one that nobody holds was left behind by a process that is no more.
 */
export const idempotency_key = mostrador.table(
  "idempotency_key",
  {
    /** Within which a key is one's own: the id of the publishable key, or who of the shop's staff asks. */
    scope: text().notNull(),
    key: text().notNull(),
    /** Of all that must be the same when the key comes again. */
    fingerprint: text().notNull(),
    started_at: timestamp({ withTimezone: true }).notNull().defaultNow(),
    status: smallint(),
    /** Pairs of name and value. */
    headers: jsonb(),
    /** As it was sent, sealed (see `seal.ts`); null beside a status when it was too large to be kept. */
    body: bytea(),
  },
  (table) => [
    primaryKey({ columns: [table.scope, table.key] }),
    index("idempotency_key_started_at_index").on(table.started_at),
  ],
)
