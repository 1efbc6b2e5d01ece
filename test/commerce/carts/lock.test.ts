import { randomUUID } from "node:crypto"
import { setImmediate } from "node:timers/promises"
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest"
import {
  CartBusy,
  Draft,
  type HandedOver,
  handOver,
  isOvertaken,
  readCart,
  takeCart,
  tryCart,
  VersionConflict,
  versionOf,
  writeDraft,
} from "../../../src/commerce/carts/index.ts"
import { type LockConnections, openDatabase, openLockConnections } from "../../../src/platform/db/index.ts"
import { cloneDatabase, type TestDatabase } from "../../support/database.ts"
import { until } from "../../support/http.ts"

let database: TestDatabase
let locks: LockConnections
beforeAll(async () => {
  database = await cloneDatabase()
  locks = openLockConnections(database.url, { connections: 8, patience: 60_000, lockSeconds: 60, drainSeconds: 1 })
})
afterAll(async () => {
  await locks?.close()
  await database?.drop()
})

let cart: string
let number = 0
beforeEach(async () => {
  cart = `cart_${number++}`
  await database.sql`insert into cart (id, currency_code) values (${cart}, 'eur')`
})

const never = (error: unknown) => {
  throw error
}
const TOLD = {
  change: {
    is: "line_added" as const,
    by: { actor: { type: "customer" as const, id: "cus_1" }, channel: "sc_web", device: "phone" },
  },
  onUncounted: never,
}
const throughMedusa = <T>(work: () => Promise<HandedOver<T>>, isMeantFor?: (version: number) => boolean) =>
  locks.use((connection) => handOver(connection, cart, { work, ...TOLD, ...(isMeantFor ? { isMeantFor } : {}) }))
const changed = async () => ({ came: "changed" as const, result: undefined })
/** As a lane counts its change, in its turn. */
const inLane = (alone = async <T>(work: () => Promise<T>) => work()) =>
  database.sql.begin(async (tx) => {
    const after = (await takeCart(tx, cart)) + 1
    await alone(async () => {
      await tx`
        insert into mostrador.cart_state (cart_id, version) values (${cart}, ${after})
        on conflict (cart_id) do update set version = excluded.version, handed_over = null`
    })
    return after
  })
const version = () => versionOf(database.sql, cart)

it("a cart that nobody has changed is in version 0, and every change adds one, whichever way it is made", async () => {
  expect(await version()).toBe(0)
  expect((await throughMedusa(changed)).version).toBe(1)
  expect(await inLane()).toBe(2)
  expect((await throughMedusa(changed)).version).toBe(3)
  expect(await version()).toBe(3)
})

it("a payment that Medusa begins is begun in the cart's turn, and is told of, but raises no version", async () => {
  await inLane()
  const begin = (work: () => Promise<unknown>) =>
    locks.use((connection) =>
      handOver(connection, cart, {
        async work() {
          await database.sql.begin(async (tx) => expect(await tryCart(tx, cart)).toBe(false))
          await work()
          return { came: "changed", result: "begun" }
        },
        ...{ ...TOLD, change: { ...TOLD.change, is: "payment_collection_created" } },
      }),
    )
  const events = () => database.sql`
    select name, version::int as version, data #> '{after,payment,amount}' as amount
    from mostrador.event where subject_id = ${cart}`
  expect(await begin(async () => {})).toEqual({ result: "begun", version: 1 })
  expect(await events()).toEqual([])
  await begin(async () => {
    await database.sql`
      insert into payment_collection (id, currency_code, amount, raw_amount)
      values (${`pay_col_${cart}`}, 'eur', 7, '{"value":"7","precision":20}')`
    await database.sql`
      insert into cart_payment_collection (id, cart_id, payment_collection_id)
      values (${`capaycol_${cart}`}, ${cart}, ${`pay_col_${cart}`})`
  })
  expect(await version()).toBe(1)
  expect(await events()).toEqual([{ name: "cart.payment_collection_created", version: 1, amount: 7 }])
})

it("what Medusa has changed is told as it was and as it is, with the version and who asked for it; nothing else is", async () => {
  await throughMedusa(async () => {
    await database.sql`
      insert into cart_line_item (id, cart_id, title, quantity, unit_price, raw_unit_price)
      values (${`cali_${cart}`}, ${cart}, 'Lamp', 2, 5, '{"value":"5","precision":20}')`
    return { came: "changed", result: undefined }
  })
  await throughMedusa(async () => ({ came: "refused", result: 404 }))
  await throughMedusa(async () => ({ came: "unknown", result: undefined }))
  const told = await database.sql`
    select name, version::int as version, actor, channel, device, data from mostrador.event where subject_id = ${cart}`
  const items = [expect.objectContaining({ id: `cali_${cart}`, quantity: 2, unit_price: 5 })]
  expect(told).toEqual([
    {
      ...{ name: "cart.line_added", version: 1, actor: TOLD.change.by.actor, channel: "sc_web", device: "phone" },
      data: { before: { items: [] }, after: { items } },
    },
  ])
  const outbox = await database.sql`select from mostrador.medusa_outbox where subject_id = ${cart}`
  expect(outbox).toHaveLength(0)
})

