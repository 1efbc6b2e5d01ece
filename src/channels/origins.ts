import type { Context } from "hono"
import type { Counter } from "./counter.ts"

export type OriginRule = (origin: string) => string | undefined

/**
 * Which origins a setting of Medusa's (`STORE_CORS`, ...) lets in: a list with commas, of origins or of regular
 * expressions between delimiters (`/vercel\.app$/`).
 *
 * @returns for Hono's `cors`: the origin to allow, or undefined
 * @source Medusa 2.21 `utils/dist/common/parse-cors-origins.js` and `build-regexp-if-valid.js`
 */
export function originRule(setting: string): OriginRule {
  const rules = setting.split(",").filter(Boolean).map(ruleOf)
  return (origin) =>
    rules.some((rule) => (typeof rule === "string" ? rule === origin : rule.test(origin))) ? origin : undefined
}

function ruleOf(text: string): string | RegExp {
  const [, , pattern, flags] = text.match(/^([/~@;%#'])(.*?)\1([gimsuy]*)$/) ?? []
  if (pattern === undefined) return text
  try {
    new RegExp(pattern, flags) // flags that are wrong are refused as they stand
    // `g` and `y` remember where they were, from one origin to the next.
    return new RegExp(pattern, flags?.replace(/[gy]/g, ""))
  } catch {
    // Not an expression after all; Medusa takes the text as it stands, too.
    return text
  }
}

/** Tells a browser whether its page may read the answer. Called before the answer is made. */
export function allowOrigin(c: Context<Counter>, rule: OriginRule): void {
  const origin = rule(c.req.header("origin") ?? "")
  if (origin) c.header("Access-Control-Allow-Origin", origin)
  c.header("Access-Control-Allow-Credentials", "true")
  c.header("Vary", "Origin")
}

/**
 * Answers a browser that asks before it sends.
 *
 * @source express `cors`, with which Medusa answers
 */
export function answerPreflight(c: Context<Counter>, rule: OriginRule): Response {
  allowOrigin(c, rule)
  c.header("Access-Control-Allow-Methods", "GET,HEAD,PUT,PATCH,POST,DELETE")
  const asked = c.req.header("access-control-request-headers")
  c.header("Vary", "Access-Control-Request-Headers", { append: true })
  if (asked) c.header("Access-Control-Allow-Headers", asked)
  return c.body(null, 204)
}

/** Lets a page read headers of an answer that browsers keep from it otherwise. */
export function exposeHeaders(headers: Headers, names: string[]): void {
  headers.append("Access-Control-Expose-Headers", names.join(", "))
}
