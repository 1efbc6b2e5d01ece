import fs from "node:fs"
import http from "node:http"
import os from "node:os"
import path from "node:path"
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest"
import type { OpenCounter } from "../../src/server.ts"
import { openTestCounter } from "../support/counter.ts"
import { cloneDatabase, type TestDatabase } from "../support/database.ts"
import { ask } from "../support/http.ts"

let database: TestDatabase
let counter: OpenCounter
let dataDir: string
beforeAll(async () => {
  dataDir = fs.mkdtempSync(path.join(os.tmpdir(), "mostrador-files-"))
  fs.mkdirSync(path.join(dataDir, "static/demo"), { recursive: true })
  fs.writeFileSync(path.join(dataDir, "demo.json"), "not for everybody")
  fs.writeFileSync(path.join(dataDir, "static/demo/cazuela.svg"), "<svg/>")
  fs.writeFileSync(path.join(dataDir, "static/1700-foto de jarrón 100%.txt"), "0123456789")
  fs.writeFileSync(path.join(dataDir, "static/page.html"), "<script>alert(1)</script>")
  database = await cloneDatabase()
  counter = await openTestCounter(database.url, { dataDir })
})
afterAll(async () => {
  await counter.close()
  await database.drop()
  fs.rmSync(dataDir, { recursive: true, force: true })
})

/** The path goes out as it stands; `fetch` would tidy it up. */
const raw = (target: string) =>
  new Promise<{ status: number; text: string }>((resolve, reject) => {
    const { hostname, port } = new URL(counter.url)
    const request = http.request({ hostname, port, path: target, agent: false }, async (response) => {
      let text = ""
      for await (const chunk of response) text += chunk
      resolve({ status: response.statusCode ?? 0, text })
    })
    request.on("error", reject)
    request.end()
  })

describe("an upload", () => {
  it("is served with its type, and with headers that keep it from acting as a page", async () => {
    const picture = await ask(counter.url, "/static/demo/cazuela.svg?v=2")
    expect([picture.status, picture.text, picture.headers.get("content-type")]).toEqual([
      200,
      "<svg/>",
      "image/svg+xml",
    ])
    const page = await ask(counter.url, "/static/page.html")
    expect(page.headers.get("content-security-policy")).toContain("sandbox")
    expect(page.headers.get("x-content-type-options")).toBe("nosniff")
    expect(page.headers.get("x-request-id")).toBeTruthy()
  })

  it("may have any name", async () => {
    const answer = await ask(counter.url, `/static/${encodeURIComponent("1700-foto de jarrón 100%.txt")}`)
    expect([answer.status, answer.text]).toEqual([200, "0123456789"])
  })

  it("is not sent again to who has it, and is sent in parts to who asks so", async () => {
    const url = `/static/${encodeURIComponent("1700-foto de jarrón 100%.txt")}`
    const first = await ask(counter.url, url)
    const again = { "if-none-match": first.headers.get("etag") ?? "", "cache-control": "max-age=0" }
    expect((await ask(counter.url, url, { headers: again })).status).toBe(304)
    const part = await ask(counter.url, url, { headers: { range: "bytes=2-4" } })
    expect([part.status, part.text]).toEqual([206, "234"])
    const beyond = await ask(counter.url, url, { headers: { range: "bytes=99-" } })
    expect([beyond.status, beyond.headers.get("content-range")]).toEqual([416, "bytes */10"])
    expect((await ask(counter.url, url, { headers: { "if-match": '"other"' } })).status).toBe(412)
    // The server complains of an answer that it should send twice on the console alone.
    const complaint = vi.spyOn(console, "error")
    const head = await ask(counter.url, url, { method: "HEAD" })
    expect([head.status, head.headers.get("content-length"), head.text]).toEqual([200, "10", ""])
    expect(head.headers.get("content-security-policy")).toContain("sandbox")
    expect((await ask(counter.url, url, { method: "HEAD", headers: again })).status).toBe(304)
    expect((await ask(counter.url, url)).text).toBe("0123456789")
    expect(complaint).not.toHaveBeenCalled()
  })

  it("is nothing outside of its folder, however it is asked for", async () => {
    for (const target of [
      "/static/../demo.json",
      "/static/..%2fdemo.json",
      "/static/%2e%2e/demo.json",
      "/static/..%5cdemo.json",
      "/static//../../demo.json",
      "/static/demo/..%2f..%2fdemo.json",
      "/static/%00",
      "/static/%E0%A4%A",
      "/static/",
      "/static/demo",
      "/static/none.svg",
    ]) {
      const answer = await raw(target)
      expect([target, answer.text.includes("not for everybody")]).toEqual([target, false])
      // Not ours, so it is Medusa's to say so; here there is none.
      expect([target, answer.status]).toEqual([target, 503])
    }
    expect((await ask(counter.url, "/health")).status).toBe(200)
  })
})
