import { createHash } from "node:crypto"
import fs from "node:fs"
import { createServer } from "node:net"
import path from "node:path"
import { setTimeout as wait } from "node:timers/promises"
import { childEnvironment, loadConfig } from "../../src/config.ts"
import { runMedusa } from "../../src/medusa/cli.ts"
import { type Demo, demoFile, readDemo } from "../../src/medusa/demo-shop/index.ts"
import { schemaFingerprint } from "../../src/medusa/migrations.ts"
import { type Lock, lockFolder } from "../../src/platform/boot/lock.ts"
import { type PostgresServer, startPostgres } from "../../src/platform/boot/postgres.ts"
import { bringSchemaUp } from "../../src/platform/boot/schema.ts"
import { createSteps } from "../../src/platform/boot/steps.ts"
import { openDatabase } from "../../src/platform/db/index.ts"

const PROJECT = path.resolve(import.meta.dirname, "../..")

/** A running Postgres with a template database: migrated, and furnished with the demo shop. */
export interface Cluster {
  server: PostgresServer
  template: string
  /** `DATA_DIR` of the template: pictures and `demo.json`. */
  dataDir: string
  demo: Demo
}

export interface ClusterOptions {
  /** Below `.data/`; kept between runs, so that only the first on a machine migrates and seeds. */
  name: string
  /** Settings of the server on top of a shop's own. */
  settings: Record<string, string>
  /** Gets a line for each slow step. */
  tell: (line: string) => void
  /** Ends it early. */
  signal?: AbortSignal
}

/** Starts a cluster, and makes its template where it is missing or out of date. Waits while another run has it. */
export async function startCluster(options: ClusterOptions): Promise<Cluster & { stop(): Promise<void> }> {
  const { name, settings, tell, signal } = options
  const folder = path.join(PROJECT, ".data", name)
  fs.mkdirSync(folder, { recursive: true })
  const lock = await waitForLock(folder, tell, signal)
  let server: PostgresServer | undefined
  const stop = async () => {
    await server?.stop()
    await lock.release()
  }
  try {
    server = await startPostgres({ folder: path.join(folder, "postgres"), port: await freePort(), settings })
    const template = `template_${fingerprint()}`
    const dataDir = path.join(folder, template)
    await dropClones(server)
    const templates = await databases(server, "template\\_%")
    if (!templates.includes(template) || !fs.existsSync(demoFile(dataDir))) {
      for (const old of templates) await dropTemplate(server, folder, old)
      await makeTemplate(server, template, dataDir, tell, signal)
    }
    return { server, template, dataDir, demo: readDemo(dataDir), stop }
  } catch (error) {
    await stop()
    throw error
  }
}

async function waitForLock(folder: string, tell: (line: string) => void, signal?: AbortSignal): Promise<Lock> {
  for (let told = false; ; told = true) {
    const lock = await lockFolder(folder)
    if (lock) return lock
    if (!told) tell(`another run is using ${path.relative(PROJECT, folder)}; waiting for it to end`)
    await wait(500, undefined, { signal })
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

/** A template that is not made to its end has another name. */
async function makeTemplate(
  server: PostgresServer,
  template: string,
  dataDir: string,
  tell: (line: string) => void,
  signal?: AbortSignal,
): Promise<void> {
  const building = "template_building"
  await command(server, `create database ${building}`)
  const url = server.url(building)
  const env = childEnvironment(loadConfig({ DATA_DIR: dataDir, DATABASE_URL: url }), url)
  tell("making the template: a migrated shop (once per machine and schema, about half a minute)")
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

/** Those of a run that was killed. */
async function dropClones(server: PostgresServer): Promise<void> {
  for (const name of await databases(server, "test\\_%")) await command(server, `drop database ${name} with (force)`)
}

async function dropTemplate(server: PostgresServer, folder: string, name: string): Promise<void> {
  await command(server, `drop database ${name} with (force)`)
  fs.rmSync(path.join(folder, name), { recursive: true, force: true })
}

async function databases(server: PostgresServer, like: string): Promise<string[]> {
  const rows = await command(server, `select datname as name from pg_database where datname like '${like}'`)
  return rows.map(({ name }) => String(name))
}

async function command(server: PostgresServer, text: string): Promise<Record<string, unknown>[]> {
  const database = openDatabase(server.url("postgres"), { connections: 1 })
  try {
    return await database.sql.unsafe(text)
  } finally {
    await database.close()
  }
}

/** Of all that the template is made from, and of how it is made. */
function fingerprint(): string {
  const hash = createHash("sha256")
    .update(schemaFingerprint())
    .update(fs.readFileSync(import.meta.filename))
  for (const folder of ["drizzle", "src/medusa/demo-shop"]) {
    const files = fs.readdirSync(path.join(PROJECT, folder), { recursive: true, encoding: "utf8" }).sort()
    for (const file of files.filter((it) => /\.(ts|sql)$/.test(it))) {
      hash.update(file).update(fs.readFileSync(path.join(PROJECT, folder, file)))
    }
  }
  return hash.digest("hex").slice(0, 12)
}
