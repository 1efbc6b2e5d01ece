import type { ChildProcess } from "node:child_process"
import path from "node:path"
import { expect, it, onTestFinished } from "vitest"
import { findEndpoint } from "../../../src/commerce/webhooks/index.ts"
import { until } from "../../support/http.ts"
import { kill, startWorker } from "../../support/worker.ts"
import { type Behaviour, dawdles, type Heard, refuses, takes } from "./receiver.ts"
import { happens, IMPATIENT, webhooksForFile } from "./shop.ts"

const SUBJECTS = 40
const EACH = 15
/** Messages for the measurement at the end. */
const MEASURED = 3_000

const shop = webhooksForFile()
/** An hour is over in some tenths of a second: the waits are those of the shop, a thousand times shorter. */
const HURRIED = {
  ...IMPATIENT,
  timeoutSeconds: 0.5,
  turnSeconds: 2,
  backoffSeconds: [0.005, 0.03, 0.12, 0.6, 1.8],
  downSeconds: [0.005, 0.015, 0.03, 0.06, 0.12, 0.3],
}

async function start(): Promise<ChildProcess> {
  const script = path.join(import.meta.dirname, "webhooks-process.ts")
  const child = await startWorker(script, shop.url, JSON.stringify(HURRIED))
  onTestFinished(() => void child.kill("SIGKILL"))
  return child
}

/** Kills whichever process has the endpoint's turn, in the middle of it, and starts another. */
async function killWhoSends(processes: ChildProcess[], endpointId: string): Promise<void> {
  let sends: ChildProcess | undefined
  await until("somebody has its turn", async () => {
    const [row] = await shop.sql`select taken_by from mostrador.webhook_endpoint where id = ${endpointId}`
    sends = processes.find((it) => row?.taken_by?.startsWith(`${it.pid}-`))
    return sends !== undefined
  })
  await kill(sends as ChildProcess)
  processes.splice(processes.indexOf(sends as ChildProcess), 1, await start())
}

/** What came first of each event, in the order of coming: once or more is once. */
function firsts(taken: readonly Heard[]): Map<string, number[]> {
  const seen = new Set<string>()
  const found = new Map<string, number[]>()
  for (const { id, subject, version } of taken) {
    if (seen.has(id)) continue
    seen.add(id)
    found.set(subject, [...(found.get(subject) ?? []), version ?? 0])
  }
  return found
}

/** Fails now and then, in each of the ways in which servers do. */
const moody: Behaviour = (message, response) => {
  const mood = Math.random()
  if (mood < 0.1) return refuses(500)(message, response)
  if (mood < 0.13) return // hangs, until its time is up
  if (mood < 0.2) return void response.socket?.destroy()
  return takes(message, response)
}

it("an endpoint that is down for an hour and slow for another gets every event once it is back, in order, once or more", {
  timeout: 200_000,
}, async () => {
  const [ill, well, orders] = [await shop.integrator(), await shop.integrator(), await shop.integrator(["order.*"])]
  const processes = [await start(), await start()]
  const subjects = Array.from({ length: SUBJECTS }, (_, at) => (at % 4 === 0 ? `order_${at}` : `cart_${at}`))
  let happened = 0
  const happening = Promise.all(
    subjects.map(async (subject) => {
      for (let at = 1; at <= EACH; at++) {
        await happens(shop.sql, subject, at, subject.startsWith("order") ? "order.updated" : "cart.updated")
        happened++
        await until("it is time for more", () => happened >= (at - 1) * SUBJECTS * 0.9)
      }
    }),
  )
  const status = async () => (await findEndpoint(shop.sql, ill.id))?.health

  // Up and moody for a while, then 500s, then hanging, then nobody there: each until it is seen to be down.
  ill.behaviour = (message, response) => {
    if (Math.random() < 0.9) return moody(message, response)
    // Takes it, and the answer is lost: it has to come once more.
    ill.taken.push(message)
    response.socket?.destroy()
  }
  await until("much is taken", () => ill.taken.length > 100, 30)
  for (const illness of [refuses(500), (() => {}) as Behaviour]) {
    ill.behaviour = takes
    const before = ill.taken.length
    ill.behaviour = illness
    await until("it is down", async () => (await status())?.retry_at !== null, 30)
    expect(ill.taken.length - before).toBeLessThan(20)
    await killWhoSends(processes, ill.id)
  }
  await ill.goAway()
  await happening
  await until("others have all", () => firsts(well.taken).size === SUBJECTS && well.taken.length >= SUBJECTS * EACH, 30)
  await until("it is down", async () => (await status())?.retry_at !== null, 30)
  expect((await status())?.waiting).toBeGreaterThan(SUBJECTS)

  // Back, but slow; and who sends is killed in the middle.
  const slow = { until: ill.taken.length + 150 }
  ill.behaviour = (message, response) =>
    ill.taken.length < slow.until ? dawdles(40)(message, response) : takes(message, response)
  await ill.comeBack()
  const back = ill.taken.length
  await until("it takes something again", () => ill.taken.length > back + 20, 30)
  await killWhoSends(processes, ill.id)
  await until(
    "all is delivered",
    async () => (await shop.count("waiting")) === 0 && (await shop.count("delivered")) > 0,
    60,
  )

  const inOrder = Array.from({ length: EACH }, (_, at) => at + 1)
  for (const receiver of [ill, well, orders]) {
    const came = firsts(receiver.taken)
    expect([...came.keys()].sort()).toEqual(
      subjects.filter((it) => receiver !== orders || it.startsWith("order")).sort(),
    )
    for (const [subject, versions] of came) expect([subject, versions]).toEqual([subject, inOrder])
    expect(receiver.forged).toBe(0)
    expect(receiver.most.inAll).toBeLessThanOrEqual(3 * 8)
  }
  expect(await shop.count("dead")).toBe(0)
  expect(await status()).toMatchObject({ waiting: 0, dead: 0, failing_since: null, retry_at: null })
  const twice = ill.taken.length - SUBJECTS * EACH
  process.stdout.write(`  ${SUBJECTS * EACH} events reached the ill endpoint, ${twice} of them once more\n`)
})

it("sends as fast as one endpoint takes it", { timeout: 120_000 }, async () => {
  await shop.integrator()
  await shop.open({ lookMilliseconds: 200 })
  const began = performance.now()
  await shop.sql`
    insert into mostrador.event (id, name, subject_type, subject_id, version, actor, data)
    select 'evt_' || lpad(at::text, 26, '0'), 'cart.updated', 'cart', 'cart_' || at % 300, at,
      '{"type":"system","id":null}', jsonb_build_object('before', null, 'after', repeat('x', 2000))
    from generate_series(1, ${MEASURED}::int) at`
  await shop.untilAllDelivered(MEASURED, 100)
  const seconds = (performance.now() - began) / 1000
  process.stdout.write(`  ${MEASURED} deliveries of 2 KB to one endpoint: ${Math.round(MEASURED / seconds)}/s\n`)
})
