import type { Context } from "hono"
import type { Catalog, DocumentVersion } from "../../commerce/catalog/index.ts"
import type { Log } from "../../platform/log.ts"
import { slots } from "../../platform/slots.ts"
import type { Counter } from "../counter.ts"
import { type EventStream, openEventStream } from "./event-stream.ts"
import { eventsOf, eventText } from "./events.ts"
import { completeAt, type Position, requireReachable, writePosition } from "./position.ts"
import { noStream, type StreamRoom } from "./room.ts"
import { type ShownDocument, showDocument } from "./shown.ts"

/** All open streams of the catalog of one process. */
export interface CatalogStreams {
  /**
   * Answers with a stream of what changes.
   *
   * @param position  where the device has come to; undefined: from now on
   * @param isValid   whether its key still opens these channels
   * @param address   from where it is followed
   * @throws WireError 503 when no more may be open, or none any more, 429 when no more from this address
   */
  open(
    c: Context<Counter>,
    channels: readonly string[],
    position: Position | undefined,
    isValid: () => boolean,
    address: string,
  ): Promise<Response>
  /** Ends them all; devices come back, to another process or to the next. */
  close(): void
}

interface Device {
  stream: EventStream
  channels: readonly string[]
  position: Position
  /** It has caught up: what is read for all is for it too. */
  isLive: boolean
  isValid: () => boolean
}

/** Documents that are read at once. */
const PAGE = 50
/** How long all others wait for a client that does not take what it was sent. */
const SLOW_MILLISECONDS = 1_000
/** How long one that catches up may take for a page. */
const STALLED_MILLISECONDS = 30_000
/** How many that catch up are read for at once: all devices may come back in the same second. */
const MOST_READERS = 4
const AGAIN_MILLISECONDS = 1_000
/** After how long a client that has lost its connection comes back. */
const RETRY_MILLISECONDS = 3_000

const encoder = new TextEncoder()

/**
 * One reader per process follows the documents and serves every stream that has caught up: the number of devices makes
 * no more queries. One that comes back reads on from where it was on its own, as fast as it takes it, and then joins.
 *
 * @param options.room              for streams of all kinds
 * @param options.heartbeatSeconds  between two signs of life, which also move the client's position on
 */
