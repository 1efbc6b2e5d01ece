import { expect, it } from "vitest"
import { NoSlot, slots } from "../../src/platform/slots.ts"

it("lets so many in at once, the others in their order, and sends away who has waited too long", async () => {
  const room = slots(2)
  const finish: (() => void)[] = []
  const begun: number[] = []
  const visit = (who: number, patience = 60_000) =>
    room.use(patience, async () => {
      begun.push(who)
      await new Promise<void>((resolve) => finish.push(resolve))
    })
  const visits = [visit(0), visit(1), visit(2), visit(3)]
  await expect(visit(4, 10)).rejects.toThrow(NoSlot)
  expect(begun).toEqual([0, 1])
  finish[1]?.()
  await visits[1]
  await expect.poll(() => begun).toEqual([0, 1, 2])
  finish[0]?.()
  await expect.poll(() => begun).toEqual([0, 1, 2, 3])
  for (const it of finish) it()
  await Promise.all(visits)
  await expect(room.use(0, async () => "free again")).resolves.toBe("free again")
})

it("has room again after work that failed", async () => {
  const room = slots(1)
  await expect(room.use(0, () => Promise.reject(new Error("broken")))).rejects.toThrow("broken")
  await expect(room.use(0, async () => "well")).resolves.toBe("well")
})
