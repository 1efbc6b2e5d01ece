import fs from "node:fs"
import path from "node:path"
import { type Config, childEnvironment } from "./config.ts"
import { runMedusa } from "./medusa/cli.ts"
import { buildDashboard, dashboardIsBuilt } from "./medusa/dashboard.ts"
import { demoFile, NoDemo, readDemo } from "./medusa/demo-shop/index.ts"
import { startMedusa } from "./medusa/process.ts"
import { takeDataFolder } from "./platform/boot/folder.ts"
import { lockFolder } from "./platform/boot/lock.ts"
import { requireFreePort } from "./platform/boot/ports.ts"
import { startPostgres } from "./platform/boot/postgres.ts"
import { BootProblem, reason } from "./platform/boot/problem.ts"
import { bringSchemaUp } from "./platform/boot/schema.ts"
import { createSteps, type Steps } from "./platform/boot/steps.ts"
import { type Database, openDatabase, requireUsable } from "./platform/db/index.ts"
import { createLog } from "./platform/log.ts"
import type { Open } from "./roles.ts"
import { openCounter } from "./server.ts"

/** The database of the embedded Postgres. */
const DATABASE = "mostrador"

/**
 * `npm start`: the whole shop on one machine, brought up in order, and taken down in the opposite one.
 *
 * @param signal  ends it at any point, also while it is coming up
 * @throws BootProblem and Medusa's own failures; whatever was up by then is down again
 */
export async function openShop(config: Config, signal: AbortSignal): Promise<Open> {
  const steps = createSteps()
  const opened: (() => Promise<void>)[] = []
  const close = async () => {
    for (const undo of opened.splice(0).reverse()) await undo()
  }
  try {
    const lock = await takeDataFolder(config.dataDir)
    opened.push(lock.release)
    await requireFreePort("PORT", config.port, config.host)
    await requireFreePort("MEDUSA_PORT", config.medusaPort, "127.0.0.1")
    const { failed } = await open(config, signal, steps, opened)
    return { failed, close }
  } catch (error) {
    await close()
    throw error
  }
}

async function open(
  config: Config,
  signal: AbortSignal,
  steps: Steps,
  opened: (() => Promise<void>)[],
): Promise<{ failed: Promise<Error> }> {
  const medusaLog = lineLog(path.join(config.dataDir, "log/medusa.log"))
  const postgres = config.databaseUrl ? undefined : await ownPostgres(config, steps, opened)
  const databaseUrl = config.databaseUrl ?? postgres?.url(DATABASE) ?? ""
  const env = childEnvironment(config, databaseUrl)

  const database = openDatabase(databaseUrl, { connections: 2 })
  opened.push(database.close)
  await requireUsable(database, databaseUrl)
  signal.throwIfAborted()
  await bringSchemaUp(database, env, steps, medusaLog, signal)
  if (config.demoShop) await seedDemoShop(config, database, env, steps, medusaLog, signal)
  signal.throwIfAborted()

  const log = createLog(config.logLevel, path.join(config.dataDir, "log/counter.log"))
  const counter = await steps.run("Opening the counter", () => openCounter(config, databaseUrl, log))
  opened.push(counter.close)
  signal.throwIfAborted()

  const medusa = startMedusa({
    host: "127.0.0.1",
    port: config.medusaPort,
    env,
    onLine: medusaLog,
    onState(state, { exitCode, restartInSeconds }) {
      log[state === "up" ? "info" : "error"]({ exitCode, restartInSeconds }, `medusa is ${state}`)
      if (state === "down")
        steps.say(
          `Medusa has ended (${exitCode ?? "killed"}); it is started again in ${restartInSeconds} s. The lanes go on.`,
        )
    },
    drainSeconds: config.drainSeconds,
  })
  // Requests are drained first, then Medusa ends, which those requests may still need.
  opened.splice(-1, 0, medusa.stop)
  const interrupted = new Promise<never>((_, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason), { once: true })
  })
  interrupted.catch(() => {})
  const postgresGone = postgres
    ? postgres.exited.then(
        () => new BootProblem("Postgres has ended unexpectedly. Its log is in the data folder; start again."),
      )
    : new Promise<Error>(() => {})
  const failing = postgresGone.then((problem) => Promise.reject(problem))
  failing.catch(() => {})
  await steps.run("Starting Medusa", () => Promise.race([medusa.started, interrupted, failing]))

  welcome(config, databaseUrl, steps)
  const dashboard = new AbortController()
  const built = ownDashboard(env, steps, AbortSignal.any([signal, dashboard.signal]), medusaLog)
  opened.push(async () => {
    dashboard.abort()
    await built
  })

  return { failed: postgresGone }
}

async function ownPostgres(config: Config, steps: Steps, opened: (() => Promise<void>)[]) {
  const postgres = await steps.run("Starting Postgres", () =>
    startPostgres({ folder: path.join(config.dataDir, "postgres"), port: config.postgresPort }),
  )
  opened.push(postgres.stop)
  const { sql, close } = openDatabase(postgres.url("postgres"), { connections: 1 })
  try {
    const [present] = await sql`select 1 from pg_database where datname = ${DATABASE}`
    if (!present) await sql`create database ${sql(DATABASE)}`
  } finally {
    await close()
  }
  return postgres
}