it("what was read before Medusa was asked for something is not written, whatever came of that", async () => {
  await inLane()
  const add = async (work: () => Promise<unknown>) => {
    const was = await readCart(database.sql, {} as never, cart)
    if (!was || was === "odd" || was.version === null) throw new Error("the cart is an odd one")
    const draft = new Draft(was)
    draft.update("cart", was as never, { email: `${randomUUID()}@example.com` } as never)
    await work()
    return database.sql.begin((tx) => writeDraft(tx, draft, Number(was.version) + 1, "updated", TOLD.change.by))
  }
  await add(async () => {})
  expect(await version()).toBe(2)
  for (const came of ["refused", "changed", "unknown"] as const) {
    const before = await version()
    const failed = await add(() => throughMedusa(async () => ({ came, result: undefined }))).catch((error) => error)
    expect([came, isOvertaken(failed)]).toEqual([came, true])
    expect(await version()).toBe(came === "refused" ? before : before + 1)
  }
  // Nor while somebody has the lock; who has it himself may write.
  await database.sql.begin(async (tx) => {
    await takeCart(tx, cart)
    expect(isOvertaken(await add(async () => {}).catch((error) => error))).toBe(true)
  })
})

it("what Medusa refuses changes no version; nor does what is meant for another one, of which Medusa never hears", async () => {
  await inLane()
  const refused = await throughMedusa(async () => ({ came: "refused", result: "404" }))
  expect(refused).toEqual({ result: "404", version: 1 })
  let asked = false
  const stale = throughMedusa(
    async () => {
      asked = true
      return { came: "changed", result: undefined }
    },
    (it) => it === 0,
  )
  await expect(stale).rejects.toMatchObject({ cart_id: cart, version: 1 })
  await expect(stale).rejects.toThrow(VersionConflict)
  expect(asked).toBe(false)
  expect(await version()).toBe(1)
})

it("fifty writers by both ways come one at a time, and leave no gap", async () => {
  let inside = 0
  let most = 0
  const alone = async <T>(work: () => Promise<T>) => {
    inside++
    most = Math.max(most, inside)
    await setImmediate()
    const result = await work()
    inside--
    return result
  }
  const medusa = async () => (await throughMedusa(() => alone(changed))).version
  const versions = await Promise.all(Array.from({ length: 50 }, (_, i) => (i % 2 ? inLane(alone) : medusa())))
  expect(most).toBe(1)
  expect(versions.sort((a, b) => Number(a) - Number(b))).toEqual(Array.from({ length: 50 }, (_, i) => i + 1))
})

it("a change whose maker died counts for the next writer of either way, and for readers", async () => {
  for (const next of [async () => (await throughMedusa(changed)).version, () => inLane()]) {
    const before = await version()
    await leftBehind()
    expect(await next()).toBe(before + 2)
  }
  const before = await version()
  await leftBehind()
  expect(await version()).toBe(before + 1)
  expect(await version()).toBe(before + 1)
})

/** A process that is gone while Medusa was at the cart. */
async function leftBehind(): Promise<void> {
  const other = openDatabase(database.url, { connections: 1 })
  const connection = await other.sql.reserve()
  const [session] = await connection<{ pid: number }[]>`select pg_backend_pid() as pid`
  let begun = () => {}
  const hasBegun = new Promise<void>((resolve) => (begun = resolve))
  void handOver<undefined>(connection, cart, {
    work: () => {
      begun()
      return new Promise(() => {})
    },
    ...TOLD,
  })
  await hasBegun
  await other.sql.end({ timeout: 0 })
  // Postgres lets go of the lock when it has noticed, which on a busy machine is a little later.
  const isGone = async () =>
    (await database.sql`select from pg_stat_activity where pid = ${session?.pid ?? 0}`).length === 0
  await until("the session is gone", isGone)
}

it("while a change is being made its version is not told yet", async () => {
  await inLane()
  await throughMedusa(async () => {
    expect(await version()).toBe(1)
    return { came: "changed", result: undefined }
  })
  expect(await version()).toBe(2)
})

it("a change of which Medusa's answer was lost counts as made", async () => {
  await throughMedusa(async () => ({ came: "unknown", result: undefined }))
  expect(await version()).toBe(1)
})

it("who waits too long for a cart is told so", async () => {
  const impatient = openLockConnections(database.url, {
    ...{ connections: 1, patience: 5_000, lockSeconds: 1, drainSeconds: 1 },
  })
  await database.sql.begin(async (tx) => {
    await takeCart(tx, cart)
    const waiting = impatient.use((connection) => handOver(connection, cart, { work: changed, ...TOLD }))
    await expect(waiting).rejects.toThrow(CartBusy)
  })
  await impatient.close()
})

it("of a cart that there is not nothing is written down", async () => {
  cart = "cart_unknown"
  expect(await throughMedusa(async () => ({ came: "refused", result: 404 }))).toEqual({ result: 404 })
  expect(await database.sql`select from mostrador.cart_state where cart_id = ${cart}`).toHaveLength(0)
})
