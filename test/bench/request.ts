import { z } from "zod"
import type { Demo } from "../../src/medusa/demo-shop/index.ts"
import type { Carts } from "./carts.ts"
import type { Catalog } from "./catalog.ts"
import type { Call, Errand, Target } from "./load.ts"

/** What requests are made of. */
export interface Shop {
  demo: Demo
  catalog: Catalog
  carts: Carts
  medusa: Target
}

/** A request, as a shop sends it. */
export interface MeasuredRequest {
  name: string
  /** Whether a call may be sent again; one that changes its cart may not. */
  repeatable: boolean
  /** Medusa has no such request. */
  onlyCounter?: boolean
  /** Its throughput is left out: how long one shopper waits is what is asked of it, and a run has an end. */
  onlyLatency?: boolean
  /**
   * Makes calls, and the state that they need; outside of the measured time.
   *
   * @param count  how many different ones are wanted; those that may be repeated, or are dear to make, can be fewer
   */
  prepare(shop: Shop, count: number): Promise<Errand[]>
  /** What a right answer holds: nobody is praised for answering nothing quickly. */
  answer: z.ZodType
}

/** Requests that are measured in one state of the shop. */
export interface Group {
  name: string
  /** Makes of the demo shop with its bulk catalog what the requests need; those of later groups find it so. */
  furnish?(shop: Shop): Promise<void>
  requests: MeasuredRequest[]
}

/** An answer with a cart. */
export const cartWith = (fields: z.ZodRawShape) => z.object({ cart: z.object({ id: z.string(), ...fields }) })

export const get = (path: string): Call => ({ method: "GET", path })
export const post = (path: string, body?: unknown): Call => ({ method: "POST", path, body })
export const remove = (path: string, body?: unknown): Call => ({ method: "DELETE", path, body })

const Token = z.object({ token: z.string() })

/** Logs a person of the demo shop in. */
export async function logIn(
  medusa: Target,
  actor: "customer" | "user",
  { email, password }: { email: string; password: string },
): Promise<{ authorization: string }> {
  const answer = await medusa.send(post(`/auth/${actor}/emailpass`, { email, password }))
  return { authorization: `Bearer ${Token.parse(JSON.parse(answer)).token}` }
}
