import { expect, it } from "vitest"
import { ifUnlocked, type LockConnections, openDatabase, openLockConnections } from "../../../src/platform/db/index.ts"
import { cloneDatabase } from "../../support/database.ts"

const limits = { patience: 100, lockSeconds: 5, drainSeconds: 1 }

it("of two who want to do the same one does it, with a single connection of each kind, and the other may later", async () => {
  const database = await cloneDatabase()
  const pool = openDatabase(database.url, { connections: 1 })
  const [mine, theirs]: LockConnections[] = [
    openLockConnections(database.url, { connections: 1, ...limits }),
    openLockConnections(database.url, { connections: 1, ...limits }),
  ]
  if (!mine || !theirs) throw new Error("two are opened")
  const again = (locks: LockConnections) => ifUnlocked(locks, "doing", async () => "done")
  const done = await ifUnlocked(mine, "doing", async () => {
    const [row] = await pool.sql`select 1 as one`
    // The second has no connection left either.
    return [row?.one, await again(theirs), await again(mine)]
  })
  expect(done).toEqual([1, undefined, undefined])
  expect(await again(theirs)).toBe("done")
  await expect(ifUnlocked(mine, "doing", () => Promise.reject(new Error("Stripe is down")))).rejects.toThrow("Stripe")
  expect(await again(mine)).toBe("done")
  for (const it of [mine, theirs, pool]) await it.close()
  await database.drop()
})
