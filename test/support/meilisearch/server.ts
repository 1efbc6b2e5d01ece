import { createServer, type IncomingMessage, type Server } from "node:http"
import type { AddressInfo } from "node:net"
import { setTimeout as wait } from "node:timers/promises"
import { ApiError } from "./errors.ts"
import { createIndexes, type Indexes } from "./indexes.ts"
import { createKeys, type Keys } from "./keys.ts"
import { answerRequest, type Request } from "./routes.ts"
import { createTasks, type TaskFaults, type Tasks } from "./tasks.ts"

/** What is wrong on purpose; tests set it as they go. */
export interface Faults extends TaskFaults {
  /** Connections are cut as soon as something is asked. */
  down: boolean
  /** Before every answer; `slow` narrows it to the paths that it fits. */
  delayMilliseconds: number
  slow: RegExp
  /** How many of the next requests are answered 500. */
  failNextRequests: number
  /** What it says it is. */
  version: string
}

/** A stand-in of Meilisearch: its documented HTTP contract in memory, as far as the counter uses it, and strict. */
export interface StandIn {
  url: string
  masterKey: string
  faults: Faults
  /** Every request so far. */
  requests: { method: string; path: string; body: unknown }[]
  /** The most requests that were being answered at one time. */
  readonly busiest: number
  tasks: Tasks
  indexes: Indexes
  /** Forgets everything, as a Meilisearch whose disk was replaced. */
  wipe(): void
  close(): Promise<void>
}

export interface State {
  faults: Pick<Faults, "version">
  tasks: Tasks
  indexes: Indexes
  keys: Keys
}

/** @param port  0: any that is free */
export async function startStandIn(masterKey = "stand-in-master-key", port = 0): Promise<StandIn> {
  const faults: Faults = {
    down: false,
    delayMilliseconds: 0,
    slow: /./,
    failNextRequests: 0,
    version: "1.41.0",
    failNextTasks: 0,
    failTypes: [],
    holdTasks: false,
    taskMilliseconds: 2,
  }
  const fresh = (): State => {
    const tasks = createTasks(faults)
    return { faults, tasks, indexes: createIndexes(tasks), keys: createKeys(masterKey) }
  }
  let state = fresh()
  const requests: StandIn["requests"] = []
  let busy = 0
  let busiest = 0

  const server: Server = createServer(async (incoming, response) => {
    if (faults.down) return incoming.socket.destroy()
    busiest = Math.max(busiest, ++busy)
    let status = 200
    let body: unknown
    try {
      const request = await read(incoming)
      requests.push({ method: request.method, path: request.path, body: request.body })
      if (faults.delayMilliseconds > 0 && faults.slow.test(request.path)) await wait(faults.delayMilliseconds)
      if (faults.failNextRequests > 0) {
        faults.failNextRequests--
        throw new ApiError("internal", "An internal error has occurred. `No space left on device`.")
      }
      ;({ status, body } = answerRequest(request, state))
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      ;({ status, body } = error)
    }
    busy--
    response.writeHead(status, { "Content-Type": "application/json" })
    response.end(body === undefined ? undefined : JSON.stringify(body))
  })
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve))

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    masterKey,
    faults,
    requests,
    get busiest() {
      return busiest
    },
    get tasks() {
      return state.tasks
    },
    get indexes() {
      return state.indexes
    },
    wipe() {
      state = fresh()
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

async function read(incoming: IncomingMessage): Promise<Request> {
  const chunks: Buffer[] = []
  for await (const chunk of incoming) chunks.push(chunk as Buffer)
  const text = Buffer.concat(chunks).toString()
  const url = new URL(incoming.url ?? "/", "http://localhost")
  const method = incoming.method ?? "GET"
  const request = { method, path: url.pathname, query: url.searchParams, authorization: incoming.headers.authorization }
  if (text === "") return { ...request, body: undefined }
  if (!incoming.headers["content-type"]?.startsWith("application/json")) {
    throw new ApiError("invalid_content_type", "The Content-Type is invalid. Accepted values are: `application/json`")
  }
  try {
    return { ...request, body: JSON.parse(text) }
  } catch {
    throw new ApiError("malformed_payload", "The json payload provided is malformed.")
  }
}