export function openCatalogStreams(
  { changes, history }: Pick<Catalog, "changes" | "history">,
  log: Log,
  options: { room: StreamRoom; heartbeatSeconds: number },
): CatalogStreams {
  const devices = new Set<Device>()
  const readers = slots(MOST_READERS)
  let isClosed = false
  // The common reader: up to where it has read, and up to where everything is told.
  let read = changes.version
  let told = read
  let newest = read
  let reading: Promise<void> | undefined

  const stopListening = changes.listen((changed) => {
    newest = Math.max(newest, changed.at(-1)?.version ?? 0)
    wake()
  })

  let isFailing = false
  let again: NodeJS.Timeout | undefined
  function wake(): void {
    if (reading || isClosed) return
    clearTimeout(again)
    reading = tellAll()
      .then(() => {
        isFailing = false
      })
      .catch((error) => {
        if (!isFailing) log.error({ err: error }, "changes of the catalog cannot be told; trying again")
        isFailing = true
      })
      .finally(() => {
        reading = undefined
        if (isFailing) again = setTimeout(wake, AGAIN_MILLISECONDS)
        else if (read < newest) wake()
      })
  }

  async function tellAll(): Promise<void> {
    while (!isClosed) {
      const live = [...devices].filter((it) => it.isLive)
      const target = newest
      if (live.length === 0) {
        read = told = target
        return
      }
      const channels = [...new Set(live.flatMap((it) => it.channels))]
      const { documents, links } = await history.read(read, channels, PAGE)
      const isLast = documents.length < PAGE
      for (const document of documents) {
        const chunks = new Map<string, Uint8Array[]>()
        const shown = showDocument(document, links)
        const complete = isLast && document === documents.at(-1)
        for (const device of live)
          tell(device, document, shown, Math.max(told, device.position.since), complete, chunks)
        await makeRoom(live)
        read = document.version
      }
      if (!isLast) continue
      read = told = Math.max(read, target)
      for (const device of live) {
        if (device.position.version <= read) device.position = completeAt(read)
      }
      return
    }
  }

  /**
   * Sends a device what is new of a document.
   *
   * @param complete  with it, all is told
   * @param chunks    what is sent to whom sees the same: made once
   */
  function tell(
    device: Device,
    document: DocumentVersion,
    shown: ShownDocument,
    since: number,
    complete: boolean,
    chunks: Map<string, Uint8Array[]>,
  ): void {
    const { stream, channels, position } = device
    if (document.version <= position.version) return
    device.position = complete
      ? completeAt(document.version)
      : { version: document.version, since: position.since, began: position.began }
    const events = eventsOf(document, channels, since)
    if (events.length === 0) return
    const key = `${channels} ${events}`
    const made = chunks.get(key) ?? events.map((name) => encoder.encode(eventText(name, document, shown, channels)))
    chunks.set(key, made)
    made.forEach((chunk, index) => {
      stream.send(chunk)
      // Only the last event of a document moves the client on: after another it would miss the rest of it.
      stream.send(encoder.encode(index === made.length - 1 ? `${idLine(device)}\n` : "\n"))
    })
  }

  const idLine = ({ position, channels }: Device) => `id: ${writePosition(position, channels)}\n`

  /** Waits a little for those who are slow, and goes on without who still is. */
  async function makeRoom(live: Device[]): Promise<void> {
    const slow = live.filter((it) => it.stream.isFull)
    if (slow.length === 0) return
    await Promise.all(
      slow.map(async ({ stream }) => {
        if (!(await stream.room(SLOW_MILLISECONDS))) stream.drop()
      }),
    )
  }

  /** @returns whether there is no more */
  async function tellPage(device: Device, version: number, since: number): Promise<boolean> {
    const { documents, links } = await history.read(version, device.channels, PAGE)
    const isLast = documents.length < PAGE
    for (const document of documents) {
      const complete = isLast && document === documents.at(-1)
      tell(device, document, showDocument(document, links), since, complete, new Map())
    }
    return isLast
  }

  /** Reads for one device what it has missed, until it stands where the common reader stands. */
  async function catchUp(device: Device): Promise<void> {
    const { stream } = device
    while (!stream.isClosed && !isClosed) {
      if (!reading && read <= device.position.version) {
        // Both in one turn of the loop: nothing can come in between.
        device.isLive = true
        if (newest > read) wake()
        return
      }
      // Joining in the middle of a common reading would miss what it has read already.
      await reading
      const target = read
      for (let isLast = false; !isLast && !stream.isClosed; ) {
        const { version, since } = device.position
        isLast = await readers.use(Number.POSITIVE_INFINITY, () => tellPage(device, version, since))
        // What it was sent waits in its queue alone, and nobody else for it to take that.
        if (!(await stream.room(STALLED_MILLISECONDS))) return stream.drop()
      }
      const upTo = Math.max(device.position.version, target)
      device.position = completeAt(upTo)
    }
  }

  const heartbeat = setInterval(() => {
    for (const device of devices) {
      if (!device.isValid()) device.stream.end()
      else if (!device.stream.isFull) device.stream.send(encoder.encode(`: heartbeat\n${idLine(device)}\n`))
    }
  }, options.heartbeatSeconds * 1000)
  heartbeat.unref()

  function requireRoom(address: string): void {
    if (isClosed) throw noStream("This counter is closing.")
    options.room.require({ address })
  }

  return {
    async open(c, channels, position, isValid, address) {
      requireRoom(address)
      const horizon = await history.horizon()
      if (position) requireReachable(position, horizon, "Last-Event-ID")
      requireRoom(address)
      // It may have left while the database was asked.
      if (c.env.outgoing.destroyed) return c.body(null)
      const leave = options.room.take({ address })
      const { stream, response } = openEventStream(c, () => {
        devices.delete(device)
        leave()
      })
      const device: Device = {
        stream,
        channels,
        position: position ?? completeAt(horizon.newest),
        isLive: false,
        isValid,
      }
      devices.add(device)
      // With its position at once: who loses the connection before the first event goes on from here.
      stream.send(encoder.encode(`retry: ${RETRY_MILLISECONDS}\n${idLine(device)}\n`))
      catchUp(device).catch((error) => {
        log.error({ err: error, request_id: c.var.requestId }, "a stream of the catalog could not catch up")
        stream.drop()
      })
      return response
    },
    close() {
      isClosed = true
      clearInterval(heartbeat)
      clearTimeout(again)
      stopListening()
      for (const { stream } of devices) stream.end()
    },
  }
}
