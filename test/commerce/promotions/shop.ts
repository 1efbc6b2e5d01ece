import {
  type ApplicationMethod,
  computeAdjustments,
  type Promotion,
  type PromotionCart,
  type PromotionItem,
  type PromotionRule,
  type PromotionShippingMethod,
  promotionReference,
} from "../../../src/commerce/promotions/index.ts"

export const rule = (attribute: string, operator: string, ...values: string[]): PromotionRule => ({
  attribute,
  operator,
  values: values.map((value) => ({ value })),
})

/** Ten percent off every line, for whoever asks. */
export function promotion(
  code: string,
  {
    application_method,
    ...given
  }: Partial<Omit<Promotion, "application_method">> & {
    application_method?: Partial<ApplicationMethod> | null
  } = {},
): Promotion {
  return {
    id: `promo_${code}`,
    code,
    type: "standard",
    status: "active",
    is_automatic: false,
    is_tax_inclusive: false,
    limit: null,
    used: 0,
    rules: [],
    campaign: null,
    has_deleted_rules: false,
    application_method:
      application_method === null
        ? null
        : {
            type: "percentage",
            target_type: "items",
            allocation: "across",
            value: 10,
            currency_code: null,
            max_quantity: null,
            apply_to_quantity: null,
            buy_rules_min_quantity: null,
            target_rules: [],
            buy_rules: [],
            ...application_method,
          },
    ...given,
  }
}

export function item(id: string, given: Partial<PromotionItem> = {}): PromotionItem {
  return {
    id,
    quantity: 1,
    unit_price: 100,
    subtotal: 100,
    original_total: 121,
    total: 121,
    is_discountable: true,
    is_giftcard: false,
    is_tax_inclusive: false,
    is_custom_price: false,
    requires_shipping: true,
    title: "Vase",
    variant_id: "variant_vase",
    variant_sku: "VASE",
    variant_barcode: "123",
    variant_title: "Blue",
    product_id: "prod_vase",
    product_title: "Vase",
    product_handle: "vase",
    product_type: "Vases",
    product_type_id: "ptyp_vases",
    product_collection: "Spring",
    metadata: { color: "blue" },
    product: {
      id: "prod_vase",
      is_giftcard: false,
      collection_id: "pcol_spring",
      type_id: "ptyp_vases",
      weight: 900,
      categories: [{ id: "pcat_home" }],
      tags: [{ id: "ptag_new" }],
    },
    adjustments: [],
    ...given,
  }
}

export const shippingMethod = (id: string, given: Partial<PromotionShippingMethod> = {}): PromotionShippingMethod => ({
  id,
  name: "Post",
  amount: 10,
  subtotal: 10,
  total: 12.1,
  is_tax_inclusive: false,
  shipping_option_id: "so_post",
  metadata: { days: 2 },
  shipping_option: { shipping_option_type_id: "sotype_post", shipping_profile_id: "sp_default" },
  adjustments: [],
  ...given,
})

/** With one line of 100 and everything about its customer. */
export function cart(given: Partial<PromotionCart> = {}): PromotionCart {
  return {
    id: "cart_1",
    email: "ana@example.com",
    currency_code: "eur",
    region_id: "reg_1",
    sales_channel_id: "sc_web",
    customer_id: "cus_ana",
    locale: "es-ES",
    metadata: { source: "flyer" },
    total: 121,
    subtotal: 100,
    item_total: 121,
    item_subtotal: 100,
    original_item_total: 121,
    original_item_subtotal: 100,
    shipping_subtotal: 10,
    region: { id: "reg_1", name: "Europe", currency_code: "eur" },
    shipping_address: {
      country_code: "es",
      province: "B",
      postal_code: "08001",
      city: "Barcelona",
      address_1: "Carrer 1",
      address_2: "2-1",
      company: "ACME",
      first_name: "Ana",
      last_name: "Puig",
      phone: "1",
      metadata: { floor: 2 },
    },
    customer: {
      id: "cus_ana",
      email: "ana@example.com",
      has_account: true,
      company_name: "ACME",
      first_name: "Ana",
      last_name: "Puig",
      phone: "1",
      metadata: { vip: true },
      groups: [{ id: "cusgroup_regulars", name: "Regulars", metadata: { since: 2020 } }],
    },
    items: [item("cali_vase")],
    shipping_methods: [],
    ...given,
  }
}

export const now = new Date("2026-03-01T12:00:00Z")

/** What a shop with these promotions, by value from high to low, takes off a cart. */
export function compute(
  promotions: Promotion[],
  { of = cart(), codes = [], used }: { of?: PromotionCart; codes?: string[]; used?: number } = {},
) {
  return computeAdjustments(promotionReference(promotions), {
    cart: of,
    codes: new Set(codes),
    now,
    readUsage: async () => (used === undefined ? undefined : { used }),
  })
}

/** The codes that something came of. */
export async function codesThatAct(...asked: Parameters<typeof compute>): Promise<string[]> {
  const found = await compute(...asked)
  if ("reason" in found) throw new Error(`only Medusa can tell: ${JSON.stringify(found)}`)
  return [...new Set([...found.items, ...found.shipping_methods].map(({ code }) => code))]
}
