import type { Sql, TransactionSql } from "postgres"
import { enrol, hasChanges, readChanges, takeTurn } from "../../platform/changes/index.ts"
import type { Database } from "../../platform/db/index.ts"
import type { Log } from "../../platform/log.ts"
import { repeat } from "../../platform/repeat.ts"
import { type Built, buildDocuments, DOCUMENT_FORMAT } from "./build.ts"
import {
  countStale,
  DOCUMENT_RELATIONS,
  dueLists,
  hasStale,
  markAllStale,
  markDueLists,
  markStale,
  setAside,
  takeStale,
} from "./stale.ts"

/** Keeps the documents up to date. Every counter process runs one; they take turns, and none of them is needed. */
export interface Builder {
  /** Since when it could build nothing here, whatever others can. */
  readonly failingSince: Date | undefined
  /** Builds what is stale by now, all but the rest of a large import. */
  catchUp(): Promise<void>
  close(): Promise<void>
}

/** Gets what a batch has written, in its transaction: what follows from documents is committed with them. */
export type OnBuilt = (tx: TransactionSql, built: Built[]) => Promise<void>

const CONSUMER = "product_documents"
/** How many documents a transaction builds. Of an import fewer: what a person changes meanwhile waits for its end. */
const BATCH = { bulk: 50, other: 200 }
/** Nobody waits for a rebuild, and larger batches pay. */
const REBUILD = { bulk: 200, other: 200 }
/** How soon a builder looks again for what another process has left behind when it died. */
const IDLE_MILLISECONDS = 1_000
/** How long a device may be away and still be told which products were deleted meanwhile. */
const REMOVED_DAYS = 90
const PRUNE_MILLISECONDS = 60 * 60 * 1000

/**
 * Starts building. At the first start, and when documents have another form than before, that is all of them.
 *
 * One batch is one transaction: the changes it read, the products it took, the documents it wrote and what `onBuilt`
 * made of them are there together or not at all, so it may be killed anywhere.
 */
export async function startBuilder({ sql }: Database, log: Log, onBuilt: OnBuilt): Promise<Builder> {
  await prepare(sql)

  /** @returns whether only large imports are left, or nothing; undefined when another process has the turn */
  async function batch(wait: boolean): Promise<"more" | "bulk" | "done" | undefined> {
    return await sql.begin(async (tx) => {
      // Looked at without a lock: with one, every process would write to disk every second of the night.
      if (!wait && !(await isAnythingToDo(tx))) return "done"
      if (!(await takeTurn(tx, CONSUMER, wait))) return undefined
      await markStale(tx, await readChanges(tx, CONSUMER, DOCUMENT_RELATIONS))
      await markDueLists(tx)
      // Who waits does so for what is stale now, not for an import.
      return await buildSome(tx, log, onBuilt, wait ? { ...BATCH, bulk: 0 } : BATCH)
    })
  }

  const building = repeat(
    async (signal) => {
      let left: Awaited<ReturnType<typeof batch>>
      do left = await batch(false)
      while (!signal.aborted && (left === "more" || left === "bulk"))
    },
    { every: IDLE_MILLISECONDS, first: 0, log, failing: "product documents cannot be built" },
  )
  const pruning = repeat(() => pruneRemoved(sql), {
    ...{ every: PRUNE_MILLISECONDS, first: 0, log, failing: "removed products could not be forgotten" },
  })

  return {
    get failingSince() {
      return building.failingSince
    },
    async catchUp() {
      while ((await batch(true)) === "more");
    },
    async close() {
      await Promise.all([building.close(), pruning.close()])
    },
  }
}

