import { type Config, InvalidConfiguration, loadConfig, startedByNpm } from "./config.ts"
import { MedusaCommandFailed } from "./medusa/cli.ts"
import { MedusaDoesNotStart } from "./medusa/process.ts"
import { BootProblem } from "./platform/boot/problem.ts"
import { runCatalogRebuild } from "./rebuild.ts"
import { type Open, openCounterRole, openMedusaRole, runDashboardBuild, runMigrations } from "./roles.ts"
import { openShop } from "./shop.ts"

/** What this program can be: the whole shop on one machine, or one part of it. */
const roles: Record<string, (config: Config, signal: AbortSignal) => Promise<Open | undefined>> = {
  shop: openShop,
  counter: openCounterRole,
  medusa: openMedusaRole,
  migrate: runMigrations,
  dashboard: runDashboardBuild,
  rebuild: runCatalogRebuild,
}

/** Roles that do their work and end. */
const ONE_OFF = new Set(["migrate", "dashboard", "rebuild"])

const role = process.argv[2] ?? "shop"
const stopping = new AbortController()
const stopped = new Promise<void>((resolve) => {
  stopping.signal.addEventListener("abort", () => resolve(), { once: true })
})
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => stopping.abort())
if (startedByNpm()) stopWithNpm()
/** What nothing caught: what it left behind is not known, so everything is closed in order, and a new start is clean. */
let mistake: Error | undefined
process.on("uncaughtException", (error) => {
  mistake ??= error
  stopping.abort()
})

try {
  readEnvironmentFile()
  const open = roles[role]
  if (!open) throw new BootProblem(`There is no role "${role}". There are: ${Object.keys(roles).join(", ")}.`)
  const running = await open(loadConfig(), stopping.signal)
  if (running) {
    const failure = await Promise.race([stopped.then(() => mistake), running.failed])
    await running.close()
    if (failure) throw failure
  }
  process.exit(0)
} catch (error) {
  const failure = mistake ?? (stopping.signal.aborted ? undefined : error)
  if (failure) process.stderr.write(`\n${explain(failure)}\n`)
  // Who is stopped while it is open or opening has done as it was told; work that was to be done has not been.
  process.exit(failure ? 1 : ONE_OFF.has(role) ? 130 : 0)
}

/**
 * npm runs us in a shell, and hands a SIGTERM to that shell, which ends without telling us: then our parent is
 * another one than before.
 */
function stopWithNpm(): void {
  const parent = process.ppid
  setInterval(() => {
    if (process.ppid !== parent) stopping.abort()
  }, 250).unref()
}

/** Problems that a person can solve are told in a sentence; anything else is a mistake of ours, with its stack. */
function explain(error: unknown): string {
  const known = [InvalidConfiguration, BootProblem, MedusaCommandFailed, MedusaDoesNotStart].some(
    (it) => error instanceof it,
  )
  if (known) return (error as Error).message
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}

/** `.env` beside package.json, if there is one; what is set already wins. */
function readEnvironmentFile(): void {
  try {
    process.loadEnvFile()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error
  }
}
