import { type IncomingMessage, ServerResponse } from "node:http"
import { RESPONSE_ALREADY_SENT } from "@hono/node-server/utils/response"
import type { Context } from "hono"
import type { ContentfulStatusCode } from "hono/utils/http-status"
import send from "send"
import type { Counter } from "../counter.ts"

/**
 * Answers with a file, as Express does it for Medusa (it is the same library): conditional requests, ranges, and no
 * way out of the folder.
 *
 * @param path     below `folder`, as it stands in the URL (encoded), with a slash before it
 * @param headers  of the answer, by name
 * @returns undefined, and nothing is sent, when there is no such file
 */
export function sendFile(
  c: Context<Counter>,
  folder: string,
  path: string,
  headers: Record<string, string>,
): Promise<Response | undefined> {
  const { incoming, outgoing } = c.env
  return new Promise((resolve, reject) => {
    const file = send(incoming as never, path, { root: folder, index: false, dotfiles: "ignore", cacheControl: false })
    file.on("headers", (response: typeof outgoing) => {
      for (const [name, value] of Object.entries(headers)) response.setHeader(name, value)
    })
    file.on("directory", () => resolve(undefined))
    file.on("error", (error: Error & { status?: number; headers?: Record<string, string> }) => {
      const { status = 500 } = error
      // The file is there, but not the part, or not the version, that was asked for.
      if (status === 412 || status === 416) resolve(c.body(null, status, error.headers))
      else if (status < 500) resolve(undefined)
      else reject(error)
    })
    // Whether it was sent or the client has left, there is nothing more to answer.
    outgoing.once("close", () => resolve(RESPONSE_ALREADY_SENT))
    file.pipe(c.req.method === "HEAD" ? unsent(c, resolve) : (outgoing as ServerResponse))
  })
}

/**
 * Takes an answer without a body and hands it on. Of what answers HEAD Hono makes another answer, which does not know
 * that it was sent already, and would be sent again.
 */
function unsent(c: Context<Counter>, done: (answer: Response) => void): ServerResponse {
  const response = new ServerResponse(c.env.incoming as IncomingMessage)
  response.end = () => {
    const headers = Object.entries(response.getHeaders()).map(([name, value]) => [name, String(value)])
    done(c.body(null, response.statusCode as ContentfulStatusCode, Object.fromEntries(headers)))
    return response
  }
  return response
}
