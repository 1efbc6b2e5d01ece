import { execFile } from "node:child_process"
import fs from "node:fs"
import path from "node:path"
import { promisify } from "node:util"

const PROJECT = path.resolve(import.meta.dirname, "..")
const run = promisify(execFile)

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
  await run("node_modules/.bin/drizzle-kit", ["pull", "--config=drizzle/medusa.config.ts"], {
    cwd: PROJECT,
    env: { ...process.env, DATABASE_URL: databaseUrl, SCHEMA_OUT: path.relative(PROJECT, folder) },
  })
  const pulled = fs.readFileSync(path.join(folder, "schema.ts"), "utf8")
  const kept = pulled
    .split("\n")
    // drizzle-kit's table filter does not hold for sequences and enums; a table that uses an enum reads it as text.
    .filter((line) => !/^export const \w+ = pg(Sequence|Enum)\(/.test(line))
    .join("\n")
    // Dates as dates: their text form in Postgres is not the one that Medusa answers with.
    .replaceAll("mode: 'string'", "mode: 'date'")
    .replace(/\b\w+_enum\(\)/g, "text()")
    // drizzle-kit prints an empty text as half a pair of quotes.
    .replaceAll("default(')", 'default("")')
    .replace(/, pgSequence|, pgEnum/g, "")
    // Indexes and keys: lanes need none of them, and drizzle-kit writes them in another order each time.
    .replace(/^\}, \(table\) => \[\n[\s\S]*?^\]\);$/gm, "});")
  return formatted(HEADER + byName(kept))
}

/** drizzle-kit writes tables as their queries come back: another order each time. */
function byName(source: string): string {
  const [imports, ...pulledTables] = source.split(/^(?=export const )/m)
  return [imports, ...pulledTables.sort()].join("")
}

/** As `npm run format` would leave it. */
async function formatted(source: string): Promise<string> {
  const biome = run("node_modules/.bin/biome", ["check", "--write", "--unsafe", `--stdin-file-path=${schemaFile}`], {
    cwd: PROJECT,
  })
  biome.child.stdin?.end(source)
  return (await biome).stdout
}
