import { execFile } from "node:child_process"
import fs from "node:fs"
import os from "node:os"
import path from "node:path"
import { promisify } from "node:util"
import { openDatabase } from "../../src/platform/db/index.ts"
import { NUMBER_LENGTH } from "./copy-carts.ts"

/** What no way to add to a cart can go beyond, on the same database and in the same run. */
export interface Limit {
  by: string
  /** Transactions a second. */
  rate?: number
  /** How many times more that is than what the counter answered in the same rounds. */
  ratio?: number
  /** Why there is no rate. */
  leftOut?: string
}

export interface Bounds {
  /** The bench's database. */
  url: string
  /** New empty carts, copied from one. */
  carts(): Promise<string[]>
  variants: number
  clients: number
  /** Measures what the counter answers a second. */
  ask(): Promise<number>
  signal: AbortSignal
}

const SCRIPT = path.join(import.meta.dirname, "pgbench/add-line.sql")
/** Of a second alone, connecting would be a good part. */
const SECONDS = 5
/** The first pgbench that knows pipelines. */
const OLDEST = 14
const MISSING =
  `no pgbench ${OLDEST} or newer in PATH or /usr/lib/postgresql: ` +
  "apt-get install postgresql-contrib brings it on Debian and Ubuntu, brew install postgresql on macOS"

const run = promisify(execFile)

/**
 * Runs `pgbench/add-line.sql` as fast as Postgres takes it: from pgbench, as programs do that wait for each answer before
 * they ask for more (as the design has measured it) and with all that goes together in one pipeline; and from one Node
 * process as the counter is. By turns with the counter, since a machine that is shared with others is now twice as fast,
 * now half.
 *
 * @returns the means of all rounds
 */
export async function measureLimits(bounds: Bounds): Promise<Limit[]> {
  const pgbench = await findPgbench()
  const byPgbench = (by: string, written: (script: string) => string): Way =>
    pgbench
      ? { by, measure: (variables) => runPgbench(pgbench, written, variables, bounds), rates: [] }
      : { by, measure: async () => 0, rates: [], leftOut: MISSING }
  const ways: Way[] = [
    byPgbench("pgbench, each statement by itself", (script) => script.replace(/^\\(start|end)pipeline$/gm, "")),
    byPgbench("pgbench, two pipelines", (script) => script),
    { by: "postgres.js, one Node process", measure: (variables) => runNode(variables, bounds), rates: [] },
  ]
  const answered: number[] = []
  for (let round = 0; round < ROUNDS; round++) {
    answered.push(await bounds.ask())
    for (const way of ways.filter((it) => !it.leftOut)) {
      // A limit that cannot be measured does not take the figures along that have been.
      try {
        way.rates.push(await way.measure(await variablesOf(bounds)))
      } catch (error) {
        bounds.signal.throwIfAborted()
        way.leftOut = error instanceof Error ? error.message : String(error)
      }
    }
  }
  return ways.map(({ by, rates, leftOut }) =>
    leftOut ? { by, leftOut } : { by, rate: mean(rates), ratio: mean(rates) / mean(answered) },
  )
}

const ROUNDS = 3

interface Way {
  by: string
  /** @returns transactions a second */
  measure(variables: Variables): Promise<number>
  rates: number[]
  leftOut?: string
}

const mean = (numbers: number[]) => numbers.reduce((sum, it) => sum + it, 0) / numbers.length

async function variablesOf(bounds: Bounds): Promise<Variables> {
  const carts = await bounds.carts()
  const ids = carts.map((id) => Number(id.slice(-NUMBER_LENGTH)))
  return {
    prefix: carts[0]?.slice(0, -NUMBER_LENGTH) ?? "",
    first: Math.min(...ids),
    last: Math.max(...ids),
    variants: bounds.variants,
  }
}

type Variables = { prefix: string; first: number; last: number; variants: number }

