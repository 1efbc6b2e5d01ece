import { spawnSync } from "node:child_process"
import fs from "node:fs"
import { createServer } from "node:net"
import path from "node:path"
import { expect, inject, it } from "vitest"
import { requireUsable } from "../../src/platform/db/index.ts"
import { cloneDatabase } from "../support/database.ts"
import { until } from "../support/http.ts"
import { placeOfItsOwn, processesOf, processesWith, run } from "../support/program.ts"

/** Runs to the end and expects exit code 1 and a message for a person, without a stack trace. */
async function problem(env: Record<string, string>, role: string[] = []): Promise<string> {
  const program = run(env, role)
  expect(await program.exited).toBe(1)
  expect(program.output()).not.toMatch(/\n\s+at /)
  return program.output()
}

it("all bad values of the environment are told at once, and nothing is begun", async () => {
  const { env, dataDir } = await placeOfItsOwn()
  const bad = {
    PORT: "http",
    MEDUSA_PORT: "70000",
    DATABASE_URL: "mysql://me:secret@x/y",
    TRUST_PROXY: "maybe",
    JWT_SECRET: "short",
  }
  const said = await problem({ ...env, ...bad })
  for (const name of Object.keys(bad)) expect(said).toContain(`${name}:`)
  expect(said).not.toContain("secret@")
  expect(fs.existsSync(dataDir)).toBe(false)
})

it("production refuses default secrets, in every role", async () => {
  for (const role of [[], ["counter"], ["medusa"], ["migrate"]]) {
    const said = await problem({ NODE_ENV: "production", DATABASE_URL: "postgres://127.0.0.1:1/x" }, role)
    expect(said).toContain("JWT_SECRET")
    expect(said).toContain("COOKIE_SECRET")
  }
  const secrets = { JWT_SECRET: "mostrador-development-only", COOKIE_SECRET: "mostrador-development-only" }
  expect(await problem({ NODE_ENV: "production", ...secrets })).toContain("default")
})

it("no password is shown, wherever in a variable it stands", async () => {
  const { env } = await placeOfItsOwn()
  const misspelt = { JWT_SECRET: "kurz-geheim", DATABASE_URL: "host=db user=x password=geheim" }
  expect(await problem({ ...env, ...misspelt })).not.toContain("geheim")
  expect(await problem({ ...env, DATABASE_URL: "postgres://u:geheim@tail@127.0.0.1:1/x" })).not.toMatch(/geheim|tail/)
})

it("a migration that is interrupted has not succeeded, and leaves no process behind", async () => {
  const database = await cloneDatabase()
  await database.sql`drop schema mostrador cascade`
  const program = run({ DATABASE_URL: database.url }, ["migrate"])
  const own = () =>
    processesWith((command, environment) => command.includes("db:migrate") && environment.includes(database.url))
  await until("Medusa's scripts run in a process of their own", () => own().length >= 2, 90)
  program.process.kill("SIGTERM")
  expect(await program.exited).toBe(130)
  await until("nothing is left", () => own().length === 0, 5)
  await database.drop()
})

it("two ports that are the same are refused", async () => {
  expect(await problem({ PORT: "9100", MEDUSA_PORT: "9100" })).toContain("each needs a port of its own")
})

it("a port in use is named, with the variable that chooses it", async () => {
  for (const name of ["PORT", "MEDUSA_PORT", "POSTGRES_PORT"]) {
    const place = await placeOfItsOwn()
    const { env } = place
    const other = createServer()
    await new Promise<void>((resolve) => other.listen(Number(env[name]), "127.0.0.1", resolve))
    const said = await problem(env)
    expect(said).toContain(`Port ${env[name]} is in use`)
    expect(said).toContain(name)
    expect(processesOf(place)).toEqual([])
    await new Promise((resolve) => other.close(resolve))
  }
})

it("a database that cannot be reached, or does not let us in, is told without its password", async () => {
  const { env } = await placeOfItsOwn()
  const unreachable = await problem({ ...env, DATABASE_URL: "postgres://me:secret@127.0.0.1:1/shop" })
  expect(unreachable).toContain("127.0.0.1:1/shop")
  expect(unreachable).toContain("DATABASE_URL")
  expect(unreachable).not.toContain("secret")
  const wrong = inject("cluster")
    .url.replace(/:[^:@/]+@/, ":wrong@")
    .replace("DATABASE", "postgres")
  expect(await problem({ ...env, DATABASE_URL: wrong })).toContain("password authentication failed")
  expect(await problem({ ...env, DATABASE_URL: wrong }, ["counter"])).toContain("password authentication failed")
})

it("a Postgres that is too old is refused", async () => {
  const database = await cloneDatabase()
  await expect(requireUsable(database, database.url, 99)).rejects.toThrow(/is Postgres 18; Mostrador needs 99 or newer/)
  await requireUsable(database, database.url)
  await database.drop()
})

it("a folder that cannot be written is named", async () => {
  const { env, dataDir } = await placeOfItsOwn()
  // Also root, to whom no folder is closed, cannot make one inside a file.
  fs.writeFileSync(dataDir, "in the way")
  const said = await problem({ ...env, DATA_DIR: path.join(dataDir, "folder") })
  expect(said).toContain(`${dataDir}/folder cannot be written`)
  expect(said).toContain("DATA_DIR")
})

it("a Node that is too old is refused, in a sentence that an old Node can say", () => {
  const check = path.resolve(import.meta.dirname, "../../src/platform/boot/require-node.cjs")
  const as = (version: string) =>
    spawnSync(process.execPath, [
      "-e",
      `Object.defineProperty(process.versions, "node", { value: "${version}" }); require("${check}")`,
    ])
  for (const version of ["12.22.0", "18.20.4", "20.18.9"]) {
    expect(as(version).status).toBe(1)
    expect(String(as(version).stderr)).toContain("needs Node 20.19 or newer")
  }
  for (const version of ["20.19.0", "22.0.0", "24.1.0"]) expect(as(version).status).toBe(0)
  const { scripts } = JSON.parse(fs.readFileSync("package.json", "utf8"))
  for (const name of ["prestart", "prestart:counter", "prestart:medusa"])
    expect(scripts[name]).toContain("require-node.cjs")
  expect(fs.readFileSync(check, "utf8")).not.toMatch(/\b(const|let|=>|import)\b/)
})

it("a counter refuses a database that is not migrated, and one that has no address", async () => {
  const server = inject("cluster").url
  const database = await cloneDatabase()
  await database.sql`drop schema mostrador cascade`
  expect(await problem({ DATABASE_URL: database.url, PORT: "9101" }, ["counter"])).toContain("npm run migrate")
  expect(await problem({ DATABASE_URL: server.replace("DATABASE", "postgres"), PORT: "9101" }, ["counter"])).toContain(
    "npm run migrate",
  )
  expect(await problem({}, ["counter"])).toContain("DATABASE_URL is not set")
  expect(await problem({}, ["medusa"])).toContain("DATABASE_URL is not set")
  expect(await problem({}, ["till"])).toContain('no role "till"')
  await database.drop()
})

it("the README's table names every variable, and none that is not there", () => {
  const source = fs.readFileSync("src/config.ts", "utf8")
  const known = [...(source.match(/z\.object\(\{[\s\S]*?\n\}\)/)?.[0] ?? "").matchAll(/^ {2}([A-Z_]+):/gm)].map(
    (it) => it[1],
  )
  const told = [...fs.readFileSync("README.md", "utf8").matchAll(/^\| `([A-Z_]+)` \|/gm)].map((it) => it[1])
  expect(known.length).toBeGreaterThan(15)
  expect(told).toEqual(known)
})
