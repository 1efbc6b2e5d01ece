import { migrateMedusa, schemaFingerprint } from "../../medusa/migrations.ts"
import { type Database, isMigrated, migrateMostrador, withLock } from "../db/index.ts"
import { readMark, writeMark } from "./installation.ts"
import { BootProblem } from "./problem.ts"
import type { Steps } from "./steps.ts"

/** Whether the database has the schema of the Medusa that is installed, and ours. */
export async function schemaIsCurrent(database: Database): Promise<boolean> {
  return (await isMigrated(database)) && (await readMark(database, "medusa_schema")) === schemaFingerprint()
}

/**
 * Brings the database to the schema of Medusa and of `mostrador`, once, however many processes start at a time.
 *
 * @param env  the environment for Medusa's own migration command
 */
export async function bringSchemaUp(
  database: Database,
  env: Record<string, string | undefined>,
  steps: Steps,
  onLine: (line: string) => void,
  signal?: AbortSignal,
): Promise<void> {
  if (await schemaIsCurrent(database)) return
  await withLock(database, "migrations", async () => {
    if (await schemaIsCurrent(database)) return
    if ((await readMark(database, "medusa_schema")) !== schemaFingerprint()) {
      await steps.run("Migrating Medusa's tables", (tell) => migrateMedusa(env, telling(tell, onLine), signal))
    }
    await steps.run("Migrating Mostrador's tables", () => migrateMostrador(database))
    await writeMark(database, "medusa_schema", schemaFingerprint())
  })
}

/** @throws BootProblem when the schema is not current: for processes that must not migrate */
export async function requireSchema(database: Database): Promise<void> {
  if (await schemaIsCurrent(database)) return
  throw new BootProblem(
    "The database is not migrated to this version. Run `npm run migrate` (or start Medusa with `npm run start:medusa`, which does it) and start again.",
  )
}

/** Shows which of its modules Medusa is at. */
function telling(tell: (detail: string) => void, onLine: (line: string) => void): (line: string) => void {
  return (line) => {
    const module = line.match(/MODULE:\s*(\S+)/)?.[1]
    if (module) tell(module)
    onLine(line)
  }
}
