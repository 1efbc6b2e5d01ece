import type { Sql } from "postgres"
import type { Log } from "../../platform/log.ts"
import { repeat } from "../../platform/repeat.ts"

/** A document has another version: in which of its parts since it was last told of, and who may know of it. */
export interface DocumentChange {
  product_id: string
  version: number
  content: boolean
  prices: boolean
  stock: boolean
  visibility: boolean
  /** Sales channels that show it now; none when it is gone. */
  visible_in: string[]
  /** Sales channels that show it, or have ever done so. */
  seen_in: string[]
}

/** Tells what has changed in the documents, in the order of their versions, to every listener of this process. */
export interface Follower {
  listen(listener: (changes: DocumentChange[]) => void): () => void
  /** The newest version that listeners know of. */
  readonly version: number
  /** Reads what is committed by now. */
  catchUp(): Promise<void>
  close(): Promise<void>
}

const POLL_MILLISECONDS = 200
const PAGE = 2_000

/** Begins at the present. */
export async function followDocuments(sql: Sql, log: Log): Promise<Follower> {
  const listeners = new Set<(changes: DocumentChange[]) => void>()
  const [newest] = await sql<{ version: number }[]>`
    select coalesce(max(version), 0)::float8 as version from mostrador.product_document`
  let version = newest?.version ?? 0
  // Up to where all is told. While pages are read, a part may have changed below `version` in a document that has moved
  // on above it since.
  let told = version

  async function read(): Promise<void> {
    for (;;) {
      const changes = await sql<DocumentChange[]>`
        select product_id, version::float8 as version, content_version > ${told} as content,
          prices_version > ${told} as prices, stock_version > ${told} as stock,
          visible_version > ${told} as visibility, visible_in, seen_in
        from mostrador.product_document where version > ${version} order by product_document.version limit ${PAGE}`
      if (changes.length > 0) for (const listener of listeners) listener(changes)
      version = changes.at(-1)?.version ?? version
      if (changes.length < PAGE) {
        told = version
        return
      }
    }
  }

  const reading = repeat(read, {
    ...{ every: POLL_MILLISECONDS, log, failing: "changed documents cannot be read; products may be stale" },
  })

  return {
    listen(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    get version() {
      return version
    },
    catchUp: reading.now,
    close: reading.close,
  }
}
