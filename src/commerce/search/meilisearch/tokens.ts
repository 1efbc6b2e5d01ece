import { createHash } from "node:crypto"
import type { Key } from "meilisearch"
import { generateTenantToken } from "meilisearch/token"
import { SearchUnavailable } from "../engine.ts"
import { type Connection, errorCodeOf, reasonOf } from "./connection.ts"
import { all, among } from "./filters.ts"

/** What lets a browser search by itself, for a while and only what it may see. */
export interface SearchToken {
  token: string
  expires_at: Date
  index: string
}

export interface SearchTokens {
  /**
   * @param channels  whose published products can be searched with it; none: nothing can
   * @throws SearchUnavailable when Meilisearch cannot be asked for the key that signs it
   */
  issue(channels: readonly string[], now?: Date): Promise<SearchToken>
}

const LIFETIME_MINUTES = 15
/** A Meilisearch that has lost its keys takes no token for so long, and few requests for a token ask it. */
const KEY_MINUTES = 1

/**
 * Issues tenant tokens. They are signed by a key of their own that can do nothing but search our index; the master key
 * signs none, and neither of them leaves the server.
 *
 * @source https://www.meilisearch.com/docs/learn/security/multitenancy_tenant_tokens
 */
export function createSearchTokens({ search: client, index }: Connection): SearchTokens {
  let signing: { key: Promise<Key>; until: number } | undefined

  /** The same for every process and every start: its id follows from the name of the index. */
  async function findOrCreate(): Promise<Key> {
    const uid = idOf(index)
    try {
      return await client.getKey(uid)
    } catch (error) {
      if (errorCodeOf(error) !== "api_key_not_found") throw error
    }
    try {
      return await client.createKey({
        uid,
        name: `Search of ${index}`,
        description: "Signs the tokens with which browsers search (Mostrador)",
        actions: ["search"],
        indexes: [index],
        expiresAt: null,
      })
    } catch (error) {
      if (errorCodeOf(error) !== "api_key_already_exists") throw error
      return await client.getKey(uid)
    }
  }

  /** One that was looked at lately; requests that come together share the looking. */
  async function signingKey(now: Date): Promise<Key> {
    if (!signing || signing.until < now.getTime()) {
      signing = { key: findOrCreate(), until: now.getTime() + KEY_MINUTES * 60_000 }
    }
    const { key } = signing
    return await key.catch((error) => {
      if (signing?.key === key) signing = undefined
      throw new SearchUnavailable(`Meilisearch gives no key to sign tokens: ${reasonOf(error)}`)
    })
  }

  return {
    async issue(channels, now = new Date()) {
      const key = await signingKey(now)
      const expires_at = new Date(now.getTime() + LIFETIME_MINUTES * 60_000)
      const filter = all([among("sales_channel_ids", channels), "status = published"])
      const token = await generateTenantToken({
        apiKey: key.key,
        apiKeyUid: key.uid,
        searchRules: { [index]: { filter: filter ?? "" } },
        expiresAt: expires_at,
      })
      return { token, expires_at, index }
    },
  }
}

/** A UUID (version 4 in its form) that follows from a name. */
function idOf(name: string): string {
  const hex = createHash("sha256").update(`mostrador:search-key:${name}`).digest("hex")
  const variant = ((Number.parseInt(hex[16] ?? "0", 16) & 3) | 8).toString(16)
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}
