import { ApiError, refuseUnknown } from "./errors.ts"
import { type Document, readFilter } from "./filter.ts"
import { type Index, shownOf } from "./searching.ts"
import { checkSettings, defaults, mergeSettings, type Settings } from "./settings.ts"
import type { Tasks } from "./tasks.ts"

const now = () => new Date().toISOString()

/** All indexes and what is done to them; every change is a task. */
export function createIndexes(tasks: Tasks) {
  const indexes = new Map<string, Index>()

  function get(uid: string): Index {
    const index = indexes.get(uid)
    if (!index) throw new ApiError("index_not_found", `Index \`${uid}\` not found.`)
    return index
  }
  /** Writing to an index that is not there makes it. */
  function getOrMake(uid: string, primaryKey: string | null = null): Index {
    const index = indexes.get(uid)
    if (index) return index
    const made = { uid, primaryKey, settings: defaults(), documents: new Map(), createdAt: now(), updatedAt: now() }
    indexes.set(uid, made)
    return made
  }
  function requireUid(uid: unknown): asserts uid is string {
    if (typeof uid === "string" && /^[\w-]{1,400}$/.test(uid)) return
    const message = `\`${uid}\` is not a valid index uid. Index uid can be an integer or a string containing only alphanumeric characters, hyphens (-) and underscores (_), and can not be more than 400 bytes.`
    throw new ApiError("invalid_index_uid", message)
  }
  const view = ({ uid, primaryKey, createdAt, updatedAt }: Index) => ({ uid, primaryKey, createdAt, updatedAt })

  function idOf(index: Index, document: Document): string {
    index.primaryKey ??= Object.keys(document).find((it) => it.toLowerCase().endsWith("id")) ?? null
    const key = index.primaryKey
    if (!key) throw new ApiError("index_primary_key_no_candidate_found", "The primary key inference failed.")
    const id = document[key]
    if (id === undefined) {
      const shown = JSON.stringify(document)
      throw new ApiError("missing_document_id", `Document doesn't have a \`${key}\` attribute: \`${shown}\`.`)
    }
    if (!/^[\w-]{1,511}$/.test(String(id))) {
      const message = `Document identifier \`${JSON.stringify(id)}\` is invalid. A document identifier can be of type integer or string, only composed of alphanumeric characters (a-z A-Z 0-9), hyphens (-) and underscores (_), and can not be more than 511 bytes.`
      throw new ApiError("invalid_document_id", message)
    }
    return String(id)
  }

  return {
    get,
    view,
    list: (mayRead: (uid: string) => boolean) => {
      const results = [...indexes.values()].filter((it) => mayRead(it.uid)).map(view)
      return { results, offset: 0, limit: 20, total: results.length }
    },
    create(body: Record<string, unknown>) {
      refuseUnknown(body, ["uid", "primaryKey"])
      const { uid, primaryKey = null } = body
      if (uid === undefined) throw new ApiError("missing_index_uid", "Missing field `uid`")
      requireUid(uid)
      return tasks.enqueue("indexCreation", uid, { primaryKey }, () => {
        if (indexes.has(uid)) throw new ApiError("index_already_exists", `Index \`${uid}\` already exists.`)
        getOrMake(uid, primaryKey as string | null)
        return undefined
      })
    },
    remove(uid: string) {
      return tasks.enqueue("indexDeletion", uid, { deletedDocuments: null }, () => {
        const { documents } = get(uid)
        indexes.delete(uid)
        return { deletedDocuments: documents.size }
      })
    },
    updateSettings(uid: string, body: Partial<Settings>) {
      requireUid(uid)
      checkSettings(body)
      return tasks.enqueue("settingsUpdate", uid, { ...body }, () => {
        const index = getOrMake(uid)
        index.settings = mergeSettings(index.settings, body)
        index.updatedAt = now()
        return undefined
      })
    },
    write(uid: string, body: unknown, query: URLSearchParams, replace: boolean) {
      requireUid(uid)
      refuseUnknown(Object.fromEntries(query), ["primaryKey", "csvDelimiter"])
      const documents = (Array.isArray(body) ? body : [body]) as Document[]
      if (documents.some((it) => typeof it !== "object" || it === null)) {
        throw new ApiError("malformed_payload", "The `json` payload provided is malformed.")
      }
      const details = { receivedDocuments: documents.length, indexedDocuments: null }
      return tasks.enqueue("documentAdditionOrUpdate", uid, details, () => {
        const index = getOrMake(uid)
        index.primaryKey ??= query.get("primaryKey")
        // A batch is there whole or not at all.
        const ready = documents.map((it) => [idOf(index, it), it] as const)
        for (const [id, it] of ready) index.documents.set(id, replace ? it : { ...index.documents.get(id), ...it })
        index.updatedAt = now()
        return { indexedDocuments: documents.length }
      })
    },
    removeDocuments(uid: string, which: "all" | string[] | { filter: unknown }) {
      requireUid(uid)
      const ids = Array.isArray(which) ? which.map(String) : []
      const details = { providedIds: ids.length, deletedDocuments: null, originalFilter: null }
      return tasks.enqueue("documentDeletion", uid, details, () => {
        const index = get(uid)
        const before = index.documents.size
        if (which === "all") index.documents.clear()
        else if (Array.isArray(which)) for (const id of ids) index.documents.delete(id)
        else {
          const passes = readFilter(which.filter, index.settings.filterableAttributes, uid)
          for (const [id, it] of index.documents) if (passes(it)) index.documents.delete(id)
        }
        index.updatedAt = now()
        return { deletedDocuments: before - index.documents.size }
      })
    },
    document(uid: string, id: string): Document {
      const index = get(uid)
      const document = index.documents.get(id)
      if (!document) throw new ApiError("document_not_found", `Document \`${id}\` not found.`)
      return shownOf(document, index.settings)
    },
    documents(uid: string, given: Record<string, unknown>) {
      refuseUnknown(given, ["offset", "limit", "fields", "filter", "retrieveVectors", "ids", "sort"])
      const index = get(uid)
      const passes = readFilter(given.filter, index.settings.filterableAttributes, uid)
      const [offset, limit] = [Number(given.offset ?? 0), Number(given.limit ?? 20)]
      const fields = typeof given.fields === "string" ? given.fields.split(",") : (given.fields as string[] | undefined)
      const found = [...index.documents.values()].filter(passes)
      const results = found.slice(offset, offset + limit).map((it) => shownOf(it, index.settings, fields ?? ["*"]))
      return { results, offset, limit, total: found.length }
    },
    /** @source https://www.meilisearch.com/docs/reference/api/indexes/swap-indexes */
    swap(body: unknown) {
      const pairs = (Array.isArray(body) ? body : []) as { indexes: string[]; rename?: boolean }[]
      for (const pair of pairs) {
        refuseUnknown(pair, ["indexes", "rename"])
        if (pair.indexes?.length === 2) continue
        const message = `Two indexes must be given for each swap. The list \`${JSON.stringify(pair.indexes)}\` contains ${pair.indexes?.length} indexes.`
        throw new ApiError("invalid_swap_indexes", message)
      }
      const all = pairs.flatMap((it) => it.indexes)
      if (new Set(all).size < all.length) {
        throw new ApiError("invalid_swap_duplicate_index_found", "Indexes must be declared only once during a swap.")
      }
      const details = { swaps: pairs.map((it) => ({ indexes: it.indexes, rename: false })) }
      return tasks.enqueue("indexSwap", null, details, () => {
        for (const uid of all) get(uid)
        for (const {
          indexes: [a = "", b = ""],
        } of pairs) {
          const [left, right] = [get(a), get(b)]
          indexes.set(a, { ...right, uid: a }).set(b, { ...left, uid: b })
          tasks.swapHistory(a, b)
        }
        return undefined
      })
    },
    stats(uid: string) {
      const { documents } = get(uid)
      const fieldDistribution: Record<string, number> = {}
      for (const it of documents.values()) {
        for (const name of Object.keys(it)) fieldDistribution[name] = (fieldDistribution[name] ?? 0) + 1
      }
      const isIndexing = tasks.all.some((it) => it.status === "processing" && it.indexUid === uid)
      return { numberOfDocuments: documents.size, isIndexing, fieldDistribution }
    },
    statsOfAll() {
      const each = [...indexes.keys()].map((uid) => [uid, this.stats(uid)])
      return { databaseSize: 0, usedDatabaseSize: 0, lastUpdate: now(), indexes: Object.fromEntries(each) }
    },
  }
}
export type Indexes = ReturnType<typeof createIndexes>
