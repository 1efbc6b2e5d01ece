import type { OpenAPIHono } from "@hono/zod-openapi"
import type { Context, MiddlewareHandler } from "hono"
import { NotKnownHere, OnlyMedusa, openCartOf, reachedCart, versionOf } from "../../commerce/carts/index.ts"
import type { Activity } from "../../commerce/channels/index.ts"
import { paymentBegun } from "../../commerce/sales/index.ts"
import { recordRefusal } from "../../platform/audit/index.ts"
import { isUsed } from "../../platform/idempotency/index.ts"
import { requireActivity } from "../channel-refusals.ts"
import type { Counter, Services } from "../counter.ts"
import type { Desk } from "../desk.ts"
import { WireError } from "../errors.ts"
import { wrongParameter } from "../parameters.ts"
import { readAs } from "../read-as.ts"
import {
  addingLine,
  answerWithCart,
  asPresented,
  bringVariant,
  ChangedLine,
  cartIn,
  changeCart,
  changingLine,
  closeCards,
  expectedVersion,
  keyedRequest,
  NewLine,
  noCart,
  openOrMake,
  refusalOf,
  removingLine,
  type ShownCart,
  selectCart,
  type Verb,
} from "../store/index.ts"
import { wholeBody } from "../whole-body.ts"

/** A room in which staff work on carts: the tills, or the telephone. */
export interface DeskRoom {
  /** `/pos` or `/agent`. */
  prefix: string
  /** Codes that are redeemed here are for it. */
  recipient: "pos" | "agent"
  actor: "cashier" | "agent"
  /** Lets through who works there. */
  require: MiddlewareHandler<Counter>
  /** Behind `require`. */
  deskOf(c: Context<Counter>): Desk
  /** What is done with every change besides: at a till nothing is sent, and all is sold in its region. */
  changing?<Read>(verb: Verb<Read>, desk: Desk): DeskVerb<Read>
  /** What is done to a cart when it comes here. */
  arriving?(desk: Desk): DeskVerb
}

/** What is done to a cart at a desk, and what the answer says of it. */
export type DeskVerb<Read = unknown> = Verb<Read> & { answer?(cart: unknown): object }

/** Work of a desk; what is asked of it is passed on as it is. */
export type DeskWork = (c: Context<Counter>, desk: Desk) => Promise<Response>

/**
 * Puts a route on the app for who works at a desk, in a channel that may do it.
 *
 * @param path  after the room's prefix, as Hono writes it
 */
export function addDeskRoute(
  app: OpenAPIHono<Counter>,
  room: DeskRoom,
  route: { method: "get" | "post" | "delete"; path: string; activity?: Activity; handle: DeskWork },
): void {
  const path = room.prefix + route.path
  app.on(route.method, path, room.require, async (c) => {
    c.set("route", path)
    return await atDesk(c, room, route.activity ?? "cart", route.handle)
  })
}

/** The work of somebody who was let through. */
async function atDesk(c: Context<Counter>, room: DeskRoom, activity: Activity, handle: DeskWork): Promise<Response> {
  const channel = c.get("channel")
  if (!channel) throw new Error("who works at a desk works in a channel")
  requireActivity(channel, activity)
  const desk = room.deskOf(c)
  c.set("desk", desk)
  // A key stands for the body, too, which the route reads before the key is looked at.
  if (c.req.header("idempotency-key") !== undefined) await wholeBody(c)
  try {
    return await handle(c, desk)
  } catch (error) {
    if (!(error instanceof OnlyMedusa)) throw error
    if (error instanceof NotKnownHere) throw refusalOf(error.refusal) ?? error
    throw new WireError(400, "not_allowed", `This cannot be done at a desk: ${error.reason}.`, {
      code: "not_at_desk",
    })
  }
}

/**
 * Work on the cart in the path, that has come to this desk.
 *
 * @throws WireError 404 for any other, as if it did not exist; it is remembered who asked for it
 */
export const onCart =
  (services: Services, handle: DeskWork): DeskWork =>
  async (c, desk) => {
    const { sql } = services.database
    const { worker } = desk
    const id = c.req.param("id") ?? ""
    const cartId = await reachedCart(sql, worker, id)
    if (cartId === undefined) {
      const { actor, channel_id, till_id } = worker
      await recordRefusal(sql, {
        ...{ action: "cart.refused", actor, channel_id, till_id },
        subject_id: /^cart_\w{20,30}$/.test(id) ? id : null,
      })
      throw noCart(id)
    }
    c.set("cartId", cartId)
    return await asPresented(c, services, () => handle(c, desk))
  }

/**
 * Closes what the customer of the cart in the path has begun to pay by card on another device, and not paid: before the
 * cart is changed, and after what is asked was looked at, since what is refused must leave his payment alone.
 *
 * @throws WireError when it is paid, or just being paid; or Stripe does not say so
 */
