import type { TestProject } from "vitest/node"
import { childEnvironment, loadConfig, type StripeConfig } from "../../src/config.ts"
import { startMedusa } from "../../src/medusa/process.ts"
import { freePort } from "./cluster.ts"
import { cloneDatabase } from "./database.ts"
import type { ProvidedCluster } from "./setup-postgres.ts"
import { stripeKey } from "./stripe/bank.ts"

/** A Medusa on a clone of the template. */
export interface ProvidedMedusa {
  url: string
  databaseUrl: string
  /** What it takes for Stripe: what a test opens at this port, see `openBank`. */
  stripe: StripeConfig & { port: number }
}

declare module "vitest" {
  export interface ProvidedContext {
    /** One for each worker of the group. */
    medusas: ProvidedMedusa[]
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const { cluster } = project.getProvidedContext()
  const started = await Promise.all(Array.from({ length: Number(project.config.maxWorkers) }, () => start(cluster)))
  project.provide(
    "medusas",
    started.map((it) => it.provided),
  )
  return async () => {
    await Promise.all(started.map((it) => it.stop()))
  }
}

async function start(cluster: ProvidedCluster): Promise<{ provided: ProvidedMedusa; stop(): Promise<void> }> {
  const database = await cloneDatabase(cluster)
  const port = await freePort()
  const bank = await freePort()
  const stripe: ProvidedMedusa["stripe"] = {
    ...{
      apiKey: stripeKey ?? "sk_test_standin",
      webhookSecret: "whsec_dGVzdHMgb2YgdGhlIHNob3A=",
      capture: "manual",
      port: bank,
    },
    apiUrl: `http://127.0.0.1:${bank}`,
  }
  const config = loadConfig({ DATA_DIR: cluster.dataDir, DATABASE_URL: database.url, MEDUSA_PORT: String(port) })
  const medusa = startMedusa({
    host: "127.0.0.1",
    port,
    env: {
      ...childEnvironment(config, database.url),
      // As it is by itself: what the counter answers is held against it.
      CART_ACCESS: "id",
      ...{ STRIPE_API_KEY: stripe.apiKey, STRIPE_WEBHOOK_SECRET: stripe.webhookSecret, STRIPE_API_URL: stripe.apiUrl },
    },
    onLine: () => {},
    drainSeconds: 5,
  })
  await medusa.started
  const stop = async () => {
    await medusa.stop()
    await database.drop()
  }
  return { provided: { url: config.medusaUrl, databaseUrl: database.url, stripe }, stop }
}
