import fs from "node:fs"
import path from "node:path"
import { type Lock, lockFolder } from "./lock.ts"
import { BootProblem } from "./problem.ts"

/**
 * Makes the folder of this machine's data, and takes it for this process alone.
 *
 * @throws BootProblem when it cannot be written, or another start has it
 */
export async function takeDataFolder(folder: string): Promise<Lock> {
  try {
    fs.mkdirSync(folder, { recursive: true })
    const probe = path.join(folder, `.probe-${process.pid}`)
    fs.writeFileSync(probe, "")
    fs.rmSync(probe)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    throw new BootProblem(
      `The folder ${folder} cannot be written (${code}). Make it writable, or choose another with DATA_DIR.`,
    )
  }
  const lock = await lockFolder(folder)
  if (!lock) {
    throw new BootProblem(
      `Another Mostrador is running on ${folder}. Stop it first, or give this one a folder (DATA_DIR) and ports (PORT, MEDUSA_PORT, POSTGRES_PORT) of its own.`,
    )
  }
  return lock
}
