import { createHash } from "node:crypto"
import { realpathSync, rmSync } from "node:fs"
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

/** A socket's path may have some 100 characters at most, so it stands in the temporary folder under a hash. */
function socketFor(folder: string): string {
  const name = `mostrador-${createHash("sha256").update(folder).digest("hex").slice(0, 16)}`
  return process.platform === "win32" ? `\\\\.\\pipe\\${name}` : path.join(tmpdir(), `${name}.lock`)
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

/** The socket's file outlives a killed process; nobody answers on it then, and it is taken over. */
async function reclaim(address: string): Promise<Server | undefined> {
  const alive = await new Promise<boolean>((resolve) => {
    const socket = connect(address)
    socket.once("connect", () => {
      socket.destroy()
      resolve(true)
    })
    socket.once("error", () => resolve(false))
  })
  if (alive) return undefined
  rmSync(address, { force: true })
  return listen(address)
}
