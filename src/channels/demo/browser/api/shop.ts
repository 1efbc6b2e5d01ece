import type { Cart, Merge, Order } from "./cart.ts"
import { type Held, type Placed, type Receipt, readCart } from "./carts.ts"
import type { DemoConfig } from "./config.ts"
import { ask, type Door, logInWithPassword } from "./door.ts"

/** What only some doors do: browse, log in and buy; look for customers; scan and take cash. */

/** Something that can be bought. */
export interface Article {
  variant_id: string
  title: string
  variant_title: string
  thumbnail: string | null
  barcode: string | null
  price: number
  currency_code: string
}

interface Product {
  title: string
  thumbnail: string | null
  variants: {
    id: string
    title: string
    barcode: string | null
    calculated_price: { calculated_amount: number; currency_code: string }
  }[]
}

const FIELDS = "title,thumbnail,variants.id,variants.title,variants.barcode,*variants.calculated_price"

/**
 * Products, each with one of its variants.
 *
 * @param variantId  of the one that is meant, else the first
 */
export async function readArticles(
  door: Door,
  regionId: string,
  filter: Record<string, string>,
  variantId?: string,
): Promise<Article[]> {
  const parameters = new URLSearchParams({ region_id: regionId, fields: FIELDS, ...filter })
  const { body } = await ask<{ products: Product[] }>(door, "GET", `/products?${parameters}`)
  return body.products.flatMap(({ title, thumbnail, variants }) => {
    const variant = variants.find((it) => it.id === variantId) ?? variants[0]
    if (!variant) return []
    const { id, title: variant_title, barcode, calculated_price } = variant
    const { calculated_amount: price, currency_code } = calculated_price
    return { variant_id: id, title, variant_title, thumbnail, barcode, price, currency_code }
  })
}

/** How many units there are, where. */
export interface Availability {
  total: number | null
  locations: { id: string; name: string; available: number | null }[]
}

export async function readAvailability(door: Door, variantId: string): Promise<Availability> {
  return (await ask<{ availability: Availability }>(door, "GET", `/variants/${variantId}/availability`)).body
    .availability
}

export const beginCart = (door: Door, region_id: string): Promise<Held> => ask(door, "POST", "/carts", { region_id })

/**
 * The shopper logs in. The cart that he has before him becomes his: together with what he put into another one on some
 * other device, of which `merge` tells.
 */
export async function logIn(door: Door, { customer, region_id }: DemoConfig, cart: Cart | undefined): Promise<Held> {
  door.headers.authorization = `Bearer ${await logInWithPassword("customer", customer)}`
  delete door.headers["x-cart-token"]
  if (cart) return await ask(door, "POST", `/carts/${cart.id}/customer`, {})
  return await ask(door, "GET", `/customers/me/cart?region_id=${region_id}`)
}

export function logOut(door: Door): void {
  delete door.headers.authorization
  delete door.headers["x-cart-token"]
}

/** An entry of the line of time. */
export interface HistoryEntry {
  id: string
  name: string
  message: string
  occurred_at: string
  channel: string | null
  device: string | null
  actor: { type: string }
}

/** In the browser's language, which it says by itself. */
export async function readHistory(door: Door, cartId: string): Promise<HistoryEntry[]> {
  return (await ask<{ history: HistoryEntry[] }>(door, "GET", `/carts/${cartId}/history?limit=200`)).body.history
}

/**
 * What an order must have: an e-mail, an address, and a way of shipping.
 *
 * @param offers  where the door tells which ways there are
 * @param version  of the cart as it was seen; undefined: any will do
 * @returns the version that it has by this, of one that was seen
 */
