import { Meilisearch } from "meilisearch"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import type { OpenCounter } from "../../../src/server.ts"
import { demo, openTestCounter } from "../../support/counter.ts"
import { cloneDatabase, type TestDatabase } from "../../support/database.ts"
import { ask, until } from "../../support/http.ts"
import { openTarget, type Target } from "../../support/meilisearch/target.ts"

let database: TestDatabase
let target: Target
let counter: OpenCounter
beforeAll(async () => {
  database = await cloneDatabase()
  target = await openTarget()
  const publicUrl = "https://search.shop.example"
  counter = await openTestCounter(database.url, { meilisearch: { ...target, publicUrl } })
})
afterAll(async () => {
  await counter.close()
  await target.close()
  await database.drop()
})
const asked = (more: Record<string, string> = {}) => ({
  method: "POST",
  headers: { "x-publishable-api-key": demo().channels.web.publishable_key, ...more },
})
const ready = async () => (await ask(counter.url, "/ready?for=lanes")).body

describe("POST /store/search/token", () => {
  it("gives a browser a token for its channel, and where to search", async () => {
    const answer = await ask(counter.url, "/store/search/token", asked({ origin: "http://localhost:8000" }))
    expect([answer.status, answer.headers.get("cache-control")]).toEqual([200, "no-store"])
    expect(answer.headers.get("access-control-allow-origin")).toBe("http://localhost:8000")
    const { token, index, url, expires_at } = answer.body as Record<string, string>
    expect(url).toBe("https://search.shop.example")
    expect(Date.parse(expires_at ?? "")).toBeGreaterThan(Date.now())
    expect(answer.text).not.toContain(target.masterKey)
    const client = new Meilisearch({ host: target.url, apiKey: token ?? "" })
    const search = () => client.index(index ?? "").search("", { limit: 200 })
    await until(
      "the products are there",
      () =>
        search().then(
          ({ hits }) => hits.length > 50,
          () => false,
        ),
      30,
    )
    const { hits } = await search()
    const web = demo().channels.web.sales_channel_id
    expect(hits.every((hit) => hit.sales_channel_ids.includes(web) && hit.status === "published")).toBe(true)
  })

  it("needs a publishable key", async () => {
    const answer = await ask(counter.url, "/store/search/token", { method: "POST" })
    expect([answer.status, answer.body]).toMatchObject([400, { type: "not_allowed" }])
  })

  it("says what to do instead when there is no Meilisearch", async () => {
    const without = await openTestCounter(database.url)
    const answer = await ask(without.url, "/store/search/token", asked())
    expect([answer.status, answer.body]).toEqual([
      501,
      {
        type: "not_allowed",
        code: "meilisearch_not_configured",
        message: expect.stringContaining("POST /store/search"),
      },
    ])
    expect((await ask(without.url, "/ready?for=lanes")).body).not.toHaveProperty("search")
    await without.close()
  })
})

describe("/ready and /metrics with Meilisearch", () => {
  it("say which engine answers, and stay well when it is Postgres", async () => {
    await until(
      "it is well",
      async () => JSON.stringify(await ready()).includes('"engine":"meilisearch","behind":0}'),
      20,
    )
    expect((await ask(counter.url, "/metrics")).text).toMatch(
      /mostrador_search_index_documents_total\{done="written"\} \d{2}/,
    )
    if (!target.standIn) return
    target.standIn.faults.down = true
    expect(await ready()).toMatchObject({ status: "ok", search: { engine: "postgres" } })
    await database.sql`update product set title = title || '!' where status = 'published'`
    await until("it is known why", async () => JSON.stringify(await ready()).includes("reason"))
    expect(JSON.stringify(await ready())).not.toContain(new URL(target.url).port)
    target.standIn.faults.down = false
    await until(
      "it is well",
      async () => JSON.stringify(await ready()).includes('"engine":"meilisearch","behind":0}'),
      20,
    )
  })
})
