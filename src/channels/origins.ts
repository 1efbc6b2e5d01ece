/**
 * Which origins a setting of Medusa's (`STORE_CORS`, ...) lets in: a list with commas, of origins or of regular
 * expressions between delimiters (`/vercel\.app$/`).
 *
 * @returns for Hono's `cors`: the origin to allow, or undefined
 * @source Medusa 2.21 `utils/dist/common/parse-cors-origins.js` and `build-regexp-if-valid.js`
 */
export function originRule(setting: string): (origin: string) => string | undefined {
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
