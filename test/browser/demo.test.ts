import fs from "node:fs"
import path from "node:path"
import type { Browser, Locator, Page } from "playwright-core"
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest"
import { type Demo, readDemo } from "../../src/medusa/demo-shop/index.ts"
import { chromiumPath, openBrowser } from "../support/browser.ts"
import { cloneDatabase, type TestDatabase } from "../support/database.ts"
import { send } from "../support/desks.ts"
import { until } from "../support/http.ts"
import { type Place, type Program, placeOfItsOwn, run, untilOpen } from "../support/program.ts"

const here = chromiumPath()
if (!here) process.stdout.write("skipped: no Chromium on this machine (apt-get install chromium, or set CHROMIUM)\n")

/** What a person sees is kept here, to be looked at. */
const PICTURES = path.resolve(import.meta.dirname, "../../.data/test/pictures")
const SCREENS = [
  { width: 1280, colorScheme: "light" },
  { width: 390, colorScheme: "dark" },
] as const

type CounterName = "web" | "app" | "pos" | "phone"

/** The page on one screen, and what it did that nobody sees. */
interface Visit {
  page: Page
  /** A counter, brought to the front where there is room for one only. */
  at(name: CounterName): Promise<Locator>
  /** Mistakes of the page, and requests to others than the shop. */
  wrong: string[]
  /** What the shop has refused: status and route. */
  refused: string[]
  picture(name: string): Promise<void>
}

