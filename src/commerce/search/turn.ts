import type { Sql, TransactionSql } from "postgres"

/** One writer of the index at a time: the builder of documents, the indexer of any process, or new settings. */
export async function takeIndexTurn(tx: TransactionSql): Promise<void> {
  await tx`select pg_advisory_xact_lock(hashtextextended('mostrador:search', 0))`
}

/**
 * Says that other answers may be found from this transaction's commit on. Needs the index's turn: with it versions are
 * committed in their order.
 *
 * @returns the index's new version, for the rows that are written
 */
export async function noteIndexChange(tx: TransactionSql): Promise<number> {
  const [row] = await tx<{ version: number }[]>`
    insert into mostrador.installation as known (name, value) values ('search_version', '1')
    on conflict (name) do update set value = (known.value::bigint + 1)::text, at = now()
    returning value::float8 as version`
  return row?.version ?? 0
}

/** @returns the index's version: the same for as long as nothing in it changes */
export async function readIndexVersion(sql: Sql): Promise<number> {
  const [row] = await sql<{ version: number }[]>`
    select value::float8 as version from mostrador.installation where name = 'search_version'`
  return row?.version ?? 0
}
