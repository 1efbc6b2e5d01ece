import fs from "node:fs"
import os from "node:os"
import path from "node:path"
import { childEnvironment, loadConfig } from "../src/config.ts"
import { migrateMedusa } from "../src/medusa/migrations.ts"
import { removePostgres, startPostgres } from "../src/platform/boot/postgres.ts"
import { createSteps } from "../src/platform/boot/steps.ts"
import { pullSchema, schemaFile } from "./pull.ts"

/** `npm run schema:pull`: migrates a new database with the installed Medusa, and writes down the tables it has. */
const config = loadConfig()
const steps = createSteps()
const folder = fs.mkdtempSync(path.join(os.tmpdir(), "mostrador-schema-"))
const postgres = await steps.run("Starting Postgres", () => startPostgres({ folder, port: config.postgresPort }))
try {
  const url = postgres.url("postgres")
  await steps.run("Migrating Medusa's tables", () => migrateMedusa(childEnvironment(config, url), () => {}))
  const schema = await steps.run("Reading them", () => pullSchema(url, path.join(folder, "pulled")))
  fs.writeFileSync(schemaFile, schema)
  steps.say(`Written: ${path.relative(process.cwd(), schemaFile)}`)
} finally {
  await postgres.stop()
  removePostgres(folder)
}
