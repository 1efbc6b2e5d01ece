import { sql } from "drizzle-orm"
import {
  bigint,
  boolean,
  customType,
  index,
  integer,
  jsonb,
  primaryKey,
  text,
  timestamp,
  unique,
  uniqueIndex,
} from "drizzle-orm/pg-core"
import { mostrador } from "../../platform/db/mostrador.sql.ts"

/** A transaction id that never wraps around; a string in JavaScript, since it has 64 bits. */
const xid8 = customType<{ data: string }>({ dataType: () => "xid8" })

/** Which transactions a reading saw: exactly, also when older ones were still open. */
const pgSnapshot = customType<{ data: string }>({ dataType: () => "pg_snapshot" })

const moment = () => timestamp({ withTimezone: true })

/** Where events are sent. One process at a time sends to it: the one that has its turn. */
export const webhook_endpoint = mostrador.table("webhook_endpoint", {
  /** `whep_...` */
  id: text().primaryKey(),
  url: text().notNull(),
  description: text(),
  /** Names of events, `order.*`, or `*`. */
  event_types: text().array().notNull(),
  /** `whsec_...`, in clear: it signs. */
  secret: text().notNull(),
  /** Those before it, the newest first, which sign too until then. */
  previous_secrets: text().array().notNull().default([]),
  previous_secret_until: moment(),
  metadata: jsonb(),
  created_at: moment().notNull().defaultNow(),
  updated_at: moment().notNull().defaultNow(),
  disabled_at: moment(),
  /** `by_staff`, `gone` (it answered 410), `failing` (three days long). */
  disabled_reason: text(),
  /** It is gone for everybody; the row goes when its deliveries are pruned. */
  deleted_at: moment(),
  last_success_at: moment(),
  last_failure_at: moment(),
  /** In a few words. */
  last_failure: text(),
  /** The first failure since the last success. */
  failing_since: moment(),
  /** What some of the deliveries were about that have failed since; of one subject alone no endpoint is down. */
  failing_subjects: text().array().notNull().default(sql`'{}'`),
  /** It is down: not before, and then one delivery at a time, until it takes one. */
  retry_at: moment(),
  /** How often it has been tried since it is down. */
  retries: integer().notNull().default(0),
  /** Who has its turn, and until when unless he renews it. */
  taken_by: text(),
  taken_until: moment(),
})

/** An event on its way to an endpoint, or what became of it: the delivery log. Kept as long as the event. */
export const webhook_delivery = mostrador.table(
  "webhook_delivery",
  {
    endpoint_id: text().notNull(),
    /** The event's, in whose order those of one subject are sent. */
    event_position: bigint({ mode: "bigint" }).notNull(),
    event_tx: xid8().notNull(),
    event_id: text().notNull(),
    event_type: text().notNull(),
    subject_id: text().notNull(),
    occurred_at: moment().notNull(),
    /** `waiting`, `delivered`, `dead`. */
    status: text().notNull().default("waiting"),
    /** Not before. */
    due_at: moment().notNull().defaultNow(),
    /** Since it has waited last. */
    attempts: integer().notNull().default(0),
    first_attempt_at: moment(),
    last_attempt_at: moment(),
    delivered_at: moment(),
    /** Of the last attempt. */
    duration_ms: integer(),
    response_status: integer(),
    /** The beginning of what it answered. */
    response_body: text(),
    /** Why it failed, when there was no answer. */
    error: text(),
  },
  (table) => [
    primaryKey({ columns: [table.endpoint_id, table.event_position] }),
    unique().on(table.endpoint_id, table.event_id),
    index("webhook_delivery_due_index")
      .on(table.endpoint_id, table.due_at, table.event_position)
      .where(sql`status = 'waiting'`),
    index("webhook_delivery_subject_index")
      .on(table.endpoint_id, table.subject_id, table.event_position)
      .where(sql`status = 'waiting'`),
    index("webhook_delivery_dead_index").on(table.endpoint_id, table.event_position).where(sql`status = 'dead'`),
  ],
)

/** Up to where the event log has been read; one row. */
export const webhook_position = mostrador.table("webhook_position", {
  is_one: boolean().primaryKey().default(true),
  position: pgSnapshot().notNull(),
})

/** Events that an endpoint is to get again; while they are looked up it gets nothing, so that order is kept. */
export const webhook_replay = mostrador.table(
  "webhook_replay",
  {
    /** `whrp_...` */
    id: text().primaryKey(),
    endpoint_id: text().notNull(),
    /** What was asked for, as it was said. */
    asked: jsonb().notNull(),
    since: moment(),
    until: moment(),
    /** The first one. */
    from_position: bigint({ mode: "bigint" }),
    event_types: text().array(),
    /** Read so far: behind these, and up to a transaction. */
    read_tx: xid8().notNull(),
    read_position: bigint({ mode: "bigint" }).notNull(),
    end_tx: xid8().notNull(),
    /** How many events it has found. */
    events: integer().notNull().default(0),
    created_at: moment().notNull().defaultNow(),
    finished_at: moment(),
  },
  (table) => [
    uniqueIndex("webhook_replay_unfinished_index").on(table.endpoint_id).where(sql`finished_at is null`),
    index("webhook_replay_endpoint_id_index").on(table.endpoint_id, table.created_at),
  ],
)
