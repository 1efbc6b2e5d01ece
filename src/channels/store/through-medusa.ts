import type { IncomingMessage } from "node:http"
import type { Context } from "hono"
import type { ReservedSql } from "postgres"
import {
  CartBusy,
  type CartChange,
  CartMoved,
  cartOfPayment,
  countCreation,
  type HandedOver,
  handOver,
  lineNow,
  ownBeside,
  survivorOf,
  VersionConflict,
  versionOf,
} from "../../commerce/carts/index.ts"
import { giveBackHold, holdAsIs, orderPlaced } from "../../commerce/checkout/index.ts"
import { isStockRefusal } from "../../commerce/inventory/index.ts"
import type { KeyedRequest } from "../../platform/idempotency/index.ts"
import { askMedusa } from "../ask-medusa.ts"
import type { Counter, Services } from "../counter.ts"
import { answerError, WireError } from "../errors.ts"
import { type Answer, alone, busy, failed, onceUnderKey, wholeAnswer, withConnection } from "../idempotency.ts"
import type { PassedOn, Passthrough } from "../passthrough/index.ts"
import { requireShallow, wholeBody } from "../whole-body.ts"
import { inTurn } from "./cart-turns.ts"
import { expectedVersion, showVersion, versionConflict } from "./cart-versions.ts"
import { asPresented, byWhom, customerAsking, presentedCart, refusalOf } from "./carts/index.ts"
import { asResponse, keyedRequest } from "./idempotency.ts"
import { KEY_HEADER, parseQuery } from "./lane.ts"
import { noCollection, unknownCollection } from "./payment-collections.ts"

/** What a Store request that is passed through means for carts. */
type Meaning =
  | { is: "read"; cart: string }
  | { is: "change"; cart: string; change: CartChange; line?: string | undefined }
  /** What is to be paid for a cart: of the collection, or of the cart that the body names. */
  | { is: "payment"; change: CartChange; collection: string | undefined }
  | { is: "creation" }
  | { is: "other" }

/** A cart that Medusa is asked to change. */
interface Handed {
  cart: string
  change: CartChange
  isMeantFor?: ReturnType<typeof expectedVersion>
}

/**
 * The passthrough for requests of the Store API: what Medusa is asked to change it is asked once under its
 * `Idempotency-Key`, and a cart has one writer at a time and a version that every change raises. All else passes as it is.
 *
 * A lane that passes a request on must have ended its transaction: the cart's lock is taken here.
 */
