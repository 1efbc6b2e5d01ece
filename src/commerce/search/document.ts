import type { Product, ProductDocument, VariantPrices } from "../catalog/index.ts"
import type { SearchDocument } from "./engine.ts"

/** Price lists that anyone gets today: active, without rules, within their dates. By id. */
export type PublicPriceLists = ReadonlyMap<string, { type: "sale" | "override" }>

/**
 * A product as search engines hold it.
 *
 * @param lists  price lists whose prices count; none when only base prices are wanted
 */
export function toSearchDocument(document: ProductDocument, lists: PublicPriceLists = new Map()): SearchDocument {
  const { product } = document
  const variants = product.variants
  const categories = publicCategories(product)
  const options = new Map(product.options.map((option) => [option.id, option.title]))
  const stock = variants.flatMap((variant) => {
    const at = document.stock[variant.id]
    return at ? [at] : []
  })
  return {
    id: product.id,
    title: product.title,
    subtitle: product.subtitle,
    description: product.description,
    handle: product.handle,
    thumbnail: product.thumbnail,
    status: "published",
    created_at: Date.parse(product.created_at),
    updated_at: Date.parse(product.updated_at),
    collection_id: product.collection?.id ?? null,
    collection_title: product.collection?.title ?? null,
    type_id: product.type?.id ?? null,
    type: product.type?.value ?? null,
    tag_ids: distinct(product.tags.map((tag) => tag.id)),
    tags: distinct(product.tags.map((tag) => tag.value)),
    category_ids: categories.ids,
    categories: categories.names,
    options: distinct(
      variants.flatMap((variant) => variant.options.map((it) => `${options.get(it.option_id) ?? ""}:${it.value}`)),
    ),
    option_value_ids: distinct(variants.flatMap((variant) => variant.options.map((it) => it.id))),
    skus: distinct(variants.map((variant) => variant.sku)),
    barcodes: distinct(variants.flatMap((variant) => [variant.barcode, variant.ean, variant.upc])),
    variant_ids: variants.map((variant) => variant.id),
    sales_channel_ids: document.visible_in,
    price: lowestPrices(Object.values(document.prices), lists),
    in_stock_sales_channel_ids: stock.some((it) => it.always)
      ? document.visible_in
      : distinct(stock.flatMap((it) => it.channels)).filter((id) => document.visible_in.includes(id)),
    in_stock_location_ids: distinct(stock.flatMap((it) => it.locations)),
  }
}

/**
 * Active public categories with what stands above them, as long as that is not linked and hidden.
 *
 * Ancestors come by id (`mpath`); their names are known where the product is linked to them too.
 */
function publicCategories(product: Product): { ids: string[]; names: string[] } {
  const hidden = new Set(product.categories.filter((it) => !it.is_active || it.is_internal).map((it) => it.id))
  const shown = product.categories.filter((it) => !hidden.has(it.id))
  return {
    ids: distinct(shown.flatMap((it) => [...it.mpath.split("."), it.id]).filter((id) => !hidden.has(id))),
    names: distinct(shown.map((it) => it.name)),
  }
}

/**
 * The lowest price of any variant, by currency, that anyone pays for one piece today: the base price, unless a public
 * price list has another (an `override` whatever it is, a `sale` when it is lower). Prices with rules (a region, a
 * customer group) or for larger quantities are the caller's own, and are asked for in his context.
 */
function lowestPrices(variants: (VariantPrices | null)[], lists: PublicPriceLists): Record<string, number> {
  const lowest: Record<string, number> = {}
  for (const set of variants) {
    for (const [currency, amount] of publicPrices(set?.prices ?? [], lists)) {
      lowest[currency] = Math.min(lowest[currency] ?? Number.POSITIVE_INFINITY, amount)
    }
  }
  return lowest
}

function publicPrices(prices: VariantPrices["prices"], lists: PublicPriceLists): Map<string, number> {
  const found = { base: new Map<string, number>(), sale: new Map(), override: new Map() }
  for (const price of prices) {
    if (price.rules_count > 0 || price.rules.length > 0 || (price.min_quantity ?? 0) > 1) continue
    const kind = price.price_list_id === null ? "base" : lists.get(price.price_list_id)?.type
    if (!kind) continue
    const currency = price.currency_code.toLowerCase()
    found[kind].set(currency, Math.min(found[kind].get(currency) ?? Number.POSITIVE_INFINITY, Number(price.amount)))
  }
  const paid = new Map([...found.base, ...found.override])
  for (const [currency, amount] of found.sale) paid.set(currency, Math.min(paid.get(currency) ?? amount, amount))
  return paid
}

/** In a fixed order, so that the same product makes the same document. */
const distinct = (values: (string | null | undefined)[]): string[] =>
  [...new Set(values.filter((it): it is string => typeof it === "string" && it !== ""))].sort()
