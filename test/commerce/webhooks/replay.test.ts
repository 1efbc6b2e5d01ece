import { expect, it } from "vitest"
import { askForReplay, findEndpoint, ReplayRunning } from "../../../src/commerce/webhooks/index.ts"
import { until } from "../../support/http.ts"
import { dawdles, refuses, takes } from "./receiver.ts"
import { happens, told, webhooksForFile } from "./shop.ts"

const shop = webhooksForFile()
const EPOCH = "2020-01-01T00:00:00Z"
const finished = async (id: string) => (await findEndpoint(shop.sql, id))?.health.last_replay?.finished_at != null

/** Many events at once, as the log has them after some days. */
const manyHappen = (subjects: number, each: number) => shop.sql`
  insert into mostrador.event (id, name, subject_type, subject_id, version, actor, data)
  select 'evt_' || lpad(at::text || '-' || subject::text, 26, '0'), 'order.updated', 'order', 'order_' || subject, at,
    '{"type":"system","id":null}', '{"before":null,"after":null}'
  from generate_series(1, ${each}::int) at, generate_series(1, ${subjects}::int) subject order by at, subject`

it("sends what happened before an endpoint was there, and all in order, batch after batch", async () => {
  await manyHappen(50, 50)
  const integrator = await shop.integrator(["order.*"])
  await shop.open()
  await askForReplay(shop.sql, integrator.id, { since: EPOCH })
  await shop.untilAllDelivered(2_500, 50)
  for (let subject = 1; subject <= 50; subject++) {
    const expected = Array.from({ length: 50 }, (_, at) => `order_${subject} ${at + 1}`)
    expect(told(integrator.taken.filter((it) => it.subject === `order_${subject}`))).toEqual(expected)
  }
  expect((await findEndpoint(shop.sql, integrator.id))?.health.last_replay).toMatchObject({ events: 2_500 })
})

it("asked twice is once while it is looked up; another one waits for its turn", async () => {
  const integrator = await shop.integrator()
  const range = { since: EPOCH, event_types: ["cart.*"] }
  const first = await askForReplay(shop.sql, integrator.id, range)
  expect((await askForReplay(shop.sql, integrator.id, range)).id).toBe(first.id)
  await expect(askForReplay(shop.sql, integrator.id, { since: EPOCH })).rejects.toThrow(ReplayRunning)
  await shop.open()
  await until("it is finished", () => finished(integrator.id))
  expect((await askForReplay(shop.sql, integrator.id, range)).id).not.toBe(first.id)
})

it("tells again, in order, what was told, while shoppers go on", async () => {
  const integrator = await shop.integrator()
  integrator.behaviour = dawdles(3)
  await shop.open()
  await shop.open()
  for (let at = 1; at <= 10; at++) for (const cart of ["cart_1", "cart_2"]) await happens(shop.sql, cart, at)
  await shop.untilAllDelivered(20)
  integrator.taken.length = 0
  await askForReplay(shop.sql, integrator.id, { since: EPOCH })
  await askForReplay(shop.sql, integrator.id, { since: EPOCH })
  for (let at = 11; at <= 20; at++) for (const cart of ["cart_1", "cart_2"]) await happens(shop.sql, cart, at)
  await shop.untilAllDelivered(40)
  for (const cart of ["cart_1", "cart_2"]) {
    const came = integrator.taken.filter((it) => it.subject === cart).map((it) => it.version ?? 0)
    // The new ones may have come before the old ones were looked up; each kind is in order.
    for (const kind of [came.filter((it) => it <= 10), came.filter((it) => it > 10)]) {
      expect(kind.filter((it, at) => kind.indexOf(it) === at)).toEqual([...new Set(kind)].sort((a, b) => a - b))
    }
    expect(new Set(came).size).toBe(20)
  }
})

it("holds new events back until all old ones are found, so that these come first", async () => {
  const [integrator, other] = [await shop.integrator(), await shop.integrator()]
  for (let at = 1; at <= 3; at++) await happens(shop.sql, "cart_1", at)
  const { id } = await askForReplay(shop.sql, integrator.id, { since: EPOCH })
  await shop.sql.begin(async (tx) => {
    await tx`select from mostrador.webhook_replay where id = ${id} for update` // so nobody can go on with it
    await shop.open()
    await happens(shop.sql, "cart_1", 4)
    await until("others hear of it", () => other.taken.length === 1)
    expect(integrator.heard).toHaveLength(0)
  })
  await shop.untilAllDelivered(5)
  expect(told(integrator.taken)).toEqual(["cart_1 1", "cart_1 2", "cart_1 3", "cart_1 4"])
})

it("brings back what was given up, before what came after it and waits", async () => {
  const integrator = await shop.integrator()
  integrator.behaviour = refuses(500)
  const webhooks = await shop.open()
  for (let at = 1; at <= 3; at++) await happens(shop.sql, "cart_1", at)
  await until("all wait", async () => (await shop.count("waiting")) === 3)
  await until("the first is refused", () => integrator.heard.length === 1)
  await webhooks.close()
  await shop.sql`
    update mostrador.webhook_delivery set status = 'dead' where event_position = (
      select min(event_position) from mostrador.webhook_delivery)`
  integrator.behaviour = takes
  await askForReplay(shop.sql, integrator.id, { since: EPOCH })
  await shop.timePasses()
  await shop.open()
  await shop.untilAllDelivered(3)
  expect(told(integrator.taken)).toEqual(["cart_1 1", "cart_1 2", "cart_1 3"])
})

it("reads no more of the log than it has to", async () => {
  await manyHappen(1_000, 20)
  const integrator = await shop.integrator()
  await happens(shop.sql, "cart_1", 1)
  await shop.sql`update mostrador.event set occurred_at = now() - interval '7 days' where name = 'order.updated'`
  const replay = await askForReplay(shop.sql, integrator.id, { since: new Date(Date.now() - 60_000).toISOString() })
  const [row] = await shop.sql`
    select count(*)::int as ahead from mostrador.webhook_replay replay, mostrador.event
    where replay.id = ${replay.id} and (event.tx, event.position) > (read_tx, read_position)`
  expect(row?.ahead).toBe(1)
})
