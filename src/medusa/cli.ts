import { type ChildProcess, spawn } from "node:child_process"
import fs from "node:fs"
import path from "node:path"
import { createInterface } from "node:readline"

/** The project's folder: Medusa reads `medusa-config.ts`, `src/api` and `src/admin` in it. */
export const PROJECT = path.resolve(import.meta.dirname, "../..")

/** A command of Medusa's did not end well. `output` has the last lines that it printed. */
export class MedusaCommandFailed extends Error {
  constructor(
    readonly command: string,
    readonly output: string[],
  ) {
    super(`\`medusa ${command}\` failed:\n${output.slice(-15).join("\n")}`)
  }
}

export interface MedusaCommand {
  args: string[]
  env: Record<string, string | undefined>
  /** Gets every line that Medusa prints. */
  onLine: (line: string) => void
}

/**
 * Spawns Medusa's command line from TypeScript sources, without a build.
 *
 * The child is in a process group of its own, so that a Ctrl-C in the terminal reaches us alone and we stop it when
 * its requests are drained; and it ends by itself when we are killed, because it watches the channel between us.
 */
export function spawnMedusa({ args, env, onLine }: MedusaCommand): ChildProcess {
  const watch = path.join(import.meta.dirname, "end-with-parent.cjs")
  const child = spawn(process.execPath, ["--import", "tsx", medusaCli(), ...args], {
    cwd: PROJECT,
    // Medusa forks itself for some commands, without our arguments: those children need both as well.
    env: { ...env, NODE_OPTIONS: `${env.NODE_OPTIONS ?? ""} --require ${JSON.stringify(watch)} --import tsx`.trim() },
    stdio: ["ignore", "pipe", "pipe", "ipc"],
    detached: true,
  })
  for (const stream of [child.stdout, child.stderr]) {
    if (stream) createInterface({ input: stream }).on("line", onLine)
  }
  return child
}

/**
 * Runs one of Medusa's commands to its end.
 *
 * @param signal  ends it early
 * @throws MedusaCommandFailed when it exits with another code than 0
 */
export async function runMedusa(command: MedusaCommand, signal?: AbortSignal): Promise<void> {
  signal?.throwIfAborted()
  const output: string[] = []
  const child = spawnMedusa({
    ...command,
    onLine(line) {
      output.push(line)
      command.onLine(line)
    },
  })
  const stop = () => killGroup(child)
  signal?.addEventListener("abort", stop)
  try {
    const code = await new Promise<number | null>((resolve, reject) => {
      child.once("error", reject)
      child.once("close", resolve)
    })
    signal?.throwIfAborted()
    if (code !== 0) throw new MedusaCommandFailed(command.args.join(" "), output)
  } finally {
    signal?.removeEventListener("abort", stop)
  }
}

/** Ends a command and what it has forked; it leads a process group, where there are such. */
function killGroup(child: ChildProcess): void {
  try {
    if (child.pid !== undefined && process.platform !== "win32") process.kill(-child.pid, "SIGKILL")
    else child.kill("SIGKILL")
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error
  }
}

/** @returns the version of Medusa that is installed, e.g. "2.21.2" */
export function medusaVersion(): string {
  return JSON.parse(fs.readFileSync(path.join(PROJECT, "node_modules/@medusajs/medusa/package.json"), "utf8")).version
}

const medusaCli = () => path.join(PROJECT, "node_modules/@medusajs/cli/cli.js")
