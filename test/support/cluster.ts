import { createHash } from "node:crypto"
import fs from "node:fs"
import { createServer } from "node:net"
import path from "node:path"
import { childEnvironment, loadConfig } from "../../src/config.ts"
import { runMedusa } from "../../src/medusa/cli.ts"
import { type Demo, readDemo } from "../../src/medusa/demo-shop/index.ts"
import { migrateMedusa, schemaFingerprint } from "../../src/medusa/migrations.ts"
import { lockFolder } from "../../src/platform/boot/lock.ts"
import { type PostgresServer, startPostgres } from "../../src/platform/boot/postgres.ts"
import { migrateMostrador, openDatabase } from "../../src/platform/db/index.ts"

const PROJECT = path.resolve(import.meta.dirname, "../..")
/** Kept between runs, so that only the first run on a machine migrates and seeds. */
const FOLDER = path.join(PROJECT, ".data/test")

/** A running Postgres with a template database: migrated, and furnished with the demo shop. */
export interface Cluster {
  server: PostgresServer
  template: string
  /** `DATA_DIR` of the template: pictures and `demo.json`. */
  dataDir: string
  demo: Demo
}

/**
 * Starts the cluster of this test run, and makes the template where it is missing or out of date.
 *
 * @param tell  gets a line for each slow step
 */
export async function startCluster(tell: (line: string) => void): Promise<Cluster & { stop(): Promise<void> }> {
  fs.mkdirSync(FOLDER, { recursive: true })
  let lock = await lockFolder(FOLDER)
  if (!lock) tell(`another test run is using ${FOLDER}; waiting for it to end`)
  while (!lock) {
    await new Promise((resolve) => setTimeout(resolve, 500))
    lock = await lockFolder(FOLDER)
  }
  // Nothing here has to survive a power cut.
  const settings = { fsync: "off", synchronous_commit: "off", full_page_writes: "off", max_connections: "300" }
  const server = await startPostgres({ folder: path.join(FOLDER, "postgres"), port: await freePort(), settings })
  const template = `template_${fingerprint()}`
  const dataDir = path.join(FOLDER, template)
  try {
    await dropLeftovers(server)
    if (!(await exists(server, template))) await makeTemplate(server, template, dataDir, tell)
  } catch (error) {
    await server.stop()
    await lock.release()
    throw error
  }
  return {
    server,
    template,
    dataDir,
    demo: readDemo(dataDir),
    async stop() {
      await server.stop()
      await lock?.release()
    },
  }
}

/** @returns a port that nobody listens on now */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once("error", reject)
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as { port: number }
      server.close(() => resolve(port))
    })
  })
}

async function makeTemplate(server: PostgresServer, template: string, dataDir: string, tell: (line: string) => void) {
  const building = "template_building"
  await command(server, `drop database if exists ${building}`)
  await command(server, `create database ${building}`)
  const url = server.url(building)
  const env = childEnvironment(loadConfig({ DATA_DIR: dataDir, DATABASE_URL: url }), url)
  tell("migrating the template database (once per machine, about 20 s)")
  await migrateMedusa(env, () => {})
  const database = openDatabase(url, { connections: 1 })
  await migrateMostrador(database)
  await database.close()
  tell("furnishing it with the demo shop")
  await runMedusa({ args: ["exec", "./src/medusa/demo-shop/seed.ts"], env, onLine: () => {} })
  await command(server, `alter database ${building} rename to ${template}`)
}

/** Clones of a run that was killed, and templates of an older state of the sources. */
async function dropLeftovers(server: PostgresServer): Promise<void> {
  const database = openDatabase(server.url("postgres"), { connections: 1 })
  const rows = await database.sql<{ name: string }[]>`
    select datname as name from pg_database
    where datname like 'test\\_%' or (datname like 'template\\_%' and datname <> ${`template_${fingerprint()}`})`
  for (const { name } of rows) await database.sql`drop database ${database.sql(name)} with (force)`
  await database.close()
}

async function exists(server: PostgresServer, name: string): Promise<boolean> {
  const database = openDatabase(server.url("postgres"), { connections: 1 })
  const rows = await database.sql`select 1 from pg_database where datname = ${name}`
  await database.close()
  return rows.length > 0
}

async function command(server: PostgresServer, text: string): Promise<void> {
  const database = openDatabase(server.url("postgres"), { connections: 1 })
  await database.sql.unsafe(text)
  await database.close()
}

/** Of all that the template is made from. */
function fingerprint(): string {
  const hash = createHash("sha256").update(schemaFingerprint())
  for (const folder of ["drizzle", "src/medusa/demo-shop"]) {
    const files = fs.readdirSync(path.join(PROJECT, folder), { recursive: true, encoding: "utf8" }).sort()
    for (const file of files.filter((it) => /\.(ts|sql)$/.test(it))) {
      hash.update(file).update(fs.readFileSync(path.join(PROJECT, folder, file)))
    }
  }
  return hash.digest("hex").slice(0, 12)
}
