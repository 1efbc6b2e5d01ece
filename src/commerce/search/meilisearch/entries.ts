import { randomUUID } from "node:crypto"
import type { Sql, TransactionSql } from "postgres"
import type { Product, ProductDocument } from "../../catalog/index.ts"
import { toSearchDocument } from "../document.ts"
import type { SearchDocument } from "../engine.ts"
import { readPublicPriceLists } from "../price-lists.ts"
import { takeIndexTurn } from "../turn.ts"

/** An index as we know it; see `meilisearch.sql.ts`. */
export interface IndexRow {
  name: string
  build: string
  filled: boolean
  swap_after: number | null
  error: string | null
  failing_since: Date | null
}

/** A product that has to be looked at. */
export interface Unsent {
  product_id: string
  mark: number
  hash: string | null
  /** Undefined: it is shown nowhere, and must not be in the index. */
  document: SearchDocument | undefined
}

/**
 * What the writers of the search call when documents have changed: marks them as not sent, for every index, in the same
 * transaction. So nothing that is committed is ever forgotten, whoever is killed.
 *
 * Here and below a build's entries are locked in the order of products, so that a builder and a sender never deadlock.
 */
export async function markUnsent(tx: TransactionSql, productIds: string[]): Promise<void> {
  await tx`
    insert into mostrador.meilisearch_entry as known (build, product_id, hash, mark)
    select build, product_id, '', nextval('mostrador.meilisearch_mark')
    from mostrador.meilisearch_index cross join unnest(${productIds}::text[]) as asked (product_id)
    order by build, product_id
    on conflict (build, product_id) do update set mark = excluded.mark`
}

export async function readIndex(sql: Sql, name: string): Promise<IndexRow | undefined> {
  const [row] = await sql<(Omit<IndexRow, "failing_since"> & { failing_since: number | null })[]>`
    select name, build, filled, swap_after::float8 as swap_after, error,
      (extract(epoch from failing_since) * 1000)::float8 as failing_since
    from mostrador.meilisearch_index where name = ${name}`
  return row && { ...row, failing_since: row.failing_since === null ? null : new Date(row.failing_since) }
}

/** Begins an index from nothing: everything has to be sent. Whatever was known of it is forgotten. */
export async function beginIndex(sql: Sql, name: string): Promise<IndexRow> {
  const build = randomUUID()
  await sql.begin(async (tx) => {
    // Who marks documents either sees this index or comes before it.
    await takeIndexTurn(tx)
    await forget(tx, name)
    await tx`insert into mostrador.meilisearch_index (name, build) values (${name}, ${build})`
    await tx`
      insert into mostrador.meilisearch_entry (build, product_id, hash, mark)
      select ${build}, product_id, '', nextval('mostrador.meilisearch_mark')
      from mostrador.product_document where content is not null`
  })
  return { name, build, filled: false, swap_after: null, error: null, failing_since: null }
}

async function forget(tx: TransactionSql, name: string): Promise<void> {
  const rows = await tx<{ build: string }[]>`
    delete from mostrador.meilisearch_index where name = ${name} returning build`
  for (const { build } of rows) await tx`delete from mostrador.meilisearch_entry where build = ${build}`
}

export async function forgetIndex(sql: Sql, name: string): Promise<void> {
  await sql.begin(async (tx) => {
    // Who marks documents for it has done so before, or does not see it any more.
    await takeIndexTurn(tx)
    await forget(tx, name)
  })
}

/** The next that have to be looked at, as they are now. */
export async function readUnsent(sql: Sql, build: string, most: number): Promise<Unsent[]> {
  return await sql.begin("isolation level repeatable read read only", async (tx) => {
    const lists = await readPublicPriceLists(tx)
    const rows = await tx<
      {
        product_id: string
        mark: number
        hash: string | null
        version: number | null
        content: string | null
        prices: string
        stock: string
        visible_in: string[]
      }[]
    >`
      select entry.product_id, entry.mark::float8 as mark, entry.hash, document.version::float8 as version,
        content::text as content, prices::text as prices, stock::text as stock, visible_in
      from (
        select * from mostrador.meilisearch_entry where build = ${build} and mark is not null order by mark limit ${most}
      ) entry left join mostrador.product_document document using (product_id)
      order by entry.mark`
    return rows.map(({ product_id, mark, hash, version, content, prices, stock, visible_in }) => {
      if (content === null || visible_in.length === 0) return { product_id, mark, hash, document: undefined }
      const document: ProductDocument = {
        product_id,
        version: version ?? 0,
        product: JSON.parse(content) as Product,
        prices: JSON.parse(prices),
        stock: JSON.parse(stock),
        visible_in,
      }
      return { product_id, mark, hash, document: toSearchDocument(document, lists) }
    })
  })
}

