import { afterAll, beforeAll, inject } from "vitest"
import { type Config, loadConfig } from "../../src/config.ts"
import { type Demo, readDemo } from "../../src/medusa/demo-shop/index.ts"
import { createLog } from "../../src/platform/log.ts"
import { type OpenCounter, openCounter } from "../../src/server.ts"
import { cloneDatabase, type TestDatabase } from "./database.ts"
import { theMedusa } from "./medusa.ts"

/** The demo shop's log-ins, keys and ids, as they are in every clone of the template. */
export const demo = (): Demo => readDemo(inject("cluster").dataDir)

/**
 * A counter in this process, on a free port.
 *
 * @param overrides  configuration that the test is about; `medusaUrl` leads nowhere unless it is given
 */
export async function openTestCounter(
  databaseUrl: string,
  overrides: Partial<Config> = {},
  log = createLog("silent"),
): Promise<OpenCounter> {
  const config = loadConfig({
    DATA_DIR: inject("cluster").dataDir,
    DATABASE_URL: databaseUrl,
    MEDUSA_URL: "http://127.0.0.1:9",
    DRAIN_SECONDS: "2",
    // Medusa holds nothing.
    HOLD_MINUTES: "0",
    // And leaves carts apart.
    CART_MERGE: "off",
    CART_ACCESS: "id",
  })
  return openCounter({ ...config, port: 0, ...overrides }, databaseUrl, log)
}

/** The counter in front of the run's one Medusa, on the same database. */
export function openCounterBeforeMedusa(overrides: Partial<Config> = {}): Promise<OpenCounter> {
  const { url, databaseUrl } = theMedusa()
  return openTestCounter(databaseUrl, { medusaUrl: url, ...overrides })
}

/**
 * A counter and its database for the tests of one file: opened before the first, closed and dropped after the last.
 *
 * @param prepare  changes the database before the counter sees it
 */
export function counterForFile(overrides: Partial<Config> = {}, prepare?: (database: TestDatabase) => Promise<void>) {
  const held = {} as { database: TestDatabase; counter: OpenCounter }
  beforeAll(async () => {
    held.database = await cloneDatabase()
    await prepare?.(held.database)
    held.counter = await openTestCounter(held.database.url, overrides)
  })
  afterAll(async () => {
    await held.counter?.close()
    await held.database?.drop()
  })
  return held
}
