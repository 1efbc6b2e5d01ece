/** What a rule may ask of a line; `*` stands for any key. Kept equal to `PromotionItem` by a test. */
const ofItems = [
  ...["id", "quantity", "unit_price", "subtotal", "original_total", "total", "title"],
  ...["is_discountable", "is_giftcard", "is_tax_inclusive", "is_custom_price", "requires_shipping"],
  ...["variant_id", "variant_sku", "variant_barcode", "variant_title"],
  ...["product_id", "product_title", "product_handle", "product_type", "product_type_id", "product_collection"],
  ...["product.id", "product.is_giftcard", "product.collection_id", "product.type_id", "product.weight"],
  ...["product.categories.id", "product.tags.id", "metadata.*"],
]

/** What a rule may ask of a shipping method. */
const ofShippingMethods = [
  ...["id", "name", "amount", "subtotal", "total", "is_tax_inclusive", "shipping_option_id"],
  ...["shipping_option.shipping_option_type_id", "shipping_option.shipping_profile_id", "metadata.*"],
]

/** What a rule may ask of a cart besides. */
const ofCart = [
  ...["id", "email", "currency_code", "region_id", "sales_channel_id", "customer_id", "locale", "metadata.*"],
  ...["total", "subtotal", "item_total", "item_subtotal", "original_item_total", "original_item_subtotal"],
  ...["shipping_subtotal", "region.id", "region.name", "region.currency_code"],
  ...["country_code", "province", "postal_code", "city", "address_1", "address_2"].map(
    (it) => `shipping_address.${it}`,
  ),
  ...["company", "first_name", "last_name", "phone", "metadata.*"].map((it) => `shipping_address.${it}`),
  ...["id", "email", "has_account", "company_name", "first_name", "last_name", "phone"].map((it) => `customer.${it}`),
  ...["metadata.*", "groups.id", "groups.name", "groups.metadata.*"].map((it) => `customer.${it}`),
]

/** What the rule is read against: the whole cart, each line, or each shipping method. */
export type RuleScope = "order" | "items" | "shipping_methods"

const built: Record<RuleScope, ReadonlySet<string>> = {
  items: new Set(ofItems),
  shipping_methods: new Set(ofShippingMethods),
  order: new Set([
    ...ofCart,
    ...ofItems.map((it) => `items.${it}`),
    ...ofShippingMethods.map((it) => `shipping_methods.${it}`),
  ]),
}

/**
 * Whether a `PromotionCart` has all that Medusa would look at for a rule. The dashboard offers no others; its API takes
 * any path.
 *
 * A rule for lines that leaves out `items.` is read against each line all the same, but makes an automatic promotion
 * impossible, for it is sought at the cart first; of what lines have here, Medusa's carts have only what ours have.
 *
 * @source Medusa 2.21 `promotion/dist/utils/validations/promotion-rule.js`, `areRulesValidForContext`
 */
export function isBuilt(attribute: string, scope: RuleScope): boolean {
  const path = scope === "order" ? attribute : attribute.replace(`${scope}.`, "")
  return built[scope].has(path) || built[scope].has(path.replace(/(^|\.)metadata\..+$/, "$1metadata.*"))
}
