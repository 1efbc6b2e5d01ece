import type { Context } from "hono"
import { parseAccept } from "hono/utils/accept"
import type { Counter } from "./counter.ts"

/**
 * The language that a client likes most, of those that there are; whatever its country.
 *
 * @param fallback  where it names none of them: the first of these that there is
 */
export function languageOf<L extends string>(
  c: Context<Counter>,
  languages: readonly [L, ...L[]],
  ...fallback: (string | null)[]
): L {
  const asked = parseAccept(c.req.header("accept-language") ?? "").filter((it) => it.q > 0)
  for (const wanted of [...asked.map((it) => it.type), ...fallback]) {
    const found = languages.find((it) => it === wanted?.toLowerCase().split(/[-_]/)[0])
    if (found) return found
  }
  return languages[0]
}
