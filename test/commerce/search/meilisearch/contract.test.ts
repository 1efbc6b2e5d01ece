import { Meilisearch } from "meilisearch"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { createBreaker } from "../../../../src/commerce/search/meilisearch/breaker.ts"
import { follow, TaskFailed } from "../../../../src/commerce/search/meilisearch/tasks.ts"
import { openTarget, type Target } from "../../../support/meilisearch/target.ts"

let target: Target
let client: Meilisearch
let uid: string
beforeAll(async () => {
  target = await openTarget()
  client = target.connect().admin
  uid = `${target.indexPrefix}_contract`
  await follow(client, await client.createIndex(uid, { primaryKey: "id" }))
  const settings = { filterableAttributes: ["kind"], sortableAttributes: ["size"], searchableAttributes: ["name"] }
  await follow(client, await client.index(uid).updateSettings(settings))
  await follow(client, await client.index(uid).addDocuments([{ id: "a", name: "one", kind: "x", size: 2 }]))
})
afterAll(() => target.close())

const codeOf = async (asked: Promise<unknown>) =>
  await asked.then(
    () => "accepted",
    (error) => error.cause?.code,
  )

/** What we rely on, and hold the stand-in to: these run against a real one too. */
describe("Meilisearch refuses", () => {
  it("settings that it does not know, or that are of another kind", async () => {
    const settings = (more: object) => codeOf(client.index(uid).updateSettings(more))
    expect(await settings({ searchableFields: ["name"] })).toBe("bad_request")
    expect(await settings({ filterableAttributes: "kind" })).toBe("invalid_settings_filterable_attributes")
    expect(await settings({ rankingRules: ["cheapest"] })).toBe("invalid_settings_ranking_rules")
  })

  it("filters, orders, facets and fields that are not set for it, and broken filters", async () => {
    const search = (more: object) => codeOf(client.index(uid).search("", more))
    expect(await search({ filter: "name = one" })).toBe("invalid_search_filter")
    expect(await search({ filter: "kind = " })).toBe("invalid_search_filter")
    expect(await search({ filter: 'kind = "x' })).toBe("invalid_search_filter")
    expect(await search({ filter: "kind = x AND" })).toBe("invalid_search_filter")
    expect(await search({ sort: ["kind:asc"] })).toBe("invalid_search_sort")
    expect(await search({ facets: ["name"] })).toBe("invalid_search_facets")
    expect(await search({ attributesToSearchOn: ["kind"] })).toBe("invalid_search_attributes_to_search_on")
    expect(await search({ matchingStrategy: "any" })).toBe("invalid_search_matching_strategy")
    expect(await search({ typos: false })).toBe("bad_request")
    expect(await search({ filter: 'kind IN ["x", "\\"y\\\\"] OR (kind IS NULL)', sort: ["size:desc"] })).toBe(
      "accepted",
    )
  })

  it("an index that is not there, and a key that is none", async () => {
    expect(await codeOf(client.index(`${uid}_not`).search(""))).toBe("index_not_found")
    const stranger = new Meilisearch({ host: target.url, apiKey: "not-a-key-of-theirs" })
    expect(await codeOf(stranger.index(uid).search(""))).toBe("invalid_api_key")
    expect(await codeOf(new Meilisearch({ host: target.url }).index(uid).search(""))).toBe(
      "missing_authorization_header",
    )
  })

  it("documents with ids that are none, as a task and with all of their batch", async () => {
    const task = await client.index(uid).addDocuments([{ id: "fine" }, { id: "not.fine" }])
    const failure = await follow(client, task).catch((error) => error)
    expect(failure).toBeInstanceOf(TaskFailed)
    expect(failure.task.error.code).toBe("invalid_document_id")
    expect(failure.isOurMistake).toBe(true)
    expect((await client.index(uid).getStats()).numberOfDocuments).toBe(1)
  })

  it("to swap with what is not there", async () => {
    const task = await client.swapIndexes([{ indexes: [uid, `${uid}_not`] } as never])
    await expect(follow(client, task)).rejects.toThrow(TaskFailed)
  })
})

describe("the breaker", () => {
  it("opens after failures in a row, lets one try after a pause, and closes when that one finds all well", () => {
    let now = 0
    const breaker = createBreaker({ failures: 2, pauseSeconds: 5, now: () => now })
    breaker.report(false)
    breaker.report(true)
    breaker.report(false)
    expect([breaker.mayTry(), breaker.isOpen]).toEqual([true, false])
    breaker.report(false)
    expect([breaker.mayTry(), breaker.isOpen]).toEqual([false, true])
    now = 5_001
    expect([breaker.mayTry(), breaker.mayTry()]).toEqual([true, false])
    breaker.report(false)
    expect(breaker.mayTry()).toBe(false)
    now = 10_500
    expect(breaker.mayTry()).toBe(true)
    breaker.report(true)
    expect([breaker.mayTry(), breaker.mayTry(), breaker.isOpen]).toEqual([true, true, false])
  })
})