/** Before a task writes these: until it has come to its end nobody knows what the index has of them. */
export async function doubt(sql: Sql, build: string, productIds: string[]): Promise<void> {
  await sql`
    with locked as (
      select product_id from mostrador.meilisearch_entry where build = ${build} and product_id = any(${productIds})
      order by product_id for update
    )
    update mostrador.meilisearch_entry entry set hash = null from locked
    where entry.build = ${build} and entry.product_id = locked.product_id`
}

/** The index has these now. One that was marked again meanwhile stays marked. */
export async function confirm(
  sql: Sql,
  build: string,
  sent: { product_id: string; mark: number; hash: string | null }[],
): Promise<void> {
  await sql`
    with locked as (
      select product_id, sent.mark, sent.hash
      from mostrador.meilisearch_entry entry
      join unnest(${sent.map((it) => it.product_id)}::text[], ${sent.map((it) => it.mark)}::bigint[],
        ${sent.map((it) => it.hash)}::text[]) as sent (product_id, mark, hash) using (product_id)
      where entry.build = ${build} order by product_id for update of entry
    )
    update mostrador.meilisearch_entry entry set hash = locked.hash, mark = nullif(entry.mark, locked.mark) from locked
    where entry.build = ${build} and entry.product_id = locked.product_id`
}

/** What has to be looked at: how many, and the mark of that which has waited longest. */
export async function readQueue(sql: Sql, build: string): Promise<{ unsent: number; oldest: number | null }> {
  const [row] = await sql<{ unsent: number; oldest: number | null }[]>`
    select count(*)::int as unsent, min(mark)::float8 as oldest
    from mostrador.meilisearch_entry where build = ${build} and mark is not null`
  return row ?? { unsent: 0, oldest: null }
}

/** How many documents the index should have; undefined when that is not sure. */
export async function countSent(sql: Sql, build: string): Promise<number | undefined> {
  const [row] = await sql<{ sent: number; doubtful: number }[]>`
    select count(*) filter (where hash <> '')::int as sent, count(*) filter (where hash is null)::int as doubtful
    from mostrador.meilisearch_entry where build = ${build}`
  return row && row.doubtful === 0 ? row.sent : undefined
}

/** Writes down how an index is doing, for every process and for those who run the shop. */
export async function note(sql: Sql, name: string, more: { filled: true } | { error: string | null }): Promise<void> {
  if ("filled" in more) await sql`update mostrador.meilisearch_index set filled = true where name = ${name}`
  else {
    await sql`
      update mostrador.meilisearch_index set error = ${more.error},
        failing_since = case when ${more.error}::text is null then null else coalesce(failing_since, now()) end
      where name = ${name} and error is distinct from ${more.error}`
  }
}

export async function noteSwap(sql: Sql, name: string, swapAfter: number | null): Promise<void> {
  await sql`update mostrador.meilisearch_index set swap_after = ${swapAfter} where name = ${name}`
}

/** Meilisearch has exchanged two indexes: so do we. */
export async function exchange(sql: Sql, name: string, other: string): Promise<void> {
  await sql.begin(async (tx) => {
    const rows = await tx<{ name: string; build: string }[]>`
      select name, build from mostrador.meilisearch_index where name in (${name}, ${other}) order by name for update`
    const buildOf = (it: string) => rows.find((row) => row.name === it)?.build ?? ""
    await tx`update mostrador.meilisearch_index set build = '' where name = ${other}`
    await tx`
      update mostrador.meilisearch_index set build = ${buildOf(other)}, filled = true, swap_after = null
      where name = ${name}`
    await tx`update mostrador.meilisearch_index set build = ${buildOf(name)} where name = ${other}`
  })
}
