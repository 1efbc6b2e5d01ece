import { invalidParameter, Refusal } from "./errors.ts"
import type { Params } from "./params.ts"

export interface Answer {
  status: number
  body: string
  /** Whether an idempotency key remembers it. */
  kept: boolean
  replayed?: boolean
}

interface First {
  path: string
  params: string
  /** Undefined while it still runs. */
  answer?: Answer
}

/** What each idempotency key was first used for, and what came of it. */
export class Idempotency {
  readonly #first = new Map<string, First>()

  /**
   * Does the work, unless this key has done it before.
   *
   * @throws Refusal when the key was used for something else, or when that still runs
   */
  async once(key: string, path: string, params: Params, work: () => Promise<Answer>): Promise<Answer> {
    if (key.length > 255) throw invalidParameter("idempotency_key", "Idempotency keys can have up to 255 characters.")
    const written = canonical(params)
    const first = this.#first.get(key)
    if (first) return replay(key, first, path, written)
    const mine: First = { path, params: written }
    this.#first.set(key, mine)
    const answer = await work()
    if (answer.kept) mine.answer = answer
    else this.#first.delete(key)
    return answer
  }
}

function replay(key: string, first: First, path: string, params: string): Answer {
  const other = `Try using a key other than '${key}' if you meant to execute a different request.`
  if (first.path !== path) {
    const message = `Keys for idempotent requests can only be used for the same endpoint they were first used for ('${path}' vs '${first.path}'). ${other}`
    throw new Refusal(400, { type: "idempotency_error", message }, false)
  }
  if (first.params !== params) {
    const message = `Keys for idempotent requests can only be used with the same parameters they were first used with. ${other}`
    throw new Refusal(400, { type: "idempotency_error", message }, false)
  }
  if (!first.answer) {
    const message = `There is currently another in-progress request using this Idempotent Key (that probably means you submitted twice, and the other request is still going through): ${key}. Please try again later.`
    const code = "idempotency_key_in_use"
    throw new Refusal(409, { type: "idempotency_error", code, message }, false)
  }
  return { ...first.answer, replayed: true }
}

/** The same for the same parameters, in whichever order they came. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_name, held: unknown) =>
    typeof held === "object" && held !== null && !Array.isArray(held)
      ? Object.fromEntries(Object.entries(held).sort(([a], [b]) => (a < b ? -1 : 1)))
      : held,
  )
}
