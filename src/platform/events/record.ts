import type { TransactionSql } from "postgres"
import type { MedusaMessage } from "../../medusa/events/messages.ts"
import { newId } from "../ids.ts"

/** Who has done something; a guest and the system have no id. */
export interface Actor {
  type: "guest" | "customer" | "cashier" | "agent" | "system"
  id: string | null
}

/** Something that was done, to be recorded in the transaction that does it. */
export interface NewEvent {
  /** The noun and what was done to it: `cart.line_added`. */
  name: string
  /** Whoever writes to it holds its lock, which keeps its events in order: a cart, an order. */
  subject: { type: string; id: string }
  /** The subject's version after the change, if it has versions. */
  version: number | null
  /** Id of the sales channel, which is Medusa's. */
  channel: string | null
  /** Id of the channel, which is ours (`src/commerce/channels`); absent: none. */
  channel_id?: string | null
  actor: Actor
  /** What the client calls itself, as it says. */
  device: string | null
  /** What was changed, as it was; null when it was not there. Kept for `KEPT_DAYS`. */
  before: unknown
  /** What was changed, as it is; null when it is not there any more. */
  after: unknown
  /** What Medusa's subscribers are to hear of it. Of several events of one change, the last one tells it all. */
  medusa?: readonly MedusaMessage[]
}

/**
 * The common table expressions that record events, for a statement that writes the rows they speak of: data-modifying
 * ones run whether they are referred to or not. They are named `recorded_...`.
 *
 * @param parameter  number of the statement's parameter that is `eventRows(...)`
 * @param condition  of SQL, which says whether they are recorded at all
 * @example `with changed as (update ...), ${recordingEvents(3)} select ...`
 */
export const recordingEvents = (parameter: number, condition = "true") => `
  recorded_rows as materialized (
    select * from jsonb_to_recordset($${parameter}::text::jsonb) as given (
      id text, name text, subject_type text, subject_id text, version bigint, channel text, channel_id text,
      actor jsonb, device text, data jsonb, medusa jsonb)
    where ${condition}
  ), recorded_events as (
    insert into mostrador.event
      (id, name, subject_type, subject_id, version, channel, channel_id, actor, device, data)
    select id, name, subject_type, subject_id, version, channel, channel_id, actor, device, data from recorded_rows
    -- That an order was placed is told by whoever comes first; see the table's index.
    on conflict do nothing
  ), recorded_messages as (
    insert into mostrador.medusa_outbox (event_id, subject_id, messages)
    select id, subject_id, medusa from recorded_rows where medusa is not null
  )`

const STATEMENT = `with ${recordingEvents(1)} select`

/** Events as `recordingEvents` takes them: one text. */
export function eventRows(events: readonly NewEvent[]): string {
  const text = JSON.stringify(
    events.map(({ subject, before, after, medusa, ...event }) => ({
      ...event,
      id: newId("evt"),
      subject_type: subject.type,
      subject_id: subject.id,
      data: { before, after },
      medusa: medusa?.length ? medusa : undefined,
    })),
  )
  // Half a pair of surrogates is a U+FFFD in a text column, and refused in JSON: a change must not fail for its event.
  return text.includes("\\ud")
    ? text.replace(/\\\\|\\ud[89a-f][0-9a-f]{2}/g, (it) => (it === "\\\\" ? it : "\ufffd"))
    : text
}

/**
 * Records what a change has done, in its transaction: with its rows or not at all. One statement, whatever their number.
 *
 * Needs the lock of each subject (`takeCart`), until the transaction ends.
 */
export async function recordEvents(tx: TransactionSql, events: readonly NewEvent[]): Promise<void> {
  if (events.length > 0) await tx.unsafe(STATEMENT, [eventRows(events)], { prepare: true })
}
