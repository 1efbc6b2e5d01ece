import type { ChildProcess } from "node:child_process"
import { setTimeout as wait } from "node:timers/promises"
import { spawnMedusa } from "./cli.ts"

export interface MedusaProcessOptions {
  /** Where it listens: the loopback, but where counters on other machines are to reach it. */
  host: string
  port: number
  env: Record<string, string | undefined>
  onLine: (line: string) => void
  /** Told each time Medusa begins to answer, and each time it is gone. */
  onState?: (state: "up" | "down", detail: { exitCode?: number | null; restartInSeconds?: number }) => void
  /** How long Medusa may take to finish its requests when it is told to stop. */
  drainSeconds: number
}

export interface MedusaProcess {
  /**
   * Resolves when Medusa answers for the first time.
   *
   * @throws MedusaDoesNotStart when it ends three times before it ever answered
   */
  started: Promise<void>
  /** Drains and ends Medusa; it is not started again. */
  stop(): Promise<void>
}

/** Medusa ends before it answers; `output` has its last words. */
export class MedusaDoesNotStart extends Error {
  constructor(readonly output: string[]) {
    super(`Medusa does not start. Its last lines:\n${output.slice(-15).join("\n")}`)
  }
}

const FIRST_BACKOFF_SECONDS = 0.5
const LONGEST_BACKOFF_SECONDS = 30
/** A Medusa that has answered this long was healthy: the next restart begins with the shortest wait again. */
const HEALTHY_SECONDS = 60
const FAILURES_BEFORE_GIVING_UP = 3

/**
 * Starts Medusa as a child process, and starts it again with growing waits when it dies.
 */
export function startMedusa(options: MedusaProcessOptions): MedusaProcess {
  const stopping = new AbortController()
  let child: ChildProcess | undefined
  let everUp = false
  let lastLines: string[] = []

  let tellStarted = () => {}
  let tellFailed = (_: Error) => {}
  const started = new Promise<void>((resolve, reject) => {
    tellStarted = resolve
    tellFailed = reject
  })

  /** One life of Medusa, from spawn to exit. */
  async function live(): Promise<{ exitCode: number | null; upSeconds: number }> {
    lastLines = []
    const process_ = spawnMedusa({
      args: ["start", "--host", options.host, "--port", String(options.port)],
      env: options.env,
      onLine(line) {
        lastLines = [...lastLines.slice(-30), line]
        options.onLine(line)
      },
    })
    child = process_
    const ended = new AbortController()
    const exit = new Promise<number | null>((resolve) => {
      process_.once("error", () => resolve(null))
      process_.once("exit", resolve)
    }).finally(() => ended.abort())

    let upSince = 0
    if (await answers(`http://${reachable(options.host)}:${options.port}/health`, ended.signal)) {
      everUp = true
      upSince = Date.now()
      options.onState?.("up", {})
      tellStarted()
    }
    const exitCode = await exit
    return { exitCode, upSeconds: upSince ? (Date.now() - upSince) / 1000 : 0 }
  }

  async function supervise(): Promise<void> {
    let failures = 0
    while (!stopping.signal.aborted) {
      const life = await live()
      if (stopping.signal.aborted) return
      failures = life.upSeconds >= HEALTHY_SECONDS ? 1 : failures + 1
      if (!everUp && failures >= FAILURES_BEFORE_GIVING_UP) {
        tellFailed(new MedusaDoesNotStart(lastLines))
        return
      }
      const backoff = Math.min(FIRST_BACKOFF_SECONDS * 2 ** (failures - 1), LONGEST_BACKOFF_SECONDS)
      options.onState?.("down", { exitCode: life.exitCode, restartInSeconds: backoff })
      await wait(backoff * 1000, undefined, { signal: stopping.signal }).catch(() => {})
    }
  }
  const supervision = supervise()

  return {
    started,
    async stop() {
      stopping.abort()
      child?.kill("SIGTERM")
      const last = setTimeout(() => child?.kill("SIGKILL"), options.drainSeconds * 1000)
      await supervision
      clearTimeout(last)
    },
  }
}

/** An address by which one can reach who listens on `host`, which may stand for all addresses of the machine. */
const reachable = (host: string) => (host === "0.0.0.0" || host === "::" ? "127.0.0.1" : host)

/** Asks Medusa's health route until it answers; false when `ended` comes first. */
async function answers(health: string, ended: AbortSignal): Promise<boolean> {
  while (!ended.aborted) {
    try {
      const response = await fetch(health, { signal: ended })
      await response.arrayBuffer()
      if (response.ok) return true
    } catch {
      // Not listening yet, or gone: the loop's condition tells which.
    }
    await wait(100, undefined, { signal: ended }).catch(() => {})
  }
  return false
}
