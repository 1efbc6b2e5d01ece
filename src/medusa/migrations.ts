import { createHash } from "node:crypto"
import fs from "node:fs"
import path from "node:path"
import { medusaVersion, PROJECT, runMedusa } from "./cli.ts"

/**
 * What Medusa's schema depends on, in one word: the same as at the last migration means that there is nothing to
 * migrate, which Medusa's own command needs some 15 seconds to find out.
 */
export function schemaFingerprint(): string {
  const hash = createHash("sha256").update(medusaVersion())
  for (const file of ["medusa-config.ts", ...migrationFiles(path.join(PROJECT, "plugins"))]) {
    hash.update(file).update(fs.readFileSync(path.join(PROJECT, file)))
  }
  return hash.digest("hex")
}

/**
 * Brings the database to the schema of the installed Medusa and its plugins; an empty one too. May be repeated.
 *
 * Links and search indexes that Medusa would only drop after asking are left as they are.
 *
 * @throws MedusaCommandFailed
 */
export async function migrateMedusa(
  env: Record<string, string | undefined>,
  onLine: (line: string) => void,
  signal?: AbortSignal,
): Promise<void> {
  await runMedusa({ args: ["db:migrate", "--execute-safe-links", "--execute-safe-search"], env, onLine }, signal)
}

/** Paths relative to the project of all migrations and models of the plugins, sorted. */
function migrationFiles(folder: string): string[] {
  if (!fs.existsSync(folder)) return []
  return fs
    .readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((file) => /(^|\/)(migrations|links)\/.*\.(ts|js)$/.test(file) && !file.includes("node_modules"))
    .map((file) => path.relative(PROJECT, path.join(folder, file)))
    .sort()
}
