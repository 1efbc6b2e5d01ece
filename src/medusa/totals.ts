import { createRequire } from "node:module"
import path from "node:path"

/** A cart's rows, each amount beside its `raw_` copy; totals are written into them. */
type CartRows = Record<string, unknown>

interface Totals {
  item_total: { valueOf(): number }
  total: { valueOf(): number }
}

let decorate: ((cart: CartRows) => CartRows & Totals) | undefined

/**
 * Medusa's own reckoning of what a cart comes to.
 *
 * It is taken out of its package by its file when it is first asked for: the package exports itself whole only, which
 * takes seconds to load.
 *
 * @source Medusa 2.21 `utils/dist/totals/cart/index.js`
 */
export function decorateCartTotals(cart: CartRows): CartRows & Totals {
  if (!decorate) {
    const framework = createRequire(createRequire(import.meta.url).resolve("@medusajs/framework/utils"))
    const folder = path.dirname(framework.resolve("@medusajs/utils"))
    const module = framework(path.join(folder, "totals/cart/index.js"))
    decorate = (module as { decorateCartTotals: NonNullable<typeof decorate> }).decorateCartTotals
  }
  return decorate(cart)
}
