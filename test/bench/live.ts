import { spawn } from "node:child_process"
import path from "node:path"
import { setTimeout as wait } from "node:timers/promises"
import { parseArgs } from "node:util"
import { PROJECT } from "../../src/medusa/cli.ts"
import { openDatabase } from "../../src/platform/db/index.ts"
import { freePort } from "../support/cluster.ts"
import { createCatalog } from "./catalog.ts"
import { openBench } from "./cluster.ts"
import { percentile } from "./load.ts"
import { SETTINGS } from "./servers.ts"

/**
 * `node --import tsx test/bench/live.ts [--changes 500] [--rate 5] [--import 5000]`: how long after its commit a change
 * is in the product list, in the search and on a stream, while 50 requests a second are served; and the same while
 * products are imported. A change is a product's new title, written by plain SQL.
 */
const { values } = parseArgs({
  options: {
    changes: { type: "string", default: "500" },
    rate: { type: "string", default: "5" },
    import: { type: "string", default: "5000" },
  },
})
const CHANGES = Number(values.changes)
const IMPORTED = Number(values.import)
const LOOK_MILLISECONDS = 40
const REQUESTS_A_SECOND = 50
const say = (line: string) => process.stderr.write(`${line}\n`)

const bench = await openBench(say, new AbortController().signal)
const database = openDatabase(bench.url, { connections: 5 })
const { sql } = database
const catalog = await createCatalog(sql, bench.demo, 1_000)
const port = await freePort()
const url = `http://127.0.0.1:${port}`
const headers = { "x-publishable-api-key": bench.demo.channels.web.publishable_key }
const secret = "only-for-the-bench-on-the-loopback"
const watch = path.join(PROJECT, "src/medusa/end-with-parent.cjs")
const counter = spawn(process.execPath, ["--require", watch, "--import", "tsx", "src/main.ts", "counter"], {
  cwd: PROJECT,
  stdio: ["ignore", "inherit", "inherit", "ipc"],
  env: {
    ...process.env,
    ...SETTINGS,
    HOST: "127.0.0.1",
    PORT: String(port),
    MEDUSA_URL: "http://127.0.0.1:9",
    DATABASE_URL: bench.url,
    DATA_DIR: bench.dataDir,
    JWT_SECRET: secret,
    COOKIE_SECRET: `${secret}-too`,
  },
})
try {
  while (!(await fetch(`${url}/health`).catch(() => undefined))?.ok) await wait(100)
  while ((await sql`select from mostrador.stale_product limit 1`).length > 0) await wait(200)
  await phase("quiet")
  const importing = importProducts()
  await phase(`while ${IMPORTED} products are imported`)
  say(`  the import's own statements took ${((await importing) / 1000).toFixed(1)} s`)
} finally {
  counter.kill("SIGTERM")
  await new Promise((resolve) => counter.once("exit", resolve))
  await database.close()
  await bench.stop()
}

async function phase(name: string): Promise<void> {
  const seen = { list: [] as number[], search: [] as number[], stream: [] as number[] }
  const stopping = new AbortController()
  const told = new Map<string, number>()
  const streaming = follow(told, stopping.signal)
  let served = 0
  const serving = (async () => {
    while (!stopping.signal.aborted) {
      const { id } = catalog.sample[served % catalog.sample.length] ?? { id: "" }
      const what = served++ % 2 ? `/store/products/${id}` : `/store/products?limit=20&offset=${served % 200}`
      void fetch(`${url}${what}${what.includes("?") ? "&" : "?"}region_id=${bench.demo.regions.es}`, { headers })
        .then((it) => it.arrayBuffer())
        .catch(() => {})
      await wait(1000 / REQUESTS_A_SECOND)
    }
  })()
  await wait(500)
  const watching: Promise<void>[] = []
  for (let n = 0; n < CHANGES; n++) {
    const { id } = catalog.sample[n % catalog.sample.length] ?? { id: "" }
    const title = `Cambio ${name.replace(/\W/g, "").slice(0, 5)}x${n}q`
    await sql`update product set title = ${title}, updated_at = now() where id = ${id}`
    const committed = performance.now()
    watching.push(
      until(committed, () => read(`/store/products?id=${id}&fields=title`, title)).then(
        (it) => void seen.list.push(it),
      ),
      until(committed, () => read(`/store/catalog?q=${encodeURIComponent(title.split(" ")[1] ?? "")}`, title)).then(
        (it) => void seen.search.push(it),
      ),
      until(committed, async () => told.has(title)).then(
        () => void seen.stream.push((told.get(title) ?? Number.NaN) - committed),
      ),
    )
    await wait(1000 / Number(values.rate))
  }
  await Promise.all(watching)
  stopping.abort()
  await Promise.all([serving, streaming])
  say(
    `${name}: ${CHANGES} changes, ${served} other requests; milliseconds from the commit on (looked every ${LOOK_MILLISECONDS})`,
  )
  for (const [where, times] of Object.entries(seen)) {
    const figures = [50, 95, 99, 100].map((it) => `p${it} ${percentile(times, it).toFixed(0)}`)
    say(`  ${where.padEnd(7)} ${figures.join("  ")}  n ${times.length}`)
  }
}

