import { type ChildProcess, spawn } from "node:child_process"
import { once } from "node:events"

/**
 * One process of the shop's that does a single thing, so that it can be killed in the middle.
 *
 * @param script  tells by a first line that it has begun
 */
export async function startWorker(script: string, ...args: string[]): Promise<ChildProcess> {
  const child = spawn(process.execPath, ["--import", "tsx", script, ...args], { stdio: ["ignore", "pipe", "inherit"] })
  await once(child.stdout, "data")
  return child
}

/** As a power cut would. Resolves when it is gone. */
export async function kill(child: ChildProcess): Promise<void> {
  child.kill("SIGKILL")
  await once(child, "exit")
}
