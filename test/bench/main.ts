import os from "node:os"
import { parseArgs } from "node:util"
import type { Sql } from "postgres"
import { medusaVersion } from "../../src/medusa/cli.ts"
import { openDatabase } from "../../src/platform/db/index.ts"
import { ADD_LINE } from "./cart-requests.ts"
import { prepareCarts } from "./carts.ts"
import { type Catalog, createCatalog } from "./catalog.ts"
import { openBench } from "./cluster.ts"
import { type Comparison, compare, type Effort, measureTogether, type Side } from "./comparison.ts"
import { type Limit, measureLimits } from "./limits.ts"
import { openTarget } from "./load.ts"
import type { Shop } from "./request.ts"
import { GROUPS, wanted } from "./requests.ts"
import { SETTINGS, startServers, untilAborted } from "./servers.ts"
import { type Circumstances, printed } from "./table.ts"
import { verifyCatalog } from "./verify.ts"

const HELP = `npm run bench -- [options]

Measures the requests of a shop on Medusa and on the counter, on the same database, in one run.
The database is one of its own, in .data/bench; its template is made at the first run and kept.

  --products N    products of the bulk catalog, with 4 variants each (default 1000)
  --only TEXT     only the request or the group of this name, or all whose names contain it; the groups:
                  ${GROUPS.map(({ name }) => name).join(", ")}
  --short         shows in a fraction of the time that all of it runs; the figures are rough
  --samples N     requests of one client for p50 and p95 (default 50, short 10; a slow request gets fewer)
  --seconds N     how long 16 clients ask, for the throughput of each request (default 4, short 1)
  --counter-only  Medusa is not measured: for catalogs with which it takes minutes to answer
  --json          figures as JSON on standard output, instead of the table
  --help          this
`
const CLIENTS = 16
/** How many processes wanted a core before we began: on a machine that is busy with other things figures are worse. */
const LOAD_BEFORE = os.loadavg()[0] ?? 0
const BUSY = ": this machine does other things, which disturbs the figures"

class Misused extends Error {}

const WHOLE = { samples: 50, seconds: 4, latencySeconds: 4, warmUpSeconds: 10 }
const SHORT = { samples: 10, seconds: 1, latencySeconds: 2, warmUpSeconds: 1 }
/** So many carts get lines by the limit's script. */
const LIMIT_CARTS = 5_000

interface Options extends Effort {
  products: number
  only: string
  counterOnly: boolean
  json: boolean
}

const stopping = new AbortController()
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  process.on(signal, () => stopping.abort(new Error(`stopped by ${signal}`)))
}

try {
  const options = readOptions()
  if (options) process.stdout.write(await run(options, stopping.signal))
  else process.stdout.write(HELP)
} catch (error) {
  process.stderr.write(`\n${explain(error)}\n`)
  process.exitCode = stopping.signal.aborted ? 130 : 1
}

/** @returns undefined when only help is wanted */
function readOptions(): Options | undefined {
  let values: Record<string, string | boolean | undefined>
  try {
    values = parseArgs({
      options: {
        products: { type: "string", default: "1000" },
        samples: { type: "string" },
        seconds: { type: "string" },
        only: { type: "string", default: "" },
        short: { type: "boolean", default: false },
        "counter-only": { type: "boolean", default: false },
        json: { type: "boolean", default: false },
        help: { type: "boolean", default: false },
      },
    }).values
  } catch (error) {
    throw new Misused(`${error instanceof Error ? error.message : error}\n\n${HELP}`)
  }
  if (values.help) return undefined
  const effort = values.short ? SHORT : WHOLE
  const positive = (name: string, most: number, otherwise?: number) => {
    const value = Number(values[name] ?? otherwise)
    if (value > 0 && value <= most && (Number.isInteger(value) || name === "seconds")) return value
    throw new Misused(`--${name} must be a number from 1 to ${most} (it is ${values[name]}).`)
  }
  return {
    ...effort,
    clients: CLIENTS,
    products: positive("products", 1_000_000),
    samples: positive("samples", 100_000, effort.samples),
    seconds: positive("seconds", 3_600, effort.seconds),
    only: String(values.only),
    counterOnly: values["counter-only"] === true,
    json: values.json === true,
  }
}

/**
 * Brings everything up, measures, and takes everything down again, however it went.
 *
 * @returns what is to be printed
 */
