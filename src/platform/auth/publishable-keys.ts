import { and, eq, isNull } from "drizzle-orm"
import { api_key, publishable_api_key_sales_channel } from "../../medusa/schema.ts"
import { type ChangeFeed, keepInMemory } from "../changes/index.ts"
import type { Db } from "../db/index.ts"

export interface PublishableKey {
  id: string
  sales_channel_ids: string[]
}

export interface PublishableKeys {
  /** @returns the key, or `undefined` when there is none with this token or it is revoked by `now` */
  find(token: string, now?: Date): PublishableKey | undefined
  /** @returns the token of a key for this channel and as few others as can be, or of any key */
  tokenFor(salesChannelId: string | undefined, now?: Date): string | undefined
}

const isValid = ({ revoked_at }: { revoked_at: Date | null }, now: Date) => !(revoked_at && revoked_at <= now)

/**
 * All publishable keys, held in memory.
 *
 * @source Medusa 2.21 `framework/dist/http/middlewares/ensure-publishable-api-key.js`
 */
export async function loadPublishableKeys(db: Db, feed: ChangeFeed): Promise<PublishableKeys> {
  const keys = await keepInMemory(feed, ["api_key", "publishable_api_key_sales_channel"], async () => {
    const link = publishable_api_key_sales_channel
    const rows = await db
      .select({
        id: api_key.id,
        token: api_key.token,
        revoked_at: api_key.revoked_at,
        sales_channel_id: link.sales_channel_id,
      })
      .from(api_key)
      .leftJoin(link, and(eq(link.publishable_key_id, api_key.id), isNull(link.deleted_at)))
      .where(and(eq(api_key.type, "publishable"), isNull(api_key.deleted_at)))
    const found = new Map<string, PublishableKey & { revoked_at: Date | null }>()
    for (const { id, token, revoked_at, sales_channel_id } of rows) {
      const key = found.get(token) ?? { id, revoked_at, sales_channel_ids: [] }
      if (sales_channel_id) key.sales_channel_ids.push(sales_channel_id)
      found.set(token, key)
    }
    return found
  })
  return {
    find(token, now = new Date()) {
      const key = keys.value.get(token)
      return key && isValid(key, now) ? key : undefined
    },
    tokenFor(salesChannelId, now = new Date()) {
      const misfit = ({ sales_channel_ids: ids }: PublishableKey) =>
        salesChannelId !== undefined && ids.includes(salesChannelId) ? ids.length : Infinity
      const valid = [...keys.value].filter(([, key]) => isValid(key, now))
      return valid.sort(([, a], [, b]) => (misfit(a) < misfit(b) ? -1 : 1))[0]?.[0]
    },
  }
}
