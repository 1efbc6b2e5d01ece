import fs from "node:fs"
import path from "node:path"
import { inject } from "vitest"
import type { ProvidedMedusa } from "./setup-medusa.ts"

const PATIENCE_MILLISECONDS = 120_000
let mine: ProvidedMedusa | undefined

/**
 * The Medusa of this file: files that run at the same time have each another one, with a database of its own. It is this
 * process's until that ends. (Vitest's `VITEST_POOL_ID` would not do: where groups of tests meet, two files may have one.)
 */
export function theMedusa(): ProvidedMedusa {
  const deadline = Date.now() + PATIENCE_MILLISECONDS
  while (!mine) {
    mine = inject("medusas").find(take)
    if (mine) break
    if (Date.now() > deadline) throw new Error("no Medusa is free: other files have them all")
    // Whose tests are over may take a moment to end.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 50)
  }
  return mine
}

/** A file with the id of the process that has it. */
function take({ url }: ProvidedMedusa): boolean {
  const file = path.join(inject("cluster").dataDir, `medusa-of-${new URL(url).port}`)
  try {
    if (fs.existsSync(file) && !isAlive(Number(fs.readFileSync(file, "utf8")))) fs.rmSync(file)
    fs.writeFileSync(file, String(process.pid), { flag: "wx" })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false
    throw error
  }
  process.once("exit", () => fs.rmSync(file, { force: true }))
  return true
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
