import { createHash, randomBytes } from "node:crypto"
import { realpathSync, renameSync, rmSync } from "node:fs"
import { connect, createServer, type Server } from "node:net"
import { tmpdir } from "node:os"
import path from "node:path"

/** Held until `release` is called or the process is gone, however it goes. */
export interface Lock {
  release(): Promise<void>
}

/**
 * Takes a folder for this process alone.
 *
 * The lock is a listening local socket rather than a file with a process id: the kernel closes it with the process,
 * so a crash leaves nothing that a later start could mistake for a living owner (process ids repeat, most of all in
 * containers).
 *
 * @param folder  an existing folder
 * @returns the lock, or `undefined` when another living process has it
 */
export async function lockFolder(folder: string): Promise<Lock | undefined> {
  const address = socketFor(realpathSync(folder))
  const server = (await listen(address)) ?? (await reclaim(address))
  if (!server) return undefined
  server.unref()
  return { release: () => new Promise((done) => server.close(() => done())) }
}

/**
 * In the folder itself, so that whoever sees the folder sees the lock. A socket's path may have some 100 characters at
 * most: for a longer one the lock stands in the temporary folder, under a hash.
 */
function socketFor(folder: string): string {
  const inside = path.join(folder, ".lock")
  const name = `mostrador-${createHash("sha256").update(folder).digest("hex").slice(0, 16)}`
  if (process.platform === "win32") return `\\\\.\\pipe\\${name}`
  return Buffer.byteLength(inside) <= 100 ? inside : path.join(tmpdir(), `${name}.lock`)
}

/** Listens, or answers `undefined` when the address is taken. */
function listen(address: string): Promise<Server | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy())
    server.once("error", (error: NodeJS.ErrnoException) =>
      error.code === "EADDRINUSE" ? resolve(undefined) : reject(error),
    )
    server.listen(address, () => resolve(server))
  })
}

/**
 * The socket's file outlives a killed process; nobody answers on it then, and it is taken over. It is moved away before
 * it is looked at: of several that find it, one gets it, and one that got a living owner's instead puts that back.
 */
async function reclaim(address: string): Promise<Server | undefined> {
  if (process.platform === "win32" || (await answers(address))) return undefined
  const aside = `${address}.${randomBytes(4).toString("hex")}`
  try {
    renameSync(address, aside)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error
    return listen(address) // another has just moved it away: who listens first has the lock
  }
  if (await answers(aside)) {
    renameSync(aside, address)
    return undefined
  }
  rmSync(aside, { force: true })
  return listen(address)
}

function answers(address: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(address)
    socket.once("connect", () => {
      socket.destroy()
      resolve(true)
    })
    socket.once("error", () => resolve(false))
  })
}
