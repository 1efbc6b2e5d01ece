import { afterAll, beforeAll, beforeEach, expect, it } from "vitest"
import { type LockConnections, openDatabase, openLockConnections } from "../../../src/platform/db/index.ts"
import {
  begin,
  finish,
  type KeyedRequest,
  keyedRequest,
  once,
  pruneKeys,
} from "../../../src/platform/idempotency/index.ts"
import { createLog } from "../../../src/platform/log.ts"
import { cloneDatabase, type TestDatabase } from "../../support/database.ts"

let database: TestDatabase
let locks: LockConnections
beforeAll(async () => {
  database = await cloneDatabase()
  locks = openLockConnections(database.url, { connections: 4, patience: 5_000, lockSeconds: 5, drainSeconds: 1 })
})
afterAll(async () => {
  await locks?.close()
  await database?.drop()
})

let request: KeyedRequest
let number = 0
beforeEach(() => {
  request = keyedRequest({ scope: "apk_web", key: `key-${number++}`, fingerprint: "f" }, "secret")
})

const ANSWER = {
  status: 200,
  headers: [["content-type", "text/plain"]] as [string, string][],
  body: Buffer.from("done"),
}
const never = (error: unknown) => {
  throw error
}
const onceNow = (work: () => Promise<typeof ANSWER | "unknown" | "passing">) =>
  locks.use((connection) => once(connection, request, work, never))
const known = (asked: KeyedRequest = request) => database.sql.begin((tx) => begin(tx, asked))

it("an answer is kept with the change that it speaks of, or neither is", async () => {
  const { sql } = database
  await expect(
    sql.begin(async (tx) => {
      expect(await begin(tx, request)).toEqual({ is: "new" })
      await finish(tx, request, ANSWER)
      throw new Error("the change failed")
    }),
  ).rejects.toThrow("the change failed")
  expect(await known()).toEqual({ is: "new" })

  await sql.begin(async (tx) => {
    await begin(tx, request)
    expect(await finish(tx, request, ANSWER)).toBe(true)
  })
  expect(await known()).toEqual({ is: "answered", answer: ANSWER })
})

it("of an answer nothing can be read in the database, and it is shown by the secret that it was sealed with alone", async () => {
  const { sql } = database
  const secretive = { ...ANSWER, body: Buffer.from('{"token":"opens-an-order"}') }
  await onceNow(async () => secretive)
  const [row] = await sql<{ text: string; body: Buffer }[]>`
    select encode(body, 'escape') as text, body from mostrador.idempotency_key where key = ${request.key}`
  expect(row?.text.length).toBeGreaterThan(secretive.body.byteLength)
  expect(row?.text).not.toContain("token")
  expect(await known()).toEqual({ is: "answered", answer: secretive })

  const unshown = { is: "answered", answer: { ...secretive, body: null } }
  expect(await known(keyedRequest(request, "a newer secret"))).toEqual(unshown)
  const other = keyedRequest({ ...request, key: `${request.key}-other` }, "secret")
  await locks.use((connection) => once(connection, other, async () => ANSWER, never))
  await sql`update mostrador.idempotency_key set body = ${row?.body ?? null} where key = ${other.key}`
  expect(await known(other)).toEqual(unshown)
  await sql`update mostrador.idempotency_key set body = 'short' where key = ${other.key}`
  expect(await known(other)).toEqual(unshown)
})

it("while one transaction has a key, another is told at once that it is running", async () => {
  await database.sql.begin(async (tx) => {
    await begin(tx, request)
    expect(await known()).toEqual({ is: "running" })
    expect((await onceNow(async () => ANSWER)).is).toBe("running")
    await finish(tx, request, ANSWER)
  })
  expect((await known()).is).toBe("answered")
})

