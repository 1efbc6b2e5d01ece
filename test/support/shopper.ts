import SdkModule, { type Client } from "@medusajs/js-sdk"
import type { Demo } from "../../src/medusa/demo-shop/index.ts"

// The package is CommonJS in an ES module's clothes: depending on who imports it, the class is one level deeper.
const Medusa = ((SdkModule as unknown as { default?: typeof SdkModule }).default ??
  SdkModule) as unknown as typeof import("@medusajs/js-sdk").default

export type Sdk = InstanceType<typeof Medusa>
export type { Client }

/** The published client, as a storefront sets it up. */
export function sdk(url: string, publishableKey?: string, globalHeaders: Record<string, string> = {}): Sdk {
  const auth = { type: "jwt", jwtTokenStorageMethod: "memory" } as const
  return new Medusa({ baseUrl: url, publishableKey, auth, globalHeaders })
}

const ADDRESS = {
  first_name: "Vega",
  last_name: "Montearce",
  address_1: "Calle de las Huertas Nuevas 8",
  city: "Madrid",
  postal_code: "28014",
  country_code: "es",
  phone: "+34600100299",
}

/**
 * A whole purchase, as a web storefront makes it: register and log in, find products, fill a cart, give a code, an
 * address, a way of shipping and of payment, and order.
 *
 * @param url  the counter's address
 * @returns the order as the shopper sees it, and what was ordered
 */
export async function buy(url: string, demo: Demo, email: string) {
  const shop = sdk(url, demo.channels.web.publishable_key)
  await shop.auth.register("customer", "emailpass", { email, password: "secret-1234" })
  await shop.store.customer.create({ email, first_name: "Vega", last_name: "Montearce" })
  await shop.auth.login("customer", "emailpass", { email, password: "secret-1234" })

  const { products } = await shop.store.product.list({
    region_id: demo.regions.es,
    limit: 20,
    fields: "*variants.calculated_price,+variants.inventory_quantity,+variants.manage_inventory",
  })
  const variants = products
    .flatMap((product) => product.variants ?? [])
    .filter((variant) => variant.manage_inventory && (variant.inventory_quantity ?? 0) >= 10)
    .slice(0, 2)

  const { cart } = await shop.store.cart.create({ region_id: demo.regions.es, email })
  for (const variant of variants) await shop.store.cart.createLineItem(cart.id, { variant_id: variant.id, quantity: 2 })
  await shop.client.fetch(`/store/carts/${cart.id}/promotions`, {
    method: "POST",
    body: { promo_codes: [demo.promotions.code] },
  })
  await shop.store.cart.update(cart.id, { shipping_address: ADDRESS, billing_address: ADDRESS })
  const { shipping_options } = await shop.store.fulfillment.listCartOptions({ cart_id: cart.id })
  const standard = shipping_options.find((option) => option.amount > 0) ?? shipping_options[0]
  if (!standard) throw new Error("no way of shipping to Spain")
  await shop.store.cart.addShippingMethod(cart.id, { option_id: standard.id })
  const { cart: filled } = await shop.store.cart.retrieve(cart.id)
  await shop.store.payment.initiatePaymentSession(filled, { provider_id: "pp_system_default" })
  const completed = await shop.store.cart.complete(cart.id)
  if (completed.type !== "order") throw new Error(`the cart was not completed: ${completed.error.message}`)
  return { order: completed.order, cart: filled, variants }
}
