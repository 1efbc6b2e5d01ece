import type { MaybeRow, PendingQuery, RowList, Sql, TransactionSql } from "postgres"

/** A transaction whose last statements are said to be the last. */
export interface OpenTransaction {
  tx: TransactionSql
  /** Sends the last statement. What it has written is there when the transaction's work is done. */
  commitAfter<W extends readonly MaybeRow[]>(last: PendingQuery<W>): Promise<void>
  /**
   * Sends the last two statements in one go.
   *
   * @returns what the second one found
   */
  commitReading<W extends readonly MaybeRow[], T extends readonly MaybeRow[]>(
    write: PendingQuery<W>,
    read: PendingQuery<T>,
  ): Promise<RowList<T>>
}

/**
 * Does work in a transaction. Whatever the work throws rolls all back. Isolation is Postgres' own: each statement sees
 * what was committed before it.
 *
 * To send `begin` with the first statement and the commit with the last would save two round trips, but needs a reserved
 * connection; when one of those is lost, postgres.js 3.4.9 sometimes never says so, even mended.
 */
export async function transaction<T>(sql: Sql, work: (open: OpenTransaction) => Promise<T>): Promise<T> {
  const done = await sql.begin((tx) =>
    work({
      tx,
      async commitAfter(last) {
        await last
      },
      async commitReading(write, read) {
        const [, found] = await Promise.all([write, read])
        return found
      },
    }),
  )
  return done as T
}
