import { afterAll, beforeAll, expect, it } from "vitest"
import type { OpenCounter } from "../../../src/server.ts"
import { encodedBodies, wrongBodies } from "../../support/bodies.ts"
import { demo, openCounterBeforeMedusa } from "../../support/counter.ts"
import { ask } from "../../support/http.ts"
import { theMedusa } from "../../support/medusa.ts"

let counter: OpenCounter
beforeAll(async () => {
  counter = await openCounterBeforeMedusa()
})
afterAll(() => counter?.close())

it.each([...encodedBodies, ...wrongBodies])("Medusa says the same of a search's body: $name", async (sent) => {
  const [ours, theirs] = await Promise.all(
    [counter.url, theMedusa().url].map((base) =>
      ask(base, "/store/search", {
        method: "POST",
        headers: { "x-publishable-api-key": demo().channels.web.publishable_key, ...sent.headers },
        body: new Uint8Array(Buffer.from(sent.body)),
      }),
    ),
  )
  expect([ours?.status, ours?.body]).toEqual([theirs?.status, theirs?.body])
})
