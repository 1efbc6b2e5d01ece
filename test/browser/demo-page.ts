import fs from "node:fs"
import path from "node:path"
import type { Browser, Locator, Page } from "playwright-core"
import { afterAll, beforeAll, expect, inject } from "vitest"
import { type Demo, readDemo } from "../../src/medusa/demo-shop/index.ts"
import { openBrowser } from "../support/browser.ts"
import { cloneDatabase, type TestDatabase } from "../support/database.ts"
import { until } from "../support/http.ts"
import { type Place, type Program, placeOfItsOwn, run, untilOpen } from "../support/program.ts"

/** What a person sees is kept here, to be looked at. */
const PICTURES = path.resolve(import.meta.dirname, "../../.data/test/pictures")
export const SCREENS = [
  { width: 1280, colorScheme: "light" },
  { width: 390, colorScheme: "dark" },
] as const

type CounterName = "web" | "app" | "pos" | "phone"

/** The page on one screen, and what it did that nobody sees. */
export interface Visit {
  page: Page
  /** A counter, brought to the front where there is room for one only. */
  at(name: CounterName): Promise<Locator>
  /** Mistakes of the page, and requests to others than the shop. */
  wrong: string[]
  /** What the shop has refused: status and route. */
  refused: string[]
  picture(name: string): Promise<void>
}

/** A shop of the file's own, and people who open its page `/demo`. */
export interface DemoShop {
  readonly url: string
  readonly demo: Demo
  visit(screen: (typeof SCREENS)[number], hash?: string, locale?: string): Promise<Visit>
}

export function demoShopForFile(): DemoShop {
  let shop: Program
  let place: Place
  let database: TestDatabase
  let browser: Browser
  let demo: Demo

  beforeAll(async () => {
    fs.mkdirSync(PICTURES, { recursive: true })
    place = await placeOfItsOwn()
    database = await cloneDatabase()
    fs.cpSync(inject("cluster").dataDir, place.dataDir, { recursive: true })
    shop = run({ ...place.env, DATABASE_URL: database.url })
    await untilOpen(shop)
    demo = readDemo(place.dataDir)
    browser = await openBrowser()
  })
  afterAll(async () => {
    await browser?.close()
    shop?.process.kill("SIGTERM")
    await shop?.exited
    await database?.drop()
    place.remove()
  })

  return {
    get url() {
      return place.url
    },
    get demo() {
      return demo
    },
    async visit({ width, colorScheme }, hash = "", locale = "en-GB") {
      const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme, locale })
      page.setDefaultTimeout(20_000)
      const seen = watch(page, place.url)
      await page.goto(`${place.url}/demo${hash}`)
      await page.getByRole("heading", { name: "Mostrador" }).waitFor()
      return {
        ...{ page, ...seen },
        async at(name) {
          if (width < 720) await page.locator(`#tab-${name}`).click()
          return page.locator(`#counter-${name}`)
        },
        async picture(name) {
          const overflow = await page.evaluate("document.documentElement.scrollWidth - innerWidth")
          expect(overflow, `${name} is wider than the screen`).toBeLessThanOrEqual(0)
          await page.screenshot({ path: path.join(PICTURES, `demo-${width}-${name}.png`), fullPage: true })
        },
      }
    },
  }
}

function watch(page: Page, url: string): Pick<Visit, "wrong" | "refused"> {
  const wrong: string[] = []
  const refused: string[] = []
  page.on("pageerror", (error) => wrong.push(String(error.stack)))
  page.on("console", (it) => {
    // Of these the status is looked at, one by one.
    if (it.type() === "error" && !it.text().startsWith("Failed to load resource")) wrong.push(it.text())
  })
  page.on("request", (it) => {
    if (!it.url().startsWith(url) && !it.url().startsWith("data:")) wrong.push(`foreign: ${it.url()}`)
  })
  page.on("response", (it) => {
    const route = new URL(it.url()).pathname.replace(/(cart|pay_col|cali)_\w+/g, ":id")
    if (it.status() >= 400) refused.push(`${it.status()} ${it.request().method()} ${route}`)
  })
  return { wrong, refused }
}

/** Puts the first articles of the shelf into the cart, one after the other. */
export async function add(counter: Locator, ...articles: number[]): Promise<void> {
  for (const index of articles) {
    const button = counter.locator(".shelf button").nth(index)
    const title = (await button.locator(".title").textContent()) ?? ""
    await button.click()
    await counter.locator(".line", { hasText: title }).waitFor()
  }
}

/** @returns the code, which whoever it is for has before him already */
export async function handedTo(counter: Locator, whom: string): Promise<string> {
  await counter.getByRole("button", { name: whom, exact: true }).click()
  return (await counter.locator(".handed strong.code").textContent()) ?? ""
}

export async function takesOver(counter: Locator, code: string): Promise<void> {
  const field = counter.getByLabel("Code of a cart")
  // It was given to this counter before anybody typed it.
  expect(await field.inputValue()).toBe(code)
  await field.press("Enter")
}

export const linesAre = (counter: Locator, units: number[]): Promise<void> =>
  until(
    `${units} in the cart`,
    async () => {
      const shown = (await counter.locator(".line .units").allTextContents()).map((it) => Number(it.replace("×", "")))
      return JSON.stringify(shown) === JSON.stringify(units)
    },
    15,
  )
