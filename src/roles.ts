import { type Config, childEnvironment } from "./config.ts"
import { buildDashboard, dashboardIsBuilt } from "./medusa/dashboard.ts"
import { startMedusa } from "./medusa/process.ts"
import { requireFreePort } from "./platform/boot/ports.ts"
import { BootProblem } from "./platform/boot/problem.ts"
import { bringSchemaUp, requireSchema } from "./platform/boot/schema.ts"
import { createSteps } from "./platform/boot/steps.ts"
import { openDatabase, requireUsable } from "./platform/db/index.ts"
import { createLog } from "./platform/log.ts"
import { openCounter } from "./server.ts"

/** Something that runs until it is closed, or fails by itself. */
export interface Open {
  /** Resolves with the reason when it cannot go on. */
  failed: Promise<Error>
  close(): Promise<void>
}

/** `npm run start:counter`: one of any number, stateless; logs to standard output. */
export async function openCounterRole(config: Config): Promise<Open> {
  const databaseUrl = requireDatabaseUrl(config)
  await requireFreePort("PORT", config.port, config.host)
  await onDatabase(databaseUrl, requireSchema)
  const log = createLog(config.logLevel)
  const counter = await openCounter(config, databaseUrl, log)
  log.info({ url: counter.url, medusa: config.medusaUrl }, "the counter is open")
  return { failed: new Promise(() => {}), close: counter.close }
}

/** `npm run start:medusa`: Medusa, watched over and started again when it dies; migrates first where needed. */
export async function openMedusaRole(config: Config, signal: AbortSignal): Promise<Open> {
  const databaseUrl = requireDatabaseUrl(config)
  await requireFreePort("MEDUSA_PORT", config.medusaPort, config.host)
  await runMigrations(config, signal)
  const log = createLog(config.logLevel)
  const medusa = startMedusa({
    host: config.host,
    port: config.medusaPort,
    env: childEnvironment(config, databaseUrl),
    onLine: (line) => process.stdout.write(`${line}\n`),
    onState: (state, detail) => log[state === "up" ? "info" : "error"](detail, `medusa is ${state}`),
    drainSeconds: config.drainSeconds,
  })
  return { failed: medusa.started.then(() => new Promise<Error>(() => {})).catch((error) => error), close: medusa.stop }
}

/** `npm run migrate`: brings the database to the schema of what is installed, and ends. */
export async function runMigrations(config: Config, signal: AbortSignal): Promise<undefined> {
  const databaseUrl = requireDatabaseUrl(config)
  const onLine = (line: string) => process.stdout.write(`${line}\n`)
  await onDatabase(databaseUrl, (database) =>
    bringSchemaUp(database, childEnvironment(config, databaseUrl), createSteps(), onLine, signal),
  )
}

/** `npm run build:dashboard`: builds the dashboard where it is not built yet, and ends; for images of counters. */
export async function runDashboardBuild(config: Config, signal: AbortSignal): Promise<undefined> {
  if (dashboardIsBuilt()) return
  const env = childEnvironment(config, config.databaseUrl ?? "postgres://nowhere")
  await createSteps().run("Building the dashboard", () => buildDashboard(env, () => {}, signal))
}

async function onDatabase(
  url: string,
  work: (database: ReturnType<typeof openDatabase>) => Promise<void>,
): Promise<void> {
  const database = openDatabase(url, { connections: 2 })
  try {
    await requireUsable(database, url)
    await work(database)
  } finally {
    await database.close()
  }
}

function requireDatabaseUrl({ databaseUrl }: Config): string {
  if (databaseUrl) return databaseUrl
  throw new BootProblem(
    "DATABASE_URL is not set. This role needs a Postgres that all of its kind share; `npm start` brings one of its own.",
  )
}
