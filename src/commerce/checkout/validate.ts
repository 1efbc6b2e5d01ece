import { type Cart, cartTotals, invalid, OnlyMedusa, type Shop, shown } from "../carts/index.ts"
import type { Checkout } from "./read.ts"

const PROCESSABLE = ["pending", "requires_more", "authorized", "captured", "pending_authorization"]

export interface PaymentSession {
  id: string
  provider_id: string
  status: string
  amount: number
  raw_amount: { value: string | number } | null
  currency_code: string
  authorized_at: string | null
  payment: { id: string } | null
  data: Record<string, unknown> | null
}

/**
 * What is to be authorised for the cart.
 *
 * @returns undefined when there is nothing to pay
 * @throws CartRefused in Medusa's order, whether or not the cart is an order already
 * @source Medusa 2.21 `core-flows/dist/cart/steps/validate-cart-items.js`, `validate-cart-payments.js`
 */
export function requirePayable(cart: Cart, shop: Shop, { provider_ids }: Checkout): PaymentSession | undefined {
  if (cart.items.length === 0) throw invalid("Cannot complete a cart with no items")
  const { total } = cartTotals(cart, shop.currencies.find(cart.currency_code)?.decimal_digits).cart
  // Next to nothing is nothing.
  if (shown(total) <= 0) return undefined
  if (!cart.payment_collection) throw invalid("Payment collection has not been initiated for cart")
  const sessions = (cart.payment_collection.payment_sessions as unknown as PaymentSession[]).filter((it) =>
    PROCESSABLE.includes(it.status),
  )
  const [session, ...more] = sessions
  if (!session) throw invalid("Payment sessions are required to complete cart")
  const disabled = [...new Set(sessions.map((it) => it.provider_id))].filter((it) => !provider_ids.includes(it))
  if (cart.region_id && disabled.length > 0) {
    const [provider, is] = disabled.length > 1 ? ["providers", "are"] : ["provider", "is"]
    throw invalid(
      `Payment ${provider} ${disabled.join(", ")} ${is} not enabled in the cart's region ${cart.region_id}.`,
    )
  }
  if (more.length > 0) throw new OnlyMedusa("which of several payment sessions is taken")
  return session
}

/**
 * @throws CartRefused when lines that are sent have no shipping method of their profile
 * @source Medusa 2.21 `core-flows/dist/cart/steps/validate-shipping.js`
 */
export function requireShipping({ items, shipping_methods }: Cart, { shipping }: Shop, { variants }: Checkout): void {
  const sent = items.filter((it) => it.requires_shipping)
  if (sent.length > 0 && shipping_methods.length === 0) {
    throw invalid("No shipping method selected but the cart contains items that require shipping.")
  }
  const offered = shipping_methods.map((it) => shipping.reference.profiles.get(it.shipping_option_id ?? ""))
  const wanted = sent.map((line) => {
    const variant = variants.find((it) => it.id === line.variant_id)
    if (!variant) throw new OnlyMedusa("a line that is sent is of no variant")
    return variant.shipping_profile_id
  })
  if (wanted.some((it) => it === null) || offered.some((it) => !it)) {
    if (sent.length > 0) throw new OnlyMedusa("a product, or a shipping option, has no profile")
  }
  if (wanted.some((it) => !offered.includes(it))) {
    throw invalid("The cart items require shipping profiles that are not satisfied by the current shipping methods")
  }
}
