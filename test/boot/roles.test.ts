import { spawn } from "node:child_process"
import fs from "node:fs"
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest"
import { readDemo } from "../../src/medusa/demo-shop/index.ts"
import { freePort } from "../support/cluster.ts"
import { cloneDatabase, type TestDatabase } from "../support/database.ts"
import { ask, until } from "../support/http.ts"
import { type Place, type Program, placeOfItsOwn, run } from "../support/program.ts"
import { buy } from "../support/shopper.ts"

/** As a shop runs on several machines: a database of its own, one Medusa, two counters, no file but the uploads. */
const redis = ["/usr/bin/redis-server", "/usr/local/bin/redis-server"].find((it) => fs.existsSync(it))
if (!redis) process.stdout.write("skipped: roles with Redis (apt-get install redis-server)\n")

describe.each([{ withRedis: false }, { withRedis: true }])(
  "roles in production, Redis: $withRedis",
  ({ withRedis }) => {
    const skipped = withRedis && !redis
    const running: Program[] = []
    let place: Place
    let database: TestDatabase
    let urls: string[]

    beforeAll(async () => {
      if (skipped) return
      place = await placeOfItsOwn()
      database = await cloneDatabase()
      fs.cpSync(inject("cluster").dataDir, place.dataDir, { recursive: true })
      const shared = {
        NODE_ENV: "production",
        HOST: "127.0.0.1",
        DATABASE_URL: database.url,
        DATA_DIR: place.dataDir,
        JWT_SECRET: "a-secret-of-this-test",
        COOKIE_SECRET: "another-secret-of-this-test",
        PUBLIC_URL: "https://shop.example",
        TRUST_PROXY: "true",
        ...(withRedis ? { REDIS_URL: await startRedis() } : {}),
      }
      running.push(run({ ...shared, MEDUSA_PORT: place.env.MEDUSA_PORT ?? "" }, ["medusa"]))
      urls = []
      for (let i = 0; i < 2; i++) {
        const port = String(await freePort())
        urls.push(`http://127.0.0.1:${port}`)
        running.push(run({ ...shared, PORT: port, MEDUSA_URL: place.medusa }, ["counter"]))
      }
      const ready = async (url: string) => (await ask(url, "/ready").catch(() => undefined))?.status === 200
      for (const url of urls) {
        await until(`${url} is ready`, () => ready(url), 120).catch((error) => {
          const said = running.map((program) => program.output().slice(-1500)).join("\n--\n")
          throw new Error(`${error.message}; they said:\n${said}`)
        })
      }
    })
    afterAll(async () => {
      if (skipped) return
      for (const program of running.reverse()) program.process.kill("SIGTERM")
      await Promise.all(running.map((program) => program.exited))
      await database.drop()
      place.remove()
    })

    async function startRedis(): Promise<string> {
      const port = await freePort()
      const child = spawn(
        redis ?? "",
        ["--port", String(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"],
        { stdio: ["ignore", "pipe", "pipe"] },
      )
      let output = ""
      child.stdout.on("data", (chunk) => {
        output += chunk
      })
      running.push({
        process: child,
        output: () => output,
        exited: new Promise((resolve) => child.once("close", resolve)),
      })
      await until("Redis is up", () => output.includes("Ready to accept connections"))
      return `redis://127.0.0.1:${port}`
    }

    it.skipIf(skipped)("a shopper buys through either counter", async () => {
      const demo = readDemo(place.dataDir)
      for (const [index, url] of urls.entries()) {
        const { order } = await buy(url, demo, `roles-${index}-${withRedis}@cliente.example`)
        expect(order.total).toBeGreaterThan(0)
      }
    })

    it.skipIf(skipped)("what an admin changes through one counter, the other has within a second", async () => {
      const demo = readDemo(place.dataDir)
      const [one = "", other = ""] = urls
      const login = await ask(one, "/auth/user/emailpass", {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(demo.admin),
      })
      const { token } = login.body as { token: string }
      const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" }
      const body = JSON.stringify({ name: "Reino Unido de siempre" })
      expect((await ask(one, `/admin/regions/${demo.regions.gb}`, { method: "POST", headers, body })).status).toBe(200)
      const key = { "x-publishable-api-key": demo.channels.web.publishable_key }
      const seen = async () =>
        (await ask(other, `/store/regions/${demo.regions.gb}`, { headers: key })).text.includes("de siempre")
      await until("the other counter has it", seen, 1)
    })

    it.skipIf(skipped)(
      "a browser logs in behind a balancer that speaks HTTPS, and its session cookie is secure",
      async () => {
        const demo = readDemo(place.dataDir)
        const [url = ""] = urls
        const json = { "content-type": "application/json" }
        const login = await ask(url, "/auth/user/emailpass", {
          method: "POST",
          headers: json,
          body: JSON.stringify(demo.admin),
        })
        const { token } = login.body as { token: string }
        const balancer = { "x-forwarded-proto": "https", "x-forwarded-for": "203.0.113.7" }
        const session = await ask(url, "/auth/session", {
          method: "POST",
          headers: { ...json, ...balancer, authorization: `Bearer ${token}` },
        })
        const cookie = session.headers.get("set-cookie") ?? ""
        expect(cookie).toMatch(/^connect\.sid=.*Secure/)
        const orders = await ask(url, "/admin/orders", { headers: { ...balancer, cookie: cookie.split(";")[0] ?? "" } })
        expect(orders.status).toBe(200)
        expect((await ask(url, "/health")).headers.get("strict-transport-security")).toContain("max-age")
      },
    )

    it.skipIf(skipped)("logs JSON to standard output, without personal data", () => {
      const counters = running.slice(-2).map((program) => program.output())
      for (const line of counters.join("").trim().split("\n")) expect(() => JSON.parse(line)).not.toThrow()
      expect(counters.join("")).toContain('"way":"passthrough"')
      expect(counters.join("")).not.toContain("@cliente.example")
    })
  },
)
