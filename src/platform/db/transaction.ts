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
 *
 * @param options.isLate  begins with the last statements: what is read before them is read in no transaction, nothing else
 *   may write, and the statement that does must fail by itself when what it stands on has changed
 */
export async function transaction<T>(
  sql: Sql,
  work: (open: OpenTransaction) => Promise<T>,
  { isLate = false }: { isLate?: boolean } = {},
): Promise<T> {
  const connection = await sql.reserve()
  const begin = () => connection.unsafe("begin").execute()
  let isOpen = !isLate
  const end = (how: "commit" | "rollback") => {
    isOpen = false
    return connection.unsafe(how)
  }
  try {
    // It need not be waited for but before something is committed: what is written without it would stand by itself.
    const begun = isLate ? undefined : begin()
    begun?.catch(() => {})
    const result = await work({
      tx: connection as ReservedSql & TransactionSql,
      async commitAfter(last) {
        await begun
        // One statement is a transaction of its own.
        await (isLate ? last : all([last.execute(), end("commit").execute()]))
      },
      async commitReading(write, read) {
        await begun
        const first = isLate ? begin() : undefined
        const [, found] = await all([write.execute(), read.execute(), end("commit").execute(), first])
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
async function all<T extends readonly unknown[]>(sent: [...T]): Promise<{ -readonly [i in keyof T]: Awaited<T[i]> }> {
  await Promise.allSettled(sent)
  return await Promise.all(sent)
}
