import { expect } from "vitest"
import { demo } from "./counter.ts"
import { type Answer, ask } from "./http.ts"

export const webKey = () => ({ "x-publishable-api-key": demo().channels.web.publishable_key })

/** Sends JSON with the web store's key. */
export const post = (base: string, path: string, body?: object, headers: Record<string, string> = {}) =>
  ask(base, path, {
    method: "POST",
    headers: { ...webKey(), ...(body ? { "content-type": "application/json" } : {}), ...headers },
    ...(body ? { body: JSON.stringify(body) } : {}),
  })

export interface Ordered {
  id: string
  email: string
  items: { id: string; title: string; quantity: number }[]
}

const SPANISH = {
  ...{ first_name: "Vega", last_name: "Montearce", address_1: "Calle del Pez 9", city: "Madrid" },
  ...{ postal_code: "28004", country_code: "es" },
}

/** Fills a cart through the counter, until nothing is left to be done but to pay. */
export async function fillCart(
  url: string,
  { email = "vega@example.com", headers = {}, variant = "unmanaged" as const, quantity = 2 }: Wanted = {},
): Promise<{ cart: string; collection: string }> {
  const fine = async (path: string, body: object) => bodyOf(await post(url, path, body, headers))
  const { regions, variants } = demo()
  const items = [{ variant_id: variants[variant], quantity }]
  const { cart } = await fine("/store/carts", { region_id: regions.es, email, shipping_address: SPANISH, items })
  const id = (cart as { id: string }).id
  const options = await ask(url, `/store/shipping-options?cart_id=${id}`, { headers: { ...webKey(), ...headers } })
  const { shipping_options } = bodyOf(options)
  const [option] = shipping_options as { id: string }[]
  await fine(`/store/carts/${id}/shipping-methods`, { option_id: option?.id })
  const { payment_collection } = await fine("/store/payment-collections", { cart_id: id })
  return { cart: id, collection: (payment_collection as { id: string }).id }
}

interface Wanted {
  email?: string
  headers?: Record<string, string>
  variant?: "unmanaged" | "scarce" | "kit"
  quantity?: number
}

/** A whole purchase through the counter, paid offline. */
export async function placeOrder(url: string, wanted: Wanted = {}): Promise<Ordered> {
  const { cart, collection } = await fillCart(url, wanted)
  const sessions = `/store/payment-collections/${collection}/payment-sessions`
  bodyOf(await post(url, sessions, { provider_id: "pp_system_default" }, wanted.headers))
  const { order } = bodyOf(await post(url, `/store/carts/${cart}/complete`, undefined, wanted.headers))
  return order as Ordered
}

/** The body of an answer that is well. */
export function bodyOf(answer: Answer): Record<string, unknown> {
  expect([answer.status, answer.status < 400 ? "" : answer.text]).toEqual([200, ""])
  return answer.body as Record<string, unknown>
}
