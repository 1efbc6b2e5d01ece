import fs from "node:fs"
import path from "node:path"
import { afterAll, beforeAll, expect, it } from "vitest"
import { readDemo } from "../../src/medusa/demo-shop/index.ts"
import { ask, until } from "../support/http.ts"
import { NPM_START, type Place, type Program, placeOfItsOwn, processesOf, run, untilOpen } from "../support/program.ts"
import { buy, sdk } from "../support/shopper.ts"

/**
 * One shop, from an empty folder on, as its owner has it: opened, used, hurt, closed and opened again. The tests stand
 * on each other, in this order.
 */
let place: Place
let shop: Program
beforeAll(async () => {
  place = await placeOfItsOwn()
})
afterAll(async () => {
  shop?.process.kill("SIGTERM")
  await shop?.exited
  place.remove()
})

const regions = () => {
  const key = readDemo(place.dataDir).channels.web.publishable_key
  return ask(place.url, "/store/regions", { headers: { "x-publishable-api-key": key } })
}
/** As Postgres itself says it, wherever the data stand. */
const postgresData = () => {
  const found = processesOf(place).find((it) => it.includes("/postgres -D "))
  return /postgres -D (\S+)/.exec(found ?? "")?.[1] ?? ""
}
const medusaProcess = () => {
  const port = new URL(place.medusa).port
  const found = processesOf(place).find((it) => it.includes("cli.js start") && it.includes(port))
  return Number(found?.split(":")[0])
}

it("opens with one command from nothing, and a shopper buys", { timeout: 300_000 }, async () => {
  shop = run(place.env, [], NPM_START)
  await untilOpen(shop)
  expect(shop.output()).toMatch(/Starting Postgres \(\d+\.\d s\)/)
  expect(shop.output()).toMatch(/Furnishing the demo shop \(\d+\.\d s\)/)
  const demo = readDemo(place.dataDir)
  expect(shop.output()).toContain(demo.admin.password)
  expect((await regions()).body).toMatchObject({ count: 3 })
  const { order } = await buy(place.url, demo, "first.shopper@cliente.example")
  expect(order.total).toBeGreaterThan(0)
})

it("serves the demo's pictures from the place that its products name", async () => {
  const demo = readDemo(place.dataDir)
  const headers = { "x-publishable-api-key": demo.channels.web.publishable_key }
  const { body } = await ask(place.url, "/store/products?limit=3&fields=thumbnail", { headers })
  const { products } = body as { products: { thumbnail: string }[] }
  expect(products).toHaveLength(3)
  for (const { thumbnail } of products) {
    const picture = await ask(place.url, new URL(thumbnail).pathname)
    expect([picture.status, picture.headers.get("content-type")]).toEqual([200, "image/svg+xml"])
    expect(picture.headers.get("content-security-policy")).toContain("sandbox")
  }
  expect((await ask(place.url, "/static/../demo.json")).status).toBe(404)
  expect((await ask(place.url, "/static/..%2fdemo.json")).status).toBe(404)
})

it("who types the address of an account is a guest, also where Medusa answers", async () => {
  const demo = readDemo(place.dataDir)
  const headers = {
    ...{ "x-publishable-api-key": demo.channels.web.publishable_key, "content-type": "application/json" },
    ...{ "x-medusa-locale": "es-ES" },
  }
  const post = async (where: string, body: object) =>
    await ask(place.url, where, { method: "POST", headers, body: JSON.stringify(body) })
  const email = "first.shopper@cliente.example"
  const region_id = demo.regions.es
  const shown = "fields=email,*customer"
  const made = await post(`/store/carts?${shown}`, { region_id, email })
  const empty = (await post("/store/carts", { region_id })).body as { cart: { id: string } }
  const changed = await post(`/store/carts/${empty.cart.id}?${shown}`, { email })
  for (const { body } of [made, changed]) {
    expect(body).toMatchObject({ cart: { email, customer: { email, has_account: false, first_name: null } } })
  }

  const known = demo.customers[0]?.email ?? ""
  expect((await post("/store/carts", { region_id: "reg_none", email: known })).status).toBe(404)
  const admin = await sdk(place.url).auth.login("user", "emailpass", demo.admin)
  const guests = async () => {
    const authorization = { authorization: `Bearer ${admin}` }
    const where = `/admin/customers?email=${encodeURIComponent(known)}&has_account=false`
    return (await ask(place.url, where, { headers: authorization })).body
  }
  await until("nobody was made in vain", async () => ((await guests()) as { count: number }).count === 0)
})

it("a second start on the same folder is refused, and does the first no harm", async () => {
  const second = run({ ...place.env, PORT: "9102", MEDUSA_PORT: "9103", POSTGRES_PORT: "9104" })
  expect(await second.exited).toBe(1)
  expect(second.output()).toContain("Another Mostrador is running")
  expect((await regions()).status).toBe(200)
})

