import { describe, expect, it } from "vitest"
import { InvalidConfiguration, loadConfig } from "../src/config.ts"

const problems = (env: Record<string, string>): string[] => {
  try {
    loadConfig(env)
    return []
  } catch (error) {
    if (error instanceof InvalidConfiguration) return error.problems
    throw error
  }
}
const secrets = { JWT_SECRET: "a-secret-of-their-own", COOKIE_SECRET: "another-secret-of-theirs" }

describe("the configuration", () => {
  it("needs nothing on a laptop, and listens there only", () => {
    expect(loadConfig({})).toMatchObject({
      port: 9000,
      host: "127.0.0.1",
      databaseUrl: undefined,
      demoShop: true,
      publicUrl: "http://localhost:9000",
    })
  })

  it("takes an empty variable as one that is not set", () => {
    expect(loadConfig({ PORT: "", DATABASE_URL: "", HOST: "" })).toMatchObject({ port: 9000, host: "127.0.0.1" })
  })

  it("follows the ports in the addresses, and takes the slash off", () => {
    expect(loadConfig({ PORT: "8080", MEDUSA_PORT: "8081" })).toMatchObject({
      publicUrl: "http://localhost:8080",
      medusaUrl: "http://127.0.0.1:8081",
    })
    expect(loadConfig({ PUBLIC_URL: "https://shop.example/" }).publicUrl).toBe("https://shop.example")
  })

  it("in production has no demo shop unless asked for, listens to all, and needs secrets of its own", () => {
    expect(loadConfig({ NODE_ENV: "production", ...secrets })).toMatchObject({
      demoShop: false,
      host: "0.0.0.0",
      production: true,
    })
    expect(problems({ NODE_ENV: "production" })).toHaveLength(2)
    expect(problems({ NODE_ENV: "production", ...secrets, JWT_SECRET: "mostrador-development-only" })).toHaveLength(1)
    expect(problems({ NODE_ENV: "production", ...secrets, COOKIE_SECRET: "short" }).length).toBeGreaterThan(0)
  })

  it("tells every problem at once, by the variable's name, and shows no password", () => {
    const told = problems({
      PORT: "x",
      REDIS_URL: "http://u:pw@h",
      BODY_LIMIT_MB: "-1",
      DEMO_SHOP: "yes",
      LOG_LEVEL: "loud",
    })
    expect(told.map((it) => it.split(":")[0])).toEqual(["PORT", "REDIS_URL", "DEMO_SHOP", "BODY_LIMIT_MB", "LOG_LEVEL"])
    expect(told.join()).not.toContain("pw@")
  })

  it("takes Meilisearch whole or not at all, and never shows its key", () => {
    const key = "a-master-key-of-theirs"
    expect(loadConfig({}).meilisearch).toBeUndefined()
    expect(loadConfig({ MEILI_URL: "http://meili:7700/", MEILI_MASTER_KEY: key }).meilisearch).toEqual({
      url: "http://meili:7700",
      masterKey: key,
      publicUrl: undefined,
      indexPrefix: "mostrador",
    })
    expect(problems({ MEILI_URL: "http://meili:7700" })).toEqual([expect.stringContaining("MEILI_MASTER_KEY: set it")])
    expect(problems({ MEILI_MASTER_KEY: key })).toEqual([expect.stringContaining("MEILI_URL: set it")])
    const told = problems({ MEILI_URL: "http://meili", MEILI_MASTER_KEY: "too-short", MEILI_INDEX: "a shop" })
    expect(told).toHaveLength(2)
    expect(told.join()).not.toContain("too-short")
  })

  it("refuses a port twice, but minds Postgres's only where one is started", () => {
    expect(problems({ PORT: "9002" })).toHaveLength(1)
    expect(problems({ PORT: "9002", DATABASE_URL: "postgres://h/d" })).toHaveLength(0)
  })
})
