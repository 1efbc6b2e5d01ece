import { expect, it } from "vitest"
import { NoSlot } from "../../src/platform/slots.ts"
import { turns } from "../../src/platform/turns.ts"

it("lets those of one name in one by one, in their order, and those of others at once", async () => {
  const { use } = turns()
  const done: string[] = []
  let finish = () => {}
  const first = use("a", 1_000, async () => {
    await new Promise<void>((resolve) => {
      finish = resolve
    })
    done.push("a1")
  })
  const second = use("a", 60_000, async () => done.push("a2"))
  const third = use("a", 60_000, async () => done.push("a3"))
  await use("b", 0, async () => done.push("b"))
  await expect(use("a", 10, async () => done.push("impatient"))).rejects.toThrow(NoSlot)
  expect(done).toEqual(["b"])
  finish()
  await Promise.all([first, second, third])
  expect(done).toEqual(["b", "a1", "a2", "a3"])
  await expect(use("a", 0, async () => "free again")).resolves.toBe("free again")
})