async function findPgbench(): Promise<string | undefined> {
  const packaged = "/usr/lib/postgresql"
  const versions = fs.existsSync(packaged) ? fs.readdirSync(packaged).sort((a, b) => Number(b) - Number(a)) : []
  for (const file of ["pgbench", ...versions.map((version) => path.join(packaged, version, "bin/pgbench"))]) {
    const told = await run(file, ["--version"]).catch(() => undefined)
    if (Number(told?.stdout.match(/\(PostgreSQL\) (\d+)/)?.[1]) >= OLDEST) return file
  }
  return undefined
}

/**
 * @param written  makes the script that is run of the one that there is
 * @returns transactions a second
 */
async function runPgbench(
  file: string,
  written: (script: string) => string,
  variables: Variables,
  bounds: Bounds,
): Promise<number> {
  const { hostname, port, username, password, pathname } = new URL(bounds.url)
  const env = {
    ...process.env,
    PGHOST: hostname,
    PGPORT: port,
    PGUSER: decodeURIComponent(username),
    PGPASSWORD: decodeURIComponent(password),
    PGDATABASE: decodeURIComponent(pathname.slice(1)),
  }
  const defined = Object.entries(variables).flatMap(([name, value]) => ["-D", `${name}=${value}`])
  const options = ["-n", "-M", "prepared", "-c", String(bounds.clients), "-T", String(SECONDS)]
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "mostrador-bench-"))
  const script = path.join(folder, path.basename(SCRIPT))
  fs.writeFileSync(script, written(fs.readFileSync(SCRIPT, "utf8")))
  const { stdout } = await run(file, [...options, ...defined, "-f", script], { env, signal: bounds.signal }).finally(
    () => fs.rmSync(folder, { recursive: true }),
  )
  const rate = Number(stdout.match(/^tps = ([\d.]+)/m)?.[1])
  if (!(rate > 0)) throw new Error(`pgbench tells no rate:\n${stdout}`)
  return rate
}

/**
 * The same script, by the counter's driver and with as many connections as pgbench has.
 *
 * @returns transactions a second
 */
async function runNode({ prefix, first, last, variants }: Variables, bounds: Bounds): Promise<number> {
  const pipelines = readScript(fs.readFileSync(SCRIPT, "utf8"))
  const databases = Array.from({ length: bounds.clients }, () => openDatabase(bounds.url, { connections: 1 }))
  const between = (from: number, to: number) => from + Math.floor(Math.random() * (to - from + 1))
  let transactions = 0
  let begin = performance.now()
  let deadline = Number.POSITIVE_INFINITY
  const add = async ({ sql }: (typeof databases)[number]) => {
    const values: Record<string, string | number> = {
      prefix,
      copy: between(first, last),
      variant: between(1, variants),
    }
    for (const statements of pipelines) {
      await Promise.all(
        statements.map(({ text, names }) =>
          sql.unsafe(
            text,
            names.map((name) => values[name] ?? null),
            { prepare: true },
          ),
        ),
      )
    }
  }
  try {
    await Promise.all(databases.map(add)) // connects, and prepares
    begin = performance.now()
    deadline = begin + SECONDS * 1000
    await Promise.all(
      databases.map(async (database) => {
        while (performance.now() < deadline && !bounds.signal.aborted) {
          await add(database)
          transactions++
        }
      }),
    )
    return transactions / ((performance.now() - begin) / 1000)
  } finally {
    await Promise.all(databases.map((database) => database.close()))
  }
}

interface Statement {
  text: string
  /** Of its parameters, from the first on. */
  names: string[]
}

/** What pgbench reads out of a script: the statements of each pipeline, and their variables as parameters. */
function readScript(script: string): Statement[][] {
  const pipelines = script.split("\\startpipeline").slice(1)
  return pipelines.map((pipeline) =>
    (pipeline.split("\\endpipeline")[0] ?? "")
      .split(";")
      .map((statement) => statement.trim())
      .filter((statement) => statement !== "")
      .map((statement) => {
        const names: string[] = []
        const text = statement.replace(/(?<!:):([a-z]+)/g, (_, name: string) => {
          if (!names.includes(name)) names.push(name)
          return `$${names.indexOf(name) + 1}`
        })
        return { text, names }
      }),
  )
}
