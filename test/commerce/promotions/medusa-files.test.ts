import { mkdtemp, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, beforeAll, expect, it } from "vitest"
import { filesOfMedusa } from "../../../src/commerce/promotions/medusa-files.ts"

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "files-of-medusa-"))
  const files = {
    "index.js": "throw new Error('a whole framework')",
    "math.js": 'const index_1 = require("./index"); exports.twice = (it) => index_1.add(it, it)',
    "usage.js": 'const index_1 = require("./index"); exports.left = (0, index_1.subtract)',
    "barrel.js": 'Object.assign(exports, require("./index"))',
    "service.js": 'const net_1 = require("node:net"); exports.connect = net_1.connect',
    "promotions.js": 'const math_1 = require("./math"); exports.four = math_1.twice(2)',
  }
  for (const [name, source] of Object.entries(files)) await writeFile(join(folder, name), source)
})
afterAll(() => rm(folder, { recursive: true }))

const run = (name: string) =>
  filesOfMedusa(new Map([[join(folder, "index.js"), { add: (a: number, b: number) => a + b }]]))(join(folder, name))

it("a file of Medusa's runs with those beside it, and with a stand-in for what costs too much", () => {
  expect(run("promotions.js")).toEqual({ four: 4 })
})

it.each([
  ["a name that the stand-in has not", "usage.js", "uses subtract of ./index"],
  ["the stand-in for nobody can tell what", "barrel.js", "What a file uses of ./index cannot be told"],
  ["a package that may be heavy", "service.js", "asks for node:net"],
])("a file that asks for %s is refused before anything is computed with it", (_what, name, message) => {
  expect(() => run(name)).toThrow(message)
})
