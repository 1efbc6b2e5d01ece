import type { Context } from "hono"
import type { Sql } from "postgres"
import {
  type CartEvent,
  type CartPlace,
  isReachable,
  type News,
  openPresence,
  ownerOfRow,
  type Place,
  readEvents,
  readMissed,
  readNews,
  readSnapshot,
  type Viewer,
  viewersOf,
} from "../../commerce/carts/index.ts"
import { isVisible, type Snapshot, seesAllOf } from "../../platform/db/index.ts"
import type { Log } from "../../platform/log.ts"
import { repeat } from "../../platform/repeat.ts"
import { slots } from "../../platform/slots.ts"
import type { Counter } from "../counter.ts"
import { cartEventText, presenceText } from "./cart-events.ts"
import { type CartPositions, tooOld } from "./cart-position.ts"
import { type EventStream, openEventStream } from "./event-stream.ts"
import { noStream, type StreamRoom } from "./room.ts"

/** Who follows a cart. */
export interface CartFollower {
  /** The one that has survived. */
  cartId: string
  /** Where he goes on, in which cart; undefined: from now on. */
  from: { cartId: string; place: Place } | undefined
  viewer: Pick<Viewer, "channel" | "device" | "actor_type">
  /** From where he follows it. */
  address: string
  /** Whether a cart answers to him, now. */
  mayFollow(cart: CartPlace): Promise<boolean>
}

/** A cart as it is shown to those who follow it. */
export interface ShownNow {
  /** JSON; `null` where only Medusa can show it. */
  text: string
  owner: string | null
  /** ISO. */
  completed_at: string | null
}

/** All open streams of carts of one process. */
export interface CartStreams {
  /**
   * Answers with a stream of what happens to a cart, or with 204 when nothing more will.
   *
   * @throws WireError 410 for a place from where he cannot go on, 503 when no more may be open, 429 when no more of this
   *   cart, or from this address
   */
  open(c: Context<Counter>, follower: CartFollower): Promise<Response>
  /** Ends them all; clients come back, to another process or to the next. */
  close(): Promise<void>
}

export interface CartStreamsOptions {
  /** For streams of all kinds. */
  room: StreamRoom
  /** Between two signs of life, at which it is looked, too, whether the client may still follow the cart. */
  heartbeatSeconds: number
  positions: CartPositions
  /** Reads a cart. @returns undefined when it is not there */
  show(cartId: string): Promise<ShownNow | undefined>
}

interface Device extends Omit<CartFollower, "from" | "address"> {
  stream: EventStream
  place: Place
  /** It has caught up: what is read for all is for it too. */
  isLive: boolean
  /** The last order that it was told of: of one that is found out late, it may know already. */
  order?: string
  /** To whose cart it was found to have the right. */
  allowed: string
  /** Of its row among those who look at the cart. */
  presence?: string
}

const LOOK_MILLISECONDS = 100
/** What one may have missed: who was away for more begins anew. */
const MOST_MISSED = 1_000
/** How many that come back are read for at once. */
const MOST_READERS = 4
const STALLED_MILLISECONDS = 30_000
/** After how long a client that has lost its connection comes back. */
const RETRY_MILLISECONDS = 3_000
/** How long it is waited for what is told last of a cart that is an order now. */
const CLOSING_MILLISECONDS = 60_000

const encoder = new TextEncoder()

/**
 * One look per process at the log's new end tells of which carts something is new; of those that are followed here it is
 * read, and the cart once. An event's id is what could be seen when it was read: who comes back with it, to whichever
 * process, gets what could not be seen then, once, also from the cart into which his was merged.
 */
