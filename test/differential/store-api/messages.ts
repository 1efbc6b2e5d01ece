import { expect } from "vitest"
import type { Sides } from "../compare.ts"

/** A request as it is on the wire. */
export interface Message {
  name: string
  method: string
  path: string
  headers?: Record<string, string>
  body?: string
  /** Medusa's. */
  status: number
  /** Set where every answer has a body of its own (a new cart), whose hash in the `etag` is then left out. */
  news?: boolean
}

const JSON_BODY = { "content-type": "application/json" }
const FORM_BODY = { "content-type": "application/x-www-form-urlencoded" }
/** Express takes 100 kB unless a route says otherwise. */
const TOO_LARGE = JSON.stringify({ metadata: { note: "x".repeat(150_000) } })

/** Answers whose every header counts. */
export const PASSED_ON: Message[] = [
  { name: "a list", method: "GET", path: "/store/return-reasons?limit=2", status: 200 },
  {
    name: "a list in another language",
    method: "GET",
    path: "/store/return-reasons?limit=2&locale=es-ES",
    status: 200,
  },
  {
    name: "a list that a page of another shop asks for",
    method: "GET",
    path: "/store/return-reasons",
    status: 200,
    headers: { origin: "http://elsewhere.example" },
  },
  {
    name: "a list that a page of ours asks for",
    method: "GET",
    path: "/store/return-reasons",
    status: 200,
    headers: { origin: "http://localhost:8000" },
  },
  { name: "the headers of a list", method: "HEAD", path: "/store/return-reasons?limit=2", status: 200 },
  {
    name: "a new cart that no lane makes",
    method: "POST",
    path: "/store/carts",
    headers: { ...JSON_BODY, "x-medusa-locale": "es-ES" },
    body: "{}",
    status: 200,
    news: true,
  },
  {
    name: "a form instead of JSON",
    method: "POST",
    path: "/store/carts",
    headers: FORM_BODY,
    body: "locale=es-ES",
    status: 200,
    news: true,
  },
  {
    name: "a text that is no JSON",
    method: "POST",
    path: "/auth/customer/emailpass/reset-password",
    headers: JSON_BODY,
    body: '{"identifier":"nobody"}',
    status: 201,
  },
  {
    name: "no publishable key",
    method: "GET",
    path: "/store/return-reasons",
    headers: { "x-publishable-api-key": "" },
    status: 400,
  },
  { name: "no token", method: "GET", path: "/store/customers/me", status: 401 },
  { name: "an unknown id", method: "GET", path: "/store/orders/order_unknown?locale=es-ES", status: 404 },
  {
    name: "a bad body",
    method: "POST",
    path: "/store/carts",
    headers: JSON_BODY,
    body: '{"colour":"blue"}',
    status: 400,
  },
  { name: "broken JSON", method: "POST", path: "/store/carts", headers: JSON_BODY, body: '{"region_id":', status: 400 },
  { name: "too much JSON", method: "POST", path: "/store/carts", headers: JSON_BODY, body: TOO_LARGE, status: 413 },
  { name: "an unknown path", method: "GET", path: "/store/nothing/here?a=%C3%B1", status: 404 },
  { name: "a path with an escape that is none", method: "GET", path: "/store/carts/%E0%A4%A", status: 500 },
  {
    name: "a method that the route has not",
    method: "PUT",
    path: "/store/carts",
    headers: JSON_BODY,
    body: "{}",
    status: 404,
  },
]

/** Belong to a connection or to a moment; and what the counter adds: its request id, and that pages may read a cart's version. */
const NOT_COMPARED = new Set([
  "connection",
  "keep-alive",
  "transfer-encoding",
  "date",
  "x-request-id",
  "access-control-expose-headers",
])

/**
 * Sends a message to both sides, and holds status, body and every end-to-end header of the answers against each other.
 *
 * @returns Medusa's answer
 */
export async function expectSameMessage(sides: Sides, message: Message, key: string): Promise<Response> {
  const [theirs, ours] = [await exchange(sides.medusa, message, key), await exchange(sides.counter, message, key)]
  expect(theirs.seen).toMatchObject({ status: message.status })
  expect(ours.seen).toEqual(theirs.seen)
  return theirs.response
}

async function exchange(base: string, { method, path, headers, body, news = false }: Message, key: string) {
  const response = await fetch(base + path, {
    method,
    headers: { "x-publishable-api-key": key, ...headers },
    body,
    redirect: "manual",
  })
  const text = await response.text()
  const own = [...response.headers].filter(([name]) => !NOT_COMPARED.has(name))
  const shown = own.map(([name, value]) => [
    name,
    name === "etag" && news ? withoutHash(value) : cookieName(name, value),
  ])
  return { response, seen: { status: response.status, headers: shown, text: news ? text.length : text } }
}

/** An `etag` of Express is the length and a hash of the body; the counter's is the cart's version. */
const withoutHash = (etag: string) => etag.replace(/^W\/"\w+-.+"$|^"1"$/, '"of a new cart"')

/** A cookie with its attributes, but without its value. */
const cookieName = (header: string, value: string) => (header === "set-cookie" ? value.replace(/=[^;]*/, "=") : value)
