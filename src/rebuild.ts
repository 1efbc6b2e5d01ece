import path from "node:path"
import { SingleBar } from "cli-progress"
import { rebuildDocuments } from "./commerce/catalog/index.ts"
import type { Config } from "./config.ts"
import { lockFolder } from "./platform/boot/lock.ts"
import { postgresUrl, startPostgres } from "./platform/boot/postgres.ts"
import { requireSchema } from "./platform/boot/schema.ts"
import { createSteps } from "./platform/boot/steps.ts"
import { openDatabase, requireUsable } from "./platform/db/index.ts"

/**
 * `npm run catalog:rebuild`: builds the documents of all products from nothing, in the shop's database, whether the shop
 * is open or not; it goes on serving the old ones meanwhile.
 */
export async function runCatalogRebuild(config: Config, signal: AbortSignal): Promise<undefined> {
  await onShopDatabase(config, async (url) => {
    const database = openDatabase(url, { connections: 2 })
    try {
      await requireUsable(database, url)
      await requireSchema(database)
      const begin = performance.now()
      const bar = progressBar()
      const built = await rebuildDocuments(database, async () => {}, bar.update, signal).finally(bar.stop)
      const seconds = (performance.now() - begin) / 1000
      process.stdout.write(`✔ ${built} products in ${seconds.toFixed(1)} s (${Math.round(built / seconds)} a second)\n`)
    } finally {
      await database.close()
    }
  })
}

/** On a terminal a bar, elsewhere a line for every tenth. */
function progressBar() {
  if (!process.stdout.isTTY) {
    let told = 0
    return {
      update(done: number, all: number) {
        const tenth = Math.floor((done / all) * 10)
        if (tenth > told) process.stdout.write(`${done} of ${all} products\n`)
        told = tenth
      },
      stop() {},
    }
  }
  const bar = new SingleBar({
    format: "Products {bar} {percentage}%  {value} of {total}  {eta_formatted} left",
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
