import type { Cart, Merge, Order } from "./cart.ts"
import { type Answer, ask, type Door } from "./door.ts"

/** What every door can do to a cart. Only the room differs. */

export interface Held extends Answer<{ cart: Cart; merge?: Merge }> {}

export const readCart = (door: Door, id: string): Promise<Held> => ask(door, "GET", `/carts/${id}`)

export const addToCart = (door: Door, id: string, variant_id: string): Promise<Held> =>
  ask(door, "POST", `/carts/${id}/line-items`, { variant_id, quantity: 1 })

export const changeQuantity = (door: Door, id: string, lineId: string, quantity: number): Promise<Held> =>
  ask(door, "POST", `/carts/${id}/line-items/${lineId}`, { quantity })

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
  const path = `/handoffs/${encodeURIComponent(code)}/claim`
  if (door.room !== "/store") return await ask(door, "POST", path, {})
  const { body } = await ask<{ claim: { cart_id: string; token: string } }>(door, "POST", path, {})
  door.headers["x-cart-token"] = body.claim.token
  return await readCart(door, body.claim.cart_id)
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
