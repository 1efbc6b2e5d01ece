import { createHash } from "node:crypto"
import type { TransactionSql } from "postgres"
import type { ProductDocument } from "../../catalog/index.ts"
import { toSearchDocument } from "../document.ts"
import { readPublicPriceLists } from "../price-lists.ts"
import { dictionary, readSearchSettings } from "../settings.ts"
import { noteIndexChange, takeIndexTurn } from "../turn.ts"
import { emptyRow, SET_FIELDS, type SearchRow, type SetField, toRow } from "./row.ts"

/** Goes up when documents make other rows than before: then all are written anew. */
export const SEARCH_FORMAT = "3"

/**
 * Writes the rows of these products out of their documents, in the transaction that wrote those. One that no sales
 * channel shows has an empty one, if it had any. Needs the index's turn.
 */
export async function writeSearchRows(tx: TransactionSql, productIds: string[]): Promise<void> {
  const documents = await readDocuments(tx, productIds)
  const settings = await readSearchSettings(tx)
  const lists = await readPublicPriceLists(tx)
  const made = documents.map((document) => toRow(toSearchDocument(document, lists)))
  const rows = [...made.map((it) => it.row), ...(await readHidden(tx, productIds, documents)).map(emptyRow)]
  await addWords(tx, new Set(made.flatMap((it) => [...it.vocabulary])), dictionary(settings))
  const sets = await addSets(tx, rows)
  if (rows.length > 0) await upsert(tx, rows, sets, await noteIndexChange(tx))
}

/** Those of the products that have a row and nothing to show. */
async function readHidden(tx: TransactionSql, productIds: string[], shown: ProductDocument[]): Promise<string[]> {
  const rows = await tx<{ product_id: string }[]>`
    select product_id from mostrador.search_product
    where product_id = any(${productIds}) and product_id <> all(${shown.map((it) => it.product_id)})`
  return rows.map((row) => row.product_id)
}

async function readDocuments(tx: TransactionSql, productIds: string[]): Promise<ProductDocument[]> {
  const rows = await tx<
    { product_id: string; version: number; content: string; prices: string; stock: string; visible_in: string[] }[]
  >`
    select product_id, version::float8 as version, content::text as content, prices::text as prices,
      stock::text as stock, visible_in
    from mostrador.product_document
    where product_id = any(${productIds}) and content is not null and visible_in <> '{}'`
  return rows.map(({ content, prices, stock, ...row }) => ({
    ...row,
    product: JSON.parse(content),
    prices: JSON.parse(prices),
    stock: JSON.parse(stock),
  }))
}

/** In one order everywhere, so that two who add the same words do not wait for each other in a circle. */
async function addWords(tx: TransactionSql, words: Set<string>, stemmer: string): Promise<void> {
  if (words.size === 0) return
  await tx`
    insert into mostrador.search_word (word, stem)
    select word, coalesce((ts_lexize(${stemmer}::regdictionary, word))[1], '')
    from unnest(${[...words].sort()}::text[]) word
    where not exists (select from mostrador.search_word known where known.word = word.word)
    on conflict do nothing`
}

/** @returns the ids of the sets of all rows, by field and digest */
async function addSets(tx: TransactionSql, rows: SearchRow[]): Promise<Map<string, number>> {
  const wanted = new Map<string, { field: SetField; digest: string; members: string[] }>()
  for (const row of rows) {
    for (const field of SET_FIELDS) {
      const digest = digestOf(row.sets[field])
      wanted.set(`${field} ${digest}`, { field, digest, members: row.sets[field] })
    }
  }
  const asked = JSON.stringify([...wanted.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, it]) => it))
  await tx`
    insert into mostrador.search_set (field, digest, members)
    select asked.field, asked.digest, array(select jsonb_array_elements_text(asked.members))
    from jsonb_to_recordset(${asked}::text::jsonb) asked (field text, digest text, members jsonb)
    where not exists (
      select from mostrador.search_set known where known.field = asked.field and known.digest = asked.digest)
    on conflict do nothing`
  const found = await tx<{ name: string; id: number }[]>`
    select known.field || ' ' || known.digest as name, known.id
    from jsonb_to_recordset(${asked}::text::jsonb) asked (field text, digest text)
    join mostrador.search_set known using (field, digest)`
  return new Map(found.map((row) => [row.name, row.id]))
}

/** Forgets combinations that no product has any more: shops sell out in ever new ones. */
export async function pruneSets(tx: TransactionSql): Promise<void> {
  await takeIndexTurn(tx)
  await tx.unsafe(`
    delete from mostrador.search_set
    where id not in (select unnest(array[${SET_FIELDS.join(", ")}]) from mostrador.search_product)`)
}

async function upsert(
  tx: TransactionSql,
  rows: SearchRow[],
  sets: Map<string, number>,
  version: number,
): Promise<void> {
  const flat = rows.map(({ sets: members, ...row }) => ({
    ...row,
    version,
    ...Object.fromEntries(SET_FIELDS.map((field) => [field, sets.get(`${field} ${digestOf(members[field])}`)])),
  }))
  await tx.unsafe(UPSERT, [JSON.stringify(flat)])
}

const PLAIN = {
  version: "int8",
  word_lines: "text",
  codes: "text[]",
  title: "text",
  created_at: "float8",
  updated_at: "float8",
  price: "jsonb",
}
const COLUMNS = [...Object.keys(PLAIN), ...SET_FIELDS]

/** Not `on conflict`, which would use up a number (`n`) for each update. Every name in it is one of ours. */
const UPSERT = `
  with given as materialized (
    select product_id, ${COLUMNS.join(", ")}
    from jsonb_to_recordset($1::text::jsonb) row (product_id text,
      ${[...Object.entries(PLAIN), ...SET_FIELDS.map((it) => [it, "int"])]
        .map(([name, type]) => `${name} ${type}`)
        .join(", ")})
  ), updated as (
    update mostrador.search_product known set ${COLUMNS.map((it) => `${it} = given.${it}`).join(", ")},
      words_version = case when known.word_lines = given.word_lines then known.words_version else given.version end
    from given where known.product_id = given.product_id returning known.product_id
  )
  insert into mostrador.search_product (product_id, words_version, ${COLUMNS.join(", ")})
  select product_id, version, ${COLUMNS.join(", ")} from given where product_id not in (select product_id from updated)`

const digestOf = (members: string[]) => createHash("md5").update(JSON.stringify(members)).digest("hex")
