import type { Locator } from "playwright-core"
import { describe, expect, it } from "vitest"
import { chromiumPath } from "../support/browser.ts"
import { send } from "../support/desks.ts"
import { until } from "../support/http.ts"
import { add, demoShopForFile, handedTo, linesAre, SCREENS, takesOver } from "./demo-page.ts"

const here = chromiumPath()
if (!here) process.stdout.write("skipped: no Chromium on this machine (apt-get install chromium, or set CHROMIUM)\n")

describe.skipIf(!here)("the page of four counters at /demo", () => {
  const shop = demoShopForFile()
  const { visit } = shop

  /** The customer has a cart already, on some other day's device. */
  async function customersOtherCart(variantId: string): Promise<void> {
    const { demo, url } = shop
    const [customer] = demo.customers
    const { email, password } = customer ?? {}
    const { body } = await send(url, "POST", "/auth/customer/emailpass", {}, { email, password })
    const headers = {
      "x-publishable-api-key": demo.channels.app.publishable_key,
      authorization: `Bearer ${body.token}`,
    }
    const items = [{ variant_id: variantId, quantity: 2 }]
    const made = await send(url, "POST", "/store/carts", headers, { region_id: demo.regions.es, items })
    expect(made.status).toBe(200)
  }

  /** A customer with something in her cart, which the agent has opened. */
  async function calling(at: (counter: "web" | "phone") => Promise<Locator>) {
    const web = await at("web")
    await add(web, 0)
    await web.getByRole("button", { name: "Log in as Lucía" }).click()
    await web.getByRole("button", { name: "Log out" }).waitFor()
    const agent = await at("phone")
    await agent.getByRole("button", { name: "Find" }).click()
    await agent.getByRole("button", { name: "Open cart" }).click()
    return { web, agent }
  }

  it.each(SCREENS)(
    "one cart goes from the web to the phone, the agent and the till, at $width pixels",
    async (screen) => {
      const { at, page, picture, refused, wrong } = await visit(screen)
      await customersOtherCart(shop.demo.variants.scarce)

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
    const { web, agent } = await calling(at)
    await agent.locator(".line").first().waitFor()
    await agent.getByRole("button", { name: "Order on invoice" }).dblclick()
    for (const counter of [agent, web]) await counter.getByText(/✓ Order #\d+ placed/).waitFor()
    await until("both presses are done", async () => (await agent.getAttribute("aria-busy")) === "false")
    expect([refused, wrong]).toEqual([[], []])
    await page.close()
  })

  it("the agent orders what he has before him, and not what the caller has added meanwhile", async () => {
    const { at, page, refused, wrong } = await visit(SCREENS[0])
    const { web, agent } = await calling(at)
    await linesAre(agent, [1])
    const seen = (await agent.locator(".total dd").textContent()) ?? ""
    let isMeanwhile = true
    await page.route(/\/agent\/carts\/[^/]+$/, async (route) => {
      if (route.request().method() === "POST" && isMeanwhile) {
        isMeanwhile = false
        await add(web, 1)
      }
      await route.continue()
    })
    await agent.getByRole("button", { name: "Order on invoice" }).click()
    const told = agent.getByText("Nothing was ordered: the cart was changed meanwhile")
    await told.waitFor()
    await linesAre(agent, [1, 1])
    const due = await agent.locator(".total dd").textContent()
    expect(await told.textContent()).toContain(`It was ${seen}, it is ${due} now.`)
    expect(refused).toEqual(["412 POST /agent/carts/:id"])
    await agent.getByRole("button", { name: "Order on invoice" }).click()
    for (const counter of [agent, web]) await counter.getByText(/✓ Order #\d+ placed/).waitFor()
    expect(wrong).toEqual([])
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
    await page.reload()
    await page.getByText(/holds it until \d\d:\d\d/).waitFor()
    const stranger = await visit(SCREENS[1])
    await stranger.page.getByRole("button", { name: "Both go to pay" }).click()
    await stranger.page.getByText(/none left just now.* after 10 minutes/).waitFor()
    await stranger.page.close()
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
    expect(await page.locator(":focus").getAttribute("id")).toBe("tab-phone")
    expect(await page.locator("[role=tabpanel]:visible").getAttribute("id")).toBe("counter-phone")
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

  it("the focus stays where it is while lines are changed, and goes to the next line when one is removed", async () => {
    const { at, page, wrong } = await visit(SCREENS[0])
    const web = await at("web")
    await add(web, 0, 1, 2)
    const focused = page.locator(":focus")
    const isAt = (name: RegExp) =>
      until(`the focus is at ${name}`, async () => name.test((await focused.getAttribute("aria-label")) ?? ""))
    const titleOf = async (index: number) => (await web.locator(".line .title").nth(index).textContent()) ?? ""
    const second = await titleOf(1)

    await web.getByRole("button", { name: `One more: ${second}` }).focus()
    for (const units of [2, 3, 4]) {
      await page.keyboard.press("Enter")
      await linesAre(web, [1, units, 1])
      await isAt(new RegExp(`^One more: ${second}`))
    }

    const third = await titleOf(2)
    await web.getByRole("button", { name: `Remove: ${second}` }).focus()
    await page.keyboard.press("Enter")
    await linesAre(web, [1, 1])
    await isAt(new RegExp(`^Remove: ${third}`))
    await page.keyboard.press("Enter")
    await linesAre(web, [1])
    expect(await focused.textContent()).toBe("Cart")
    expect(wrong).toEqual([])
    await page.close()
  })

  it.each([0, 60, 120])("two presses %i ms apart are two units in one new cart, at every counter", async (apart) => {
    const { at, page, refused, wrong } = await visit(SCREENS[0])
    const begun: string[] = []
    page.on("request", (it) => {
      if (it.method() === "POST" && it.url().endsWith("/carts")) begun.push(new URL(it.url()).pathname)
    })
    for (const name of ["web", "app", "pos"] as const) {
      const counter = await at(name)
      await counter
        .locator(".shelf button")
        .first()
        .click({ clickCount: 2, delay: apart / 2 })
      await linesAre(counter, [2])
      await counter.getByRole("button", { name: /^One more/ }).click({ clickCount: 2, delay: apart / 2 })
      await linesAre(counter, [4])
    }
    expect(begun).toEqual(["/store/carts", "/store/carts", "/pos/carts"])
    expect([refused, wrong]).toEqual([[], []])
    await page.close()
  })

  it("two windows of one customer count up the same line at once, and no press is lost", async () => {
    const windows = [await visit(SCREENS[0]), await visit(SCREENS[1])]
    const webs = await Promise.all(windows.map(({ at }) => at("web")))
    for (const web of webs) {
      await web.getByRole("button", { name: "Log in as Lucía" }).click()
      await web.getByRole("button", { name: "Log out" }).waitFor()
    }
    const [first, second] = webs
    if (!first || !second) throw new Error("two windows")
    await add(first, 2)
    const line = { hasText: (await first.locator(".shelf .title").nth(2).textContent()) ?? "" }
    const units = async (web: Locator) => Number(await web.locator(".line", line).locator(".units").textContent())
    const before = await units(first)
    await until("both show it", async () => (await units(second)) === before, 15)
    const press = (web: Locator) =>
      web
        .locator(".line", line)
        .getByRole("button", { name: /^One more/ })
        .click()
    await Promise.all([first, second, first, second, first, second].map(press))
    for (const web of webs) await until("nothing is lost", async () => (await units(web)) === before + 6, 30)
    for (const { page, wrong } of windows) {
      expect(wrong).toEqual([])
      await page.close()
    }
  })

  it("what is changed while a counter's line is being opened is shown there, too", async () => {
    const { at, page, refused, wrong } = await visit(SCREENS[0])
    const [web, till] = [await at("web"), await at("pos")]
    await add(web, 1)
    const code = await handedTo(web, "the till")
    await page.route(
      "**/pos/carts/*/stream-ticket",
      async (route) => {
        await linesAre(till, [1])
        await add(web, 1)
        await linesAre(web, [2])
        await route.continue()
      },
      { times: 1 },
    )
    await takesOver(till, code)
    await linesAre(till, [2])
    expect([refused, wrong]).toEqual([[], []])
    await page.close()
  })

  it("cash is taken for what the cashier sees, in whatever way it is typed, and not for what was added meanwhile", async () => {
    const { at, page, picture, refused, wrong } = await visit(SCREENS[0], "", "es-ES")
    const [web, till] = [await at("web"), await at("pos")]
    await add(web, 1)
    await web.getByRole("button", { name: "la caja", exact: true }).click()
    await web.locator(".handed strong.code").waitFor()
    await till.getByLabel("Código de un carrito").press("Enter")
    await linesAre(till, [1])

    const cash = till.getByLabel("Efectivo entregado")
    const take = till.getByRole("button", { name: "Cobrar" })
    await cash.fill("abc")
    await take.click()
    await till.getByText("No entiendo el importe «abc»").waitFor()
    await cash.fill("1.000,50")
    await add(web, 1)
    await linesAre(till, [2])
    expect(await cash.inputValue()).toBe("1.000,50")

    const total = till.locator(".total dd")
    const seen = await total.textContent()
    // The web is quicker than the cashier by a moment.
    await page.route(
      "**/pos/carts/*/pay",
      async (route) => {
        await add(web, 2)
        await route.continue()
      },
      { times: 1 },
    )
    await take.click()
    const told = till.getByText("No se ha cobrado nada: el carrito cambió mientras tanto")
    await told.waitFor()
    await linesAre(till, [2, 1])
    const due = await total.textContent()
    const title = await web.locator(".shelf .title").nth(2).textContent()
    expect(await told.textContent()).toContain(`(añadió 1 × ${title}). Eran ${seen}, ahora son ${due}.`)
    await picture("changed-meanwhile")
    expect(refused).toEqual(["412 POST /pos/carts/:id/pay"])
    expect(await cash.inputValue()).toBe("1.000,50")
    await take.click()
    await till.getByText(/Recibo MAD-\d{6}/).waitFor()
    expect((await till.locator(".receipt dd").allTextContents()).slice(0, 2)).toEqual([due, "1000,50\u00a0€"])
    expect(wrong).toEqual([])
    await page.close()
  })

  it("what goes wrong is said so that one knows what to do, and a code that was used goes away", async () => {
    const { at, page, picture, refused, wrong } = await visit(SCREENS[0])
    const [web, till] = [await at("web"), await at("pos")]
    await till.getByText("No cart yet: scan something").waitFor()
    await web.getByLabel("Code of a cart").fill("zzzzzz")
    await web.getByRole("button", { name: "Take over" }).click()
    await web.getByText("No cart has this code. Ask for a new one").waitFor()
    await till.getByLabel("Customer's phone or e-mail").fill("Lucía")
    await till.getByRole("button", { name: "Find" }).click()
    await till.getByText("Type a phone number").waitFor()

    await add(web, 1)
    await takesOver(till, await handedTo(web, "the till"))
    await linesAre(till, [1])
    await until("the code is gone", async () => (await web.locator(".handed").count()) === 0)
    await till.getByLabel("Cash given").fill("1")
    await till.getByRole("button", { name: "Take cash" }).click()
    const due = await till.locator(".total dd").textContent()
    await till.getByText(`That is not enough: ${due} is due.`).waitFor()
    await picture("told")
    expect([refused, wrong]).toEqual([["404 POST /store/handoffs/zzzzzz/claim"], []])

    await page.context().setOffline(true)
    await web.getByRole("button", { name: /^One more/ }).click()
    await web.getByText("The shop cannot be reached just now.").waitFor()
    await page.context().setOffline(false)
    await web.getByRole("button", { name: /^One more/ }).click()
    await linesAre(till, [2])
    await page.close()
  })

  it("the steps of the story stand above the counters that they speak of", async () => {
    const { page } = await visit(SCREENS[0])
    const lefts = (selector: string) =>
      page.locator(selector).evaluateAll((all) => all.map((it) => Math.round(it.getBoundingClientRect().left)))
    const names = await page.locator(".story li strong").allTextContents()
    expect(names.map((it) => it.replace(".", ""))).toEqual(await page.locator(".counter h2").allTextContents())
    expect(await lefts(".story li")).toEqual(await lefts(".counter"))
    await page.close()
  })
})
