import type { TransactionSql } from "postgres"
import type { Database } from "../../platform/db/index.ts"
import type { Log } from "../../platform/log.ts"
import { repeat } from "../../platform/repeat.ts"
import { pruneSets, SEARCH_FORMAT, writeSearchRows } from "./postgres/index.ts"
import { takeOverPriceLists } from "./price-lists.ts"
import { takeIndexTurn } from "./turn.ts"

/** Brings these products' places in an index up to date with their documents, in the given transaction. */
export type SearchWriter = (tx: TransactionSql, productIds: string[]) => Promise<void>

/** Keeps the index right where documents do not change: when price lists begin and end, and when its form does. */
export interface Indexer {
  /** Looks now. */
  catchUp(): Promise<void>
  close(): Promise<void>
}

const BATCH = 200
const IDLE_MILLISECONDS = 1_000
const PRUNE_MILLISECONDS = 60 * 60 * 1000

/**
 * What a builder of documents calls after each batch (`onBuilt`).
 *
 * @param others  indexes beside that in Postgres
 */
export function searchWriter(others: readonly SearchWriter[] = []): SearchWriter {
  return async (tx, productIds) => {
    await takeIndexTurn(tx)
    await writeSearchRows(tx, productIds)
    for (const write of others) await write(tx, productIds)
  }
}

/** Starts it; each process has one, and what one has taken no other does. */
export async function startIndexer({ sql }: Database, log: Log, write: SearchWriter): Promise<Indexer> {
  await sql.begin(markForNewFormat)

  /** @returns whether there may be more */
  async function batch(): Promise<boolean> {
    return await sql.begin(async (tx) => {
      await takeIndexTurn(tx)
      await takeOverPriceLists(tx)
      const rows = await tx<{ product_id: string }[]>`
        delete from mostrador.search_stale where product_id in (
          select product_id from mostrador.search_stale limit ${BATCH}
        ) returning product_id`
      if (rows.length === 0) return false
      const ids = rows.map((row) => row.product_id)
      await write(tx, ids)
      return rows.length === BATCH
    })
  }

  const indexing = repeat(
    async (signal) => {
      while (!signal.aborted && (await batch()));
    },
    { every: IDLE_MILLISECONDS, first: 0, log, failing: "the search index cannot be kept up" },
  )
  const pruning = repeat(() => sql.begin(pruneSets), {
    ...{ every: PRUNE_MILLISECONDS, log, failing: "combinations that no product has could not be forgotten" },
  })
  return {
    catchUp: indexing.now,
    async close() {
      await Promise.all([indexing.close(), pruning.close()])
    },
  }
}

async function markForNewFormat(tx: TransactionSql): Promise<void> {
  await takeIndexTurn(tx)
  const [known] = await tx`select value from mostrador.installation where name = 'search_format'`
  if (known?.value === SEARCH_FORMAT) return
  await tx`
    insert into mostrador.search_stale (product_id) select product_id from mostrador.product_document
    on conflict do nothing`
  await tx`
    insert into mostrador.installation (name, value) values ('search_format', ${SEARCH_FORMAT})
    on conflict (name) do update set value = excluded.value, at = now()`
}
