import type { Sql, TransactionSql } from "postgres"
import type { CalculatedPrice, PricingReference } from "../pricing/index.ts"
import type { ShippingTotals } from "./cart.ts"
import { LeftToMedusa } from "./left.ts"
import { offeredOptions } from "./offer.ts"
import { needsTotals, pricesOf } from "./price.ts"
import { readCartToShip } from "./read.ts"
import type { ShippingOption, ShippingReference } from "./reference.ts"
import type { ShippingSituation } from "./rules.ts"
import { isInsufficient } from "./stock.ts"

/** A shipping option as a shopper is shown it. */
export interface ListedOption {
  option: ShippingOption
  /** Null where no price is for this cart; undefined for an option without prices. */
  price: CalculatedPrice | null | undefined
  /** Its location lacks something of what is in the cart. */
  insufficient_inventory: boolean
}

/**
 * The shipping options that a cart is offered, at the price that is shown. Reads the cart in one statement.
 *
 * @param readTotals  asked what the cart comes to where a price hangs on that
 * @returns undefined when there is no such cart
 * @throws CartIncomplete
 */
export async function listOptions(
  sql: Sql | TransactionSql,
  cartId: string,
  reference: ShippingReference,
  pricing: PricingReference,
  situation: ShippingSituation,
  readTotals: () => Promise<ShippingTotals>,
): Promise<ListedOption[] | LeftToMedusa | undefined> {
  const read = await readCartToShip(sql, cartId)
  if (!read) return undefined
  const { cart, shopper, lines } = read
  const options = offeredOptions(cart, reference, situation)
  if (options instanceof LeftToMedusa) return options
  const totals = needsTotals(options, pricing) ? await readTotals() : undefined
  const prices = pricesOf(options, { purpose: "shown", cart, totals, shopper, pricing, now: new Date() })
  if (prices instanceof LeftToMedusa) return prices

  const listed: ListedOption[] = []
  for (const option of options) {
    const insufficient = isInsufficient(lines, option.location?.id ?? "")
    if (insufficient instanceof LeftToMedusa) return insufficient
    listed.push({ option, price: prices.get(option.id), insufficient_inventory: insufficient })
  }
  return listed
}
