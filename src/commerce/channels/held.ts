import type { Sql } from "postgres"
import { type ChangeFeed, keepInMemory } from "../../platform/changes/index.ts"
import type { Channel, ChannelKind } from "./channel.ts"
import { allChannels } from "./rows.ts"

/** The channels as every process of the shop has them in memory. */
export interface Channels {
  find(id: string): Channel | undefined
  /** @param publishableKeyId  of which one channel is at the most */
  ofKey(publishableKeyId: string): Channel | undefined
  /** The oldest first. */
  ofKind(kind: ChannelKind): Channel[]
}

/** Loads the channels and follows their changes. */
export async function loadChannels(sql: Sql, feed: ChangeFeed): Promise<Channels> {
  const held = await keepInMemory(feed, ["channel"], async () => {
    const all = await allChannels(sql)
    const byKey = all.flatMap((it) => (it.publishable_key_id === null ? [] : [[it.publishable_key_id, it] as const]))
    return { all, byId: new Map(all.map((it) => [it.id, it])), byKey: new Map(byKey) }
  })
  return {
    find: (id) => held.value.byId.get(id),
    ofKey: (id) => held.value.byKey.get(id),
    ofKind: (kind) => held.value.all.filter((it) => it.kind === kind),
  }
}
