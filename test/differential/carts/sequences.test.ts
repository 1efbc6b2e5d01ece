import { afterAll, beforeAll, expect, it } from "vitest"
import { send } from "../compare.ts"
import { type ReadRows, rowReader } from "./sequences/rows.ts"
import { expectSameSequence, newTally } from "./sequences/sequence.ts"
import { openWorld, type World } from "./sequences/world.ts"

/** `SEQUENCE_RUNS=500` for what the carts' lanes are held to. */
const RUNS = Number(process.env.SEQUENCE_RUNS ?? 6)
/** Each sequence has a seed of its own, one more than the last: a single one is had by its seed and `SEQUENCE_RUNS=1`. */
const SEED = Number(process.env.SEQUENCE_SEED ?? 1)
/** Names of operations, with commas: others do not come, but for the carts' creation. */
const ONLY = process.env.SEQUENCE_ONLY?.split(",")
/** After how many sequences that differ it is given up. */
const PATIENCE = Number(process.env.SEQUENCE_PATIENCE ?? 1)
/** Whether to tell what was answered to what, too. */
const TELLS = process.env.SEQUENCE_TELL === "1"

let world: World
let readRows: ReadRows
beforeAll(async () => {
  world = await openWorld()
  readRows = await rowReader(world.sql)
}, 300_000)
afterAll(() => world?.close(), 300_000)

it(`${RUNS} sequences of cart operations do the same at both ports`, { timeout: 60_000 + RUNS * 60_000 }, async () => {
  const tally = newTally()
  const before = await answered()
  const differing: string[] = []
  for (let run = 0; run < RUNS && differing.length < PATIENCE; run++) {
    const failure = await expectSameSequence(world, readRows, SEED + run, ONLY, tally).catch((error: Error) => error)
    if (failure) differing.push(failure.message)
    if (run % 20 === 19) process.stdout.write(`  ${run + 1} sequences, ${differing.length} of them differ\n`)
  }
  process.stdout.write(`${told(tally)}${byRoute(before, await answered())}`)
  if (differing.length > 0) throw new Error(differing.join("\n\n"))
  expect(tally.parted / RUNS).toBeLessThan(0.2)
  const done = [...tally.operations.values()]
  expect(done.reduce((sum, it) => sum + it.done - it.refused, 0)).toBeGreaterThan(tally.steps / 3)
})

function told({ steps, operations, named, said, parted }: ReturnType<typeof newTally>): string {
  const lines = [...operations].map(([name, { done, refused }]) => `    ${name}: ${done}, ${refused} refused`)
  const differing = [...named].map(([name, count]) => `    named difference "${name}": ${count}`)
  const answers = TELLS ? [...said].sort().map(([saying, count]) => `    ${count} x ${saying}`) : []
  const head = `  ${steps} steps of ${RUNS} sequences, ${parted} ended early`
  return [head, ...lines, ...differing, ...answers, ""].join("\n")
}

/** How many requests of each route the counter has answered so far, by way. */
async function answered(): Promise<Map<string, number>> {
  const { text } = await send(world.sides.counter, { path: "/metrics" })
  const counts = new Map<string, number>()
  for (const [, labels = "", count] of text.matchAll(/duration_seconds_count\{([^}]*)\} (\d+)/g)) {
    const of = (name: string) => labels.match(new RegExp(`${name}="([^"]*)"`))?.[1] ?? ""
    const key = `${of("method")} ${of("route")} ${of("way")}`
    counts.set(key, (counts.get(key) ?? 0) + Number(count))
  }
  return counts
}

function byRoute(before: Map<string, number>, after: Map<string, number>): string {
  const lines = [...after].map(([key, count]) => [key, count - (before.get(key) ?? 0)] as const)
  const cart = lines.filter(([key, count]) => key.includes(" /store/") && count > 0).sort()
  return `  the counter's answers:\n${cart.map(([key, count]) => `    ${key}: ${count}\n`).join("")}`
}
