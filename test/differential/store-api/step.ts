import type { Answer } from "../../support/http.ts"

/** One of Medusa's routes, as `medusaRoutes()` has it: `POST /store/carts/:id`. */
export type Route = `${"GET" | "POST" | "DELETE"} /${string}`

/** What a shopper knows: ids, tokens and addresses, by the names under which steps speak of them (`$cart`). */
export type Known = Record<string, string>

/** A request of one route. `$name` in any of its strings stands for what is known under that name. */
export interface Step {
  route: Route
  /** In the place of the route's parameters. */
  params?: Record<string, string>
  query?: string
  body?: unknown
  /** Whose token goes with it, by the name under which it is known. */
  as?: string
  headers?: Record<string, string>
  /** Medusa's status; 200 unless told. */
  status?: number
  /** Why this shop has no request of the route that succeeds; only where that is so. */
  impossible?: string
  /** What is known afterwards: places in the answer, by name (`cart.items.0.id`). */
  keep?: Record<string, string>
  /** What is known afterwards, where it does not stand in the answer's body. */
  learn?: (answer: Answer, known: Known) => Known | Promise<Known>
}

/** Requests that go together: each may name what the ones before it have kept. */
export interface Flow {
  name: string
  steps: Step[]
}

/** The request of a step, by someone who knows `known`. */
export function request(step: Step, known: Known) {
  const [method, pattern] = step.route.split(" ") as [string, string]
  const path = pattern.replace(/:(\w+)/g, (_, name: string) => fill(required(step.params?.[name], name), known))
  const key: Known = pattern.startsWith("/store") ? { "x-publishable-api-key": fill("$key", known) } : {}
  const token: Known = step.as ? { authorization: `Bearer ${fill(`$${step.as}`, known)}` } : {}
  const body = step.body === undefined ? undefined : JSON.parse(fill(JSON.stringify(step.body), known))
  return {
    method,
    path: step.query ? `${path}?${fill(step.query, known)}` : path,
    headers: { ...key, ...token, ...JSON.parse(fill(JSON.stringify(step.headers ?? {}), known)) },
    body,
  }
}

/** What someone who knew `known` knows after the answer to a step. */
export async function learned(step: Step, answer: Answer, known: Known): Promise<Known> {
  const kept = Object.entries(step.keep ?? {}).map(([name, place]) => [name, at(answer.body, place)])
  return { ...known, ...Object.fromEntries(kept), ...(await step.learn?.(answer, known)) }
}

/** What stands in a body at a place such as `cart.items.0.id`. */
function at(body: unknown, place: string): string {
  const found = place.split(".").reduce((it, key) => (it as Record<string, unknown> | undefined)?.[key], body)
  return required(typeof found === "string" ? found : undefined, `${place} in ${JSON.stringify(body).slice(0, 300)}`)
}

const fill = (text: string, known: Known) => text.replace(/\$(\w+)/g, (_, name: string) => required(known[name], name))

function required(value: string | undefined, name: string): string {
  if (value === undefined) throw new Error(`Nothing is known of ${name}.`)
  return value
}
