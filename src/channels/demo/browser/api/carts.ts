import type { Cart, Merge, Order } from "./cart.ts"
import { type Answer, ask, type Door, Refused } from "./door.ts"

/** What every door can do to a cart. Only the room differs. */

export interface Held extends Answer<{ cart: Cart; merge?: Merge }> {}

export const readCart = (door: Door, id: string): Promise<Held> => ask(door, "GET", `/carts/${id}`)

export const addToCart = (door: Door, id: string, variant_id: string): Promise<Held> =>
  ask(door, "POST", `/carts/${id}/line-items`, { variant_id, quantity: 1 })

/**
 * @param version  of the cart in which the line has the quantity from which this one was reckoned
 * @throws Moved when somebody was quicker
 */
export const changeQuantity = (
  door: Door,
  id: string,
  lineId: string,
  quantity: number,
  version: number,
): Promise<Held> => ask(door, "POST", `/carts/${id}/line-items/${lineId}`, { quantity }, version)

/** Medusa answers with the cart as the line's parent. */
export async function removeLine(door: Door, id: string, lineId: string): Promise<Held> {
  const { body, version } = await ask<{ cart?: Cart; parent?: Cart }>(
    door,
    "DELETE",
    `/carts/${id}/line-items/${lineId}`,
  )
  const cart = body.cart ?? body.parent
  return cart ? { body: { cart }, version } : await readCart(door, id)
}

/** A code that another device, a till or an agent redeems once. */
export interface Handoff {
  code: string
  to: "device" | "pos" | "agent"
  link: string
  /** An image. */
  qr_svg: string
  expires_at: string
}

export async function handOver(door: Door, id: string, to: Handoff["to"]): Promise<Handoff> {
  return (await ask<{ handoff: Handoff }>(door, "POST", `/carts/${id}/handoff`, { to })).body.handoff
}

/** Takes over what was handed over: staff get the cart, a device gets a token that opens it. */
export async function claim(door: Door, code: string): Promise<Held> {
  const { body, version } = await redeem(door, code)
  if (body.cart) return { body: { cart: body.cart }, version }
  door.headers["x-cart-token"] = body.claim.token
  return await readCart(door, body.claim.cart_id)
}

interface Claimed {
  cart?: Cart
  claim: { cart_id: string; token: string }
}

async function redeem(door: Door, code: string): Promise<Answer<Claimed>> {
  try {
    return await ask(door, "POST", `/handoffs/${encodeURIComponent(code)}/claim`, {})
  } catch (error) {
    if (!(error instanceof Refused) || error.status !== 404) throw error
    // Nothing else can be unknown here.
    throw new Refused(404, "handoff_unknown", error.message)
  }
}

export interface Placed {
  order: Order
  receipt?: Receipt
}

export interface Receipt {
  number: string
  issued_at: string
  total: number
  amount_given: number
  change: number
  currency_code: string
}
