import { afterAll, beforeAll, expect, it } from "vitest"
import locks from "../../src/medusa/locks/index.ts"
import { lockKeys } from "../../src/medusa/locks/keys.ts"
import { cloneDatabase, type TestDatabase } from "../support/database.ts"

const [PostgresLocks] = locks.services
let database: TestDatabase
/** As two processes of Medusa. */
let one: InstanceType<NonNullable<typeof PostgresLocks>>
let other: typeof one
beforeAll(async () => {
  database = await cloneDatabase()
  const container = { configModule: { projectConfig: { databaseUrl: database.url } } }
  if (!PostgresLocks) throw new Error("no provider")
  one = new PostgresLocks(container)
  other = new PostgresLocks(container)
})
afterAll(() => database?.drop())

it("counts keys as Medusa's own provider does, each once, in one order", () => {
  // By `hashStringToInt` of `@medusajs/locking-postgres` 2.21.2.
  expect(lockKeys(["iitem_01", "a", ""])).toEqual(["5381", "177604", "1662195367"])
  expect(lockKeys(["b", "a", "b"])).toEqual(lockKeys(["a", "b"]))
})

it("does the work of one after that of the other, in whatever order they name their keys", async () => {
  let inside = 0
  let most = 0
  const work = async () => {
    most = Math.max(most, ++inside)
    await database.sql`select`
    inside--
    return [1, 2]
  }
  const all = Array.from({ length: 40 }, (_, at) =>
    (at % 2 ? one : other).execute(at % 3 ? ["x", "y"] : ["y", "x"], work),
  )
  expect(await Promise.all(all)).toEqual(all.map(() => [1, 2]))
  expect(most).toBe(1)
})

it("lets go when the work fails, and does not wait for ever", async () => {
  await expect(one.execute("z", () => Promise.reject(new Error("no")))).rejects.toThrow("no")
  let finish = () => {}
  const held = new Promise<void>((begun) => {
    const work = () => {
      begun()
      return new Promise<void>((resolve) => (finish = resolve))
    }
    one.execute("z", work).catch(() => {})
  })
  await held
  await expect(other.execute("z", async () => "late", { timeout: 1 })).rejects.toThrow("Timed-out acquiring lock.")
  finish()
  expect(await other.execute("z", async () => "free")).toBe("free")
})

it("gives a free key to one of many who want it at once, named or not", async () => {
  for (const ownerId of [undefined, null]) {
    const tries = await Promise.allSettled(Array.from({ length: 20 }, () => one.acquire("cart_1", { ownerId })))
    expect(tries.filter((it) => it.status === "fulfilled")).toHaveLength(1)
    await expect(other.acquire("cart_1", { ownerId: "me" })).rejects.toThrow(
      new Error('Failed to acquire lock for key "cart_1"'),
    )
    expect(await other.release("cart_1")).toBe(true)
    expect(await other.release("cart_1")).toBe(false)
  }
})

it("frees what was held for somebody who was killed when its time is over", async () => {
  await one.acquire(["cart_2", "cart_3"], { expire: 10 })
  await expect(other.acquire(["cart_1", "cart_2"], { expire: 10 })).rejects.toThrow("cart_2")
  await other.acquire("cart_1") // was not kept by the failed try
  await database.sql`update mostrador.medusa_lock set expires_at = now() - interval '1 second' where key = 'cart_2'`
  await other.acquire("cart_2", { ownerId: "other", expire: 10 })
  await other.acquire("cart_2", { ownerId: "other", expire: 20 })
  expect(await one.release("cart_2", { ownerId: "me" })).toBe(false)
  await other.releaseAll({ ownerId: "other" })
  await one.acquire("cart_2")
  await one.releaseAll()
  expect(await database.sql`select from mostrador.medusa_lock`).toHaveLength(0)
})
