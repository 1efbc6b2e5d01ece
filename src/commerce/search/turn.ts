import type { TransactionSql } from "postgres"

/** One writer of the index at a time: the builder of documents, the indexer of any process, or new settings. */
export async function takeIndexTurn(tx: TransactionSql): Promise<void> {
  await tx`select pg_advisory_xact_lock(hashtextextended('mostrador:search', 0))`
}
