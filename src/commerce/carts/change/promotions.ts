import type { TransactionSql } from "postgres"
import { newId } from "../../../platform/ids.ts"
import { once } from "../../../platform/once.ts"
import type { Product } from "../../catalog/index.ts"
import {
  asksFor,
  BudgetAttributeMissing,
  codesToApply,
  computeAdjustments,
  type PromotionCart,
  type PromotionItem,
  type PromotionShippingMethod,
  UnknownPromotionCode,
  usagesIn,
} from "../../promotions/index.ts"
import type { AdjustmentRow, Cart, LineItemRow, ShippingMethodRow } from "../cart.ts"
import { cartTotals, type Decimal, type LineTotals, shown } from "../totals.ts"
import type { Draft } from "./draft.ts"
import { invalid, NotKnownHere, OnlyMedusa } from "./errors.ts"
import { amountColumns } from "./lines.ts"
import type { Shop } from "./shop.ts"

/** Which promotions a cart is to have: `replace` forgets those that it has. Automatic ones come by themselves. */
export interface ChosenPromotions {
  action: "add" | "remove" | "replace"
  codes: readonly string[]
}

/** The promotions that the cart has, to be computed anew. */
export const sameAsBefore = ({ promotions }: Cart): ChosenPromotions => ({
  action: "replace",
  codes: promotions.flatMap((it) => it?.code ?? []),
})

/**
 * Computes the cart's discounts from nothing: every one with a code gives way to what the promotions do now.
 *
 * @throws CartRefused when a budget is counted by something that the cart does not have
 * @throws OnlyMedusa for a code that is not known (here, yet), so that Medusa says so
 * @source Medusa 2.21 `core-flows/dist/cart/workflows/update-cart-promotions.js`
 */
export async function applyPromotions(
  tx: TransactionSql,
  draft: Draft,
  shop: Shop,
  { action, codes: given }: ChosenPromotions,
): Promise<void> {
  const { cart } = draft
  const { reference } = shop.promotions
  const codes = knownCodes(shop, cart, { action, codes: given })
  const isIdle = codes.size === 0 && reference.automatic.length === 0 && reference.notNumbers.length === 0
  const computed = isIdle ? NOTHING : await compute(tx, draft, shop, codes)

  for (const [table, rows] of [
    ["cart_line_item_adjustment", cart.items] as const,
    ["cart_shipping_method_adjustment", cart.shipping_methods] as const,
  ]) {
    for (const row of rows) {
      if (row.adjustments.length === 0) continue
      const coded = row.adjustments.filter((it) => it.code !== null)
      draft.remove(table, coded)
      row.adjustments = row.adjustments.filter((it) => it.code === null)
    }
  }
  const items = new Map(cart.items.map((it) => [it.id, it]))
  for (const { item_id, amount, is_tax_inclusive, code, promotion_id } of computed.items) {
    const columns = { id: newId("caliadj"), item_id, is_tax_inclusive, ...discount(amount), code, promotion_id }
    items.get(item_id)?.adjustments.push(draft.create("cart_line_item_adjustment", columns) as AdjustmentRow)
  }
  const methods = new Map(cart.shipping_methods.map((it) => [it.id, it]))
  for (const { shipping_method_id, amount, code, promotion_id } of computed.shipping_methods) {
    const columns = { id: newId("casmadj"), shipping_method_id, ...discount(amount), code, promotion_id }
    const row = draft.create("cart_shipping_method_adjustment", columns) as AdjustmentRow
    methods.get(shipping_method_id)?.adjustments.push(row)
  }
  draft.link(computed.promotion_ids)
}

const NOTHING: { items: []; shipping_methods: []; promotion_ids: string[] } = {
  ...{ items: [], shipping_methods: [], promotion_ids: [] },
}

function discount(value: number) {
  const { amount, raw } = amountColumns(value)
  return { amount, raw_amount: raw, description: null, provider_id: null, metadata: null }
}

function knownCodes(shop: Shop, cart: Cart, { action, codes }: ChosenPromotions): Set<string> {
  const applied = [...cart.items, ...cart.shipping_methods].flatMap((it) => it.adjustments.map(({ code }) => code))
  try {
    return codesToApply(shop.promotions.reference, action, codes, applied)
  } catch (error) {
    if (!(error instanceof UnknownPromotionCode)) throw error
    throw new NotKnownHere("a promotion's code is not known here", invalid(error.message))
  }
}

