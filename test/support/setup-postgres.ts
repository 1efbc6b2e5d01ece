import type { TestProject } from "vitest/node"
import { type Cluster, startCluster } from "./cluster.ts"

/** What test files get of the cluster; see `database.ts`. */
export interface ProvidedCluster {
  /** Connection string with `DATABASE` in the place of the database's name. */
  url: string
  template: string
  dataDir: string
}

declare module "vitest" {
  export interface ProvidedContext {
    cluster: ProvidedCluster
  }
}

/** Nothing here has to survive a power cut. */
const SETTINGS = { fsync: "off", synchronous_commit: "off", full_page_writes: "off", max_connections: "300" }

/** The groups of the run share one cluster: their setups run in one process, each in a copy of this module. */
const shared = globalThis as {
  mostradorCluster?: Promise<Cluster & { stop(): Promise<void> }>
  mostradorUsers?: number
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  shared.mostradorUsers = (shared.mostradorUsers ?? 0) + 1
  shared.mostradorCluster ??= startCluster({
    name: "test",
    settings: SETTINGS,
    tell: (line) => process.stdout.write(`  test: ${line}\n`),
  })
  const cluster = await shared.mostradorCluster
  project.provide("cluster", {
    url: cluster.server.url("DATABASE"),
    template: cluster.template,
    dataDir: cluster.dataDir,
  })
  return async () => {
    shared.mostradorUsers = (shared.mostradorUsers ?? 1) - 1
    if (shared.mostradorUsers > 0) return
    shared.mostradorCluster = undefined
    await cluster.stop()
  }
}
