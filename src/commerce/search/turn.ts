import type { Sql, TransactionSql } from "postgres"

/** One writer of the index at a time: the builder of documents, the indexer of any process, or new settings. */
export async function takeIndexTurn(tx: TransactionSql): Promise<void> {
  await tx`select pg_advisory_xact_lock(hashtextextended('mostrador:search', 0))`
}

/** Says that other answers may be found from this transaction's commit on. Needs the index's turn. */
export async function noteIndexChange(tx: TransactionSql): Promise<void> {
  await tx`
    insert into mostrador.installation as known (name, value) values ('search_version', '1')
    on conflict (name) do update set value = (known.value::bigint + 1)::text, at = now()`
}

/** @returns what stands for the index as it is: the same for as long as nothing in it changes */
export async function readIndexVersion(sql: Sql): Promise<string> {
  const [row] = await sql<{ value: string }[]>`select value from mostrador.installation where name = 'search_version'`
  return row?.value ?? "0"
}
