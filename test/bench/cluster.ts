import type { Demo } from "../../src/medusa/demo-shop/index.ts"
import { openDatabase } from "../../src/platform/db/index.ts"
import { startCluster } from "../support/cluster.ts"

const DATABASE = "test_bench"

/** The database of one run: the demo shop, to which the bulk catalog is added. */
export interface Bench {
  url: string
  /** `DATA_DIR` of the demo shop: pictures and `demo.json`. */
  dataDir: string
  demo: Demo
  stop(): Promise<void>
}

/**
 * Starts a Postgres with the settings of a real shop (every commit reaches the disk), and clones the furnished shop.
 *
 * @param tell    gets a line for each slow step
 * @param signal  ends it early
 */
export async function openBench(tell: (line: string) => void, signal: AbortSignal): Promise<Bench> {
  const { server, template, dataDir, demo, stop } = await startCluster({ name: "bench", settings: {}, tell, signal })
  const administration = openDatabase(server.url("postgres"), { connections: 1 })
  const { sql } = administration
  const close = async () => {
    await administration.close()
    await stop()
  }
  try {
    await sql`create database ${sql(DATABASE)} template ${sql(template)} strategy file_copy`
  } catch (error) {
    await close()
    throw error
  }
  return {
    url: server.url(DATABASE),
    dataDir,
    demo,
    async stop() {
      await sql`drop database if exists ${sql(DATABASE)} with (force)`.finally(close)
    },
  }
}
