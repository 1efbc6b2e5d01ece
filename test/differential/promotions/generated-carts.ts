import fc from "fast-check"
import type { PromotionCart } from "../../../src/commerce/promotions/index.ts"
import { several } from "./generated-promotions.ts"

const maybe = <T>(of: fc.Arbitrary<T>) => fc.option(of, { freq: 4 })
const ids = (...values: string[]) => fc.subarray(values).map((found) => found.map((id) => ({ id })))

const product = fc.record({
  id: fc.constantFrom("prod_1", "prod_2", "prod_3"),
  is_giftcard: fc.boolean(),
  collection_id: maybe(fc.constantFrom("pcol_1", "pcol_2")),
  type_id: fc.constant(null),
  weight: maybe(fc.nat(100)),
  categories: ids("pcat_1", "pcat_2"),
  tags: ids("ptag_1", "ptag_2"),
})

const adjustments = (codes: string[]) =>
  several(fc.record({ code: fc.constantFrom(null, "GONE", ...codes) }), 0, 0, 0, 0, 0, 0, 0, 1, 2)

const item = (codes: string[]) =>
  fc
    .record({
      quantity: fc.constantFrom(1, 1, 2, 3, 4),
      unit_price: fc.constantFrom(0, 0.01, 3.33, 5, 9.99, 9.99, 10, 12, 19.9, 33, 75.5, 100),
      tax: fc.constantFrom(1, 1.21, 1.055),
      is_discountable: fc.constantFrom(true, true, true, true, true, false),
      product: fc.option(product, { freq: 8 }),
      metadata: fc.constantFrom(null, {}, { color: "red" }, { color: "blue", tier: "gold" }),
      adjustments: adjustments(codes),
    })
    .map(({ tax, ...given }) => ({
      ...given,
      subtotal: given.unit_price * given.quantity,
      original_total: given.unit_price * given.quantity * tax,
      total: given.unit_price * given.quantity * tax,
      is_giftcard: false,
      is_tax_inclusive: false,
      is_custom_price: false,
      requires_shipping: true,
      title: "Item",
      variant_id: null,
      variant_sku: null,
      variant_barcode: null,
      variant_title: null,
      product_id: given.product?.id ?? null,
      product_title: null,
      product_handle: null,
      product_type: null,
      product_type_id: null,
      product_collection: null,
    }))

const shippingMethod = (codes: string[]) =>
  fc
    .record({
      name: fc.constantFrom("Post", "Courier"),
      amount: fc.constantFrom(0, 4.5, 5, 10),
      shipping_option: maybe(
        fc.record({
          shipping_option_type_id: fc.constantFrom("sotype_1", "sotype_2"),
          shipping_profile_id: fc.constant("sp_1"),
        }),
      ),
      adjustments: adjustments(codes),
    })
    .map((given) => ({
      ...given,
      subtotal: given.amount,
      total: given.amount,
      is_tax_inclusive: false,
      shipping_option_id: null,
      metadata: null,
    }))

const customer = fc
  .record({
    id: fc.constantFrom("cus_1", "cus_2"),
    has_account: fc.boolean(),
    groups: fc.subarray(["cusgroup_1", "cusgroup_2"]),
  })
  .map(({ groups, ...given }) => ({
    ...given,
    email: null,
    company_name: null,
    first_name: null,
    last_name: null,
    phone: null,
    metadata: null,
    groups: groups.map((id) => ({ id, name: id, metadata: null })),
  }))

const address = fc.constantFrom("es", "fr", null).map((country_code) => ({
  country_code,
  province: null,
  postal_code: null,
  city: null,
  address_1: null,
  address_2: null,
  company: null,
  first_name: null,
  last_name: null,
  phone: null,
  metadata: null,
}))

/**
 * @param codes  of the shop's promotions: some are on the cart already
 * @param lines  how many it may have, equally likely
 */
export function promotionCart(codes: string[], lines = [0, 1, 2, 2, 3, 5]): fc.Arbitrary<PromotionCart> {
  return fc
    .record({
      currency_code: fc.constantFrom("eur", "eur", "usd"),
      email: fc.constantFrom("one@example.com", "one@example.com", "two@example.com", null),
      customer: maybe(customer),
      region: maybe(fc.constantFrom("reg_1", "reg_2")),
      shipping_address: maybe(address),
      metadata: fc.constantFrom(
        null,
        {},
        { tier: "gold", points: 10.5 },
        { tier: "it's", points: "20" },
        { points: 3 },
      ),
      items: several(item(codes), ...lines),
      shipping_methods: several(shippingMethod(codes), 0, 1, 1, 2),
    })
    .map(({ customer, region, items, shipping_methods, ...given }): PromotionCart => {
      const item_subtotal = items.reduce((sum, it) => sum + it.subtotal, 0)
      const item_total = items.reduce((sum, it) => sum + it.original_total, 0)
      const shipping_subtotal = shipping_methods.reduce((sum, it) => sum + it.subtotal, 0)
      const cart: PromotionCart = {
        id: "cart_1",
        ...given,
        ...(customer ? { customer } : {}),
        customer_id: customer?.id ?? null,
        region_id: region,
        region: region === null ? null : { id: region, name: region, currency_code: given.currency_code },
        sales_channel_id: "sc_1",
        locale: null,
        subtotal: item_subtotal + shipping_subtotal,
        total: item_total + shipping_subtotal,
        item_total,
        item_subtotal,
        original_item_total: item_total,
        original_item_subtotal: item_subtotal,
        shipping_subtotal,
        items: items.map((it, index) => ({ id: `cali_${index}`, ...it })),
        shipping_methods: shipping_methods.map((it, index) => ({ id: `casm_${index}`, ...it })),
      }
      // Through JSON, as workflows pass it on; and the generator's own objects are none of `Object`.
      return JSON.parse(JSON.stringify(cart))
    })
}
