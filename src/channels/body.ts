import type { Context } from "hono"
import type { Counter } from "./counter.ts"
import { WireError } from "./errors.ts"

/** What Express takes of JSON unless a route says otherwise. */
const MOST_BYTES = 100 * 1024

/**
 * Reads a body of JSON; none, or one of another kind, is an empty one, as it is to Medusa.
 *
 * @param mostDeep  how many brackets may stand in one another: what checks the body goes as deep
 * @throws WireError 400 or 413, in the words of Express
 */
export async function readJson(c: Context<Counter>, mostDeep: number): Promise<unknown> {
  if (Number(c.req.header("content-length") ?? 0) > MOST_BYTES) throw tooLarge()
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of c.req.raw.body ?? []) {
    length += chunk.length
    if (length > MOST_BYTES) throw tooLarge()
    chunks.push(chunk)
  }
  const text = Buffer.concat(chunks).toString("utf8")
  if (text.trim() === "" || !/^application\/(\S+\+)?json\b/i.test(c.req.header("content-type") ?? "")) return {}
  let body: unknown
  try {
    body = JSON.parse(text)
  } catch (error) {
    throw new WireError(400, "invalid_data", (error as Error).message)
  }
  if (depth(text) > mostDeep) {
    throw new WireError(400, "invalid_data", `Invalid request: nested more than ${mostDeep} deep`)
  }
  return body
}

/** Without recursion: that is what it guards. */
function depth(json: string): number {
  let deepest = 0
  let now = 0
  let inText = false
  for (let i = 0; i < json.length; i++) {
    const it = json[i]
    if (inText) {
      if (it === "\\") i++
      else if (it === '"') inText = false
    } else if (it === '"') inText = true
    else if (it === "{" || it === "[") deepest = Math.max(deepest, ++now)
    else if (it === "}" || it === "]") now--
  }
  return deepest
}

const tooLarge = () => new WireError(413, "unknown_error", "request entity too large")
