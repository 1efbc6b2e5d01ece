import type { Cart } from "./cart.ts"

export type DoorName = "web" | "app" | "pos" | "phone"

/**
 * One of the ways into the shop. Each is another room of the API with its own log-in; the carts behind them are the
 * same, and so are the routes: `/store/carts/:id`, `/pos/carts/:id` and `/agent/carts/:id`.
 */
export interface Door {
  name: DoorName
  /** Where its routes begin. */
  room: "/store" | "/pos" | "/agent"
  /** Who asks. They change when somebody logs in. */
  headers: Record<string, string>
  /** What stands for the headers in the address of an `EventSource`, which cannot send any. */
  inAddress: Record<string, string>
  /** Staff log in before they do anything, and again when it is over. */
  logIn?(): Promise<void>
  /** That they have. */
  loggedIn?: Promise<void>
}

/** The shop does not do it, and says why; or it cannot be reached (503, `unreachable`). */
export class Refused extends Error {
  constructor(
    readonly status: number,
    readonly code: string | undefined,
    message: string,
  ) {
    super(message)
  }
}

/** The cart is not what it was when it was shown to whoever asked (`If-Match`, 412). */
export class Moved extends Refused {
  constructor(
    code: string | undefined,
    message: string,
    /** What it is now. */
    readonly now: Answer<{ cart: Cart }>,
  ) {
    super(412, code, message)
  }
}

export interface Answer<T> {
  body: T
  /** Of the cart that it is about (`ETag`); undefined when it is about none. */
  version: number | undefined
}

/**
 * Asks for something through a door.
 *
 * @param path  below the door's room; with a whole one (`/auth/...`) give `room: ""`
 * @param version  of the cart as whoever asks has seen it: what he wants is done to that one only
 * @throws Refused with the shop's own words, Moved when the cart is in another version
 */
export async function ask<T>(
  door: Door,
  method: string,
  path: string,
  body?: unknown,
  version?: number,
): Promise<Answer<T>> {
  if (!door.logIn) return await read(await send(door, method, path, body, version))
  const before = loggedIn(door, door.logIn)
  await before
  const answer = await send(door, method, path, body, version)
  if (answer.status !== 401) return await read(answer)
  // Of several who hear that it is over one logs in for all: at a till each log-in ends the one before.
  if (door.loggedIn === before) door.loggedIn = undefined
  await loggedIn(door, door.logIn)
  return await read(await send(door, method, path, body, version))
}

/** The log-in that holds, by which others can tell whether somebody has done it anew; one that fails is tried again. */
function loggedIn(door: Door, logIn: () => Promise<void>): Promise<void> {
  door.loggedIn ??= logIn().catch((error) => {
    door.loggedIn = undefined
    throw error
  })
  return door.loggedIn
}

function send({ room, headers }: Door, method: string, path: string, body?: unknown, version?: number) {
  const sent = new Headers(headers)
  if (body !== undefined) sent.set("content-type", "application/json")
  if (version !== undefined) sent.set("if-match", `"${version}"`)
  const sending = fetch(room + path, { method, headers: sent, body: body === undefined ? null : JSON.stringify(body) })
  return sending.catch((error) => {
    throw new Refused(503, "unreachable", error.message)
  })
}

/** Logs in with Medusa, and gives the token. */
export async function logInWithPassword(who: "customer" | "user", given: { email: string; password: string }) {
  const { email, password } = given
  const answer = await fetch(`/auth/${who}/emailpass`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ email, password }),
  })
  const { body } = await read<{ token: string }>(answer)
  return body.token
}

/** What the shop says that does not do it; of a cart that has moved with what it is now. */
interface Refusal {
  code: string
  message: string
  cart: Cart
}

async function read<T>(answer: Response): Promise<Answer<T>> {
  const isJson = answer.headers.get("content-type")?.includes("json") ?? false
  const body: unknown = isJson ? await answer.json() : undefined
  const [, tag] = /"(\d+)"/.exec(answer.headers.get("etag") ?? "") ?? []
  const version = tag === undefined ? undefined : Number(tag)
  if (answer.ok) return { body: body as T, version }
  const { code, message = `The shop answers ${answer.status}.`, cart } = (body ?? {}) as Partial<Refusal>
  if (answer.status === 412 && cart) throw new Moved(code, message, { body: { cart }, version })
  throw new Refused(answer.status, code, message)
}
