import path from "node:path"
import { SingleBar } from "cli-progress"
import { rebuildDocuments } from "./commerce/catalog/index.ts"
import { markUnsent, readSearchSettings, rebuildMeilisearch, searchWriter } from "./commerce/search/index.ts"
import type { Config } from "./config.ts"
import { lockFolder } from "./platform/boot/lock.ts"
import { postgresUrl, startPostgres } from "./platform/boot/postgres.ts"
import { requireSchema } from "./platform/boot/schema.ts"
import { createSteps } from "./platform/boot/steps.ts"
import { type Database, openDatabase, requireUsable } from "./platform/db/index.ts"
import { createLog, type Log } from "./platform/log.ts"

/**
 * `npm run catalog:rebuild`: builds the documents of all products from nothing, and the search with them, in the shop's
 * database, whether the shop is open or not; it goes on serving the old ones meanwhile.
 */
export async function runCatalogRebuild(config: Config, signal: AbortSignal): Promise<undefined> {
  await onShopDatabase(config, async (url) => {
    const database = openDatabase(url, { connections: 6 })
    try {
      await requireUsable(database, url)
      await requireSchema(database)
      const log = createLog("warn")
      const write = searchWriter([markUnsent])
      const ids = (built: { product_id: string }[]) => built.map((it) => it.product_id)
      await measured("Products", (progress) =>
        rebuildDocuments(database, log, (tx, built) => write(tx, ids(built)), progress, signal),
      )
      await rebuildSearch(database, config, log, signal)
    } finally {
      await database.close()
    }
  })
}

/** Meilisearch's index beside the one that serves, and in its place when it is whole; Postgres's goes with documents. */
async function rebuildSearch(database: Database, config: Config, log: Log, signal: AbortSignal): Promise<void> {
  const { meilisearch } = config
  if (!meilisearch) return
  const settings = await database.sql.begin(readSearchSettings)
  await measured("Meilisearch", (progress) =>
    rebuildMeilisearch(database, log, meilisearch, settings, progress, signal),
  )
}

async function measured(
  what: string,
  rebuild: (progress: (done: number, all: number) => void) => Promise<number>,
): Promise<void> {
  const begin = performance.now()
  const bar = progressBar(what)
  const built = await rebuild(bar.update).finally(bar.stop)
  const seconds = (performance.now() - begin) / 1000
  process.stdout.write(`✔ ${what}: ${built} in ${seconds.toFixed(1)} s (${Math.round(built / seconds)} a second)\n`)
}

/** On a terminal a bar, elsewhere a line for every tenth. */
function progressBar(what: string) {
  if (!process.stdout.isTTY) {
    let told = 0
    return {
      update(done: number, all: number) {
        const tenth = Math.floor((done / all) * 10)
        if (tenth > told) process.stdout.write(`${what}: ${done} of ${all}\n`)
        told = tenth
      },
      stop() {},
    }
  }
  const bar = new SingleBar({
    format: `${what} {bar} {percentage}%  {value} of {total}  {eta_formatted} left`,
    hideCursor: true,
  })
  let started = false
  return {
    update(done: number, all: number) {
      if (!started) bar.start(all, 0)
      started = true
      bar.update(done)
    },
    stop: () => bar.stop(),
  }
}

/** The database that `DATABASE_URL` names; else the one that is brought along, which the open shop runs, or we do. */
async function onShopDatabase(config: Config, work: (url: string) => Promise<void>): Promise<void> {
  if (config.databaseUrl) return work(config.databaseUrl)
  const where = { folder: path.join(config.dataDir, "postgres"), port: config.postgresPort }
  const lock = await lockFolder(config.dataDir)
  if (!lock) return work(postgresUrl(where, "mostrador"))
  try {
    const postgres = await createSteps().run("Starting Postgres", () => startPostgres(where))
    try {
      await work(postgres.url("mostrador"))
    } finally {
      await postgres.stop()
    }
  } finally {
    await lock.release()
  }
}
