/** What a rule can be held against. */
export type AttributeValue = string | number | boolean | readonly (string | number | boolean)[]

/** Who asks for a price, and for how many. */
export interface PricingContext {
  /** As Medusa's `context.currency_code`: prices are found in any case, a tax preference only as it is written here. */
  currency_code: string
  /** Absent while browsing: then a price holds when it can be had for one. */
  quantity?: number
  /** For preferences about taxes; rules find it among the attributes. */
  region_id?: string
  /**
   * All else, flattened to paths as Medusa flattens it: `region_id`, `customer.groups.id`, ...
   * With more than ten, Medusa leaves out those that no rule names, by a list that each of its processes keeps until it
   * writes a rule itself: there a rule written elsewhere may go unheeded; here none does.
   */
  attributes: ReadonlyMap<string, AttributeValue>
}

/**
 * The context that Medusa's Store API makes of a request for products.
 *
 * @param shopper.customer_groups  ids of the groups that the logged-in customer is in
 * @source Medusa 2.21 `medusa/dist/api/utils/middlewares/products/set-pricing-context.js`, and
 *         `utils/dist/common/flatten-object-to-key-value-pairs.js` for the paths
 */
export function pricingContext(shopper: {
  currency_code: string
  region_id: string
  customer_groups?: readonly string[]
  quantity?: number
}): PricingContext {
  const attributes = new Map<string, AttributeValue>([["region_id", shopper.region_id]])
  if (shopper.customer_groups?.length) attributes.set("customer.groups.id", shopper.customer_groups)
  const { currency_code, region_id, quantity } = shopper
  return { currency_code, region_id, quantity, attributes }
}