it("goes on with its lanes when Medusa is killed, and is whole again without a restart", async () => {
  const killed = medusaProcess()
  expect(killed).toBeGreaterThan(0)
  process.kill(killed, "SIGKILL")
  await until("passthrough says 503", async () => {
    const answer = await ask(place.url, "/store/return-reasons")
    if (answer.status !== 503) return false
    expect(answer.headers.get("retry-after")).toBe("2")
    expect(answer.body).toMatchObject({ type: "unexpected_state", code: "medusa_unavailable" })
    return true
  })
  expect((await regions()).body).toMatchObject({ count: 3 })
  expect((await ask(place.url, "/health")).status).toBe(200)
  expect((await ask(place.url, "/ready")).body).toMatchObject({
    status: "failed",
    checks: { database: "ok", medusa: "failed" },
  })
  expect((await ask(place.url, "/ready?for=lanes")).status).toBe(200)
  await until("Medusa is back", async () => (await ask(place.url, "/ready")).status === 200, 60)
  expect(medusaProcess()).not.toBe(killed)
  const { order } = await buy(place.url, readDemo(place.dataDir), "second.shopper@cliente.example")
  expect(order.total).toBeGreaterThan(0)
})

it("a killed start leaves nothing that stands in the way of the next, which is warm", {
  timeout: 120_000,
}, async () => {
  const main = processesOf(place).find((it) =>
    /^\d+: \S*node --max-semi-space-size=64 --import tsx src\/main\.ts $/.test(it),
  )
  process.kill(Number(main?.split(":")[0]), "SIGKILL")
  await shop.exited
  await until("Medusa has followed", () => Number.isNaN(medusaProcess()), 15)
  // And Postgres crashes too, as at a power cut: what it leaves says that it is ready.
  const pidFile = path.join(postgresData(), "postmaster.pid")
  const [postmaster] = fs.readFileSync(pidFile, "utf8").split("\n")
  process.kill(Number(postmaster), "SIGKILL")
  await until("Postgres is gone", () => !fs.existsSync(`/proc/${postmaster}`), 10)
  expect(fs.existsSync(pidFile)).toBe(true)

  shop = run(place.env, [], NPM_START)
  await until("the lane answers", async () => (await regions().catch(() => undefined))?.status === 200, 30)
  const early = await ask(place.url, "/store/return-reasons")
  expect([early.status, early.headers.get("retry-after")]).toEqual([503, "2"])
  await untilOpen(shop, 60)
  expect(shop.output()).not.toContain("Migrating")
  expect(shop.output()).not.toContain("Furnishing")
})

it("keeps personal data, tokens and ids out of its log", async () => {
  const demo = readDemo(place.dataDir)
  const [customer] = demo.customers
  await ask(place.url, `/store/orders?email=${customer?.email}`)
  await ask(place.url, "/auth/customer/emailpass", { method: "POST", body: JSON.stringify(customer) })
  await until("the log has it", () =>
    fs.readFileSync(path.join(place.dataDir, "log/counter.log"), "utf8").includes("/auth/"),
  )
  const log = fs.readFileSync(path.join(place.dataDir, "log/counter.log"), "utf8")
  for (const line of log.trim().split("\n")) expect(() => JSON.parse(line)).not.toThrow()
  expect(log).toMatch(
    /"request_id":"[\w-]+","method":"GET","route":"\/store\/regions","way":"lane","status":200,"duration_ms":[\d.]+/,
  )
  expect(log).toContain('"route":"/store/carts/:id/line-items","way":"lane"')
  const names = ["medusa.log", "medusa.log.1"]
  const medusas = names.map((name) => fs.readFileSync(path.join(place.dataDir, "log", name), "utf8")).join()
  expect(medusas).toContain("Server is ready")
  for (const secret of [customer?.email ?? "?", "cart_0", "/store/"]) expect(medusas).not.toContain(secret)
  for (const secret of [
    customer?.email,
    "shopper@cliente",
    "cart_0",
    demo.channels.web.publishable_key,
    demo.admin.password,
  ]) {
    expect(log).not.toContain(secret)
  }
})

it("closes on SIGTERM, answers what it has begun, and leaves no process behind", async () => {
  const begun = ask(place.url, "/store/products?limit=20&fields=*variants.prices", {
    headers: { "x-publishable-api-key": readDemo(place.dataDir).channels.web.publishable_key },
  })
  await new Promise((resolve) => setTimeout(resolve, 20)) // it has to be on its way
  shop.process.kill("SIGTERM")
  expect((await begun).status).toBe(200)
  await until("nothing is left", () => processesOf(place).length === 0, 30)
  await expect(fetch(place.url)).rejects.toThrow()
})

it("closes cleanly while it is coming up, and the next start completes what that one began", {
  timeout: 240_000,
}, async () => {
  const fresh = await placeOfItsOwn()
  const env = { ...fresh.env, DEMO_SHOP: "false" }
  const early = run(env)
  const migrating = () => processesOf(fresh).some((it) => it.includes("db:migrate"))
  await until("Medusa's command runs", migrating, 60)
  const log = path.join(fresh.dataDir, "log/medusa.log")
  await until("it is in the middle", () => fs.readFileSync(log, "utf8").includes("MODULE: pricing"), 60)
  early.process.kill("SIGINT")
  expect(await early.exited).toBe(0)
  await until("nothing is left", () => processesOf(fresh).length === 0, 30)

  const next = run(env)
  await untilOpen(next)
  expect((await ask(fresh.url, "/ready")).status).toBe(200)
  next.process.kill("SIGTERM")
  expect(await next.exited).toBe(0)
  fresh.remove()
})
