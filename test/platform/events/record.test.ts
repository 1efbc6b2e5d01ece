import { afterAll, beforeAll, beforeEach, expect, it } from "vitest"
import {
  eventRows,
  KEPT_DAYS,
  type NewEvent,
  pruneEvents,
  recordEvents,
  recordingEvents,
} from "../../../src/platform/events/index.ts"
import { createLog } from "../../../src/platform/log.ts"
import { cloneDatabase, type TestDatabase } from "../../support/database.ts"

let database: TestDatabase
beforeAll(async () => {
  database = await cloneDatabase()
})
afterAll(() => database?.drop())
beforeEach(() => database.sql`truncate mostrador.event, mostrador.medusa_outbox`)

/** A line in a cart, as the lane that adds it says it. */
const added = (cart: string, more: Partial<NewEvent> = {}): NewEvent => ({
  name: "cart.line_added",
  subject: { type: "cart", id: cart },
  version: 3,
  channel: "sc_web",
  actor: { type: "customer", id: "cus_1" },
  device: "phone",
  before: null,
  after: { id: "cali_1", quantity: 2 },
  medusa: [
    { table: "cart_line_item", action: "created", ids: ["cali_1"] },
    { name: "cart.updated", data: { id: cart } },
  ],
  ...more,
})

const names = async () =>
  (await database.sql`select name from mostrador.event order by position`).map(({ name }) => String(name))

it("keeps who did what to which cart, what it was and is, and what Medusa's subscribers are to hear", async () => {
  await database.sql.begin((tx) => recordEvents(tx, [added("cart_1")]))
  const [event] = await database.sql`
    select *, occurred_at between now() - interval '1 minute' and now() as is_now from mostrador.event`
  expect(event).toMatchObject({
    name: "cart.line_added",
    subject_type: "cart",
    subject_id: "cart_1",
    version: "3",
    channel: "sc_web",
    actor: { type: "customer", id: "cus_1" },
    device: "phone",
    data: { before: null, after: { id: "cali_1", quantity: 2 } },
    is_now: true,
  })
  expect(event?.id).toMatch(/^evt_[0-9A-Z]{26}$/)
  const outbox = await database.sql`select event_id, subject_id, messages from mostrador.medusa_outbox`
  expect(outbox).toEqual([{ event_id: event?.id, subject_id: "cart_1", messages: added("cart_1").medusa }])
})

it("keeps several events of one change in their order, and tells Medusa only of those that have something to tell", async () => {
  const first = added("cart_1", { name: "cart.updated", medusa: [], version: null, channel: null, device: null })
  const { medusa: _, ...second } = added("cart_1", { name: "cart.promotions_changed" })
  await database.sql.begin((tx) => recordEvents(tx, [first, second, added("cart_1")]))
  await database.sql.begin((tx) => recordEvents(tx, []))
  expect(await names()).toEqual(["cart.updated", "cart.promotions_changed", "cart.line_added"])
  expect(await database.sql`select from mostrador.medusa_outbox`).toHaveLength(1)
})

it("knows nothing of a change that was taken back", async () => {
  const change = database.sql.begin(async (tx) => {
    await recordEvents(tx, [added("cart_1")])
    throw new Error("out of stock")
  })
  await expect(change).rejects.toThrow("out of stock")
  expect(await names()).toEqual([])
  expect(await database.sql`select from mostrador.medusa_outbox`).toHaveLength(0)
})

it("is written by the very statement that writes the rows", async () => {
  await database.sql.begin(async (tx) => {
    const rows = await tx.unsafe<{ version: string }[]>(
      `with changed as (
        insert into mostrador.cart_state (cart_id, version) values ($1, $2::text::bigint) returning version
      ), ${recordingEvents(3)}
      select version from changed`,
      ["cart_9", "7", eventRows([added("cart_9")])],
      { prepare: true },
    )
    expect(rows).toEqual([{ version: "7" }])
  })
  expect(await names()).toEqual(["cart.line_added"])
  expect(await database.sql`select from mostrador.medusa_outbox`).toHaveLength(1)
})

it("does not refuse a change for half a letter in what a shopper typed", async () => {
  const after = { first_name: "\ud83d", note: "\\ud83d", whole: "😀" }
  await database.sql.begin((tx) => recordEvents(tx, [added("cart_1", { after })]))
  const [event] = await database.sql`select data->'after' as after from mostrador.event`
  expect(event?.after).toEqual({ ...after, first_name: "\ufffd" })
})

it("loses nobody who follows the log an event that was committed after later ones", async () => {
  let seen = (await database.sql`select pg_current_snapshot()::text as now`)[0]?.now as string
  const follow = async () => {
    const rows = await database.sql`
      select reading.now::text as now, event.subject_id
      from (select pg_current_snapshot() as now) reading left join mostrador.event
        on tx >= pg_snapshot_xmin(${seen}::pg_snapshot) and not pg_visible_in_snapshot(tx, ${seen}::pg_snapshot)
      order by event.position`
    seen = rows[0]?.now as string
    return rows.map((it) => it.subject_id).filter((it) => it !== null)
  }
  await database.sql.begin(async (slow) => {
    await recordEvents(slow, [added("cart_slow")])
    await database.sql.begin((tx) => recordEvents(tx, [added("cart_quick")]))
    expect(await follow()).toEqual(["cart_quick"])
  })
  expect(await follow()).toEqual(["cart_slow"])
  expect(await follow()).toEqual([])
})

it("forgets after a month, but not what Medusa's subscribers have still to hear", async () => {
  for (const cart of ["cart_old", "cart_older", "cart_new"]) {
    await database.sql.begin((tx) => recordEvents(tx, [added(cart)]))
  }
  await database.sql`
    update mostrador.event set occurred_at = now() - make_interval(days => ${KEPT_DAYS + 1})
    where subject_id like 'cart_old%'`
  await database.sql`
    update mostrador.medusa_outbox set given_up_at = now() - make_interval(days => ${KEPT_DAYS + 1})
    where subject_id = 'cart_older'`
  const pruning = pruneEvents(database.sql, createLog("silent"))
  await pruning.now()
  await pruning.close()
  const subjects = async (table: string) =>
    (await database.sql`select subject_id from ${database.sql(`mostrador.${table}`)} order by position`).map(
      (it) => it.subject_id,
    )
  expect(await subjects("event")).toEqual(["cart_new"])
  expect(await subjects("medusa_outbox")).toEqual(["cart_old", "cart_new"])
})
