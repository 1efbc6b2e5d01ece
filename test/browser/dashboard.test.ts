import fs from "node:fs"
import path from "node:path"
import type { Browser, Page } from "playwright-core"
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest"
import { readDemo } from "../../src/medusa/demo-shop/index.ts"
import { chromiumPath, openBrowser } from "../support/browser.ts"
import { cloneDatabase, type TestDatabase } from "../support/database.ts"
import { ask, until } from "../support/http.ts"
import { type Place, type Program, placeOfItsOwn, run, untilOpen } from "../support/program.ts"

const here = chromiumPath()
if (!here) process.stdout.write("skipped: no Chromium on this machine (apt-get install chromium, or set CHROMIUM)\n")

/** What a person sees is kept here, to be looked at. */
const PICTURES = path.resolve(import.meta.dirname, "../../.data/test/pictures")

describe.skipIf(!here)("the dashboard at /app on the counter's port", () => {
  let shop: Program
  let place: Place
  let database: TestDatabase
  let browser: Browser
  let page: Page

  beforeAll(async () => {
    fs.mkdirSync(PICTURES, { recursive: true })
    place = await placeOfItsOwn()
    database = await cloneDatabase()
    fs.cpSync(inject("cluster").dataDir, place.dataDir, { recursive: true })
    shop = run({ ...place.env, DATABASE_URL: database.url })
    await untilOpen(shop)
    await until("the dashboard is built", async () => (await ask(place.url, "/app")).status === 200, 300)
    browser = await openBrowser()
    page = await browser.newPage({ viewport: { width: 1280, height: 800 } })
  })
  afterAll(async () => {
    await browser?.close()
    shop?.process.kill("SIGTERM")
    await shop?.exited
    await database?.drop()
    place.remove()
  })

  it("lets the admin in, and shows the shop", async () => {
    const { admin } = readDemo(inject("cluster").dataDir)
    await page.goto(`${place.url}/app`)
    await page.getByPlaceholder("Email").fill(admin.email)
    await page.getByPlaceholder("Password").fill("not-the-password")
    await page.getByRole("button", { name: /continue/i }).click()
    await page.getByText(/invalid email or password/i).waitFor()
    await page.screenshot({ path: path.join(PICTURES, "login-refused.png") })

    await page.getByPlaceholder("Password").fill(admin.password)
    await page.getByRole("button", { name: /continue/i }).click()
    await page.waitForURL(/\/app\/orders/)
    await page.getByText("No records").first().waitFor()
    await page.screenshot({ path: path.join(PICTURES, "orders.png") })
  })

  it("shows the catalog with its pictures, also after a reload deep in it", async () => {
    await page.goto(`${place.url}/app/products`)
    await page.getByRole("heading", { name: "Products" }).waitFor()
    const row = page.locator("tbody tr").first()
    await row.waitFor()
    expect(await page.locator("tbody tr").count()).toBeGreaterThan(5)
    await page.reload()
    await row.waitFor()
    const drawn = () =>
      page.evaluate("[...document.querySelectorAll('tbody img')].filter((it) => it.naturalWidth > 0).length")
    await until("the pictures are drawn", async () => Number(await drawn()) > 5)
    await page.screenshot({ path: path.join(PICTURES, "products.png") })
  })

  it("changes a region, and the lane has it at once", async () => {
    const demo = readDemo(inject("cluster").dataDir)
    await page.goto(`${place.url}/app/settings/regions/${demo.regions.gb}/edit`)
    const name = page.getByLabel("Name").first()
    await name.waitFor()
    await name.fill("Gran Bretaña")
    const saved = page.waitForResponse((it) => it.request().method() === "POST" && it.url().includes("/admin/regions/"))
    await page.getByRole("button", { name: "Save" }).click()
    expect((await saved).status()).toBe(200)
    const headers = { "x-publishable-api-key": demo.channels.web.publishable_key }
    const { body } = await ask(place.url, `/store/regions/${demo.regions.gb}`, { headers })
    expect(body).toMatchObject({ region: { name: "Gran Bretaña" } })
  })

  it("logs out, and is closed then", async () => {
    const status = await page.evaluate("fetch('/auth/session', { method: 'DELETE' }).then((it) => it.status)")
    expect(status).toBe(200)
    await page.goto(`${place.url}/app/orders`)
    await page.waitForURL(/\/app\/login/)
  })
})
