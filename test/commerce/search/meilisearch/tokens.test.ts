import { Meilisearch } from "meilisearch"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { createSearchTokens, type SearchDocument } from "../../../../src/commerce/search/index.ts"
import {
  applySettings,
  ensureIndex,
  indexSettings,
  NO_WORDS,
} from "../../../../src/commerce/search/meilisearch/settings.ts"
import { follow } from "../../../../src/commerce/search/meilisearch/tasks.ts"
import { isReal, openTarget, type Target } from "../../../support/meilisearch/target.ts"
import { product } from "./products.ts"

let target: Target
let index: string
beforeAll(async () => {
  target = await openTarget()
  const { admin, index: uid } = target.connect()
  index = uid
  await ensureIndex(admin, uid)
  expect(await applySettings(admin, uid, indexSettings(NO_WORDS))).toBe(true)
  const products = [
    product("web", { title: "Vela" }),
    product("till", { title: "Vela", sales_channel_ids: ["till"] }),
    product("both", { title: "Vela", sales_channel_ids: ["web", "till"] }),
    { ...product("draft", { title: "Vela" }), status: "draft" },
  ]
  await follow(admin, await admin.index(uid).addDocuments(products))
})
afterAll(() => target.close())

async function browser(channels: string[], now?: Date): Promise<Meilisearch> {
  const { token } = await createSearchTokens(target.connect()).issue(channels, now)
  return new Meilisearch({ host: target.url, apiKey: token })
}
const found = async (client: Meilisearch, more = {}) =>
  (await client.index<SearchDocument>(index).search("vela", more)).hits.map((it) => it.id).sort()

describe("the settings of the index", () => {
  it("are applied only where they differ, and lose what is no longer in them", async () => {
    const { admin } = target.connect()
    expect(await applySettings(admin, index, indexSettings(NO_WORDS))).toBe(false)
    const words = { stop_words: ["de"], synonyms: [["sofá", "diván"]] }
    expect(await applySettings(admin, index, indexSettings(words))).toBe(true)
    expect(await applySettings(admin, index, indexSettings(words))).toBe(false)
    expect(await admin.index(index).getSettings()).toMatchObject({ synonyms: { sofá: ["diván"], diván: ["sofá"] } })
    expect(await applySettings(admin, index, indexSettings(NO_WORDS))).toBe(true)
    expect((await admin.index(index).getSettings()).synonyms).toEqual({})
  })
})

describe("a search token", () => {
  it("finds published products of its channels and nothing else, whatever the browser asks for", async () => {
    const client = await browser(["web"])
    expect(await found(client)).toEqual(["both", "web"])
    expect(await found(client, { filter: "sales_channel_ids = till" })).toEqual(["both"])
    expect(await found(client, { filter: 'id EXISTS OR sales_channel_ids = "till"' })).toEqual(["both", "web"])
    expect(await found(client, { filter: "status = draft" })).toEqual([])
    const { facetHits } = await client.index(index).searchForFacetValues({ facetName: "id", facetQuery: "till" })
    expect(facetHits).toEqual([])
    expect(await found(await browser([]))).toEqual([])
    expect(await found(await browser(['web" OR id EXISTS OR id = "x']))).toEqual([])
  })

  it("opens nothing but searching that index", async () => {
    const client = await browser(["web"])
    await expect(client.index(index).getDocuments()).rejects.toThrow("invalid")
    await expect(client.index("other").search("")).rejects.toThrow("invalid")
    await expect(client.getKeys()).rejects.toThrow("invalid")
    await expect(client.index(index).addDocuments([{ id: "x" }])).rejects.toThrow("invalid")
  })

  it("ends after a quarter of an hour, and cannot be changed or made by others", async () => {
    await expect(found(await browser(["web"], new Date(Date.now() - 16 * 60_000)))).rejects.toThrow("invalid")
    const { token, expires_at } = await createSearchTokens(target.connect()).issue(["web"])
    expect(expires_at.getTime() - Date.now()).toBeLessThanOrEqual(15 * 60_000)
    const [head = "", body = "", signature = ""] = token.split(".")
    const claims = JSON.parse(Buffer.from(body, "base64url").toString())
    const forged = Buffer.from(JSON.stringify({ ...claims, searchRules: ["*"] })).toString("base64url")
    const thief = new Meilisearch({ host: target.url, apiKey: `${head}.${forged}.${signature}` })
    await expect(found(thief)).rejects.toThrow("invalid")
    expect(JSON.stringify(claims)).not.toContain(target.masterKey)
  })

  it.skipIf(isReal)("opens Meilisearch again a minute after that has lost its keys", async () => {
    const { standIn } = target
    const tokens = createSearchTokens(target.connect())
    const opens = async ({ token }: { token: string }) =>
      await found(new Meilisearch({ host: target.url, apiKey: token })).then(
        () => true,
        () => false,
      )
    expect(await opens(await tokens.issue(["web"]))).toBe(true)
    standIn?.wipe()
    const { admin } = target.connect()
    await ensureIndex(admin, index)
    await applySettings(admin, index, indexSettings(NO_WORDS))
    expect(await opens(await tokens.issue(["web"]))).toBe(false)
    expect(await opens(await tokens.issue(["web"], new Date(Date.now() + 61_000)))).toBe(true)
  })

  it.skipIf(isReal)("is refused soon by a Meilisearch that does not answer", async () => {
    const faults = target.standIn?.faults ?? { delayMilliseconds: 0 }
    faults.delayMilliseconds = 5_000
    const tokens = createSearchTokens(target.connect({ searchMilliseconds: 50 }))
    const issued = tokens.issue(["web"]).finally(() => {
      faults.delayMilliseconds = 0
    })
    await expect(issued).rejects.toThrow("timed out")
    await expect(tokens.issue(["web"])).resolves.toMatchObject({ index })
  })

  it("is signed by one key that can only search, however many processes sign", async () => {
    const tokens = await Promise.all([1, 2, 3].map(() => createSearchTokens(target.connect()).issue(["web"])))
    const uids = tokens.map(
      ({ token }) => JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString()).apiKeyUid,
    )
    expect(new Set(uids).size).toBe(1)
    expect(await target.connect().admin.getKey(uids[0])).toMatchObject({ actions: ["search"], indexes: [index] })
  })
})
