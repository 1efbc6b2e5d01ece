import { expect, it } from "vitest"
import { encodedBodies, wrongBodies } from "../../support/bodies.ts"
import { counterForFile, demo } from "../../support/counter.ts"
import { ask } from "../../support/http.ts"

const shop = counterForFile()

it.each([...encodedBodies, ...wrongBodies])("a search's body is read as Medusa reads it: $name", async (sent) => {
  const answer = await ask(shop.counter.url, "/store/search", {
    method: "POST",
    headers: { "x-publishable-api-key": demo().channels.web.publishable_key, ...sent.headers },
    body: new Uint8Array(Buffer.from(sent.body)),
  })
  expect([answer.status, (answer.body as { message: string }).message]).toEqual([sent.status, sent.message])
})

it("a search's body that does not say how long it is is refused when it is too long", async () => {
  const chunk = new TextEncoder().encode("x".repeat(60_000))
  const body = new ReadableStream({
    start(controller) {
      for (let i = 0; i < 3; i++) controller.enqueue(chunk)
      controller.close()
    },
  })
  const headers = {
    "x-publishable-api-key": demo().channels.web.publishable_key,
    "content-type": "application/json",
  }
  const sent = { method: "POST", headers, body, duplex: "half" } as const
  expect((await ask(shop.counter.url, "/store/search", sent)).status).toBe(413)
})
