import type { CreatePromotionDTO, MedusaContainer } from "@medusajs/framework/types"
import { createPriceListsWorkflow, createPromotionsWorkflow } from "@medusajs/medusa/core-flows"
import { CATALOG, lowered } from "../catalog/index.ts"
import {
  type Discount,
  FREE_SHIPPING,
  LIMITED_CODE,
  LIMITED_USES,
  PRICE_LISTS,
  THREE_FOR_TWO,
  WELCOME_CODE,
} from "../offers.ts"
import { complete, find, required } from "./shop.ts"

const DAY_MS = 86_400_000

/**
 * The seasonal sale and the Club's prices.
 *
 * @param variants  ids of the variants by SKU
 * @param club      id of the customer group
 */
export async function seedPriceLists(
  container: MedusaContainer,
  variants: Map<string, string>,
  club: string,
): Promise<void> {
  const lists = await find<{ id: string; title: string }>(container, "price_list", ["id", "title"])
  await complete(
    PRICE_LISTS,
    ({ title }) => title,
    lists.map(({ id, title }) => ({ id, key: title })),
    async (missing) => {
      const price_lists_data = missing.map((discount) => priceListOf(discount, variants, club))
      return (await createPriceListsWorkflow(container).run({ input: { price_lists_data } })).result
    },
  )
}

/** A code, a code for the first fifty, three for two and free shipping, all of them active. */
export async function seedPromotions(
  container: MedusaContainer,
  ids: { category: string; shippingType: string },
): Promise<void> {
  const promotions = await find<{ id: string; code: string }>(container, "promotion", ["id", "code"])
  await complete(
    plannedPromotions(ids),
    ({ code }) => code,
    promotions.map(({ id, code }) => ({ id, key: code })),
    async (promotionsData) => (await createPromotionsWorkflow(container).run({ input: { promotionsData } })).result,
  )
}

function plannedPromotions({
  category,
  shippingType,
}: {
  category: string
  shippingType: string
}): CreatePromotionDTO[] {
  const inCategory = [{ attribute: "items.product.categories.id", operator: "in" as const, values: [category] }]
  const percentOff = (value: number): CreatePromotionDTO["application_method"] => ({
    type: "percentage",
    target_type: "items",
    allocation: "across",
    value,
  })
  return [
    { code: WELCOME_CODE, type: "standard", status: "active", application_method: percentOff(10) },
    { code: LIMITED_CODE, type: "standard", status: "active", limit: LIMITED_USES, application_method: percentOff(20) },
    {
      code: THREE_FOR_TWO.code,
      type: "buyget",
      status: "active",
      is_automatic: true,
      application_method: {
        type: "percentage",
        target_type: "items",
        allocation: "each",
        value: 100,
        buy_rules_min_quantity: 2,
        apply_to_quantity: 1,
        // How many may be free in one cart.
        max_quantity: 100,
        buy_rules: inCategory,
        target_rules: inCategory,
      },
    },
    {
      code: FREE_SHIPPING.code,
      type: "standard",
      status: "active",
      is_automatic: true,
      rules: [{ attribute: "item_total", operator: "gte", values: [String(FREE_SHIPPING.from)] }],
      application_method: {
        type: "percentage",
        target_type: "shipping_methods",
        allocation: "across",
        value: 100,
        target_rules: [
          {
            attribute: "shipping_methods.shipping_option.shipping_option_type_id",
            operator: "in",
            values: [shippingType],
          },
        ],
      },
    },
  ]
}

function priceListOf(discount: Discount, variants: Map<string, string>, club: string) {
  const rules: Record<string, string[]> = discount.customerGroup ? { "customer.groups.id": [club] } : {}
  const { title, description, type, percent, products, window } = discount
  const inDays = (days: number) => new Date(Date.now() + days * DAY_MS).toISOString()
  const chosen = products.map((handle) =>
    required(
      CATALOG.find((product) => product.handle === handle),
      handle,
    ),
  )
  return {
    title,
    description,
    type,
    status: "active" as const,
    starts_at: window ? inDays(-window.startedDaysAgo) : undefined,
    ends_at: window ? inDays(window.endsInDays) : undefined,
    rules,
    prices: chosen.flatMap((product) =>
      product.variants.flatMap(({ sku, prices }) =>
        prices
          .filter(({ min_quantity }) => !min_quantity)
          .map(({ currency_code, amount }) => ({
            variant_id: required(variants.get(sku), sku),
            currency_code,
            amount: lowered(amount, percent),
          })),
      ),
    ),
  }
}