it("of twenty with one key at once, by either way, one acts, a hundred times over", {
  timeout: 120_000,
}, async () => {
  for (let round = 0; round < 100; round++) {
    request = { ...request, key: `race-${round}` }
    let acted = 0
    const inTransaction = () =>
      database.sql.begin(async (tx) => {
        const found = await begin(tx, request)
        if (found.is === "new") {
          acted++
          await finish(tx, request, ANSWER)
        }
        return found.is
      })
    const onItsOwn = async () =>
      (
        await onceNow(async () => {
          acted++
          return ANSWER
        })
      ).is
    const all = await Promise.all(Array.from({ length: 20 }, (_, i) => (i % 2 ? inTransaction() : onItsOwn())))
    expect(acted).toBe(1)
    for (const is of all) expect(["new", "done", "answered", "running"]).toContain(is)
    expect((await known()).is).toBe("answered")
  }
})

it("the same key of another shop front is another key; for another request it is refused", async () => {
  await onceNow(async () => ANSWER)
  expect(await known({ ...request, scope: "apk_till" })).toEqual({ is: "new" })
  expect(await known({ ...request, fingerprint: "other" })).toEqual({ is: "reused" })
})

it("refusals that pass are not kept, nor are failures; final ones are", async () => {
  const kept = async (status: number) => {
    request = { ...request, key: `status-${status}` }
    await onceNow(async () => ({ ...ANSWER, status }))
    return (await known()).is === "answered"
  }
  for (const status of [200, 201, 204, 400, 404, 422]) expect([status, await kept(status)]).toEqual([status, true])
  for (const status of [302, 401, 403, 408, 409, 412, 413, 425, 429, 500, 502, 503]) {
    expect([status, await kept(status)]).toEqual([status, false])
  }
})

it("of an answer over a megabyte it is kept that it was given", async () => {
  expect(await onceNow(async () => ({ ...ANSWER, body: Buffer.alloc(1024 * 1024 + 1) }))).toEqual({
    is: "done",
    kept: false,
  })
  expect(await known()).toMatchObject({ is: "answered", answer: { status: 200, body: null } })
})

it("work whose end nobody saw is told as unknown, also when its connection was cut in the middle", async () => {
  await onceNow(async () => "unknown")
  expect(await known()).toEqual({ is: "unknown" })
  expect((await onceNow(async () => ANSWER)).is).toBe("unknown")

  request = { ...request, key: "cut" }
  const other = openDatabase(database.url, { connections: 1 })
  const connection = await other.sql.reserve()
  let begun = () => {}
  const hasBegun = new Promise<void>((resolve) => (begun = resolve))
  const stuck = once(
    connection,
    request,
    () => {
      begun()
      return new Promise(() => {})
    },
    never,
  )
  stuck.catch(() => {})
  await hasBegun
  expect(await known()).toEqual({ is: "running" })
  const [backend] = await connection<{ pid: number }[]>`select pg_backend_pid() as pid`
  await database.sql`select pg_terminate_backend(${backend?.pid ?? 0})`
  await expect.poll(async () => (await known()).is).toBe("unknown")
  await other.close()
})

it("work that is a stream leaves its key free", async () => {
  expect(await onceNow(async () => "passing")).toEqual({ is: "done", kept: false })
  expect(await known()).toEqual({ is: "new" })
})

it("after a day a key is free, and its answer is deleted, in one process at a time", async () => {
  const { sql } = database
  await onceNow(async () => ANSWER)
  await sql`update mostrador.idempotency_key set started_at = now() - interval '23 hours' where key = ${request.key}`
  expect((await known()).is).toBe("answered")
  await sql`update mostrador.idempotency_key set started_at = now() - interval '25 hours' where key = ${request.key}`
  expect(await known()).toEqual({ is: "new" })

  const count = async () => (await sql`select from mostrador.idempotency_key where key = ${request.key}`).length
  const pruning = pruneKeys(sql, createLog("silent"))
  await sql.begin(async (tx) => {
    await tx`select pg_advisory_xact_lock(hashtextextended('mostrador:idempotency-pruning', 0))`
    await pruning.now()
    expect(await count()).toBe(1)
  })
  await pruning.now()
  expect(await count()).toBe(0)
  await pruning.close()
  const [left] = await sql`select count(*)::int as keys from mostrador.idempotency_key`
  expect(left?.keys).toBeGreaterThan(5)
})
