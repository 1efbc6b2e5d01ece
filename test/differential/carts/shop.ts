import { expect } from "vitest"
import type { OpenCounter } from "../../../src/server.ts"
import { demo, openCounterBeforeMedusa } from "../../support/counter.ts"
import type { Answer } from "../../support/http.ts"
import { theMedusa } from "../../support/medusa.ts"
import { type Sides, send } from "../compare.ts"

type Channel = "web" | "app" | "pos" | "phone"
export const keyOf = (channel: Channel) => ({ "x-publishable-api-key": demo().channels[channel].publishable_key })

export const ADDRESS = {
  first_name: "Vega",
  last_name: "Montearce",
  address_1: "Rue Neuve 1",
  postal_code: "69001",
  city: "Lyon",
  country_code: "fr",
}

/** Relations of a cart that Medusa reads without an order. */
export const UNORDERED_IN_CARTS = [
  ...["items", "tax_lines", "adjustments", "shipping_methods", "credit_lines", "payment_sessions", "promotions"],
  ...["countries", "categories", "tags"],
]

export interface CartShop {
  counter: OpenCounter
  sides: Sides
  customer: Record<string, string>
  admin: Record<string, string>
  /** Sends to Medusa itself, and expects that it does it. */
  medusa(method: string, path: string, body?: object, headers?: Record<string, string>): Promise<Answer>
  /** The carts that the lanes read: empty, full, addressed, discounted, delivered, paid and ordered. */
  carts(): Promise<Record<string, string>>
}

export async function openCartShop(): Promise<CartShop> {
  const counter = await openCounterBeforeMedusa()
  const sides = { counter: counter.url, medusa: theMedusa().url }
  const login = async (actor: string, { email, password }: { email: string; password: string }) => {
    const path = `/auth/${actor}/emailpass`
    const answer = await send(sides.medusa, { method: "POST", path, body: { email, password } })
    return { authorization: `Bearer ${(answer.body as { token: string }).token}` }
  }
  const medusa: CartShop["medusa"] = async (method, path, body, headers = {}) => {
    const answer = await send(sides.medusa, { method, path, headers: { ...keyOf("web"), ...headers }, body })
    expect([path, answer.status, answer.status < 400 ? "" : answer.text]).toEqual([path, 200, ""])
    return answer
  }
  const [first] = demo().customers
  if (!first) throw new Error("the demo shop has no customers")
  const customer = await login("customer", first)

  async function carts() {
    const { regions, variants, promotions } = demo()
    const open = async (body: object, headers = {}) => {
      const { body: answer } = await medusa("POST", "/store/carts", body, headers)
      return (answer as { cart: { id: string } }).cart.id
    }
    const filled = async (body: object, headers = {}) => {
      const items = [
        { variant_id: variants.kit, quantity: 1, metadata: { gift: true, note: "2026-01-31T10:00:00+00:00" } },
        { variant_id: variants.shared_a, quantity: 3 },
        { variant_id: variants.unmanaged, quantity: 2 },
      ]
      return await open({ ...body, items }, headers)
    }
    const deliver = async (cart: string) => {
      const { body } = await medusa("GET", `/store/shipping-options?cart_id=${cart}`)
      const [option] = (body as { shipping_options: { id: string }[] }).shipping_options
      await medusa("POST", `/store/carts/${cart}/shipping-methods`, { option_id: option?.id, data: { door: 3 } })
    }
    const pay = async (cart: string) => {
      const { body } = await medusa("POST", "/store/payment-collections", { cart_id: cart })
      const { id } = (body as { payment_collection: { id: string } }).payment_collection
      await medusa("POST", `/store/payment-collections/${id}/payment-sessions`, { provider_id: "pp_system_default" })
    }
    const addressed = {
      ...{ region_id: regions.fr, email: "vega@example.com", shipping_address: ADDRESS },
      billing_address: { ...ADDRESS, company: "Vega SL", metadata: { vat: "X1" } },
    }
    const made: Record<string, string> = {
      empty: await open({ region_id: regions.es }),
      full: await filled({ region_id: regions.gb, metadata: { from: "laptop", nested: { a: [1, null] } } }),
      mine: await filled({ region_id: regions.es }, customer),
      addressed: await filled(addressed),
      discounted: await filled({ ...addressed, promo_codes: [promotions.code] }),
      delivered: await filled({ ...addressed, region_id: regions.es, shipping_address: SPANISH }),
      paid: await filled({ ...addressed, region_id: regions.es, shipping_address: SPANISH }),
      ordered: await filled({ ...addressed, region_id: regions.es, shipping_address: SPANISH }),
    }
    for (const name of ["delivered", "paid", "ordered"]) await deliver(made[name] ?? "")
    for (const name of ["paid", "ordered"]) await pay(made[name] ?? "")
    await medusa("POST", `/store/carts/${made.ordered}/complete`)
    return made
  }
  return { counter, sides, customer, admin: await login("user", demo().admin), medusa, carts }
}

export const SPANISH = {
  ...ADDRESS,
  address_1: "Calle del Pez 9",
  city: "Madrid",
  postal_code: "28004",
  country_code: "es",
}
