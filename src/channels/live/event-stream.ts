import type { Context } from "hono"
import type { Counter } from "../counter.ts"

/** What may wait for a slow client, in bytes. */
const QUEUE_BYTES = 1024 * 1024

/**
 * One open answer of server-sent events. What is sent waits in a queue until the client takes it; who writes looks at
 * the queue, and gives up a client that leaves it full.
 */
export interface EventStream {
  /** Whether so much waits that no more should be sent. */
  readonly isFull: boolean
  readonly isClosed: boolean
  send(chunk: Uint8Array): void
  /** Resolves when there is room again, or the client has gone; false when there is none after so long. */
  room(milliseconds: number): Promise<boolean>
  /** Ends the answer after what waits. */
  end(): void
  /** Ends it at once: what waits is lost, and the client comes back for it. */
  drop(): void
}

/**
 * Answers with a stream of events.
 *
 * @param closed  called once, when the client has gone or the stream has ended
 */
export function openEventStream(c: Context<Counter>, closed: () => void): { stream: EventStream; response: Response } {
  let controller: ReadableStreamDefaultController<Uint8Array> | undefined
  let isClosed = false
  let waiting: (() => void)[] = []
  const { outgoing } = c.env
  c.set("isStream", true)

  function finish(): void {
    if (isClosed) return
    isClosed = true
    closed()
    wake()
  }
  function wake(): void {
    const woken = waiting
    waiting = []
    for (const it of woken) it()
  }
  const isFull = () => !isClosed && (controller?.desiredSize ?? 0) < QUEUE_BYTES / 2

  const body = new ReadableStream<Uint8Array>(
    {
      start(it) {
        controller = it
      },
      pull() {
        if (!isFull()) wake()
      },
      cancel: finish,
    },
    new ByteLengthQueuingStrategy({ highWaterMark: QUEUE_BYTES }),
  )
  outgoing.once("close", finish)

  const stream: EventStream = {
    get isFull() {
      return isFull()
    },
    get isClosed() {
      return isClosed
    },
    send(chunk) {
      if (!isClosed) controller?.enqueue(chunk)
    },
    async room(milliseconds) {
      if (!isFull()) return true
      let timer: NodeJS.Timeout | undefined
      await new Promise<void>((resolve) => {
        waiting.push(resolve)
        timer = setTimeout(resolve, milliseconds)
      })
      clearTimeout(timer)
      return !isFull()
    },
    end() {
      if (isClosed) return
      finish()
      controller?.close()
    },
    drop() {
      finish()
      outgoing.destroy()
    },
  }
  const response = c.body(body, 200, {
    "Content-Type": "text/event-stream; charset=utf-8",
    "Cache-Control": "no-store",
    // Else nginx would collect events until it has some kilobytes of them.
    "X-Accel-Buffering": "no",
  })
  return { stream, response }
}
