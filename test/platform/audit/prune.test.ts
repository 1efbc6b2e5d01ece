import { afterAll, beforeAll, expect, it } from "vitest"
import { AUDIT_DAYS, pruneAudit, recordAudit, recordRefusal } from "../../../src/platform/audit/index.ts"
import { createLog } from "../../../src/platform/log.ts"
import { cloneDatabase, type TestDatabase } from "../../support/database.ts"

let database: TestDatabase
beforeAll(async () => {
  database = await cloneDatabase()
  await database.sql`truncate mostrador.audit_entry`
})
afterAll(() => database?.drop())

const subjects = async () =>
  (await database.sql`select subject_id from mostrador.audit_entry order by subject_id`).map((it) => it.subject_id)
const actor = { type: "unknown", id: null } as const

it("is kept for a year", async () => {
  for (const subject_id of ["new", "old"]) {
    await recordAudit(database.sql, { action: "till.pairing_refused", outcome: "refused", actor, subject_id })
  }
  await database.sql`
    update mostrador.audit_entry set at = now() - make_interval(days => ${AUDIT_DAYS + 1}) where subject_id = 'old'`
  const pruning = pruneAudit(database.sql, createLog("silent"))
  await pruning.now()
  await pruning.close()
  expect(await subjects()).toEqual(["new"])
})

it("has a refusal that a device asks for again and again once a minute", async () => {
  await database.sql`truncate mostrador.audit_entry`
  for (const subject_id of ["a", "a", "b", "a"]) {
    await recordRefusal(database.sql, { action: "till.refused", actor, subject_id })
  }
  expect(await subjects()).toEqual(["a", "b"])
  await database.sql`update mostrador.audit_entry set at = at - interval '61 seconds'`
  await recordRefusal(database.sql, { action: "till.refused", actor, subject_id: "a" })
  expect(await subjects()).toEqual(["a", "a", "b"])
})