/** Makes the consumer known; marks everything when nothing was built yet, or in another form. */
async function prepare(sql: Sql): Promise<void> {
  await sql.begin(async (tx) => {
    const isNew = await enrol(tx, CONSUMER)
    await takeTurn(tx, CONSUMER, true)
    await tx`
      insert into mostrador.installation (name, value) values ('price_lists_due', statement_timestamp()::text)
      on conflict do nothing`
    const [known] = await tx`select value from mostrador.installation where name = 'document_format'`
    if (!isNew && known?.value === DOCUMENT_FORMAT) return
    await markAllStale(tx)
    await tx`
      insert into mostrador.installation (name, value) values ('document_format', ${DOCUMENT_FORMAT})
      on conflict (name) do update set value = excluded.value, at = now()`
  })
}

async function isAnythingToDo(tx: TransactionSql): Promise<boolean> {
  return (await hasChanges(tx, CONSUMER)) || (await hasStale(tx)) || (await dueLists(tx)).length > 0
}

/** @returns what is left: more that a person waits for, an import perhaps, nothing */
async function buildSome(
  tx: TransactionSql,
  log: Log,
  onBuilt: OnBuilt,
  most: typeof BATCH,
): Promise<"more" | "bulk" | "done"> {
  const { product_ids, bulk } = await takeStale(tx, most)
  if (product_ids.length === 0) return "done"
  await buildThese(tx, log, onBuilt, product_ids)
  return !bulk && product_ids.length === most.other ? "more" : "bulk"
}

/** When one of them cannot be built, smaller batches find it, and all others go on without it. */
async function buildThese(tx: TransactionSql, log: Log, onBuilt: OnBuilt, productIds: string[]): Promise<void> {
  try {
    await tx.savepoint(async (point) => {
      const built = await buildDocuments(point, productIds)
      if (built.length > 0) await onBuilt(point, built)
    })
  } catch (error) {
    if (!isAboutData(error)) throw error
    if (productIds.length > 1) {
      const middle = Math.ceil(productIds.length / 2)
      await buildThese(tx, log, onBuilt, productIds.slice(0, middle))
      return await buildThese(tx, log, onBuilt, productIds.slice(middle))
    }
    const [productId = ""] = productIds
    log.error({ err: error, product_id: productId }, "a product cannot be shown as it is now; tried again in an hour")
    await setAside(tx, productId)
  }
}

/** Whether it would fail the same way again: Postgres's data exceptions, constraints and limits, or our own mistake. */
const isAboutData = (error: unknown) =>
  error instanceof TypeError ||
  error instanceof RangeError ||
  /^(22|23|54)/.test((error as { code?: string }).code ?? "")

/**
 * Forgets products that were deleted a good while ago. Who has not asked since then must begin anew, and is told so by
 * the version that is written down here.
 */
export async function pruneRemoved(sql: Sql): Promise<void> {
  await sql.begin(async (tx) => {
    await takeTurn(tx, CONSUMER, true)
    await tx`
      with gone as (
        delete from mostrador.product_document
        where content is null and built_at < now() - make_interval(days => ${REMOVED_DAYS}) returning version
      )
      insert into mostrador.installation as known (name, value)
      select 'documents_pruned', max(version)::text from gone having count(*) > 0
      on conflict (name) do update
        set value = greatest(known.value::bigint, excluded.value::bigint)::text, at = now()`
  })
}

/**
 * Builds every document from nothing, for `npm run catalog:rebuild`. The old ones are served until theirs is built; an
 * unchanged one keeps its version, so that no device loads it again.
 *
 * @param progress  how many are done, of how many
 */
export async function rebuildDocuments(
  { sql }: Database,
  log: Log,
  onBuilt: OnBuilt,
  progress: (done: number, all: number) => void,
  signal?: AbortSignal,
): Promise<number> {
  await prepare(sql)
  const { all } = await sql.begin(async (tx) => {
    await takeTurn(tx, CONSUMER, true)
    await markAllStale(tx)
    return await countStale(tx)
  })
  for (let left = all; left > 0; ) {
    signal?.throwIfAborted()
    left = await sql.begin(async (tx) => {
      await takeTurn(tx, CONSUMER, true)
      await buildSome(tx, log, onBuilt, REBUILD)
      return (await countStale(tx)).all
    })
    progress(all - left, all)
  }
  return all
}