export function throughMedusa(services: Services, passthrough: Passthrough): Passthrough {
  const { config, database, publishableKeys } = services

  const pass = async (c: Context<Counter>, how?: PassedOn): Promise<Response> => {
    const request = c.env.incoming as IncomingMessage
    const { method = "GET", url = "/" } = request
    // Without a key Medusa refuses it, and nothing needs to be held for it.
    const key = publishableKeys.find(c.req.header(KEY_HEADER) ?? "")
    if (!/^\/store\//i.test(url) || !key) return passthrough(c, how)
    c.set("publishableKey", key)
    const meaning = meaningOf(method, url)
    const isKeyed = c.req.header("idempotency-key") !== undefined
    const isChange = (method === "POST" || method === "DELETE") && (meaning.is !== "other" || isKeyed)
    if (!isChange) {
      return await asPresented(c, services, async () => {
        const asked = await presented(c, meaning, url)
        return asked.is === "read" ? await read(c, asked.cart) : await passthrough(c, how)
      })
    }
    return await asResponse(c, services, async () => {
      // All of it is here before anything is held: who sends slowly keeps nobody waiting.
      const keyed = await keyedRequest(c, services)
      requireShallow((await wholeBody(c)).toString())
      // While its turn is waited for, a cart may be merged into another.
      return await asPresented(c, services, async () => change(c, keyed, await presented(c, meaning, url)))
    })
  }

  /**
   * The request as Medusa is to get it: under the ids that the cart and its line have by now.
   *
   * @throws WireError 404 for a cart that does not answer to who asks
   */
  async function presented(c: Context<Counter>, meaning: Meaning, url: string): Promise<Meaning> {
    if (meaning.is === "read" || meaning.is === "change") {
      const cart = (await presentedCart(c, services, meaning.cart))?.cart_id ?? meaning.cart
      const named = meaning.is === "change" ? meaning.line : undefined
      const line = named === undefined ? undefined : await lineNow(database.sql, cart, named)
      let path = url
      if (cart !== meaning.cart) path = renamed(path, /^(\/store\/carts\/)[^/?]+/i, cart)
      if (line !== undefined && line !== named) path = renamed(path, /(\/line-items\/)[^/?]+/i, line)
      if (path !== url) c.set("medusaPath", path)
      return { ...meaning, cart }
    }
    const { cart_id } = parseQuery(url)
    for (const cart of [cart_id].flat()) {
      if (typeof cart !== "string") continue
      const place = await presentedCart(c, services, cart)
      if (place && place.cart_id !== cart) c.set("medusaPath", withCart(url, place.cart_id))
    }
    if (CALCULATION.test(url)) await cartInBody(c)
    return meaning
  }

  /**
   * The cart that the body names, which becomes the one that it is by now.
   *
   * @returns undefined where it names none that is known; Medusa says so
   */
  async function cartInBody(c: Context<Counter>): Promise<string | undefined> {
    const body = parsed(await wholeBody(c)) as { cart_id?: unknown } | null | undefined
    if (typeof body?.cart_id !== "string") return undefined
    if (body.cart_id.includes("\0")) throw new WireError(400, "invalid_data", "A zero byte is in no id")
    const missing = new WireError(404, "not_found", `Cart id not found: ${body.cart_id}`)
    const place = await presentedCart(c, services, body.cart_id, missing)
    if (place && place.cart_id !== body.cart_id) {
      c.set("wholeBody", Buffer.from(JSON.stringify({ ...body, cart_id: place.cart_id })))
    }
    return place?.cart_id ?? body.cart_id
  }

  /**
   * The version is read before the cart: see `versionOf`. Which other things of the cart have changed it does not say.
   *
   * @throws CartMoved when it was merged into another while Medusa was asked for it
   */
  async function read(c: Context<Counter>, cart: string): Promise<Response> {
    const version = await versionOf(database.sql, cart)
    const answer = await passthrough(c, {
      headers: { "if-none-match": undefined, "if-modified-since": undefined },
      answered: (status, headers) => {
        if (status === 200) showVersion(headers, version)
      },
    })
    const survivor = answer.status === 404 ? await survivorOf(database.sql, cart) : undefined
    if (survivor === undefined) return answer
    // The connection has need of its end.
    await answer.arrayBuffer()
    throw new CartMoved(survivor)
  }

  /** @throws CartMoved when nothing was done, and the cart is by now another */
  async function change(c: Context<Counter>, keyed: KeyedRequest | undefined, meaning: Meaning): Promise<Answer> {
    const onceAlone = (work: (connection: ReservedSql) => Promise<Answer>) =>
      withConnection(services, (connection) => onceUnderKey(c, connection, keyed, () => work(connection)))

    const isOrder = meaning.is === "change" && meaning.change === "completed"
    const asks = () => asked(c, keyed !== undefined || isOrder)
    const handed = (handing: Handed) =>
      alone(services, keyed, () =>
        inTurn(services, handing.cart, () => onceAlone((connection) => hand(c, connection, handing, asks))),
      )
    if (meaning.is === "change") return await handed({ ...meaning, isMeantFor: expectedVersion(c) })
    // A lane must not change what is to be paid meanwhile: the payment would be of another amount than the order.
    const cart = meaning.is === "payment" ? await cartToPay(c, meaning.collection) : undefined
    if (cart !== undefined && meaning.is === "payment") return await handed({ cart, change: meaning.change })
    const work = () => (meaning.is === "creation" ? create(c) : asked(c, true))
    return keyed ? await alone(services, keyed, () => onceAlone(work)) : await work()
  }

  async function hand(
    c: Context<Counter>,
    connection: ReservedSql,
    { cart, change, isMeantFor }: Handed,
    asks: () => Promise<Answer>,
  ): Promise<Answer> {
    try {
      const { result, version } = await handOver<Answer>(connection, cart, {
        work: async (before) => {
          const result = await withHold(c, cart, change, asks).catch((error) => {
            const refused = refusalOf(error)
            if (!refused) throw error
            return wholeAnswer(answerError(refused, c))
          })
          // Asked again, Medusa answers with the order that there is.
          const order = before?.completed_at === null ? orderIn(result) : undefined
          return { came: cameOf(result), result, ...(order ? { also: [orderPlaced(order, cart)] } : {}) }
        },
        change: { is: change, by: await byWhom(c, config) },
        ...(isMeantFor ? { isMeantFor } : {}),
        onUncounted: (error) =>
          c.var.log.error({ request_id: c.var.requestId, err: error }, "a cart's change is not counted yet"),
      })
      if (change === "customer_transferred" && result.status < 300) await ownedByCaller(c, cart)
      if (version !== undefined && result.status < 300) showVersion(result.headers, version)
      return result
    } catch (error) {
      if (error instanceof VersionConflict) return await current(c, error).catch((cause) => failed(c, cause))
      if (error instanceof CartBusy) return await failed(c, busy())
      throw error
    }
  }

  /**
   * Has what is held for a cart follow what Medusa does to it: Medusa knows no holds, and would take what is held for the
   * cart itself for somebody else's. Who begins to pay gets it held first, so that no payment is begun for what is gone.
   */
  async function withHold(
    c: Context<Counter>,
    cartId: string,
    change: CartChange,
    asks: () => Promise<Answer>,
  ): Promise<Answer> {
    const { sql } = database
    const hold = (minutes: number) => sql.begin((tx) => holdAsIs(tx, cartId, minutes))
    /** What Medusa has answered stands. Others may have taken the stock meanwhile: then nothing is held. */
    const follow = (minutes: number) =>
      hold(minutes).catch((err) => {
        const is = { request_id: c.var.requestId, err }
        if (!isStockRefusal(err)) c.var.log.error(is, "what is held for a cart does not follow it")
      })
    if (change === "payment_collection_created") return await asks()
    if (change === "payment_session_created") {
      const wasHeld = config.holdMinutes > 0 && (await hold(config.holdMinutes))
      const answer = await asks()
      if (answer.status >= 300 && !answer.isUnknown && !wasHeld) await follow(0)
      return answer
    }
    const wasHeld = await giveBackHold(sql, cartId)
    const answer = await asks()
    // Medusa may still be at it, and about to take the stock.
    if (wasHeld && !answer.isUnknown) await follow(config.holdMinutes)
    return answer
  }

  /** @param isRead  whether the answer is kept or looked into here, and so must not be zipped */
  async function asked(c: Context<Counter>, isRead: boolean): Promise<Answer> {
    try {
      const answer = await passthrough.ask(c, isRead ? { "accept-encoding": "identity" } : {})
      // A balancer in front of Medusa says so when it has lost it.
      return { ...answer, isUnknown: answer.status === 502 || answer.status === 504 }
    } catch (error) {
      return await failed(c, error)
    }
  }

  /** What Medusa has made or transferred for who has logged in is his, and his open cart unless he has one. */
  async function ownedByCaller(c: Context<Counter>, cart: string): Promise<void> {
    const customer = await asPresented(c, services, () => customerAsking(c, config))
    if (customer !== undefined) await ownBeside(database.sql, cart, customer, { isOpen: config.cartMerge !== "off" })
  }

  async function create(c: Context<Counter>): Promise<Answer> {
    const answer = await asked(c, true)
    const id = answer.status < 300 && Buffer.isBuffer(answer.body) ? cartIn(answer.body) : undefined
    if (id !== undefined) {
      await ownedByCaller(c, id)
      showVersion(answer.headers, await countCreation(database.sql, id, await byWhom(c, config)))
    }
    return answer
  }

  /** @returns undefined where there is none that is known; Medusa says so */
  async function cartToPay(c: Context<Counter>, collection: string | undefined): Promise<string | undefined> {
    if (collection === undefined) return await cartInBody(c)
    const cart = await cartOfPayment(database.sql, collection)
    const place = cart === undefined ? undefined : await presentedCart(c, services, cart, unknownCollection(collection))
    // What was to be paid for a cart that is no more is to be paid no more.
    if (place && place.cart_id !== cart) throw noCollection(collection)
    return cart
  }

  /** The cart as it is now, to who had another in mind; or what Medusa says to who may not see it. */
  async function current(c: Context<Counter>, { cart_id, version }: VersionConflict): Promise<Answer> {
    const names = ["authorization", "cookie", "x-medusa-locale", KEY_HEADER]
    const given = Object.fromEntries(names.map((name) => [name, c.req.header(name)]))
    const { status, text } = await askMedusa(config.medusaUrl, `/store/carts/${encodeURIComponent(cart_id)}`, given)
    if (status === 200) return versionConflict(c, version, (JSON.parse(text) as { cart: unknown }).cart)
    return await wholeAnswer(c.body(text, status as 404, { "Content-Type": "application/json; charset=utf-8" }))
  }

  return Object.assign(pass, { ask: passthrough.ask, close: passthrough.close })
}

/** The target with another id in its path, behind what `part` keeps. */
const renamed = (url: string, part: RegExp, id: string) => url.replace(part, (_, before: string) => before + id)

/** The target with another cart in its query, however the parameter's name is written there. */
function withCart(url: string, cart: string): string {
  const [path = "", query = ""] = url.split(/\?(.*)/s)
  const parts = query.split("&").map((part) => {
    const [name = ""] = part.split("=")
    return decoded(name) === "cart_id" ? `cart_id=${encodeURIComponent(cart)}` : part
  })
  return `${path}?${parts.join("&")}`
}

/** @source express 4: letters' case and a slash at the end do not matter; a parameter is decoded */
function meaningOf(method: string, target: string): Meaning {
  const [, id, rest] = /^\/store\/carts(?:\/([^/?]+)([^?]*))?\/?(?:\?|$)/i.exec(target) ?? []
  if (id === undefined) {
    if (/^\/store\/carts\/?(\?|$)/i.test(target)) return { is: "creation" }
    const [isPayment, collection] = PAYMENT.exec(target) ?? []
    if (isPayment === undefined) return { is: "other" }
    const change = collection === undefined ? "payment_collection_created" : "payment_session_created"
    return { is: "payment", change, collection: collection && decoded(collection) }
  }
  const cart = decoded(id)
  if (cart === undefined) return { is: "other" }
  if (method === "POST" || method === "DELETE") {
    const [, line] = /^\/line-items\/([^/]+)/i.exec(rest ?? "") ?? []
    return { is: "change", cart, change: changeOf(method, rest ?? ""), line: line && decoded(line) }
  }
  return (method === "GET" || method === "HEAD") && /^\/?$/.test(rest ?? "") ? { is: "read", cart } : { is: "other" }
}

/** Of what a shipping option costs: its body names the cart. */
const CALCULATION = /^\/store\/shipping-options\/[^/?]+\/calculate\/?(?:\?|$)/i
const PAYMENT = /^\/store\/payment-collections(?:\/([^/?]+)\/payment-sessions)?\/?(?:\?|$)/i

/** What a request changes in a cart, by what comes after its id. */
function changeOf(method: "POST" | "DELETE", rest: string): CartChange {
  const [, part, isOne] = /^\/([^/]+)(\/[^/]+)?/.exec(rest.toLowerCase()) ?? []
  if (part === "line-items") {
    if (method === "DELETE") return "line_removed"
    return isOne ? "line_updated" : "line_added"
  }
  if (part === "promotions") return "promotions_changed"
  if (part === "shipping-methods") return "shipping_method_added"
  if (part === "customer") return "customer_transferred"
  if (part === "complete") return "completed"
  return "updated"
}

function decoded(id: string): string | undefined {
  try {
    return decodeURIComponent(id)
  } catch {
    // Medusa says what is wrong with it.
    return undefined
  }
}

function cameOf({ status, isUnknown }: Answer): HandedOver<Answer>["came"] {
  if (isUnknown) return "unknown"
  return status < 300 ? "changed" : "refused"
}

/** The id of the order that Medusa has made, if it has. */
function orderIn({ status, body }: Answer): string | undefined {
  if (status !== 200 || !Buffer.isBuffer(body)) return undefined
  const { order } = (parsed(body) ?? {}) as { order?: { id?: unknown } }
  return typeof order?.id === "string" ? order.id : undefined
}

/** The id of the cart in an answer of Medusa's, where it is one. */
function cartIn(body: Buffer): string | undefined {
  const { cart } = (parsed(body) ?? {}) as { cart?: { id?: unknown } }
  return typeof cart?.id === "string" ? cart.id : undefined
}

function parsed(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString())
  } catch {
    // Of a request Medusa says what is wrong with it; an answer is of something else in Medusa's place.
    return undefined
  }
}
