import { createHash } from "node:crypto"
import fs from "node:fs"
import path from "node:path"
import { medusaVersion, PROJECT, runMedusa } from "./cli.ts"

/** Where `medusa build --admin-only` writes; it cannot be told otherwise. */
export const dashboardFolder = () => path.join(PROJECT, ".medusa/admin")

const stampFile = () => path.join(dashboardFolder(), "mostrador.json")

/** Whether the dashboard is built, whole, and from what is installed now. */
export function dashboardIsBuilt(): boolean {
  return fs.existsSync(stampFile()) && fs.readFileSync(stampFile(), "utf8") === fingerprint()
}

/**
 * Builds the dashboard with the pages of the project and of its plugins; about a minute, one core.
 *
 * @throws MedusaCommandFailed
 */
export async function buildDashboard(
  env: Record<string, string | undefined>,
  onLine: (line: string) => void,
  signal?: AbortSignal,
): Promise<void> {
  fs.rmSync(stampFile(), { force: true })
  await runMedusa({ args: ["build", "--admin-only"], env, onLine }, signal)
  fs.writeFileSync(stampFile(), fingerprint())
}

let known: string | undefined

/** What the dashboard is made of, in one word. Read once: a running process serves what was there at its start. */
function fingerprint(): string {
  known ??= [PROJECT]
    .flatMap((root) => [path.join(root, "src/admin"), path.join(root, "plugins")])
    .flatMap((folder) => (fs.existsSync(folder) ? sources(folder) : []))
    .reduce(
      (hash, file) => hash.update(file).update(fs.readFileSync(file)),
      createHash("sha256").update(medusaVersion()),
    )
    .digest("hex")
  return known
}

function sources(folder: string): string[] {
  return fs
    .readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((file) => !file.includes("node_modules") && /\.(tsx?|jsx?|json|css|svg)$/.test(file))
    .map((file) => path.join(folder, file))
    .sort()
}