/**
 * Fills an empty database, completes a seeding that was interrupted, follows a shop that has got another address, and
 * leaves a merchant's own shop alone.
 */
async function seedDemoShop(
  config: Config,
  database: Database,
  env: Record<string, string | undefined>,
  steps: Steps,
  medusaLog: (line: string) => void,
  signal: AbortSignal,
): Promise<void> {
  // The seed marks the store it works on; what has no mark, and is not empty, is a merchant's own.
  const [shop] = await database.sql<{ mark: string | null; used: boolean }[]>`
    select (select metadata->>'mostrador_demo_shop' from store where deleted_at is null limit 1) as mark,
           exists (select from product) or exists (select from region)
             or exists (select from customer) or exists (select from "order") or exists (select from "user") as used`
  if (shop?.mark ? shop.mark === "whole" && isDescribed(config) : shop?.used) return
  await steps.run("Furnishing the demo shop", (tell) =>
    runMedusa(
      {
        args: ["exec", "./src/medusa/demo-shop/seed.ts"],
        env,
        onLine(line) {
          if (line.startsWith("step ")) tell(line.slice("step ".length))
          medusaLog(line)
        },
      },
      signal,
    ),
  )
}

/** Whether `demo.json` is there and speaks of the shop's present address. */
function isDescribed(config: Config): boolean {
  try {
    return readDemo(config.dataDir).url === config.publicUrl
  } catch (error) {
    if (error instanceof NoDemo) return false // missing, or of another version: it is written anew
    throw error
  }
}

/** Builds the dashboard in the background, if it is not there; the shop is open meanwhile. */
async function ownDashboard(
  env: Record<string, string | undefined>,
  steps: Steps,
  signal: AbortSignal,
  onLine: (line: string) => void,
): Promise<void> {
  if (dashboardIsBuilt()) return
  // Medusa builds into the project's folder, wherever the data are: two starts must not do it at once.
  const lock = await lockFolder(path.resolve(import.meta.dirname))
  if (!lock) return steps.say("The dashboard is being built by another start; it opens when that is done.")
  try {
    await steps.run("Building the dashboard, once", () => buildDashboard(env, onLine, signal))
  } catch (error) {
    if (!signal.aborted) steps.say(`The dashboard could not be built, /app stays closed: ${reason(error)}`)
  } finally {
    await lock.release()
  }
}

function welcome(config: Config, databaseUrl: string, steps: Steps): void {
  const { publicUrl, dataDir } = config
  const parts = [
    [
      ["Store API", `${publicUrl}/store`],
      ["Dashboard", `${publicUrl}/app`],
      ["Reference", `${publicUrl}/docs   OpenAPI: ${publicUrl}/openapi.json`],
      ["Health", `${publicUrl}/ready   metrics: ${publicUrl}/metrics`],
      ...(config.databaseUrl ? [] : [["Postgres", databaseUrl]]),
      ["Data, logs", dataDir],
    ],
  ]
  const file = demoFile(dataDir)
  if (config.demoShop && fs.existsSync(file)) {
    const { admin, customers, staff, tills, channels } = readDemo(dataDir)
    const [customer] = customers
    const { cashier, agent, supervisor } = staff
    parts.push([
      ...(config.production ? [] : [["Four counters", `${publicUrl}/demo`]]),
      ["Admin", `${admin.email}   ${admin.password}`],
      ["Customer", `${customer?.email}   ${customer?.password}`],
      ["Cashier", `${cashier.email}   PIN ${cashier.pin}`],
      ["Agent", `${agent.email}   ${agent.password}`],
      ["Supervisor", `${supervisor.email}   ${supervisor.password}   PIN ${supervisor.pin}`],
      ...tills.map(({ name, token }) => [name, token]),
      ['Key "web"', channels.web.publishable_key],
      ["All others", file],
    ])
  }
  const width = Math.max(...parts.flat().map(([name = ""]) => name.length)) + 2
  const shown = parts.map((part) => part.map(([name = "", it]) => `  ${name.padEnd(width)}${it}\n`).join(""))
  steps.say(["\n  Mostrador is open.\n", ...shown, "  Ctrl-C closes the shop.\n"].join("\n"))
}

/** Writes lines to a file, begun anew at every start; that of the start before is kept beside it. */
function lineLog(file: string): (line: string) => void {
  fs.mkdirSync(path.dirname(file), { recursive: true })
  if (fs.existsSync(file)) fs.renameSync(file, `${file}.1`)
  const stream = fs.createWriteStream(file)
  let broken = false
  stream.on("error", (error) => {
    if (!broken) process.stderr.write(`${file} cannot be written, Medusa's lines are lost: ${reason(error)}\n`)
    broken = true
  })
  return (line) => {
    if (!broken) stream.write(`${line}\n`)
  }
}