describe.skipIf(!here)("the page of four counters at /demo", () => {
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

  async function visit({ width, colorScheme }: (typeof SCREENS)[number], hash = "", locale = "en-GB"): Promise<Visit> {
    const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme, locale })
    page.setDefaultTimeout(20_000)
    const wrong: string[] = []
    const refused: string[] = []
    page.on("pageerror", (error) => wrong.push(String(error.stack)))
    page.on("console", (it) => {
      // Of these the status is looked at, one by one.
      if (it.type() === "error" && !it.text().startsWith("Failed to load resource")) wrong.push(it.text())
    })
    page.on("request", (it) => {
      if (!it.url().startsWith(place.url) && !it.url().startsWith("data:")) wrong.push(`foreign: ${it.url()}`)
    })
    page.on("response", (it) => {
      const route = new URL(it.url()).pathname.replace(/(cart|pay_col|cali)_\w+/g, ":id")
      if (it.status() >= 400) refused.push(`${it.status()} ${it.request().method()} ${route}`)
    })
    await page.goto(`${place.url}/demo${hash}`)
    await page.getByRole("heading", { name: "Mostrador" }).waitFor()
    return {
      ...{ page, wrong, refused },
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
  }

  /** Puts the first articles of the shelf into the cart, one after the other. */
  async function add(counter: Locator, ...articles: number[]): Promise<void> {
    for (const index of articles) {
      const button = counter.locator(".shelf button").nth(index)
      const title = (await button.locator(".title").textContent()) ?? ""
      await button.click()
      await counter.locator(".line", { hasText: title }).waitFor()
    }
  }
  const handedTo = async (counter: Locator, whom: string): Promise<string> => {
    await counter.getByRole("button", { name: whom, exact: true }).click()
    return (await counter.locator(".handed strong.code").textContent()) ?? ""
  }
  const takesOver = async (counter: Locator, code: string) => {
    const field = counter.getByLabel("Code of a cart")
    // It was given to this counter before anybody typed it.
    expect(await field.inputValue()).toBe(code)
    await field.press("Enter")
  }
  const linesAre = (counter: Locator, units: number[]) =>
    until(
      `${units} in the cart`,
      async () => {
        const shown = (await counter.locator(".line .units").allTextContents()).map((it) => Number(it.replace("×", "")))
        return JSON.stringify(shown) === JSON.stringify(units)
      },
      15,
    )

  /** The customer has a cart already, on some other day's device. */
  async function customersOtherCart(variantId: string): Promise<void> {
    const [customer] = demo.customers
    const { body } = await send(
      place.url,
      "POST",
      "/auth/customer/emailpass",
      {},
      {
        email: customer?.email,
        password: customer?.password,
      },
    )
    const headers = {
      "x-publishable-api-key": demo.channels.app.publishable_key,
      authorization: `Bearer ${body.token}`,
    }
    const items = [{ variant_id: variantId, quantity: 2 }]
    const made = await send(place.url, "POST", "/store/carts", headers, { region_id: demo.regions.es, items })
    expect(made.status).toBe(200)
  }

  it.each(SCREENS)(
    "one cart goes from the web to the phone, the agent and the till, at $width pixels",
    async (screen) => {
      const { at, page, picture, refused, wrong } = await visit(screen)
      await customersOtherCart(demo.variants.scarce)

      const web = await at("web")
      await add(web, 0, 1)
      await picture("1-guest")
      const code = await handedTo(web, "the phone")
      await web.locator(".handed img").waitFor()
      await picture("2-handed-over")

      const app = await at("app")
      await takesOver(app, code)
      await linesAre(app, [1, 1])
      await app
        .getByRole("button", { name: /^One more/ })
        .first()
        .click()
      await linesAre(await at("web"), [2, 1])

      await (await at("app")).getByRole("button", { name: "Log in as Lucía" }).click()
      await app.getByText("Two carts became one.").waitFor()
      expect((await app.locator(".line .units").allTextContents()).map(Number).sort()).toEqual([1, 2, 2])
      await picture("3-merged")
      await (await at("web")).getByText(/belongs to a customer now/).waitFor()
      await web.getByRole("button", { name: "Log in as Lucía" }).click()
      await web.locator(".line").nth(2).waitFor()
      await page
        .locator(".time-line li", { hasText: /cart was put/ })
        .first()
        .waitFor()
      expect([...new Set(refused)]).toEqual(["404 POST /store/carts/:id/stream-ticket"])

      const agent = await at("phone")
      await agent.getByRole("button", { name: "Find" }).click()
      await agent.getByRole("button", { name: "Open cart" }).click()
      await agent.locator(".line").nth(2).waitFor()
      await add(agent, 4)
      await picture("4-agent")
      await (await at("web")).locator(".line").nth(3).waitFor()
      await page.locator(".time-line li", { hasText: "Agent" }).first().waitFor()

      const forTheTill = await handedTo(await at("app"), "the till")
      const till = await at("pos")
      await takesOver(till, forTheTill)
      await till.locator(".line").nth(3).waitFor()
      const barcode = (await till.locator(".shelf .number").nth(2).textContent()) ?? ""
      await till.getByLabel("Barcode").fill(barcode)
      await till.getByLabel("Barcode").press("Enter")
      await till.locator(".line").nth(4).waitFor()
      // Only Barcelona has the scarce one, and this till is in Madrid.
      await till.getByRole("button", { name: /^Remove: Espejo/ }).click()
      await until("the line is gone", async () => (await till.locator(".line").count()) === 4)
      await picture("5-till")

      const inMadrid = () => page.locator(".board tbody tr").nth(2).locator("td").nth(2).textContent()
      const before = Number(await inMadrid())
      await till.getByRole("button", { name: "Take cash" }).click()
      await till.getByText(/Receipt MAD-\d{6}/).waitFor()
      for (const name of ["web", "app", "pos", "phone"] as const) {
        await (await at(name)).getByText(/✓ Order #\d+ placed/).waitFor()
      }
      await until("the stock is down in Madrid", async () => Number(await inMadrid()) === before - 1)
      await page
        .locator(".time-line li", { hasText: /Order \d+ was placed/ })
        .first()
        .waitFor()
      await picture("6-paid")
      expect(wrong).toEqual([])
      await page.close()
    },
  )

  it("the agent orders on invoice, what is in the cart of the customer who is calling", async () => {
    const { at, page, refused, wrong } = await visit(SCREENS[0])
    const web = await at("web")
    await add(web, 0)
    await web.getByRole("button", { name: "Log in as Lucía" }).click()
    await web.getByRole("button", { name: "Log out" }).waitFor()
    const agent = await at("phone")
    await agent.getByRole("button", { name: "Find" }).click()
    await agent.getByRole("button", { name: "Open cart" }).click()
    await agent.locator(".line").first().waitFor()
    await agent.getByRole("button", { name: "Order on invoice" }).click()
    for (const counter of [agent, web]) await counter.getByText(/✓ Order #\d+ placed/).waitFor()
    expect([refused, wrong]).toEqual([[], []])
    await page.close()
  })

  it("two people want the last one: one holds it, the other is told, and it can be put back", async () => {
    const { page, picture, refused, wrong } = await visit(SCREENS[0])
    const left = () => page.locator(".board tbody tr").last().locator("td").last().textContent()
    await until("the board is there", async () => (await left()) === "5")
    await page.getByRole("button", { name: "Both go to pay" }).click()
    await page.locator(".rivals .wins").waitFor()
    expect([await page.locator(".rivals .wins").count(), await page.locator(".rivals .loses").count()]).toEqual([1, 1])
    await until("the board has none", async () => (await left()) === "0", 15)
    await picture("last-one")
    expect(refused).toEqual(["400 POST /store/payment-collections/:id/payment-sessions"])
    await page.getByRole("button", { name: "Put it back on the shelf" }).click()
    await until("the board has all of them", async () => (await left()) === "5", 15)
    expect(wrong).toEqual([])
    await page.close()
  })

  it("a phone that scans the code opens the page with the cart, once, and buys it", async () => {
    const laptop = await visit(SCREENS[0])
    const web = await laptop.at("web")
    await add(web, 0)
    const code = await handedTo(web, "the phone")
    const phone = await visit(SCREENS[1], `#handoff=${code}`, "es-ES")
    const app = phone.page.locator("#counter-app")
    await linesAre(app, [1])
    expect(new URL(phone.page.url()).hash).toBe("")
    await app.getByRole("button", { name: "Uno más: " }).click()
    await linesAre(web, [2])
    await phone.picture("scanned")
    await app.getByRole("button", { name: "Entrar como Lucía" }).click()
    await app.getByRole("button", { name: "Comprar" }).click()
    await app.getByText(/✓ Pedido #\d+ hecho/).waitFor()

    const second = await visit(SCREENS[1], `#handoff=${code}`)
    await second.page.locator("#counter-app [role=alert]", { hasText: /\w/ }).waitFor()
    expect(await second.page.locator("#counter-app .line").count()).toBe(0)
    expect([...phone.wrong, ...laptop.wrong, ...second.wrong]).toEqual([])
    for (const it of [laptop, phone, second]) await it.page.close()
  })

  it("is worked by keyboard alone", async () => {
    const { page, wrong } = await visit(SCREENS[1])
    await page.locator("#tab-web").focus()
    await page.keyboard.press("ArrowRight")
    await page.keyboard.press("ArrowRight")
    expect(await page.locator(":focus").getAttribute("id")).toBe("tab-pos")
    expect(await page.locator("[role=tabpanel]:visible").getAttribute("id")).toBe("counter-pos")
    await page.keyboard.press("ArrowLeft")
    await page.keyboard.press("ArrowLeft")
    await page.keyboard.press("Tab")
    const outline = await page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    expect([await page.locator(":focus").textContent(), outline]).toEqual([expect.stringContaining("€"), "solid"])
    await page.keyboard.press("Enter")
    await page.locator("#counter-web .line").waitFor()
    // Every button and field says what it is.
    const nameless = await page.evaluate(
      "[...document.querySelectorAll('button, input')].filter((it) => !(it.ariaLabel || it.textContent.trim() || it.labels?.length)).length",
    )
    expect(nameless).toBe(0)
    expect(wrong).toEqual([])
    await page.close()
  })
})