async function read(where: string, title: string): Promise<boolean> {
  const answer = await fetch(`${url}${where}`, { headers })
  return (await answer.text()).includes(title)
}

/** @returns how long after `since` it held */
async function until(since: number, holds: () => Promise<boolean>): Promise<number> {
  while (!(await holds())) {
    if (performance.now() - since > 60_000) return Number.POSITIVE_INFINITY
    await wait(LOOK_MILLISECONDS)
  }
  return performance.now() - since
}

/** Notes when the stream tells each title. */
async function follow(told: Map<string, number>, signal: AbortSignal): Promise<void> {
  const answer = await fetch(`${url}/store/catalog/stream`, { headers, signal })
  let text = ""
  try {
    for await (const chunk of answer.body ?? []) {
      text += Buffer.from(chunk).toString()
      for (const [, title] of text.matchAll(/"title":"(Cambio \w+)"/g)) {
        if (title && !told.has(title)) told.set(title, performance.now())
      }
      text = text.slice(-200)
    }
  } catch (error) {
    if (!signal.aborted) throw error
  }
}

/** New products in transactions of 500, as an import makes them. */
async function importProducts(): Promise<number> {
  let took = 0
  for (let from = 0; from < IMPORTED; from += 500) {
    const begin = performance.now()
    await sql.begin(async (tx) => {
      await tx`insert into product (id, title, handle, is_giftcard, status, discountable)
        select 'prod_imported_' || n, 'Importado ' || n, 'importado-' || n, false, 'published', true
        from generate_series(${from}::int + 1, ${from}::int + 500) n`
      await tx`insert into product_sales_channel (product_id, sales_channel_id, id)
        select 'prod_imported_' || n, ${bench.demo.channels.web.sales_channel_id}, 'prodsc_imported_' || n
        from generate_series(${from}::int + 1, ${from}::int + 500) n`
      await tx`insert into product_variant (id, title, sku, product_id)
        select 'variant_imported_' || n || '_' || v, 'Variante ' || v, 'IMP-' || n || '-' || v, 'prod_imported_' || n
        from generate_series(${from}::int + 1, ${from}::int + 500) n, generate_series(1, 4) v`
      await tx`insert into price_set (id) select 'pset_imported_' || n || '_' || v
        from generate_series(${from}::int + 1, ${from}::int + 500) n, generate_series(1, 4) v`
      await tx`insert into product_variant_price_set (variant_id, price_set_id, id)
        select 'variant_imported_' || n || '_' || v, 'pset_imported_' || n || '_' || v, 'pvps_imported_' || n || '_' || v
        from generate_series(${from}::int + 1, ${from}::int + 500) n, generate_series(1, 4) v`
      await tx`insert into price (id, price_set_id, currency_code, amount, raw_amount, rules_count)
        select 'price_imported_' || n || '_' || v, 'pset_imported_' || n || '_' || v, 'eur', 9.5,
          '{"value":"9.5","precision":20}', 0
        from generate_series(${from}::int + 1, ${from}::int + 500) n, generate_series(1, 4) v`
    })
    took += performance.now() - begin
    await wait(500)
  }
  return took
}
