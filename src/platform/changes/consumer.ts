import type { TransactionSql } from "postgres"

/** What one transaction changed in one table. */
export interface ChangedKeys {
  /** The transaction, so that a large import can be told from a person's change. */
  tx: string
  relation: string
  /** Null among them: it is not known which rows. */
  keys: (string | null)[]
}

/**
 * Makes a consumer known, at the present; one that is known already stays where it is.
 *
 * @returns whether it is new: then what was there before has to be read otherwise
 */
export async function enrol(tx: TransactionSql, consumer: string): Promise<boolean> {
  const rows = await tx`
    insert into mostrador.consumer (name, position) values (${consumer}, pg_current_snapshot())
    on conflict do nothing returning name`
  return rows.length > 0
}

/**
 * Takes a consumer's lock, so that of many processes one at a time works for it.
 *
 * @param wait  until it is free; else returns false when another process has it
 */
export async function takeTurn(tx: TransactionSql, consumer: string, wait: boolean): Promise<boolean> {
  const rows = wait
    ? await tx`select name from mostrador.consumer where name = ${consumer} for update`
    : await tx`select name from mostrador.consumer where name = ${consumer} for update skip locked`
  return rows.length > 0
}

/** Whether anything has been committed since the consumer's last reading. Needs no turn. */
export async function hasChanges(tx: TransactionSql, consumer: string): Promise<boolean> {
  const rows = await tx`
    select from mostrador.consumer where name = ${consumer} and exists (
      select from mostrador.change
      where change.tx >= pg_snapshot_xmin(consumer.position)
        and not pg_visible_in_snapshot(change.tx, consumer.position))`
  return rows.length > 0
}

/**
 * Reads what has been committed since the consumer's last reading, and moves its position, in the caller's transaction:
 * what it makes of the changes and that it has read them are committed together, or not at all. Needs its turn.
 */
export async function readChanges(tx: TransactionSql, consumer: string, relations: string[]): Promise<ChangedKeys[]> {
  // The statement's own snapshot is both what it sees and the new position.
  return await tx<ChangedKeys[]>`
    with fresh as materialized (
      select change.tx, change.relation, change.key
      from mostrador.consumer, mostrador.change
      where consumer.name = ${consumer}
        and change.tx >= pg_snapshot_xmin(consumer.position)
        and not pg_visible_in_snapshot(change.tx, consumer.position)
    ), moved as (
      update mostrador.consumer set position = pg_current_snapshot()
      where name = ${consumer} and exists (select from fresh)
    )
    select tx::text as tx, relation, array_agg(distinct key) as keys from fresh
    where relation = any(${relations}) group by tx, relation`
}
