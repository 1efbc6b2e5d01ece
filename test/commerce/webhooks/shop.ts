import { afterAll, afterEach, beforeAll, beforeEach } from "vitest"
import { createEndpoint, openWebhooks, type Webhooks } from "../../../src/commerce/webhooks/index.ts"
import { recordEvents } from "../../../src/platform/events/index.ts"
import { createLog } from "../../../src/platform/log.ts"
import { cloneDatabase, type TestDatabase } from "../../support/database.ts"
import { until } from "../../support/http.ts"
import { openReceiver, type Receiver } from "./receiver.ts"

/** So impatient that a test need not wait. */
export const IMPATIENT = {
  reach: { loopback: true },
  lookMilliseconds: 10,
  // A machine that stands still for a moment is no endpoint that hangs: what fails waits for long.
  timeoutSeconds: 10,
  turnSeconds: 4,
  drainSeconds: 1,
}

type Options = Partial<Parameters<typeof openWebhooks>[2]>

/** A database for the tests of one file, without endpoints and events at the beginning of each. */
export function webhooksForFile() {
  const open: Webhooks[] = []
  const receivers: Receiver[] = []
  const held = {} as { database: TestDatabase }
  beforeAll(async () => {
    held.database = await cloneDatabase()
  })
  afterAll(() => held.database?.drop())
  beforeEach(async () => {
    await held.database.sql`
      truncate mostrador.event, mostrador.webhook_endpoint, mostrador.webhook_delivery, mostrador.webhook_replay,
        mostrador.webhook_position`
  })
  afterEach(async () => {
    await Promise.all(open.splice(0).map((it) => it.close()))
    await Promise.all(receivers.splice(0).map((it) => it.goAway().catch(() => {})))
  })
  const sql = () => held.database.sql

  return {
    get sql() {
      return held.database.sql
    },
    get url() {
      return held.database.url
    },
    /** One process's webhooks. */
    async open(options: Options = {}, log = createLog("silent")): Promise<Webhooks> {
      const webhooks = await openWebhooks(held.database.url, log, { ...IMPATIENT, ...options })
      open.push(webhooks)
      return webhooks
    },
    /** An integrator, and his endpoint. */
    async integrator(
      event_types: string[] = ["*"],
      tls?: { key: string; cert: string },
    ): Promise<Receiver & { id: string }> {
      const receiver = await openReceiver(tls)
      receivers.push(receiver)
      const settings = { url: receiver.url, description: null, event_types, metadata: null, disabled: false }
      const { id, secret } = await createEndpoint(sql(), settings)
      receiver.secret = secret
      return Object.assign(receiver, { id })
    },
    /** How many deliveries are in this state. */
    async count(status: string): Promise<number> {
      const rows = await sql()`select from mostrador.webhook_delivery where status = ${status}`
      return rows.length
    },
    /** Waits until nothing waits, and something has come. */
    async untilAllDelivered(events: number, seconds = 10): Promise<void> {
      await until(
        `${events} events are delivered`,
        async () => {
          const [row] = await sql()<{ waiting: number; delivered: number }[]>`
            select count(*) filter (where status = 'waiting')::int as waiting,
              count(*) filter (where status = 'delivered')::int as delivered from mostrador.webhook_delivery`
          return row?.waiting === 0 && row.delivered === events
        },
        seconds,
      )
    },
    /** Waits of deliveries and endpoints come to their end. */
    async timePasses(): Promise<void> {
      await sql()`update mostrador.webhook_delivery set due_at = now() where status = 'waiting' and due_at > now()`
      await sql()`update mostrador.webhook_endpoint set retry_at = now() where retry_at > now()`
    },
  }
}

/** A subject's `at`th change. */
export const happens = (
  sql: TestDatabase["sql"],
  subject: string,
  at: number,
  name = "cart.updated",
  after: unknown = { at },
) =>
  sql.begin((tx) =>
    recordEvents(tx, [
      {
        ...{ name, subject: { type: name.split(".")[0] ?? "", id: subject }, version: at, channel: "sc_web" },
        ...{ actor: { type: "customer", id: "cus_1" }, channel_id: "chan_web", device: "phone", before: null, after },
      },
    ]),
  )

/** What has come, as `subject version`. */
export const told = (heard: readonly { subject: string; version: number | null }[]) =>
  heard.map((it) => `${it.subject} ${it.version}`)
