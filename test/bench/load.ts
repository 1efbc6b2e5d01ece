import { Pool } from "undici"

/** One HTTP request of the Store API. */
export interface Call {
  method: "GET" | "POST" | "DELETE"
  path: string
  body?: unknown
  /** Besides those that every request of a target has. */
  headers?: Record<string, string>
}

/** What is measured: a request, or several of which each knows the answers before it; told by its last answer. */
export type Errand = Call | ((target: Target) => Promise<string>)

/** @throws CallFailed */
export const run = (target: Target, errand: Errand): Promise<string> =>
  typeof errand === "function" ? errand(target) : target.send(errand)

/** A side of the bench, as a client sees it. */
export interface Target {
  /**
   * Sends a request and reads its answer whole.
   *
   * @throws CallFailed when the answer is not 2xx: an error is never counted as an answer
   */
  send(call: Call): Promise<string>
  close(): Promise<void>
}

export interface Latency {
  /** Milliseconds. */
  p50: number
  p95: number
  samples: number
}

export interface Throughput {
  /** Answers a second. */
  rate: number
  requests: number
  seconds: number
  /** Whether the prepared requests were used up before the time was. */
  usedUp: boolean
}

export class CallFailed extends Error {
  constructor(
    readonly call: Call,
    readonly status: number,
    readonly answer: string,
  ) {
    super(`${call.method} ${call.path} was answered with ${status}:\n${answer.slice(0, 2_000)}`)
  }
}

/**
 * @param headers  of every request
 * @param clients  how many connections are kept open
 * @param signal   breaks off whatever is under way
 */
export function openTarget(url: string, headers: Record<string, string>, clients: number, signal: AbortSignal): Target {
  const pool = new Pool(url, { connections: clients, pipelining: 1, keepAliveTimeout: 60_000 })
  const breakOff = () => void pool.destroy(signal.reason)
  signal.addEventListener("abort", breakOff, { once: true })
  return {
    async send(call) {
      const { method, path } = call
      const body = call.body === undefined ? undefined : JSON.stringify(call.body)
      const type = body === undefined ? {} : { "content-type": "application/json" }
      const sent = { ...headers, ...call.headers, ...type }
      const answer = await pool.request({ method, path, headers: sent, body })
      const text = await answer.body.text()
      if (answer.statusCode < 200 || answer.statusCode > 299) throw new CallFailed(call, answer.statusCode, text)
      return text
    },
    async close() {
      signal.removeEventListener("abort", breakOff)
      await pool.destroy() // after a failure some of the clients are still at it
    },
  }
}

const LEAST_SAMPLES = 3

/**
 * Runs one errand after the other, and measures each from its first sending to the last byte of its answer.
 *
 * @param next        the next one; `undefined` when there are no more
 * @param samples     how many are wanted
 * @param mostSeconds after this time a few are enough, too: a slow request is measured on fewer samples
 */
export async function measureLatency(
  target: Target,
  next: () => Errand | undefined,
  { samples, mostSeconds }: { samples: number; mostSeconds: number },
): Promise<Latency> {
  const milliseconds: number[] = []
  const deadline = performance.now() + mostSeconds * 1000
  while (milliseconds.length < samples && (milliseconds.length < LEAST_SAMPLES || performance.now() < deadline)) {
    const call = next()
    if (!call) break
    const begin = performance.now()
    await run(target, call)
    milliseconds.push(performance.now() - begin)
  }
  return { p50: percentile(milliseconds, 50), p95: percentile(milliseconds, 95), samples: milliseconds.length }
}

/**
 * Has `clients` send requests, each the next one as soon as its last is answered. When the time is over no more are
 * sent; those under way are awaited and counted, and so is the time that they take.
 */
export async function measureThroughput(
  target: Target,
  next: () => Errand | undefined,
  { clients, seconds }: { clients: number; seconds: number },
): Promise<Throughput> {
  const begin = performance.now()
  const deadline = begin + seconds * 1000
  let requests = 0
  let usedUp = false
  async function client(): Promise<void> {
    while (performance.now() < deadline) {
      const call = next()
      if (!call) {
        usedUp = true
        return
      }
      await run(target, call)
      requests++
    }
  }
  await Promise.all(Array.from({ length: clients }, client))
  const took = (performance.now() - begin) / 1000
  return { rate: requests / took, requests, seconds: took, usedUp }
}

/** The smallest value that at least `percent` of all are not greater than. */
export function percentile(values: number[], percent: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil((sorted.length * percent) / 100) - 1)] ?? Number.NaN
}
