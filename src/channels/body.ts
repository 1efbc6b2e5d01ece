import type { IncomingMessage, ServerResponse } from "node:http"
import { Readable } from "node:stream"
import parser from "body-parser"
import type { Context } from "hono"
import type { Counter } from "./counter.ts"
import { WireError } from "./errors.ts"

/** What Express takes unless a route says otherwise, also of what it inflates. */
const MOST_BYTES = 100 * 1024

/**
 * Express's own, in Medusa's order; each reads what is of its kind, and leaves all else.
 *
 * @source Medusa 2.21 `framework/dist/http/middlewares/bodyparser.js`
 */
const parsers = [parser.json(), parser.text(), parser.urlencoded({ extended: true })]

/**
 * Reads a body as Medusa does: JSON, a text or a form, zipped or not; none, or one of another kind, is an empty one.
 *
 * @param mostDeep  how many brackets may stand in one another: what checks the body goes as deep
 * @throws WireError 400, 413 or 415, in the words of Express
 */
export async function readBody(c: Context<Counter>, mostDeep: number): Promise<unknown> {
  // Express would first read it to its end.
  if (Number(c.req.header("content-length") ?? 0) > MOST_BYTES) {
    throw new WireError(413, "unknown_error", "request entity too large")
  }
  const request = unread(c) as IncomingMessage & { body?: unknown }
  const response = c.env.outgoing as ServerResponse
  for (const parse of parsers) {
    await new Promise<void>((resolve, reject) => {
      parse(request, response, (error?: ParserError) => (error ? reject(refusalOf(error)) : resolve()))
    })
  }
  if (depth(request.body) > mostDeep) {
    throw new WireError(400, "invalid_data", `Invalid request: nested more than ${mostDeep} deep`)
  }
  return request.body
}

/** The request, or one like it for what reads a body that has been read whole already. */
function unread(c: Context<Counter>): IncomingMessage {
  const request = c.env.incoming as IncomingMessage
  const { wholeBody } = c.var
  if (!wholeBody) return request
  const again = Readable.from(wholeBody.byteLength > 0 ? [wholeBody] : [], { objectMode: false })
  return Object.assign(again, { headers: request.headers }) as unknown as IncomingMessage
}

/** Level by level, without recursion: that is what it guards. */
function depth(body: unknown): number {
  let deep = 0
  for (let level = [body].filter(isNested); level.length > 0; deep++) {
    level = level.flatMap((it) => Object.values(it).filter(isNested))
  }
  return deep
}

const isNested = (it: unknown): it is object => typeof it === "object" && it !== null

type ParserError = Error & { status?: number }

/** @source Medusa 2.21 `framework/dist/http/middlewares/error-handler.js` */
function refusalOf(error: ParserError): Error {
  if (error.status === 400) return new WireError(400, "invalid_data", error.message)
  if (error.status === 413 || error.status === 415) return new WireError(error.status, "unknown_error", error.message)
  return error
}
