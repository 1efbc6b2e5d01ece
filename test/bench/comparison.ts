import {
  type Errand,
  type Latency,
  measureLatency,
  measureThroughput,
  run,
  type Target,
  type Throughput,
} from "./load.ts"
import type { MeasuredRequest, Shop } from "./request.ts"

export interface Figures {
  latency: Latency
  /** Undefined where only the latency is asked for. */
  throughput?: Throughput
}

/** One request, on both sides. */
export interface Comparison {
  request: string
  /** How the counter answered it, as its own metrics say: `lane`, `passthrough`, or both. */
  way: string
  /** Undefined where Medusa has no such thing, or was not asked. */
  medusa?: Figures
  counter: Figures
  /** How many times faster the counter is. */
  ratio?: { p50: number; throughput?: number }
}

export interface Effort {
  samples: number
  /** A slow request is not asked for longer than this: fewer samples tell its median, too. */
  latencySeconds: number
  /** For so long on either side: a shop is open for longer than its code is compiled. */
  warmUpSeconds: number
  /** Of each measure of throughput. */
  seconds: number
  clients: number
}

/** A side of the bench: to one client, and to many. */
export interface Side {
  one: Target
  many: Target
}

/** Whose answers are looked at. */
const CHECKED_CALLS = 5
/** Prepared at a time: each needs a cart of its own where calls may not be repeated. */
const WARM_UP_CALLS = 1_000
/** No side that we know answers more often for each time that one client gets an answer. */
const MOST_PARALLEL = 6
const MOST_CALLS = 5_000

/**
 * Measures a request on Medusa and then on the counter; the other side has nothing to do meanwhile.
 *
 * @param metrics  address of the counter's metrics
 * @throws CallFailed, or the schema's error when an answer does not hold what it should
 */
export async function compare(
  request: MeasuredRequest,
  shop: Shop,
  sides: { medusa?: Side; counter: Side; metrics: string },
  effort: Effort,
): Promise<Comparison> {
  const medusa = sides.medusa && !request.onlyCounter ? await measure(request, shop, sides.medusa, effort) : undefined
  const before = await waysOf(sides.metrics)
  const counter = await measure(request, shop, sides.counter, effort)
  const after = await waysOf(sides.metrics)
  return {
    request: request.name,
    way: [...after].flatMap(([way, count]) => (count > (before.get(way) ?? 0) ? [way] : [])).join(" + "),
    counter,
    ...(medusa && { medusa, ratio: ratioOf(medusa, counter) }),
  }
}

function ratioOf(medusa: Figures, counter: Figures): NonNullable<Comparison["ratio"]> {
  const p50 = medusa.latency.p50 / counter.latency.p50
  if (!medusa.throughput || !counter.throughput) return { p50 }
  return { p50, throughput: counter.throughput.rate / medusa.throughput.rate }
}

async function measure(request: MeasuredRequest, shop: Shop, side: Side, effort: Effort): Promise<Figures> {
  const { samples, latencySeconds, seconds } = effort
  const alone = turns(await request.prepare(shop, CHECKED_CALLS + samples), request.repeatable)
  for (let i = 0; i < CHECKED_CALLS; i++) {
    const call = alone()
    if (call) request.answer.parse(JSON.parse(await run(side.one, call)))
  }
  await warmUp(request, shop, side, effort)
  const latency = await measureLatency(side.one, alone, { samples, mostSeconds: latencySeconds })
  if (request.onlyLatency) return { latency }
  const expected = Math.ceil((seconds * 1000 * MOST_PARALLEL) / latency.p50)
  return { latency, throughput: await measureTogether(request, shop, side, expected, effort) }
}

async function warmUp(request: MeasuredRequest, shop: Shop, side: Side, effort: Effort): Promise<void> {
  const { clients, warmUpSeconds } = effort
  for (let left = warmUpSeconds; left > 0; ) {
    const calls = turns(await request.prepare(shop, WARM_UP_CALLS), request.repeatable)
    left -= (await measureThroughput(side.many, calls, { clients, seconds: left })).seconds
  }
}

/**
 * Measures what a side answers to all clients.
 *
 * @param expected  it answers no more than so many in the time
 */
export async function measureTogether(
  request: MeasuredRequest,
  shop: Shop,
  side: Side,
  expected: number,
  { clients, seconds }: Effort,
): Promise<Throughput> {
  const calls = await request.prepare(shop, Math.min(expected + clients, MOST_CALLS))
  return await measureThroughput(side.many, turns(calls, request.repeatable), { clients, seconds })
}

/** Gives calls one after the other, and over again where they may be repeated. */
function turns(calls: Errand[], repeatable: boolean): () => Errand | undefined {
  let next = 0
  return () => calls[repeatable ? next++ % calls.length : next++]
}

/** How many requests the counter has answered until now, by way; its own routes (health, metrics) left out. */
async function waysOf(metrics: string): Promise<Map<string, number>> {
  const text = await (await fetch(metrics)).text()
  const ways = new Map<string, number>()
  for (const [, labels = "", count] of text.matchAll(/^mostrador_http_requests_total\{(.*)\} (\d+)$/gm)) {
    const way = labels.match(/way="(\w+)"/)?.[1] ?? "unknown"
    if (way !== "own") ways.set(way, (ways.get(way) ?? 0) + Number(count))
  }
  return ways
}
