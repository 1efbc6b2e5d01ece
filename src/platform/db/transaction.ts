import type { MaybeRow, PendingQuery, ReservedSql, RowList, Sql, TransactionSql } from "postgres"

/** A transaction whose end can travel with its last statements. */
export interface OpenTransaction {
  tx: TransactionSql
  /** Sends the last statement and the commit in one go. Resolves once it is committed. */
  commitAfter<W extends readonly MaybeRow[]>(last: PendingQuery<W>): Promise<void>
  /**
   * Sends the last two statements and the commit in one go.
   *
   * @returns what the second one found, once it is committed
   */
  commitReading<W extends readonly MaybeRow[], T extends readonly MaybeRow[]>(
    write: PendingQuery<W>,
    read: PendingQuery<T>,
  ): Promise<RowList<T>>
}

/**
 * Does work in a transaction, as `sql.begin` does, with two round trips fewer: `begin` goes out with the first statement
 * of the work, and the commit with its last ones, when the work ends with `commitAfter` or
 * `commitReading`.
 *
 * Whatever the work throws rolls all back. Isolation is Postgres' own: each statement sees what was committed before it.
 */
export async function transaction<T>(sql: Sql, work: (open: OpenTransaction) => Promise<T>): Promise<T> {
  const connection = await sql.reserve()
  let isOpen = true
  const end = (how: "commit" | "rollback") => {
    isOpen = false
    return connection.unsafe(how)
  }
  try {
    // It need not be waited for but before something is committed: what is written without it would stand by itself.
    const begun = connection.unsafe("begin").execute()
    begun.catch(() => {})
    const result = await work({
      tx: connection as ReservedSql & TransactionSql,
      async commitAfter(last) {
        await begun
        await sentTogether([last.execute(), end("commit").execute()])
      },
      async commitReading(write, read) {
        await begun
        const [, found] = await sentTogether([write.execute(), read.execute(), end("commit").execute()])
        return found
      },
    })
    if (isOpen) {
      await begun
      await end("commit")
    }
    return result
  } catch (error) {
    // A connection that is gone has taken the transaction with it.
    if (isOpen) await end("rollback").catch(() => {})
    throw error
  } finally {
    connection.release()
  }
}

/**
 * Statements that were sent one after the other, in one turn of the loop: they go out together, and are done in this
 * order. After one that fails, Postgres makes a rollback of the commit; all have to be waited for.
 */
export async function sentTogether<T extends readonly unknown[]>(
  sent: [...T],
): Promise<{ -readonly [i in keyof T]: Awaited<T[i]> }> {
  await Promise.allSettled(sent)
  return await Promise.all(sent)
}
