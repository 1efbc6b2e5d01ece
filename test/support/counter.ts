import { inject } from "vitest"
import { type Config, loadConfig } from "../../src/config.ts"
import { type Demo, readDemo } from "../../src/medusa/demo-shop/index.ts"
import { createLog } from "../../src/platform/log.ts"
import { type OpenCounter, openCounter } from "../../src/server.ts"

/** The demo shop's log-ins, keys and ids, as they are in every clone of the template. */
export const demo = (): Demo => readDemo(inject("cluster").dataDir)

/**
 * A counter in this process, on a free port.
 *
 * @param overrides  configuration that the test is about; `medusaUrl` leads nowhere unless it is given
 */
export async function openTestCounter(databaseUrl: string, overrides: Partial<Config> = {}): Promise<OpenCounter> {
  const config = loadConfig({
    DATA_DIR: inject("cluster").dataDir,
    DATABASE_URL: databaseUrl,
    MEDUSA_URL: "http://127.0.0.1:9",
    DRAIN_SECONDS: "2",
  })
  return openCounter({ ...config, port: 0, ...overrides }, databaseUrl, createLog("silent"))
}

/** The counter in front of the run's one Medusa, on the same database. */
export function openCounterBeforeMedusa(overrides: Partial<Config> = {}): Promise<OpenCounter> {
  const { url, databaseUrl } = inject("medusa")
  return openTestCounter(databaseUrl, { medusaUrl: url, ...overrides })
}
