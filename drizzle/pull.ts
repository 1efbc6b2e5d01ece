import { execFile } from "node:child_process"
import fs from "node:fs"
import path from "node:path"
import { promisify } from "node:util"

const PROJECT = path.resolve(import.meta.dirname, "..")
const HEADER = `/**
 * Medusa's tables that lanes use, as they stand in a freshly migrated database.
 * Written by \`npm run schema:pull\`; which tables they are is said in \`drizzle/medusa.config.ts\`. Not edited by hand.
 */
`

/** Where the pulled schema stands. */
export const schemaFile = path.join(PROJECT, "src/medusa/schema.ts")

/**
 * Reads Medusa's tables out of a migrated database.
 *
 * @param databaseUrl  a database that Medusa has migrated
 * @param folder       for drizzle-kit's own files; emptied
 * @returns the text of `src/medusa/schema.ts`
 */
export async function pullSchema(databaseUrl: string, folder: string): Promise<string> {
  fs.rmSync(folder, { recursive: true, force: true })
  const run = promisify(execFile)
  const bin = (name: string) => path.join(PROJECT, "node_modules/.bin", name)
  await run(bin("drizzle-kit"), ["pull", "--config=drizzle/medusa.config.ts"], {
    cwd: PROJECT,
    env: { ...process.env, DATABASE_URL: databaseUrl, SCHEMA_OUT: path.relative(PROJECT, folder) },
  })
  const pulled = fs.readFileSync(path.join(folder, "schema.ts"), "utf8")
  const kept = pulled
    .split("\n")
    // drizzle-kit's table filter does not hold for sequences and enums; no table here uses one.
    .filter((line) => !/^export const \w+ = pg(Sequence|Enum)\(/.test(line))
    .join("\n")
    // Dates as dates: their text form in Postgres is not the one that Medusa answers with.
    .replaceAll("mode: 'string'", "mode: 'date'")
    .replace(/, pgSequence|, pgEnum/g, "")
  const file = path.join(folder, "kept.ts")
  fs.writeFileSync(file, HEADER + kept)
  await run(bin("biome"), ["check", "--write", "--vcs-enabled=false", file], { cwd: PROJECT }).catch(() => {
    // Biome exits with an error for files it is told to ignore by the project's settings, having formatted nothing.
  })
  return fs.readFileSync(file, "utf8")
}