async function compute(tx: TransactionSql, draft: Draft, shop: Shop, codes: Set<string>) {
  const cart = await promotionCart(draft.cart, shop)
  const options = { cart, codes, now: new Date(), readUsage: usagesIn(tx) }
  const computed = await computeAdjustments(shop.promotions.reference, options).catch((error: unknown) => {
    throw error instanceof BudgetAttributeMissing ? invalid(error.message) : error
  })
  if ("reason" in computed) throw new OnlyMedusa(`promotions: ${computed.reason} ${computed.attribute ?? ""}`)
  return computed
}

/**
 * The cart as promotions see it: with the discounts that it has so far. What it comes to is computed when a promotion
 * asks for it: most promotions are out of the question before.
 */
async function promotionCart(cart: Cart, shop: Shop): Promise<PromotionCart> {
  const { reference } = shop.promotions
  if (cart.customer && ["name", "metadata"].some((it) => asksFor(reference, `customer.groups.${it}`))) {
    throw new OnlyMedusa("a promotion asks for more of customer groups than their ids")
  }
  const region = cart.region_id === null ? undefined : shop.regions.find(cart.region_id)
  const totals = once(() => cartTotals(cart, shop.currencies.find(cart.currency_code)?.decimal_digits))
  const ids = [...new Set(cart.items.flatMap((it) => it.product_id ?? []))]
  const products = new Map((await shop.documents.get(ids)).map((it) => [it.product_id, it.product]))
  const { id, email, currency_code, region_id, sales_channel_id, customer_id, locale, metadata } = cart
  const address = cart.shipping_address
  return {
    ...{ id, email, currency_code, region_id, sales_channel_id, customer_id, locale, metadata },
    ...(cart.customer ? { customer: cart.customer as unknown as NonNullable<PromotionCart["customer"]> } : {}),
    region: region ? { id: region.id, name: region.name, currency_code: region.currency_code } : null,
    shipping_address: address as PromotionCart["shipping_address"],
    items: cart.items.map((it, i) =>
      promotionItem(it, () => totals().items[i]?.totals, products.get(it.product_id ?? "")),
    ),
    shipping_methods: cart.shipping_methods.map((it, i) =>
      promotionMethod(it, () => totals().shipping_methods[i]?.totals, shop),
    ),
    get total() {
      return shown(totals().cart.total)
    },
    get subtotal() {
      return shown(totals().cart.subtotal)
    },
    get item_total() {
      return shown(totals().cart.item_total)
    },
    get item_subtotal() {
      return shown(totals().cart.item_subtotal)
    },
    get original_item_total() {
      return shown(totals().cart.original_item_total)
    },
    get original_item_subtotal() {
      return shown(totals().cart.original_item_subtotal)
    },
    get shipping_subtotal() {
      return shown(totals().cart.shipping_subtotal)
    },
  }
}

type TotalsThen = () => LineTotals | undefined
const amount = (total: Decimal | undefined) => (total ? shown(total) : 0)

function promotionItem(line: LineItemRow, totals: TotalsThen, product: Product | undefined): PromotionItem {
  const { weight } = (product ?? {}) as { weight?: number | null }
  return {
    ...(line as unknown as PromotionItem),
    get subtotal() {
      return amount(totals()?.subtotal)
    },
    get original_total() {
      return amount(totals()?.original_total)
    },
    get total() {
      return amount(totals()?.total)
    },
    product: product
      ? {
          ...{ id: product.id, is_giftcard: product.is_giftcard, weight: weight ?? null },
          ...{ collection_id: product.collection_id, type_id: product.type_id },
          ...{ categories: product.categories, tags: product.tags },
        }
      : null,
  }
}

function promotionMethod(method: ShippingMethodRow, totals: TotalsThen, { shipping }: Shop): PromotionShippingMethod {
  const { options, profiles } = shipping.reference
  const option = options.find((it) => it.id === method.shipping_option_id)
  if (!option && profiles.has(method.shipping_option_id ?? "")) throw new OnlyMedusa("an option that nobody is offered")
  return {
    ...(method as unknown as PromotionShippingMethod),
    get subtotal() {
      return amount(totals()?.subtotal)
    },
    get total() {
      return amount(totals()?.total)
    },
    shipping_option: option
      ? { shipping_option_type_id: option.shipping_option_type_id, shipping_profile_id: option.shipping_profile_id }
      : null,
  }
}
