import { ADD_LINE } from "./cart-requests.ts"
import type { Comparison, Figures } from "./comparison.ts"
import type { Limit } from "./limits.ts"

/** What a figure means nothing without. */
export interface Circumstances {
  machine: { cores: number; cpu: string; loadBefore: number; node: string; postgres: string; medusa: string }
  catalog: { products: number; variants: number; soldOnWeb: number; seconds: number }
  /** How the counter built its documents of the catalog, and what it takes in memory at the end. */
  documents: { built: number; seconds: number; megabytes: number }
  settings: Record<string, string | number>
}

const HEAD = ["", "", "Medusa", "", "", "", "", "counter", "", "", "", "", "ratio", ""]
const COLUMNS = ["request", "way", ...side(), ...side(), "p50", "req/s"]
const LEFT = 2

/** What was measured. */
export interface Measured {
  comparisons: Comparison[]
  /** Empty unless their request was measured. */
  limits: Limit[]
}

/** The comparisons as an aligned table, the limits, and below them what they were measured on. */
export function printed({ comparisons, limits }: Measured, circumstances: Circumstances): string {
  const rows = comparisons.map(({ request, way, medusa, counter, ratio }) => [
    request,
    way,
    ...(medusa ? figures(medusa) : side().map(() => "-")),
    ...figures(counter),
    ratio ? times(ratio.p50) : "-",
    ratio?.throughput ? times(ratio.throughput) : "-",
  ])
  const { machine, catalog, documents, settings } = circumstances
  return [
    ...aligned([HEAD, COLUMNS, ...rows]),
    "",
    "p50, p95: milliseconds, one client. req/s: answers a second, all clients. n: how many answers a figure stands on",
    "(* the prepared carts were used up before the time was). ratio: how many times faster the counter is.",
    "",
    ...limited(limits),
    `machine   ${machine.cores} cores (${machine.cpu}), shared by both servers, Postgres and the load generator; load before: ${machine.loadBefore.toFixed(2)}`,
    `versions  Node ${machine.node}, Postgres ${machine.postgres}, Medusa ${machine.medusa}`,
    `catalog   ${catalog.products} bulk products x ${catalog.variants / catalog.products} variants, made in ${catalog.seconds.toFixed(1)} s; ${catalog.soldOnWeb} sold on the channel`,
    `documents ${documents.built} built in ${documents.seconds.toFixed(1)} s (${(documents.built / documents.seconds).toFixed(0)}/s); the counter's memory at the end: ${documents.megabytes.toFixed(0)} MB`,
    `settings  ${Object.entries(settings)
      .map(([name, value]) => `${name}=${value}`)
      .join(" ")}`,
    "",
  ].join("\n")
}

function side(): string[] {
  return ["p50", "p95", "n", "req/s", "n"]
}

function figures({ latency, throughput }: Figures): string[] {
  const alone = [short(latency.p50), short(latency.p95), String(latency.samples)]
  if (!throughput) return [...alone, "-", "-"]
  const { rate, requests, usedUp } = throughput
  return [...alone, short(rate), `${requests}${usedUp ? "*" : ""}`]
}

function limited(limits: Limit[]): string[] {
  if (limits.length === 0) return []
  const width = Math.max(...limits.map(({ by }) => by.length))
  const lines = limits.map(({ by, rate, ratio, leftOut }) =>
    rate && ratio
      ? `${by.padEnd(width)}  ${short(rate)}/s, ${times(ratio)} what the counter answers by turns with it`
      : `${by.padEnd(width)}  left out: ${leftOut}`,
  )
  return [
    `the limit of "${ADD_LINE.name}", all clients: the least SQL that it can be (test/bench/pgbench/add-line.sql)`,
    ...lines,
    "",
  ]
}

const times = (value: number) => `${short(value)}x`
/** Three digits say all that a measurement knows. */
const short = (value: number) => (value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2))

function aligned(rows: string[][]): string[] {
  const widths = COLUMNS.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  return rows.map((row) =>
    row
      .map((cell, column) => {
        const width = widths[column] ?? 0
        return column < LEFT ? cell.padEnd(width) : cell.padStart(width)
      })
      .join("  ")
      .trimEnd(),
  )
}
