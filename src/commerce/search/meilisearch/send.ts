import { createHash } from "node:crypto"
import type { EnqueuedTask, Meilisearch } from "meilisearch"
import type { Sql } from "postgres"
import type { SearchDocument } from "../engine.ts"
import { confirm, doubt, readUnsent } from "./entries.ts"
import { follow } from "./tasks.ts"
import type { Turn } from "./turn.ts"

export interface Sending {
  sql: Sql
  client: Meilisearch
  turn: Turn
  signal: AbortSignal
}

/** What a batch has come to. */
export interface Sent {
  /** Products that were looked at; fewer than asked for: there are no more. */
  looked: number
  written: number
  deleted: number
}

/** Meilisearch takes up to 100 MB at once; this is a matter of memory, ours and its. */
const MOST_BYTES = 8 * 1024 * 1024

/**
 * Brings the next products of an index up to date: documents that are others than those it has are written, those of
 * products that are shown nowhere any more deleted, and it is followed whether that was done. What is the same is not
 * sent: of stock a document has only where it is, so it is another only when something is sold out or back.
 *
 * May be killed anywhere: a product stays marked until the index is known to have it.
 *
 * @param most  products at once
 * @throws TaskFailed and what the client throws; then nothing is confirmed
 */
export async function sendSome(
  { sql, client, turn, signal }: Sending,
  index: string,
  build: string,
  most: number,
): Promise<Sent> {
  const unsent = await readUnsent(sql, build, most)
  if (unsent.length === 0) return { looked: 0, written: 0, deleted: 0 }
  const entries = unsent.map((it) => ({ ...it, now: it.document ? hashOf(it.document) : "" }))
  const changed = entries.filter((it) => it.now !== it.hash)
  const documents = changed.flatMap((it) => it.document ?? [])
  const gone = changed.filter((it) => !it.document).map((it) => it.product_id)
  if (changed.length > 0) {
    await doubt(
      sql,
      build,
      changed.map((it) => it.product_id),
    )
    // A process that was away for so long that another has its turn must not write over what that one wrote.
    await turn.requireHeld()
    const tasks: EnqueuedTask[] = []
    for (const chunk of chunks(documents)) {
      tasks.push(await client.index(index).addDocuments(chunk, { primaryKey: "id" }))
    }
    if (gone.length > 0) tasks.push(await client.index(index).deleteDocuments(gone))
    for (const task of tasks) await follow(client, task, signal)
  }
  await confirm(
    sql,
    build,
    entries.map(({ product_id, mark, now }) => ({ product_id, mark, hash: now })),
  )
  return { looked: unsent.length, written: documents.length, deleted: gone.length }
}

const hashOf = (document: SearchDocument) => createHash("sha1").update(JSON.stringify(document)).digest("base64")

function* chunks(documents: SearchDocument[]): Generator<SearchDocument[]> {
  let chunk: SearchDocument[] = []
  let bytes = 0
  for (const document of documents) {
    const size = Buffer.byteLength(JSON.stringify(document))
    if (chunk.length > 0 && bytes + size > MOST_BYTES) {
      yield chunk
      chunk = []
      bytes = 0
    }
    chunk.push(document)
    bytes += size
  }
  if (chunk.length > 0) yield chunk
}