export async function letGoOfCards(c: Context<Counter>, services: Services, { by }: Desk): Promise<void> {
  const { database } = services
  if (!services.payments) return
  const isMeantFor = expectedVersion(c)
  // Refused for good under the cart's lock.
  if (isMeantFor && !isMeantFor(await versionOf(database.sql, cartIn(c)))) return
  // Answered as before, or refused: the customer may have begun to pay since.
  const keyed = await keyedRequest(c, services)
  if (keyed && (await isUsed(database.sql, keyed))) return
  const came = await closeCards(c, services, cartIn(c), by)
  if (came === "paid") throw refusalOf(paymentBegun()) ?? paymentBegun()
}

/** What of the cart the answer shows, by its parameter `fields`. @throws WireError 400 for what only Medusa can show */
export function shownBy(c: Context<Counter>): ShownCart {
  const show = selectCart(c.req.query("fields"))
  if (!show) throw wrongParameter("fields", "only those that GET /store/carts/{id} answers itself")
  return show
}

/** Answers with the cart as it is. */
export const getting =
  (services: Services): DeskWork =>
  async (c) => {
    const answer = await answerWithCart(c, services, cartIn(c), shownBy(c))
    if (!answer) throw new OnlyMedusa("only Medusa knows how it shows this cart")
    return answer
  }

/** Changes the cart in the path, and answers with it. */
export function changing<Read>(
  services: Services,
  room: DeskRoom,
  verbOf: (c: Context<Counter>, desk: Desk) => Promise<Verb<Read>>,
): DeskWork {
  return onCart(services, async (c, desk) => {
    const verb = await verbOf(c, desk)
    await letGoOfCards(c, services, desk)
    const cartId = cartIn(c)
    return await changeCart(c, services, {
      ...{ cartId, show: shownBy(c), by: desk.by, missing: noCart(cartId) },
      ...(room.changing?.(verb, desk) ?? verb),
    })
  })
}

/** The routes of a cart that every desk has. */
export function addDeskCarts(app: OpenAPIHono<Counter>, services: Services, room: DeskRoom): void {
  const line = (c: Context<Counter>) => c.req.param("line_id") ?? ""
  addDeskRoute(app, room, { method: "get", path: "/carts/:id", handle: onCart(services, getting(services)) })
  addDeskRoute(app, room, {
    ...{ method: "post", path: "/carts/:id/line-items" },
    handle: changing(services, room, async (c, desk) => {
      const wanted = await readAs(c, NewLine)
      // Behind a desk there is no Medusa to ask about what is new.
      await bringVariant(services.catalog, services.database.sql, wanted.variant_id)
      return addingLine(cartIn(c), wanted, desk.counter_location_id)
    }),
  })
  addDeskRoute(app, room, {
    ...{ method: "post", path: "/carts/:id/line-items/:line_id" },
    handle: changing(services, room, async (c, desk) =>
      changingLine(cartIn(c), line(c), await readAs(c, ChangedLine), desk.counter_location_id),
    ),
  })
  addDeskRoute(app, room, {
    ...{ method: "delete", path: "/carts/:id/line-items/:line_id" },
    handle: changing(services, room, async (c) => removingLine(line(c))),
  })
}

/**
 * The open cart of a customer who was found here; it is made when there is none.
 *
 * @throws WireError 404 for a customer whom nobody has looked for here, and where customers share no carts
 */
export async function cartOfCustomer(
  c: Context<Counter>,
  services: Services,
  { worker }: Desk,
  wanted: { customerId: string; region_id: string | undefined; arriving?: DeskVerb | undefined },
): Promise<Response> {
  const { sql } = services.database
  const open = await openCartOf(sql, wanted.customerId)
  // It comes to the desk by this.
  if (open !== undefined) await reachedCart(sql, worker, open)
  return await newCart(c, services, wanted)
}

/**
 * Makes a cart in the desk's own sales channel, or gives the customer's.
 *
 * @param arriving  what is done to the customer's, since it comes here
 */
export async function newCart(
  c: Context<Counter>,
  services: Services,
  {
    customerId,
    region_id,
    arriving,
  }: { customerId: string | undefined; region_id: string | undefined; arriving?: DeskVerb | undefined },
): Promise<Response> {
  const region = region_id ?? services.store.default_region_id ?? ""
  if (!services.regions.find(region)) throw new WireError(404, "not_found", `Region with id: ${region} was not found`)
  const sales_channel_id = c.get("channel")?.sales_channel_id ?? ""
  const { country_code, province } = c.get("desk")?.place?.address ?? {}
  const shipping_address = country_code === undefined ? undefined : { country_code, province }
  const asked = { customerId, show: shownBy(c), isFound: true, arriving }
  return await asPresented(c, services, () =>
    openOrMake(c, services, { sales_channel_id, region_id: region, shipping_address }, asked),
  )
}
