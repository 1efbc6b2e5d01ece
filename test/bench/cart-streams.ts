import { type ChildProcess, fork } from "node:child_process"
import fs from "node:fs"
import { get, type IncomingMessage } from "node:http"
import path from "node:path"
import { setTimeout as wait } from "node:timers/promises"
import { parseArgs } from "node:util"
import { PROJECT } from "../../src/medusa/cli.ts"
import { openDatabase } from "../../src/platform/db/index.ts"
import { freePort } from "../support/cluster.ts"
import { openBench } from "./cluster.ts"
import { percentile } from "./load.ts"
import { SETTINGS } from "./servers.ts"

/**
 * `npx tsx test/bench/cart-streams.ts [--short]`: so many streams of carts are open, half of them on each of two
 * counters, while carts are changed: how long after its commit a change is on every stream, what memory a stream takes,
 * and whether any stream misses or repeats an event though each is cut off again and again, and comes back to the
 * counter that it was not at.
 */
const { values } = parseArgs({ options: { short: { type: "boolean", default: false } } })
const STREAMS = values.short ? 400 : 1_000
const CARTS = STREAMS / 2
const CHANGES_A_SECOND = 50
const SECONDS = values.short ? 15 : 60
const RECONNECTS = values.short ? 5 : 20
const say = (line: string) => process.stderr.write(`${line}\n`)

/** A device, in the way of `EventSource`. */
class Stream {
  heard: string[] = []
  /** Milliseconds. */
  delays: number[] = []
  reconnects = 0
  private lastId = ""
  private response: IncomingMessage | undefined
  constructor(
    readonly cart: string,
    private counter: number,
  ) {}

  async open(): Promise<void> {
    const url = `${counters[this.counter]?.url}/store/carts/${this.cart}/stream`
    const from = this.lastId ? { "last-event-id": this.lastId } : {}
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      get(url, { headers: { ...headers, ...from }, agent: false }, resolve).once("error", reject)
    })
    if (response.statusCode !== 200) throw new Error(`a stream was answered with ${response.statusCode}`)
    this.response = response
    let rest = ""
    let isBegun = () => {}
    const begun = new Promise<void>((resolve) => {
      isBegun = resolve
    })
    response.setEncoding("utf8")
    response.on("error", () => {})
    response.on("data", (chunk: string) => {
      if (this.response !== response) return
      rest += chunk
      const blocks = rest.split("\n\n")
      rest = blocks.pop() ?? ""
      for (const block of blocks) this.take(block)
      isBegun()
    })
    await begun
  }

  private take(block: string): void {
    const id = /^id: (.+)$/m.exec(block)?.[1]
    if (id) this.lastId = id
    const [, event, at] = /^event: cart[\s\S]*?"id":"(evt_\w+)".*?"occurred_at":"([^"]+)"/.exec(block) ?? []
    if (!event || !at) return
    this.heard.push(event)
    // The clock is the same; an event is stamped a little before its commit.
    this.delays.push(Date.now() - Date.parse(at))
  }

  async reconnect(): Promise<void> {
    this.close()
    this.counter = 1 - this.counter
    this.reconnects++
    await this.open()
  }

  forget(): void {
    this.heard = []
    this.delays = []
  }

  close(): void {
    const { response } = this
    this.response = undefined
    response?.destroy()
  }
}

const bench = await openBench(say, new AbortController().signal)
const { sql, close } = openDatabase(bench.url, { connections: 4 })
const headers = { "x-publishable-api-key": bench.demo.channels.web.publishable_key, "content-type": "application/json" }
const counters = await Promise.all([startCounter(), startCounter()])
try {
  while ((await sql`select from mostrador.stale_product limit 1`).length > 0) await wait(200)
  const carts = await inParallel(8, Array.from({ length: CARTS }), makeCart)
  const before = counters.map(memoryOf)
  const streams = await inParallel(
    20,
    Array.from({ length: STREAMS }, (_, n) => n),
    async (n) => {
      const stream = new Stream(carts[n % CARTS] ?? "", n < CARTS ? n % 2 : 1 - (n % 2))
      await stream.open()
      return stream
    },
  )
  await wait(3_000)
  const memory = counters.map((it, n) => (memoryOf(it) - (before[n] ?? 0)) / (STREAMS / 2))
  say(
    `${STREAMS} streams of ${CARTS} carts on two counters; memory per stream ${memory.map((it) => `${(it / 1024).toFixed(0)} KB`).join(" and ")}`,
  )

  const from = await position()
  const quiet = await changeCarts(carts, SECONDS)
  await settled(streams, from)
  report(`${quiet} changes, ${CHANGES_A_SECOND}/s`, streams)
  verify(streams, await eventsSince(from), "while nobody was cut off")

  for (const stream of streams) stream.forget()
  const again = await position()
  const cutting = cutOff(streams)
  const changed = await changeCarts(carts, SECONDS)
  await cutting
  await settled(streams, again)
  const cuts = streams.map((it) => it.reconnects)
  verify(
    streams,
    await eventsSince(again),
    `while each was cut off ${Math.min(...cuts)} to ${Math.max(...cuts)} times, ${changed} changes`,
  )
  for (const stream of streams) stream.close()
} finally {
  for (const { child } of counters) child.kill("SIGTERM")
  await Promise.all(counters.map(({ child }) => new Promise((resolve) => child.once("exit", resolve))))
  await close()
  await bench.stop()
}

