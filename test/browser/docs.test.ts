import fs from "node:fs"
import path from "node:path"
import type { Browser } from "playwright-core"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { chromiumPath, openBrowser } from "../support/browser.ts"
import { counterForFile } from "../support/counter.ts"

const here = chromiumPath()
if (!here) process.stdout.write("skipped: no Chromium on this machine (apt-get install chromium, or set CHROMIUM)\n")

/** What a person sees is kept here, to be looked at. */
const PICTURES = path.resolve(import.meta.dirname, "../../.data/test/pictures")

describe.skipIf(!here)("the API reference at /docs", () => {
  const shop = counterForFile()
  let browser: Browser
  beforeAll(async () => {
    fs.mkdirSync(PICTURES, { recursive: true })
    browser = await openBrowser()
  })
  afterAll(() => browser?.close())

  for (const [name, width, height] of [
    ["computer", 1280, 800],
    ["phone", 390, 844],
  ] as const) {
    it(`shows operations on a ${name}, and asks nobody but the counter`, async () => {
      const page = await browser.newPage({ viewport: { width, height } })
      const foreign: string[] = []
      const wrong: string[] = []
      page.on("request", (it) => {
        if (!it.url().startsWith(shop.counter.url) && !/^(data|blob):/.test(it.url())) foreign.push(it.url())
      })
      page.on("console", (it) => {
        if (it.type() === "error") wrong.push(it.text())
      })
      page.on("pageerror", (it) => wrong.push(it.message))
      await page.goto(`${shop.counter.url}/docs`)
      await page.getByRole("heading", { name: "Mostrador", exact: true }).first().waitFor()
      await page.screenshot({ path: path.join(PICTURES, `docs-${width}.png`) })

      await page.goto(`${shop.counter.url}/docs#tag/carts/POST/store/carts/{id}/line-items`)
      await page.reload()
      await page.getByRole("heading", { name: "Add a line to a cart" }).first().waitFor()
      await page.getByText("/store/carts/{id}/line-items").first().waitFor()
      await page.screenshot({ path: path.join(PICTURES, `docs-operation-${width}.png`) })
      // Nothing is cut off at the side.
      expect(await page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(width)
      expect([foreign, wrong]).toEqual([[], []])
      await page.close()
    })
  }
})
