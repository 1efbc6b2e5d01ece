import { sql } from "drizzle-orm"
import {
  bigint,
  customType,
  index,
  jsonb,
  primaryKey,
  smallint,
  text,
  timestamp,
  uniqueIndex,
} from "drizzle-orm/pg-core"
import { mostrador } from "../db/mostrador.sql.ts"

/** A transaction id that never wraps around; a string in JavaScript, since it has 64 bits. */
const xid8 = customType<{ data: string }>({ dataType: () => "xid8" })

/**
 * What the counter has done, written with the rows that it speaks of and never changed: a log that is only appended to,
 * and pruned. `before` and `after` may hold what identifies a person (e-mail, addresses); see `KEPT_DAYS`.
 *
 * Positions are given out before the commit, so a later one may be visible first. Who follows the log therefore keeps
 * what his last reading could see, as readers of `mostrador.change` do: new is `tx >= pg_snapshot_xmin(seen) and not
 * pg_visible_in_snapshot(tx, seen)`. Of one subject positions rise in the order of the commits, since it has one writer
 * at a time.
 */
export const event = mostrador.table(
  "event",
  {
    /** The transaction that has written it. */
    tx: xid8().notNull().default(sql`pg_current_xact_id()`),
    position: bigint({ mode: "bigint" }).notNull().generatedAlwaysAsIdentity(),
    /** `evt_...`: by it a receiver tells what has reached him twice. */
    id: text().notNull(),
    /** `cart.line_added`. */
    name: text().notNull(),
    /** `cart`, and its id: what changed, and within which events keep their order. */
    subject_type: text().notNull(),
    subject_id: text().notNull(),
    /** The one that the change led to, of subjects that have versions. */
    version: bigint({ mode: "number" }),
    /** Id of the sales channel, which is Medusa's. */
    channel: text(),
    /** Id of the channel, which is ours: `chan_...`. */
    channel_id: text(),
    /** Of what kind he is, and his id if he has one. */
    actor: jsonb().notNull(),
    /** What the client calls itself. */
    device: text(),
    /** `{ before, after }`. */
    data: jsonb().notNull(),
    occurred_at: timestamp({ withTimezone: true }).notNull().default(sql`clock_timestamp()`),
  },
  (table) => [
    primaryKey({ columns: [table.tx, table.position] }),
    // For what has happened to one subject.
    index("event_subject_index").on(table.subject_id, table.position),
    // Who places an order tells of it, and who follows the orders tells of those that others have placed: one of them.
    uniqueIndex("event_order_placed_index").on(table.subject_id).where(sql`name = 'order.placed'`),
  ],
)

/**
 * What Medusa's subscribers have yet to be told: a row for each event that Medusa would have told them of, too, deleted
 * when that is done (see `src/medusa/events/`). Apart from the event, so that telling it writes to no large row.
 */
export const medusa_outbox = mostrador.table("medusa_outbox", {
  position: bigint({ mode: "bigint" }).primaryKey().generatedAlwaysAsIdentity(),
  event_id: text().notNull(),
  subject_id: text().notNull(),
  /** Messages for Medusa's event bus, in their order. */
  messages: jsonb().notNull(),
  /** How often Medusa's event bus has refused it while it took others. */
  refusals: smallint().notNull().default(0),
  /** Not before. */
  retry_at: timestamp({ withTimezone: true }),
  /** It is not tried again. */
  given_up_at: timestamp({ withTimezone: true }),
})
