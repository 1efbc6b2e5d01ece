import { type ChildProcess, spawn } from "node:child_process"
import fs from "node:fs"
import os from "node:os"
import path from "node:path"
import { removePostgres } from "../../src/platform/boot/postgres.ts"
import { freePort } from "./cluster.ts"
import { until } from "./http.ts"

const PROJECT = path.resolve(import.meta.dirname, "../..")

/** A start of the program as a person makes it, in a process of its own. */
export interface Program {
  process: ChildProcess
  output(): string
  /** Resolves with the exit code when the process is gone. */
  exited: Promise<number | null>
}

/**
 * Runs `src/main.ts` with just this environment (and PATH): nothing of the test's own leaks in.
 *
 * @param role  as on the command line; none is `npm start`
 */
export function run(env: Record<string, string>, role: string[] = [], command: string[] = NODE): Program {
  const [file = "", ...args] = [...command, ...role]
  const child = spawn(file, args, {
    cwd: PROJECT,
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  })
  let output = ""
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk) => {
      output += chunk
    })
  }
  const exited = new Promise<number | null>((resolve) => child.once("close", resolve))
  return { process: child, output: () => output, exited }
}

const NODE = [process.execPath, "--import", "tsx", "src/main.ts"]
/** As `npm start` does it, shell and all. */
export const NPM_START = ["npm", "start", "--silent"]

/** Ports and a folder that nobody else has; the folder is closed to other users, as a person's home is. */
export interface Place {
  env: Record<string, string>
  dataDir: string
  /** Where the counter will be. */
  url: string
  /** Where Medusa will be. */
  medusa: string
  remove(): void
}

export async function placeOfItsOwn(): Promise<Place> {
  const closed = fs.mkdtempSync(path.join(os.tmpdir(), "mostrador-"))
  const dataDir = path.join(closed, "data")
  const [port, medusaPort, postgresPort] = [await freePort(), await freePort(), await freePort()]
  return {
    env: {
      DATA_DIR: dataDir,
      PORT: String(port),
      MEDUSA_PORT: String(medusaPort),
      POSTGRES_PORT: String(postgresPort),
    },
    dataDir,
    url: `http://127.0.0.1:${port}`,
    medusa: `http://127.0.0.1:${medusaPort}`,
    remove() {
      removePostgres(path.join(dataDir, "postgres"))
      fs.rmSync(closed, { recursive: true, force: true })
    },
  }
}

/** Waits until the program says that the shop is open; shows what it said when it does not. */
export async function untilOpen(program: Program, seconds = 180): Promise<void> {
  let ended = false
  void program.exited.then(() => {
    ended = true
  })
  await until("the shop is open", () => ended || program.output().includes("Mostrador is open"), seconds).catch(
    (error) => {
      throw new Error(`${error.message}; it said:\n${program.output()}`)
    },
  )
  if (ended) throw new Error(`the program ended; it said:\n${program.output()}`)
}

/**
 * Every process of a place that is alive: by the folder in its command line or environment, and Postgres, which
 * overwrites its environment, by its port.
 *
 * @returns a line each: process id and command line
 */
export function processesOf({ dataDir, env }: Pick<Place, "dataDir" | "env">): string[] {
  return processesWith((command, environment) => {
    return (command + environment).includes(dataDir) || command.includes(` -p ${env.POSTGRES_PORT} `)
  })
}

/** Processes alive whose command line (words with a space after each) and environment fit. */
export function processesWith(fits: (command: string, environment: string) => boolean): string[] {
  return fs
    .readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .flatMap((pid) => {
      try {
        const command = fs.readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ")
        const environment = fs.readFileSync(`/proc/${pid}/environ`, "utf8")
        const alive = !/^State:\s+Z/m.test(fs.readFileSync(`/proc/${pid}/status`, "utf8"))
        return alive && fits(command, environment) ? [`${pid}: ${command}`] : []
      } catch {
        return [] // gone meanwhile
      }
    })
}
