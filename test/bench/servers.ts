import { spawn } from "node:child_process"
import path from "node:path"
import { createInterface } from "node:readline"
import { setTimeout as wait } from "node:timers/promises"
import packageJson from "../../package.json" with { type: "json" }
import { PROJECT } from "../../src/medusa/cli.ts"
import { startMedusa } from "../../src/medusa/process.ts"
import { freePort } from "../support/cluster.ts"

/** The two sides of the bench, each one process, on the same database. */
export interface Servers {
  medusaUrl: string
  counterUrl: string
  /** Resolves with the reason when one of them ends by itself: figures would lie from then on. */
  failed: Promise<Error>
  stop(): Promise<void>
}

/** The same for both sides. At `warn` neither writes a line for a request; on `production` neither does extra checks. */
export const SETTINGS = { NODE_ENV: "production", LOG_LEVEL: "warn" }

const STARTING_SECONDS = 60
const DRAIN_SECONDS = 5
const LAST_LINES = 30

/**
 * Starts Medusa, and then the counter in front of it.
 *
 * @param signal  ends it early; nothing is left running then
 */
export async function startServers(databaseUrl: string, dataDir: string, signal: AbortSignal): Promise<Servers> {
  const [port, medusaPort] = [await freePort(), await freePort()]
  const medusaUrl = `http://127.0.0.1:${medusaPort}`
  const counterUrl = `http://127.0.0.1:${port}`
  const secret = "only-for-the-bench-on-the-loopback"
  const env = {
    ...process.env,
    ...SETTINGS,
    HOST: "127.0.0.1",
    PORT: String(port),
    MEDUSA_PORT: String(medusaPort),
    MEDUSA_URL: medusaUrl,
    DATABASE_URL: databaseUrl,
    DATA_DIR: dataDir,
    REDIS_URL: "",
    JWT_SECRET: secret,
    COOKIE_SECRET: `${secret}-too`,
    DRAIN_SECONDS: String(DRAIN_SECONDS),
    // Both do the same: Medusa knows no cart that is shared.
    ...{ CART_MERGE: "off", CART_ACCESS: "id" },
    MEDUSA_DISABLE_TELEMETRY: "true",
  }

  let tellFailed = (_: Error) => {}
  const failed = new Promise<Error>((resolve) => {
    tellFailed = resolve
  })
  const medusa = startMedusa({
    host: "127.0.0.1",
    port: medusaPort,
    env,
    onLine: () => {},
    onState: (state, { exitCode }) => {
      if (state === "down") tellFailed(new Error(`Medusa has ended (${exitCode ?? "killed"}) while it was measured`))
    },
    drainSeconds: DRAIN_SECONDS,
  })
  let stopCounter = async () => {}
  try {
    await untilAborted(medusa.started, signal)
    const counter = spawnCounter(env)
    stopCounter = counter.stop
    void counter.ended.then((error) => tellFailed(error))
    await untilAborted(
      Promise.race([ready(counterUrl, signal), counter.ended.then((error) => Promise.reject(error))]),
      signal,
    )
  } catch (error) {
    await stopCounter()
    await medusa.stop()
    throw error
  }
  return {
    medusaUrl,
    counterUrl,
    failed,
    async stop() {
      await stopCounter()
      await medusa.stop()
    },
  }
}

/** `npm run start:counter` is `node` and these. */
const COUNTER = packageJson.scripts["start:counter"].split(" ").slice(1)

/** `npm run start:counter`, without npm between us; it ends by itself when we are killed. */
function spawnCounter(env: NodeJS.ProcessEnv): { ended: Promise<Error>; stop(): Promise<void> } {
  const watch = path.join(PROJECT, "src/medusa/end-with-parent.cjs")
  const child = spawn(process.execPath, ["--require", watch, ...COUNTER], {
    cwd: PROJECT,
    env,
    stdio: ["ignore", "pipe", "pipe", "ipc"],
    detached: true,
  })
  let lastLines: string[] = []
  for (const stream of [child.stdout, child.stderr]) {
    if (!stream) continue
    createInterface({ input: stream }).on("line", (line) => {
      lastLines = [...lastLines.slice(-LAST_LINES), line]
    })
  }
  const ended = new Promise<Error>((resolve) => {
    child.once("error", resolve)
    child.once("exit", (code) =>
      resolve(new Error(`The counter has ended (${code ?? "killed"}). Its last lines:\n${lastLines.join("\n")}`)),
    )
  })
  return {
    ended,
    async stop() {
      child.kill("SIGTERM")
      const last = setTimeout(() => child.kill("SIGKILL"), (DRAIN_SECONDS + 2) * 1000)
      await ended
      clearTimeout(last)
    },
  }
}

/** Waits until the counter says that it, its database and Medusa are well. */
async function ready(url: string, signal: AbortSignal): Promise<void> {
  const deadline = Date.now() + STARTING_SECONDS * 1000
  for (;;) {
    signal.throwIfAborted()
    try {
      const answer = await fetch(`${url}/ready`, { signal })
      await answer.arrayBuffer()
      if (answer.ok) return
    } catch {
      // Not listening yet.
    }
    if (Date.now() > deadline) throw new Error(`The counter is not ready within ${STARTING_SECONDS} seconds`)
    await wait(100, undefined, { signal })
  }
}

/** Waits for work that cannot be broken off itself; gives it up on the signal. */
export function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted()
  const aborted = new Promise<never>((_, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason), { once: true })
  })
  return Promise.race([work, aborted])
}
