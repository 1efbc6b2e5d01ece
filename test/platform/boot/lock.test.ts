import { type ChildProcess, spawn } from "node:child_process"
import fs from "node:fs"
import os from "node:os"
import path from "node:path"
import { afterAll, beforeAll, expect, it } from "vitest"
import { lockFolder } from "../../../src/platform/boot/lock.ts"

let folder: string
beforeAll(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), "mostrador-lock-"))
})
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }))

/** A process of its own, with another temporary folder than ours, that takes the lock, says so and holds it. */
async function holder(): Promise<{ child: ChildProcess; took: boolean }> {
  const source = `
    import { lockFolder } from ${JSON.stringify(path.resolve("src/platform/boot/lock.ts"))}
    const lock = await lockFolder(${JSON.stringify(folder)})
    process.stdout.write(lock ? "taken" : "refused")
    if (lock) setInterval(() => {}, 1000)`
  const child = spawn(process.execPath, ["--import", "tsx", "--input-type=module", "-e", source], {
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...process.env, TMPDIR: "/var/tmp" },
  })
  const said = await new Promise<string>((resolve) => child.stdout?.once("data", (chunk) => resolve(String(chunk))))
  return { child, took: said === "taken" }
}

it("a folder is held by one, and free again when that one lets go", async () => {
  const first = await lockFolder(folder)
  expect(first).toBeDefined()
  expect(await lockFolder(folder)).toBeUndefined()
  // By whatever name: a link to the folder is the folder.
  fs.symlinkSync(folder, `${folder}-link`)
  expect(await lockFolder(`${folder}-link`)).toBeUndefined()
  fs.rmSync(`${folder}-link`)
  await first?.release()
  const second = await lockFolder(folder)
  expect(second).toBeDefined()
  await second?.release()
})

it("another process is refused, and a killed one leaves the folder free", async () => {
  const { child, took } = await holder()
  expect(took).toBe(true)
  expect(await lockFolder(folder)).toBeUndefined()
  const gone = new Promise((resolve) => child.once("close", resolve))
  child.kill("SIGKILL")
  await gone
  const mine = await lockFolder(folder)
  expect(mine).toBeDefined()
  expect((await holder()).took).toBe(false)
  await mine?.release()
})