async function prepare(
  door: Door,
  offers: string,
  { customer }: DemoConfig,
  cart: Cart,
  version?: number,
): Promise<number | undefined> {
  const { email, address } = customer
  const path = `/carts/${cart.id}`
  const changed = (to: string, body: object, from: number | undefined) =>
    ask(door, "POST", to, body, from).then((it) => (from === undefined ? undefined : it.version))
  const addressed = await changed(path, { email, shipping_address: address, billing_address: address }, version)
  const { body } = await ask<{ shipping_options: { id: string }[] }>(door, "GET", offers)
  const [option] = body.shipping_options
  return option ? await changed(`${path}/shipping-methods`, { option_id: option.id }, addressed) : addressed
}

/** Entering payment holds the stock: who comes second is told so here, and not after he has paid. */
export async function enterPayment(door: Door, cartId: string): Promise<void> {
  const { body } = await ask<{ payment_collection: { id: string } }>(door, "POST", "/payment-collections", {
    cart_id: cartId,
  })
  const path = `/payment-collections/${body.payment_collection.id}/payment-sessions`
  await ask(door, "POST", path, { provider_id: "pp_system_default" })
}

/** The shopper buys what is in the cart. */
export async function buy(door: Door, config: DemoConfig, cart: Cart): Promise<Order> {
  await prepare(door, `/shipping-options?cart_id=${cart.id}`, config, cart)
  await enterPayment(door, cart.id)
  const { body } = await ask<{ type: string; order?: Order; error?: { message: string } }>(
    door,
    "POST",
    `/carts/${cart.id}/complete`,
  )
  if (!body.order) throw new TypeError(body.error?.message ?? "The cart could not become an order.")
  return body.order
}

/**
 * The agent places it on invoice.
 *
 * @param version  of the cart as it was shown to the agent, who has told the caller what is in it
 * @throws Moved when somebody has changed it meanwhile; nothing is ordered then
 */
export async function placeOnInvoice(door: Door, config: DemoConfig, cart: Cart, version: number): Promise<Order> {
  const ready = await prepare(door, `/carts/${cart.id}/shipping-options`, config, cart, version)
  return (await ask<Placed>(door, "POST", `/carts/${cart.id}/place`, {}, ready)).body.order
}

export interface Customer {
  id: string
  first_name: string | null
  last_name: string | null
  email: string
  phone: string | null
}

/** By whatever was said on the telephone. */
export async function findCustomers(door: Door, said: string): Promise<Customer[]> {
  const name = said.includes("@") ? "email" : /^[+\d][\d\s().-]+$/.test(said) ? "phone" : "q"
  const parameters = new URLSearchParams({ [name]: said })
  return (await ask<{ customers: Customer[] }>(door, "GET", `/customers?${parameters}`)).body.customers
}

export const openCartOf = (door: Door, customerId: string, regionId: string): Promise<Held> =>
  ask(door, "GET", `/customers/${customerId}/cart?region_id=${regionId}`)

/** At the till: the customer's one open cart, by phone number or e-mail; undefined when there is none. */
export async function findCartAtTill(door: Door, said: string): Promise<Held | undefined> {
  const parameters = new URLSearchParams({ [said.includes("@") ? "email" : "phone"]: said })
  const { body } = await ask<{ carts: { id: string }[] }>(door, "GET", `/carts?${parameters}`)
  const [found] = body.carts
  return found && (await readCart(door, found.id))
}

export const beginCartAtTill = (door: Door): Promise<Held> => ask(door, "POST", "/carts", {})

export const scan = (door: Door, cartId: string, barcode: string): Promise<Held> =>
  ask(door, "POST", `/carts/${cartId}/scan`, { barcode })

/**
 * The till takes cash; the goods leave with the customer.
 *
 * @param version  of the cart as it was shown to the cashier: nothing is sold that he and the customer have not seen
 * @throws Moved when somebody has changed it meanwhile; nothing is sold then
 */
export async function payCash(
  door: Door,
  cartId: string,
  amount: number,
  version: number,
): Promise<{ order: Order; receipt: Receipt }> {
  const path = `/carts/${cartId}/pay`
  return (await ask<{ order: Order; receipt: Receipt }>(door, "POST", path, { tender: "cash", amount }, version)).body
}

export type { Merge }
