import { text, timestamp } from "drizzle-orm/pg-core"
import { mostrador } from "./mostrador.sql.ts"

/** Locks that Medusa's workflows hold from one step to another: carts, orders. Written by `src/medusa/locks`. */
export const medusaLock = mostrador.table("medusa_lock", {
  key: text().primaryKey(),
  /** null: anybody may let go of it. */
  owner: text(),
  /** null: held until it is released. */
  expires_at: timestamp({ withTimezone: true }),
})
