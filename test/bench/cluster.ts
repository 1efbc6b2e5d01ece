import { createHash } from "node:crypto"
import fs from "node:fs"
import path from "node:path"
import { childEnvironment, loadConfig } from "../../src/config.ts"
import { runMedusa } from "../../src/medusa/cli.ts"
import { type Demo, readDemo } from "../../src/medusa/demo-shop/index.ts"
import { schemaFingerprint } from "../../src/medusa/migrations.ts"
import { lockFolder } from "../../src/platform/boot/lock.ts"
import { type PostgresServer, startPostgres } from "../../src/platform/boot/postgres.ts"
import { bringSchemaUp } from "../../src/platform/boot/schema.ts"
import { createSteps } from "../../src/platform/boot/steps.ts"
import { openDatabase } from "../../src/platform/db/index.ts"
import { freePort } from "../support/cluster.ts"

const PROJECT = path.resolve(import.meta.dirname, "../..")
/** Kept between runs, so that only the first run on a machine migrates and seeds. Not the tests' folder: both may run. */
const FOLDER = path.join(PROJECT, ".data/bench")
const DATABASE = "bench"

/** The database of one run: the demo shop, to which the bulk catalog is added. */
export interface Bench {
  url: string
  /** `DATA_DIR` of the demo shop: pictures and `demo.json`. */
  dataDir: string
  demo: Demo
  stop(): Promise<void>
}

/**
 * Starts a Postgres with the settings of a real shop (every commit reaches the disk), makes the template of a
 * migrated and furnished shop where it is missing or out of date, and a fresh clone of it.
 *
 * @param tell    gets a line for each slow step
 * @param signal  ends it early
 */
export async function openBench(tell: (line: string) => void, signal: AbortSignal): Promise<Bench> {
  fs.mkdirSync(FOLDER, { recursive: true })
  const lock = await lockFolder(FOLDER)
  if (!lock) throw new Error(`Another bench is using ${FOLDER}; wait for it to end.`)
  let server: PostgresServer | undefined
  const stop = async () => {
    await server?.stop()
    await lock.release()
  }
  try {
    server = await startPostgres({ folder: path.join(FOLDER, "postgres"), port: await freePort() })
    const template = `template_${fingerprint()}`
    const dataDir = path.join(FOLDER, template)
    await makeTemplate(server, template, dataDir, tell, signal)
    await command(server, `drop database if exists ${DATABASE} with (force)`)
    await command(server, `create database ${DATABASE} template ${template} strategy file_copy`)
    const running = server
    return {
      url: server.url(DATABASE),
      dataDir,
      demo: readDemo(dataDir),
      async stop() {
        await command(running, `drop database ${DATABASE} with (force)`).finally(stop)
      },
    }
  } catch (error) {
    await stop()
    throw error
  }
}

/** Does nothing when it is there already; a template that is not made to its end has another name. */
async function makeTemplate(
  server: PostgresServer,
  template: string,
  dataDir: string,
  tell: (line: string) => void,
  signal: AbortSignal,
): Promise<void> {
  const present = await templates(server)
  if (present.includes(template) && fs.existsSync(path.join(dataDir, "demo.json"))) return
  for (const old of present) {
    await command(server, `drop database ${old} with (force)`)
    fs.rmSync(path.join(FOLDER, old), { recursive: true, force: true })
  }
  const building = "template_building"
  await command(server, `create database ${building}`)
  const url = server.url(building)
  const env = childEnvironment(loadConfig({ DATA_DIR: dataDir, DATABASE_URL: url }), url)
  tell("making the template: a migrated, furnished shop (once per machine and schema, about a minute)")
  const database = openDatabase(url, { connections: 2 })
  try {
    await bringSchemaUp(database, env, createSteps(process.stderr), () => {}, signal)
  } finally {
    await database.close()
  }
  tell("furnishing it with the demo shop")
  await runMedusa({ args: ["exec", "./src/medusa/demo-shop/seed.ts"], env, onLine: () => {} }, signal)
  await command(server, `alter database ${building} rename to ${template}`)
}

async function templates(server: PostgresServer): Promise<string[]> {
  const rows = await command(server, `select datname as name from pg_database where datname like 'template\\_%'`)
  return rows.map(({ name }) => name as string)
}

async function command(server: PostgresServer, text: string): Promise<Record<string, unknown>[]> {
  const database = openDatabase(server.url("postgres"), { connections: 1 })
  try {
    return await database.sql.unsafe(text)
  } finally {
    await database.close()
  }
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
