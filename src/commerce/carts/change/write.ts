import postgres, { type PendingQuery, type Row as SqlRow, type TransactionSql } from "postgres"
import { eventRows, recordingEvents } from "../../../platform/events/index.ts"
import { CART_LOCKS } from "../versions.ts"
import type { Draft } from "./draft.ts"
import { type CartChange, type ChangedBy, eventOf, hasVersion } from "./events.ts"
import { type Row, TABLES, type Table } from "./rows.ts"

/**
 * The statement that writes all that a draft changes, counts the change and records its event: unless the cart has been
 * changed since it was read, at which it fails, for `isOvertaken`. Who holds the cart's lock lets no other change it.
 *
 * The text of the statement hangs on which tables and columns change, not on how many rows, so that there are few of
 * them and each is prepared once on every connection.
 *
 * @param version  the one that the cart is in then
 */
export function writeDraft(
  tx: TransactionSql,
  draft: Draft,
  version: number,
  change: CartChange,
  by: ChangedBy,
): PendingQuery<SqlRow[]> {
  const statement = new Statement()
  const id = statement.text(draft.cart.id)
  const was = `${statement.text(String(hasVersion(change) ? version - 1 - draft.leap : version))}::bigint`
  const became = `${statement.text(String(version))}::bigint`
  const handovers = `${statement.text(String(draft.cart.handovers))}::bigint`
  for (const table of ALL_TABLES) writeTable(statement, table, draft)
  linkPromotions(statement, draft)
  endPayments(statement, draft)
  const told = (them: typeof draft.also) => them.map((it) => ({ ...it, ...by }))
  statement.text(eventRows([...told(draft.steps), eventOf(draft, change, version, by), ...told(draft.also)]))
  const parts = [
    ...counting(id, was, became, handovers),
    ...statement.parts,
    recordingEvents(statement.parameters.length),
  ]
  // What the statement itself asks for is done before the parts of it that nobody asks for.
  const text = `with ${parts.join(",\n")} select case when not exists (select from counted) then mostrador.overtaken() end`
  return tx.unsafe(text, statement.parameters, { prepare: true })
}

/**
 * Counts the change, by the cart's version or, where it has none, as another thing done about the cart; a change that was
 * handed to Medusa and left uncounted counts, too. Not while another holds the cart's lock, and not when anything was done
 * about the cart since it was read.
 */
const counting = (id: string, was: string, became: string, handovers: string) => [
  `turn as materialized (
     select pg_try_advisory_xact_lock(hashtextextended('${CART_LOCKS}' || ${id}, 0)) as taken)`,
  `counted as (
     insert into mostrador.cart_state as known (cart_id, version, handovers)
     select ${id}, ${became}, ${handovers} + (${became} = ${was})::int from turn where taken
     on conflict (cart_id) do update set version = excluded.version, handovers = excluded.handovers, handed_over = null
       where known.version + (known.handed_over is not null)::int = ${was} and known.handovers = ${handovers}
     returning cart_id)`,
]

/** Whether a draft was not written, since others are at the cart, or have been since it was read. */
export const isOvertaken = (error: unknown) => error instanceof postgres.PostgresError && error.code === "40001"

/** Parts of one statement, each of which changes rows of a table, and their parameters. */
class Statement {
  readonly parts: string[] = []
  readonly parameters: string[] = []

  add(sql: string): void {
    this.parts.push(`part_${this.parts.length} as (${sql})`)
  }

  /** @returns what stands for the value in the statement */
  text(value: string): string {
    this.parameters.push(value)
    return `$${this.parameters.length}::text`
  }

  texts(values: Iterable<string>): string {
    return `array(select jsonb_array_elements_text(${this.text(JSON.stringify([...values]))}::jsonb))`
  }

  rows(table: string, rows: Iterable<Row>): string {
    return `json_populate_recordset(null::${quoted(table)}, ${this.text(JSON.stringify([...rows]))}::json)`
  }
}

function writeTable(statement: Statement, table: Table, draft: Draft): void {
  const changes = draft.changes.get(table)
  if (!changes) return
  const { created, updated, removed } = changes
  if (created.size > 0) {
    const columns = ALL_COLUMNS[table]
    const rows = [...created.values()].map((row) => only(row, TABLES[table]))
    statement.add(`insert into ${quoted(table)} (${columns}) select ${columns} from ${statement.rows(table, rows)}`)
  }
  if (updated.size > 0) {
    const changed = new Set([...updated.values()].flatMap((it) => [...it.columns]))
    const columns = TABLES[table].filter((it) => changed.has(it)).map(quoted)
    const rows = [...updated.values()].map(({ row }) => only(row, ["id", ...changed]))
    statement.add(
      `update ${quoted(table)} it set ${columns.map((name) => `${name} = became.${name}`).join(", ")}
       from ${statement.rows(table, rows)} became
       where it.id = became.id and it.id = any(${statement.texts(updated.keys())})`,
    )
  }
  if (removed.size > 0) {
    const now = `${statement.text(draft.now)}::timestamptz`
    statement.add(
      `update ${quoted(table)} set deleted_at = ${now}, updated_at = ${now} where id = any(${statement.texts(removed)})`,
    )
  }
}

/**
 * A link that stays gets another id, as in Medusa, which cuts all links and ties them anew; one that comes back keeps
 * the time of when it was cut.
 */
function linkPromotions(statement: Statement, { cart, links, now }: Draft): void {
  if (!links || (links.length === 0 && cart.promotion_links.length === 0)) return
  const id = statement.text(cart.id)
  const moment = `${statement.text(now)}::timestamptz`
  const linked = statement.texts(links.map((it) => it.promotion_id))
  if (cart.promotion_links.length > 0) {
    statement.add(
      `update cart_promotion set deleted_at = ${moment}, updated_at = ${moment}
       where cart_id = ${id} and deleted_at is null and promotion_id <> all(${linked})`,
    )
  }
  if (links.length === 0) return
  const ids = statement.texts(links.map((it) => it.id))
  statement.add(
    `insert into cart_promotion as link (id, cart_id, promotion_id)
     select link_id, ${id}, promotion_id from unnest(${ids}, ${linked}) it (link_id, promotion_id)
     on conflict (cart_id, promotion_id) do update set id = excluded.id, deleted_at = null,
       updated_at = case when link.deleted_at is null then ${moment} else link.updated_at end`,
  )
}

function endPayments(statement: Statement, { endedPayments }: Draft): void {
  if (!endedPayments) return
  const collection = statement.text(endedPayments.collection_id)
  statement.add(`delete from payment_session where payment_collection_id = ${collection} and deleted_at is null`)
}

const quoted = (name: string) => `"${name}"`

const ALL_TABLES = Object.keys(TABLES) as Table[]
const ALL_COLUMNS = Object.fromEntries(
  Object.entries(TABLES).map(([table, columns]) => [table, columns.map(quoted).join(", ")]),
) as Record<Table, string>

function only(row: Row, names: readonly string[]): Row {
  const made: Record<string, unknown> = {}
  for (const name of names) made[name] = (row as unknown as Record<string, unknown>)[name]
  return made as unknown as Row
}