interface Counter {
  child: ChildProcess
  url: string
}

async function startCounter(): Promise<Counter> {
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const secret = "only-for-the-bench-on-the-loopback"
  const child = fork("src/main.ts", ["counter"], {
    cwd: PROJECT,
    execArgv: ["--require", path.join(PROJECT, "src/medusa/end-with-parent.cjs"), "--import", "tsx"],
    env: {
      ...{ ...process.env, ...SETTINGS, HOST: "127.0.0.1", PORT: String(port), MEDUSA_URL: "http://127.0.0.1:9" },
      ...{ DATABASE_URL: bench.url, DATA_DIR: bench.dataDir, LIVE_STREAMS: "5000", LIVE_STREAMS_PER_ADDRESS: "5000" },
      ...{ JWT_SECRET: secret, COOKIE_SECRET: `${secret}-too`, CART_MERGE: "off" },
    },
  })
  while (!(await fetch(`${url}/health`).catch(() => undefined))?.ok) await wait(100)
  return { child, url }
}

/** Bytes that are resident. */
function memoryOf({ child }: Counter): number {
  const status = fs.readFileSync(`/proc/${child.pid}/status`, "utf8")
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1]) * 1024
}

async function send(n: number, where: string, body: object): Promise<{ cart: { id: string } }> {
  const url = `${counters[n % 2]?.url}${where}`
  const answer = await fetch(url, { method: "POST", headers, body: JSON.stringify(body) })
  if (!answer.ok) throw new Error(`${where.replace(/cart_\w+/, ":id")}: ${answer.status} ${await answer.text()}`)
  return (await answer.json()) as { cart: { id: string } }
}

async function makeCart(): Promise<string> {
  const { regions, variants } = bench.demo
  const items = [variants.unmanaged, variants.backorder].map((variant_id) => ({ variant_id, quantity: 1 }))
  return (await send(0, "/store/carts", { region_id: regions.es, items })).cart.id
}

/** @returns how many changes were made */
async function changeCarts(carts: readonly string[], seconds: number): Promise<number> {
  const changes = seconds * CHANGES_A_SECOND
  const begin = performance.now()
  const sent: Promise<unknown>[] = []
  for (let n = 0; n < changes; n++) {
    const cart = carts[(n * 7919) % carts.length] ?? ""
    sent.push(send(n, `/store/carts/${cart}/line-items`, { variant_id: bench.demo.variants.unmanaged, quantity: 1 }))
    await wait(Math.max(0, begin + ((n + 1) * 1000) / CHANGES_A_SECOND - performance.now()))
  }
  await Promise.all(sent)
  return changes
}

async function position(): Promise<string> {
  const [row] = await sql<
    { position: string }[]
  >`select coalesce(max(position), 0)::text as position from mostrador.event`
  return row?.position ?? "0"
}

/** Of each cart, its events in their order. */
async function eventsSince(from: string): Promise<Map<string, string[]>> {
  const rows = await sql<{ id: string; cart_id: string }[]>`
    select id, subject_id as cart_id from mostrador.event
    where position > ${from}::bigint and subject_type = 'cart' order by position`
  const events = new Map<string, string[]>()
  for (const { id, cart_id } of rows) events.set(cart_id, [...(events.get(cart_id) ?? []), id])
  return events
}

/** Waits until each stream has as many events as its cart, or no more come. */
async function settled(streams: readonly Stream[], from: string): Promise<void> {
  const events = await eventsSince(from)
  const deadline = Date.now() + 20_000
  const isBehind = (it: Stream) => it.heard.length < (events.get(it.cart)?.length ?? 0)
  while (streams.some(isBehind) && Date.now() < deadline) await wait(100)
}

function report(what: string, streams: readonly Stream[]): void {
  const delays = streams.flatMap((it) => it.delays)
  const figures = [50, 95, 99, 100].map((it) => `p${it} ${percentile(delays, it).toFixed(0)} ms`)
  say(`${what}: from the commit to the stream ${figures.join("  ")}  (${delays.length} events told)`)
}

function verify(streams: readonly Stream[], events: Map<string, string[]>, when: string): void {
  const wrong = streams.filter((it) => it.heard.join() !== (events.get(it.cart) ?? []).join())
  const missing = wrong.reduce(
    (sum, it) => sum + (events.get(it.cart) ?? []).filter((id) => !it.heard.includes(id)).length,
    0,
  )
  const repeated = wrong.reduce((sum, it) => sum + it.heard.length - new Set(it.heard).size, 0)
  say(`${when}: ${missing} events missed, ${repeated} repeated, ${wrong.length} of ${streams.length} streams wrong`)
  if (wrong.length > 0) process.exitCode = 1
}

/** Cuts off each stream so often, spread over the time that carts are changed. */
async function cutOff(streams: readonly Stream[]): Promise<void> {
  const pause = (SECONDS * 1000) / RECONNECTS
  for (let round = 0; round < RECONNECTS; round++) {
    const begin = performance.now()
    await inParallel(20, streams, (it) => it.reconnect())
    await wait(Math.max(0, begin + pause - performance.now()))
  }
}

async function inParallel<T, R>(most: number, items: readonly T[], work: (it: T) => Promise<R>): Promise<R[]> {
  const results: R[] = []
  let next = 0
  await Promise.all(
    Array.from({ length: most }, async () => {
      for (let n = next++; n < items.length; n = next++) results[n] = await work(items[n] as T)
    }),
  )
  return results
}
