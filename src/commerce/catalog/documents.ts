import type { ISql, Sql } from "postgres"
import { Kept } from "../../platform/kept.ts"
import type { Follower } from "./follow.ts"
import type { ProductDocument } from "./product.ts"

/** The documents of products, out of memory or one indexed row. */
export interface Documents {
  /**
   * @param through  who holds a connection reads through it: to wait for another one of the pool, while others wait
   *   for his, might be for ever
   * @returns those that are there, in the order of `productIds`; whether a channel may see them is the caller's matter
   */
  get(productIds: readonly string[], through?: ISql): Promise<ProductDocument[]>
}

/**
 * Keeps documents in memory, those asked for last, and drops one as soon as there is a newer version of it.
 *
 * @param mostBytes  of their texts, all together
 */
export function openDocuments(sql: Sql, follower: Pick<Follower, "listen">, mostBytes: number): Documents {
  const held = new Kept<ProductDocument>(mostBytes)
  // What is read while it changes must not be kept: the reading may have begun before the change.
  const reading = new Map<string, { changed: boolean }>()

  follower.listen((changes) => {
    for (const { product_id } of changes) {
      held.drop(product_id)
      const asked = reading.get(product_id)
      if (asked) asked.changed = true
    }
  })

  async function read(ids: string[], through: ISql): Promise<Map<string, ProductDocument>> {
    const asked = { changed: false }
    const shared = ids.map((id) => {
      const state = reading.get(id) ?? asked
      if (state === asked) reading.set(id, asked)
      return state
    })
    try {
      const rows = await through<
        { product_id: string; version: number; content: string; prices: string; stock: string; visible_in: string[] }[]
      >`
        select product_id, version::float8 as version, content::text as content, prices::text as prices,
          stock::text as stock, visible_in
        from mostrador.product_document where product_id = any(${ids}) and content is not null`
      const found = new Map<string, ProductDocument>()
      for (const { product_id, version, content, prices, stock, visible_in } of rows) {
        const document = {
          product_id,
          version,
          product: JSON.parse(content),
          prices: JSON.parse(prices),
          stock: JSON.parse(stock),
          visible_in,
        }
        found.set(product_id, document)
        if (!shared.some((state) => state.changed)) {
          // In memory it takes some three times as much.
          held.keep(product_id, document, content.length + prices.length + stock.length)
        }
      }
      return found
    } finally {
      for (const id of ids) if (reading.get(id) === asked) reading.delete(id)
    }
  }

  return {
    async get(productIds, through = sql) {
      const found = new Map<string, ProductDocument>()
      const missing: string[] = []
      for (const id of productIds) {
        const document = held.find(id)
        if (document) found.set(id, document)
        else missing.push(id)
      }
      if (missing.length > 0) for (const [id, document] of await read(missing, through)) found.set(id, document)
      return productIds.flatMap((id) => found.get(id) ?? [])
    },
  }
}
