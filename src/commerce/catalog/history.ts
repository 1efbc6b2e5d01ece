import type { Sql } from "postgres"

/** A document as it is now, with the version at which each of its parts last changed. Parts are JSON texts. */
export interface DocumentVersion {
  product_id: string
  version: number
  content_version: number
  prices_version: number
  stock_version: number
  visible_version: number
  /** Whether one of the channels that were asked for shows it. If not, nothing of it is there. */
  is_visible: boolean
  handle: string | null
  content: string
  prices: string
  stock: string
  visible_in: string[]
  seen_in: string[]
}

/** Which channel ships from which location. */
export interface ChannelLocation {
  sales_channel_id: string
  stock_location_id: string
}

/** What the documents' versions span. */
export interface Horizon {
  /** There is no newer one. */
  newest: number
  /** Deletions up to here are forgotten: a reader who stands before it may have missed some. */
  pruned: number
}

/**
 * The documents in the order in which they changed. Who reads on from a version gets the newest state of every product
 * that has changed since; one read that comes back with less than `limit` has all that is committed.
 */
export interface History {
  horizon(): Promise<Horizon>
  /**
   * @param after     the last version that the reader has
   * @param channels  only what one of these shows, or has ever shown
   * @returns in the order of versions; with the links of all channels, no older than the documents
   */
  read(
    after: number,
    channels: readonly string[],
    limit: number,
  ): Promise<{ documents: DocumentVersion[]; links: ChannelLocation[] }>
}

export function openHistory(sql: Sql): History {
  return {
    async horizon() {
      const [row] = await sql<Horizon[]>`
        select pruned, greatest(pruned, (select max(version) from mostrador.product_document))::float8 as newest
        from (select coalesce((
          select value::float8 from mostrador.installation where name = 'documents_pruned'), 0) as pruned) forgotten`
      return row ?? { newest: 0, pruned: 0 }
    },
    async read(after, channels, limit) {
      const asked = [...channels]
      const documents = await sql<DocumentVersion[]>`
        select product_id, version::float8 as version, content_version::float8 as content_version,
          prices_version::float8 as prices_version, stock_version::float8 as stock_version,
          visible_version::float8 as visible_version, shown.is_visible, visible_in, seen_in,
          case when shown.is_visible then content ->> 'handle' end as handle,
          case when shown.is_visible then content::text else '' end as content,
          case when shown.is_visible then prices::text else '' end as prices,
          case when shown.is_visible then stock::text else '' end as stock
        from mostrador.product_document,
          lateral (select visible_in && ${asked}::text[] and content is not null as is_visible) shown
        where version > ${after} and seen_in && ${asked}::text[]
        order by product_document.version limit ${limit}`
      const links =
        documents.length === 0
          ? []
          : await sql<ChannelLocation[]>`
              select sales_channel_id, stock_location_id from sales_channel_stock_location where deleted_at is null`
      return { documents, links }
    },
  }
}
