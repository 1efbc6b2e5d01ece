import { expect, it } from "vitest"
import { type ChangeFeed, keepInMemory } from "../../../src/platform/changes/index.ts"

/** A feed that is told by hand. */
function feedByHand() {
  let handler: () => Promise<void> = async () => {}
  const feed: ChangeFeed = {
    subscribe(_, it) {
      handler = it
    },
    catchUp: async () => {},
    close: async () => {},
  }
  return { feed, change: () => handler() }
}

it("a change that comes during the first load is not undone by it", async () => {
  const { feed, change } = feedByHand()
  let row = "old"
  let answerFirst = () => {}
  const first = new Promise<void>((resolve) => {
    answerFirst = resolve
  })
  let loads = 0
  const held = keepInMemory(feed, ["api_key"], async () => {
    const read = row
    if (loads++ === 0) await first // the database is slow, just this once
    return read
  })
  row = "new"
  const changed = change()
  answerFirst()
  await changed
  expect((await held).value).toBe("new")
  expect(loads).toBe(2)
})

it("a load that fails keeps the old value, and the next one is taken", async () => {
  const { feed, change } = feedByHand()
  const answers = ["one", new Error("gone"), "three"]
  const held = await keepInMemory(feed, ["api_key"], async () => {
    const next = answers.shift()
    if (next instanceof Error) throw next
    return next
  })
  await expect(change()).rejects.toThrow("gone")
  expect(held.value).toBe("one")
  await change()
  expect(held.value).toBe("three")
})