async function run(options: Options, signal: AbortSignal): Promise<string> {
  const groups = wanted(options.only)
  if (groups.length === 0) {
    const names = GROUPS.map(({ name, requests }) => `\n  ${name}: ${requests.map((it) => it.name).join(", ")}`)
    throw new Misused(`No name of a request or a group contains "${options.only}". There are:${names.join("")}`)
  }
  const opened: (() => Promise<void>)[] = []
  try {
    tell(`load average ${LOAD_BEFORE.toFixed(2)} on ${os.availableParallelism()} cores${busy() ? BUSY : ""}`)
    tell("starting Postgres")
    const bench = await openBench(tell, signal)
    opened.push(bench.stop)
    signal.throwIfAborted()
    const database = openDatabase(bench.url, { connections: 2 })
    opened.push(database.close)

    tell(`making the catalog of ${options.products} products`)
    const catalog = await untilAborted(createCatalog(database.sql, bench.demo, options.products), signal)
    tell(`made it in ${catalog.seconds.toFixed(1)} s; starting Medusa and the counter`)
    const servers = await startServers(bench.url, bench.dataDir, signal)
    opened.push(servers.stop)

    const headers = { "x-publishable-api-key": bench.demo.channels.web.publishable_key }
    const open = (url: string): Side => {
      const side = { one: openTarget(url, headers, 1, signal), many: openTarget(url, headers, CLIENTS, signal) }
      opened.push(side.one.close, side.many.close)
      return side
    }
    const medusa = open(servers.medusaUrl)
    const counter = open(servers.counterUrl)
    const metrics = `${servers.counterUrl}/metrics`
    const sides = { ...(options.counterOnly ? {} : { medusa }), counter, metrics }
    const opening = performance.now()
    const measuring = async () => {
      tell("waiting for the documents of the catalog")
      const built = await documentsAreBuilt(database.sql, signal)
      const seconds = (performance.now() - opening) / 1000
      tell(`${built} documents after ${seconds.toFixed(1)} s`)
      if (!options.counterOnly) {
        tell("looking whether Medusa sells the catalog")
        await verifyCatalog(medusa.one, bench.demo, catalog)
      }
      const carts = prepareCarts(database.sql, medusa.many, bench.demo, catalog)
      const shop: Shop = { demo: bench.demo, catalog, carts, medusa: medusa.one }
      const comparisons: Comparison[] = []
      let limits: Limit[] = []
      const count = groups.flatMap(({ requests }) => requests).length
      for (const { name, furnish, requests } of groups) {
        if (furnish) tell(`furnishing the shop for "${name}"`)
        await furnish?.(shop)
        for (const request of requests) {
          tell(`${comparisons.length + 1} of ${count}: ${request.name}`)
          comparisons.push(await compare(request, shop, sides, options))
          if (request !== ADD_LINE) continue
          tell(`the limit of "${ADD_LINE.name}": the same by the least SQL`)
          limits = await measureLimits({
            ...{ url: bench.url, clients: CLIENTS, variants: catalog.variants, signal },
            carts: () => carts.empty(LIMIT_CARTS),
            ask: async () => (await measureTogether(request, shop, counter, LIMIT_CARTS, options)).rate,
          })
        }
      }
      const documents = { built, seconds, megabytes: await memoryOf(metrics) }
      return { comparisons, limits, documents }
    }
    const { documents, ...measured } = await Promise.race([
      measuring(),
      servers.failed.then((error) => Promise.reject(error)),
    ])
    const circumstances = { ...(await look(database.sql, catalog, options)), documents }
    return options.json
      ? `${JSON.stringify({ ...circumstances, requests: measured.comparisons, limits: measured.limits }, null, 2)}\n`
      : `\n${printed(measured, circumstances)}`
  } finally {
    tell("stopping")
    for (const undo of opened.reverse())
      await undo().catch((error) => tell(`could not stop all of it: ${explain(error)}`))
  }
}

/** @returns how many there are, once none is stale any more */
async function documentsAreBuilt(sql: Sql, signal: AbortSignal): Promise<number> {
  for (;;) {
    signal.throwIfAborted()
    const [row] = await sql<{ stale: number; built: number }[]>`
      select (select count(*)::int from mostrador.stale_product) as stale,
        (select count(*)::int from mostrador.product_document) as built`
    if (row?.stale === 0 && row.built > 0) return row.built
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
}

/** Megabytes of the counter's process. */
async function memoryOf(metrics: string): Promise<number> {
  const text = await (await fetch(metrics)).text()
  return Number(text.match(/^process_resident_memory_bytes (\S+)$/m)?.[1] ?? Number.NaN) / 1024 / 1024
}

async function look(sql: Sql, catalog: Catalog, options: Options): Promise<Omit<Circumstances, "documents">> {
  const settings: Record<string, string> = {}
  for (const name of ["server_version", "fsync", "synchronous_commit", "shared_buffers"]) {
    const [row] = await sql<{ value: string }[]>`select current_setting(${name}) as value`
    settings[name] = row?.value ?? ""
  }
  const { server_version: postgres = "", ...durability } = settings
  const { products, variants, soldOnWeb, seconds } = catalog
  return {
    machine: {
      cores: os.availableParallelism(),
      loadBefore: LOAD_BEFORE,
      cpu: os.cpus()[0]?.model ?? "unknown",
      node: process.versions.node,
      postgres,
      medusa: medusaVersion(),
    },
    catalog: { products, variants, soldOnWeb, seconds },
    settings: {
      ...SETTINGS,
      ...durability,
      processes: "1 Medusa + 1 counter",
      clients: CLIENTS,
      samples: options.samples,
      seconds: options.seconds,
    },
  }
}

/** Whether others have a good part of this machine. */
function busy(): boolean {
  return LOAD_BEFORE > os.availableParallelism() / 4
}

/** Progress, on standard error: a person sees that something happens, and standard output stays clean. */
function tell(line: string): void {
  process.stderr.write(`bench ${performance.now().toFixed(0).padStart(7)} ms  ${line}\n`)
}

function explain(error: unknown): string {
  if (stopping.signal.aborted || error instanceof Misused) return error instanceof Error ? error.message : String(error)
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}
