import { expect, it } from "vitest"
import { createLog } from "../../src/platform/log.ts"
import { repeat } from "../../src/platform/repeat.ts"

const quiet = { every: 60_000, log: createLog("silent"), failing: "it fails" }

it("gives who asks while a turn runs a turn that begins afterwards, and one for all of them", async () => {
  let begun = 0
  let finish = () => {}
  const work = repeat(async () => {
    begun++
    if (begun === 1) await new Promise<void>((resolve) => (finish = resolve))
  }, quiet)
  const first = work.now()
  const others = [work.now(), work.now()]
  await new Promise((resolve) => setTimeout(resolve, 10))
  expect(begun).toBe(1)
  finish()
  await Promise.all([first, ...others])
  expect(begun).toBe(2)
  await work.close()
})

it("goes on after a turn that failed, tells whom it concerns, and stops when it is closed", async () => {
  let turns = 0
  const work = repeat(
    async () => {
      turns++
      if (turns < 3) throw new Error(`turn ${turns}`)
    },
    { ...quiet, every: 5 },
  )
  await expect(work.now()).rejects.toThrow("turn 1")
  await expect.poll(() => turns).toBeGreaterThan(3)
  await work.close()
  const before = turns
  await new Promise((resolve) => setTimeout(resolve, 30))
  expect(turns).toBe(before)
})

it("knows since when every turn has failed, until one does not", async () => {
  let works = false
  let turns = 0
  const work = repeat(
    async () => {
      turns++
      if (!works) throw new Error("not yet")
    },
    { ...quiet, every: 20 },
  )
  expect(work.failingSince).toBeUndefined()
  await expect.poll(() => work.failingSince).toBeInstanceOf(Date)
  const since = work.failingSince
  await expect.poll(() => turns).toBeGreaterThan(3)
  expect(work.failingSince).toBe(since)
  works = true
  await expect.poll(() => work.failingSince).toBeUndefined()
  await work.close()
})