export function openCartStreams(sql: Sql, log: Log, options: CartStreamsOptions): CartStreams {
  const { room, positions, show } = options
  const devices = new Set<Device>()
  const presence = openPresence(sql, log)
  const readers = slots(MOST_READERS)
  const viewers = new Map<string, Viewer[]>()
  /** Orders of which it cannot be told yet which carts they were, until when that is tried. */
  const unresolved = new Map<string, number>()
  let isClosed = false
  /** Up to where the common reader has read; undefined while nobody is live. */
  let read: Snapshot | undefined
  /** Up to where all is told to those who are live. */
  let told: Snapshot | undefined

  const followersOf = (carts: ReadonlySet<string>) => [...devices].filter((it) => it.isLive && carts.has(it.cartId))
  const later = (place: Place, than: Place) => (seesAllOf(place.seen, than.seen) ? place : than)

  async function look(): Promise<void> {
    if (read === undefined) return
    if (devices.size === 0) {
      read = told = undefined
      viewers.clear()
      return
    }
    const { seen, isLost, news } = await readNews(sql, read, [...unresolved.keys()])
    // Both in one turn of the loop: who becomes live from now on has seen what this reading has.
    read = seen
    if (isLost) for (const { stream } of devices) stream.drop()
    else await tellAll(news, seen)
    told = seen
  }

  async function tellAll(all: readonly News[], seen: Snapshot): Promise<void> {
    const news = withoutUnresolved(all)
    const followed = new Set([...devices].flatMap((it) => (it.isLive ? [it.cartId] : [])))
    const aways = news.filter((it) => it.into !== null)
    const concerned = withSurvivors(followed, aways)
    const events = news.filter((it) => it.kind === "event" && it.into === null && concerned.has(it.cart_id ?? ""))
    const looked = new Set(news.flatMap((it) => (it.kind === "presence" && it.cart_id ? [it.cart_id] : [])))
    const carts = new Set([...events, ...aways].flatMap((it) => (it.cart_id ? [it.cart_id] : [])))
    const concernedDevices = followersOf(carts)
    try {
      if (events.length > 0) await tellEvents(concernedDevices, await readEvents(sql, events), aways, seen)
      await tellPresence(new Set([...looked].filter((it) => followed.has(it) || concerned.has(it))))
    } catch (error) {
      // They come back for it.
      for (const { stream } of concernedDevices) stream.drop()
      throw error
    }
  }

  /** Puts aside orders of which it is not known yet which carts they were: Medusa writes that a little later. */
  function withoutUnresolved(news: readonly News[]): News[] {
    const now = Date.now()
    for (const { kind, cart_id, subject_id } of news) {
      if (kind === "presence") continue
      if (cart_id !== null) unresolved.delete(subject_id)
      else if (!unresolved.has(subject_id)) unresolved.set(subject_id, now + CLOSING_MILLISECONDS)
    }
    for (const [id, until] of unresolved) if (until < now) unresolved.delete(id)
    return news.filter((it) => it.cart_id !== null)
  }

  async function tellEvents(to: readonly Device[], events: CartEvent[], aways: News[], seen: Snapshot): Promise<void> {
    const carts = new Map<string, Promise<ShownNow | undefined>>()
    const cartNow = (id: string) => {
      const known = carts.get(id) ?? show(id)
      carts.set(id, known)
      return known
    }
    const texts = new Map<CartEvent, string>()
    await Promise.all(
      to.map(async (device) => {
        const own = followedIn(device.cartId, events, aways).filter(
          (it) => it.id !== device.order && (it.name === "order.placed" || !isVisible(it.tx, device.place.seen)),
        )
        const last = own.at(-1)
        if (last) await tell(device, own, await cartNow(last.cart_id), later({ seen }, device.place), texts)
      }),
    )
  }

  /**
   * Sends a device what has happened, the cart as it is now with each.
   *
   * @param place  where it stands when it has all of it
   * @param texts  made once for all
   */
  async function tell(
    device: Device,
    events: readonly CartEvent[],
    cart: ShownNow | undefined,
    place: Place,
    texts = new Map<CartEvent, string>(),
  ): Promise<void> {
    const { stream } = device
    const cartId = events.at(-1)?.cart_id ?? device.cartId
    if (!cart || !(await isAllowed(device, { cart_id: cartId, owner: cart.owner }))) return stream.end()
    if (cartId !== device.cartId) {
      device.cartId = cartId
      if (device.presence !== undefined) await presence.move(device.presence, cartId)
    }
    const since = device.place.rest?.since ?? device.place.seen
    for (const [index, event] of events.entries()) {
      // One that does not take what it was sent comes back for it.
      if (stream.isFull && (device.isLive || !(await stream.room(STALLED_MILLISECONDS)))) return stream.drop()
      const text = texts.get(event) ?? cartEventText(event, cart.text)
      texts.set(event, text)
      const isLast = index === events.length - 1
      device.place = isLast ? place : { seen: place.seen, rest: { since, after: event.position } }
      stream.send(encoder.encode(`${text}id: ${positions.write(cartId, device.place)}\n\n`))
      if (event.name === "order.placed") device.order = event.id
    }
    if (cart.completed_at !== null && device.order !== undefined) stream.end()
  }

  /** Whether it may follow the cart: asked anew when that is another's. */
  async function isAllowed(device: Device, cart: CartPlace, isAnew = false): Promise<boolean> {
    const of = `${cart.cart_id} ${cart.owner}`
    if (device.allowed === of && !isAnew) return true
    const isTrue = await device.mayFollow(cart)
    device.allowed = isTrue ? of : ""
    return isTrue
  }

  async function tellPresence(carts: ReadonlySet<string>): Promise<void> {
    if (carts.size === 0) return
    const followers = new Map<string, Device[]>()
    for (const device of followersOf(carts)) {
      followers.set(device.cartId, [...(followers.get(device.cartId) ?? []), device])
    }
    for (const id of carts) if (!followers.has(id)) viewers.delete(id)
    for (const [id, now] of await viewersOf(sql, [...followers.keys()])) {
      const text = encoder.encode(presenceText(viewers.get(id) ?? [], now))
      viewers.set(id, now)
      for (const { stream } of followers.get(id) ?? []) if (!stream.isFull) stream.send(text)
    }
  }

  const looking = repeat(look, {
    ...{ every: LOOK_MILLISECONDS, log, failing: "what happens to carts cannot be told to those who follow" },
  })

  /** Reads for one device what it has missed, until it stands where the common reader stands. */
  async function catchUp(device: Device, missed: CartEvent[], seen: Snapshot): Promise<void> {
    const { stream } = device
    let [events, upTo] = [missed, seen]
    while (!stream.isClosed && !isClosed) {
      if (events.length > 0) {
        const last = events.at(-1)?.cart_id ?? device.cartId
        await tell(device, events, await show(last), { seen: upTo })
      } else device.place = { seen: upTo }
      if (stream.isClosed) return
      if (read === undefined || seesAllOf(device.place.seen, read)) {
        // Both in one turn of the loop: nothing can come in between.
        read ??= device.place.seen
        told ??= read
        device.isLive = true
        await join(device)
        return
      }
      const next = await readMissedBy(device)
      if (next.events.length > MOST_MISSED) return stream.drop()
      ;[events, upTo] = [next.events, next.seen]
    }
  }

  const readMissedBy = ({ cartId, place }: Pick<Device, "cartId" | "place">) =>
    readers.use(Number.POSITIVE_INFINITY, () => readMissed(sql, cartId, place, MOST_MISSED + 1))

  async function join(device: Device): Promise<void> {
    const id = await presence.join(device.cartId, device.viewer)
    device.presence = id
    if (device.stream.isClosed) await presence.leave(id)
  }

  async function beat(): Promise<void> {
    for (const device of devices) {
      if (!device.isLive || device.stream.isFull) continue
      // What is being told just now is not told yet.
      if (told !== undefined && seesAllOf(told, device.place.seen) && !device.place.rest) device.place = { seen: told }
      device.stream.send(encoder.encode(`: heartbeat\nid: ${positions.write(device.cartId, device.place)}\n\n`))
    }
    await endThoseWhoMayNot()
  }
  const heartbeat = repeat(beat, {
    ...{ every: options.heartbeatSeconds * 1000, log, failing: "it cannot be looked who may follow which cart" },
  })

  async function endThoseWhoMayNot(): Promise<void> {
    const followed = [...new Set([...devices].map((it) => it.cartId))]
    if (followed.length === 0) return
    const rows = await sql<(CartPlace & { closed: boolean })[]>`
      select cart.id as cart_id, ${ownerOfRow(sql)} as owner,
        coalesce(completed_at < now() - make_interval(secs => ${CLOSING_MILLISECONDS / 1000}), false) as closed
      from cart where cart.id = any(${followed}) and cart.deleted_at is null`
    const carts = new Map(rows.map((it) => [it.cart_id, it]))
    await Promise.all(
      [...devices].map(async (device) => {
        const cart = carts.get(device.cartId)
        // Who comes back for one that is gone is told whether, and where to.
        if (!cart || cart.closed || !(await isAllowed(device, cart, true))) device.stream.end()
      }),
    )
  }

  return {
    async open(c, { from, address, ...follower }) {
      if (isClosed) throw noStream("This counter is closing.")
      const owner = { address, subject: `cart ${follower.cartId}` }
      room.require(owner)
      const place = from?.place ?? { seen: await readSnapshot(sql) }
      if (from && !(await isReachable(sql, place))) throw tooOld()
      const missed = from ? await readMissedBy(from) : { events: [], seen: place.seen }
      if (missed.events.length > MOST_MISSED) throw tooOld()
      const cart = await show(follower.cartId)
      const isOver = cart?.completed_at != null && Date.now() - Date.parse(cart.completed_at) > CLOSING_MILLISECONDS
      if (missed.events.length === 0 && isOver) return c.body(null, 204)
      room.require(owner)
      // It may have left while the database was asked.
      if (c.env.outgoing.destroyed) return c.body(null)
      const leave = room.take(owner)
      const { stream, response } = openEventStream(c, () => {
        devices.delete(device)
        leave()
        if (device.presence === undefined) return
        presence
          .leave(device.presence)
          .catch((error) => log.warn({ err: error }, "it cannot be said who has left a cart"))
      })
      const cartId = from?.cartId ?? follower.cartId
      const device: Device = { ...follower, cartId, stream, place, isLive: false, allowed: "" }
      devices.add(device)
      // With its position at once: who loses the connection before the first event goes on from here.
      stream.send(encoder.encode(`retry: ${RETRY_MILLISECONDS}\nid: ${positions.write(cartId, place)}\n\n`))
      catchUp(device, missed.events, missed.seen).catch((error) => {
        if (!isClosed) log.error({ err: error, request_id: c.var.requestId }, "a stream of a cart could not catch up")
        stream.drop()
      })
      return response
    },
    async close() {
      isClosed = true
      await heartbeat.close()
      for (const { stream } of devices) stream.end()
      await looking.close()
      await presence.close()
    },
  }
}

/** The carts, and those into which they were merged just now. */
function withSurvivors(carts: ReadonlySet<string>, aways: readonly News[]): Set<string> {
  const all = new Set(carts)
  for (let before = -1; before < all.size; ) {
    before = all.size
    for (const { cart_id, into } of aways) if (cart_id !== null && into !== null && all.has(cart_id)) all.add(into)
  }
  return all
}

/** What is told to who follows a cart: what happens to it and, from when it is merged, to the one that survives. */
function followedIn(cartId: string, events: readonly CartEvent[], aways: readonly News[]): CartEvent[] {
  const own: CartEvent[] = []
  let at: string = cartId
  let since: News | undefined
  for (let merges = 0; merges <= aways.length; merges++) {
    const isAfter = (it: { tx: string; position: string }) =>
      since === undefined || it.tx === since.tx || BigInt(it.position) > BigInt(since.position)
    own.push(...events.filter((it) => it.cart_id === at && isAfter(it)))
    const away: News | undefined = aways.find((it) => it.cart_id === at && isAfter(it))
    if (!away?.into) break
    since = away
    at = away.into
  }
  return own
}
