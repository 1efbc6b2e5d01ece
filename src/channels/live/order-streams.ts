import type { Context } from "hono"
import type { Sql } from "postgres"
import { readOrderRows, type Story, storyOf, type TimelineEntry } from "../../commerce/orders/index.ts"
import type { Log } from "../../platform/log.ts"
import { repeat } from "../../platform/repeat.ts"
import type { Counter } from "../counter.ts"
import { type EventStream, openEventStream } from "./event-stream.ts"
import { noStream, type StreamOwner, type StreamRoom } from "./room.ts"

/** All open streams of orders of one process. */
export interface OrderStreams {
  /**
   * Answers with a stream of what happens to an order.
   *
   * @param follower.position  how many of the order's entries its client has been told
   * @param address            from where it is followed
   * @throws WireError 503 when no more may be open, 429 when no more of this order, or from this address
   */
  open(
    c: Context<Counter>,
    story: Story,
    follower: Pick<Device, "position" | "show" | "isValid"> & Pick<StreamOwner, "address">,
  ): Response
  /** Ends them all; clients come back, to another process or to the next. */
  close(): Promise<void>
}

interface Device {
  stream: EventStream
  orderId: string
  /** So many entries were told. */
  position: number
  /** What is told of an entry, as JSON-able. */
  show(entry: TimelineEntry): object
  /** Whether its client may still follow the order. */
  isValid(): boolean
  /** Whose the order was when it was opened. */
  owner: string
}

const LOOK_MILLISECONDS = 200
/** After how long a client that has lost its connection comes back. */
const RETRY_MILLISECONDS = 3_000

const encoder = new TextEncoder()

const ownerOf = ({ email, customer_id }: Story["rows"]) => `${email ?? ""}\n${customer_id ?? ""}`

/**
 * One look per process tells of which orders more was told, by whichever counter; of those alone the rows are read. An
 * event's id is the entry's place among all that were told of the order, which never changes: who comes back with it
 * gets what follows, once.
 *
 * @param options.room              for streams of all kinds
 * @param options.heartbeatSeconds  between two signs of life
 */
export function openOrderStreams(
  sql: Sql,
  log: Log,
  options: { room: StreamRoom; heartbeatSeconds: number },
): OrderStreams {
  const devices = new Set<Device>()
  let isClosed = false

  async function look(): Promise<void> {
    if (devices.size === 0) return
    const followed = [...new Set([...devices].map((it) => it.orderId))]
    const rows = await sql<{ order_id: string; count: number }[]>`
      select order_id, cardinality(told) as count from mostrador.order_story where order_id = any(${followed})`
    const counts = new Map(rows.map((it) => [it.order_id, it.count]))
    const behind = [...devices].filter((it) => (counts.get(it.orderId) ?? 0) > it.position)
    if (behind.length === 0) return
    const stories = (await readOrderRows(sql, [...new Set(behind.map((it) => it.orderId))])).map(storyOf)
    for (const device of behind) {
      const story = stories.find((it) => it.rows.id === device.orderId)
      if (story) tell(device, story)
    }
  }
  const looking = repeat(look, {
    ...{ every: LOOK_MILLISECONDS, log, failing: "what happens to orders cannot be told to those who follow" },
  })

  function tell(device: Device, { entries, told, rows }: Story): void {
    const { stream } = device
    // His right to follow it ended with that.
    if (ownerOf(rows) !== device.owner || !device.isValid()) {
      stream.end()
      return
    }
    // A client that does not take what it was sent comes back for it.
    if (stream.isFull) {
      stream.drop()
      return
    }
    for (; device.position < told.length; device.position++) {
      // What was told and is no more (a payment that was taken back by its provider) is not told again.
      const entry = entries.find((it) => it.id === told[device.position])
      if (!entry) continue
      const text = `event: order.${entry.code}\ndata: ${JSON.stringify(device.show(entry))}\nid: ${device.position + 1}\n\n`
      stream.send(encoder.encode(text))
    }
  }

  const heartbeat = setInterval(() => {
    for (const { stream, position, isValid } of devices) {
      if (!isValid()) stream.end()
      else if (!stream.isFull) stream.send(encoder.encode(`: heartbeat\nid: ${position}\n\n`))
    }
  }, options.heartbeatSeconds * 1000)
  heartbeat.unref()

  return {
    open(c, story, { position, show, isValid, address }) {
      if (isClosed) throw noStream("This counter is closing.")
      const place = { address, subject: `order ${story.rows.id}` }
      options.room.require(place)
      const leave = options.room.take(place)
      const { stream, response } = openEventStream(c, () => {
        devices.delete(device)
        leave()
      })
      const owner = ownerOf(story.rows)
      const device: Device = { stream, orderId: story.rows.id, position, show, isValid, owner }
      devices.add(device)
      // With its position at once: who loses the connection before the first event goes on from here.
      stream.send(encoder.encode(`retry: ${RETRY_MILLISECONDS}\nid: ${position}\n\n`))
      tell(device, story)
      return response
    },
    async close() {
      isClosed = true
      clearInterval(heartbeat)
      for (const { stream } of devices) stream.end()
      await looking.close()
    },
  }
}
