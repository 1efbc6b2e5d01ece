import { randomBytes } from "node:crypto"
import { Meilisearch } from "meilisearch"
import { connect } from "../../../src/commerce/search/meilisearch/connection.ts"
import { type StandIn, startStandIn } from "./server.ts"

/** The Meilisearch that tests run against: a real one when `MEILI_URL` is set, else the stand-in. */
export interface Target {
  url: string
  masterKey: string
  /** This run's own; everything with it is gone afterwards. */
  indexPrefix: string
  /** Absent with a real one: what it alone can do (be down, slow, fail a task) is not tested then. */
  standIn: StandIn | undefined
  /** As the program connects to it. */
  connect(more?: { searchMilliseconds?: number }): ReturnType<typeof connect>
  close(): Promise<void>
}

export const isReal = Boolean(process.env.MEILI_URL)

export async function openTarget(): Promise<Target> {
  const standIn = isReal ? undefined : await startStandIn()
  const url = standIn?.url ?? process.env.MEILI_URL ?? ""
  const masterKey = standIn?.masterKey ?? process.env.MEILI_MASTER_KEY ?? ""
  const indexPrefix = `test_${randomBytes(5).toString("hex")}`
  return {
    url,
    masterKey,
    indexPrefix,
    standIn,
    connect: (more = {}) => connect({ url, masterKey, indexPrefix, ...more }),
    async close() {
      if (standIn) return await standIn.close()
      const client = new Meilisearch({ host: url, apiKey: masterKey })
      const { results } = await client.getRawIndexes({ limit: 1000 })
      for (const { uid } of results) if (uid.startsWith(indexPrefix)) await client.deleteIndex(uid)
      const keys = await client.getKeys({ limit: 1000 })
      for (const key of keys.results) {
        if (key.indexes.some((it) => it.startsWith(indexPrefix))) await client.deleteKey(key.uid)
      }
    },
  }
}
