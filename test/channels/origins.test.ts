import { createRequire } from "node:module"
import path from "node:path"
import { expect, it } from "vitest"
import { originRule } from "../../src/channels/origins.ts"

const require = createRequire(import.meta.url)
const { parseCorsOrigins } = require(
  path.resolve("node_modules/@medusajs/utils/dist/common/parse-cors-origins.js"),
) as {
  parseCorsOrigins(setting: string): (string | RegExp)[]
}

it("lets in the origins that Medusa's rule lets in, and no others", () => {
  const settings = [
    "",
    "http://a.example",
    "http://a.example,https://b.example:8443",
    "/vercel\\.app$/",
    "/^https:\\/\\/(.*\\.)?shop\\.example$/i,http://localhost:8000",
    "~shop\\.example~gi",
    "/(unclosed/",
    "/a/gg",
  ]
  const origins = [
    "http://a.example",
    "https://b.example:8443",
    "https://x.vercel.app",
    "https://SHOP.example",
    "http://localhost:8000",
    "/(unclosed/",
    "null",
    "",
  ]
  let allowed = 0
  for (const setting of settings) {
    const rule = originRule(setting)
    for (const origin of origins) {
      const theirs = parseCorsOrigins(setting).some((it) => (it instanceof RegExp ? it.test(origin) : it === origin))
      expect([setting, origin, rule(origin) === origin && rule(origin) !== undefined]).toEqual([
        setting,
        origin,
        theirs,
      ])
      if (theirs) allowed++
    }
  }
  expect(allowed).toBeGreaterThan(5)
})
