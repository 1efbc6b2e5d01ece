import { get, type IncomingMessage } from "node:http"

/** One event as a browser's `EventSource` hands it out. */
export interface LiveEvent {
  name: string
  data: { product_id: string; version: number; [key: string]: unknown }
}

/** A device that follows a stream, in the way of `EventSource`. */
export interface LiveDevice {
  status: number
  headers: IncomingMessage["headers"]
  events: LiveEvent[]
  /** All that came, comments too. */
  readonly text: string
  /** What it would send as `Last-Event-ID`. */
  readonly lastId: string
  readonly isClosed: boolean
  response: IncomingMessage
  leave(): void
}

/** Opens a stream, and resolves with the head of the answer. */
export function follow(url: string, headers: Record<string, string>): Promise<LiveDevice> {
  return new Promise((resolve, reject) => {
    const request = get(url, { headers, agent: false }, (response) => {
      let text = ""
      let rest = ""
      let lastId = ""
      let isClosed = false
      const events: LiveEvent[] = []
      response.setEncoding("utf8")
      response.on("data", (chunk: string) => {
        text += chunk
        rest += chunk
        const blocks = rest.split("\n\n")
        rest = blocks.pop() ?? ""
        for (const block of blocks) {
          const field = (name: string) =>
            block
              .split("\n")
              .findLast((line) => line.startsWith(`${name}: `))
              ?.slice(name.length + 2)
          lastId = field("id") ?? lastId
          const data = field("data")
          if (data !== undefined) events.push({ name: field("event") ?? "message", data: JSON.parse(data) })
        }
      })
      response.on("close", () => {
        isClosed = true
      })
      response.on("error", () => {})
      resolve({
        status: response.statusCode ?? 0,
        headers: response.headers,
        events,
        response,
        get text() {
          return text
        },
        get lastId() {
          return lastId
        },
        get isClosed() {
          return isClosed
        },
        leave: () => request.destroy(),
      })
    })
    request.once("error", reject)
  })
}
