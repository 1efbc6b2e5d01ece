import type {
  ChannelLocation,
  DocumentVersion,
  Product,
  VariantPrices,
  VariantStock,
} from "../../commerce/catalog/index.ts"

/** A document as devices get it: texts of JSON, each made when it is first asked for. */
export interface ShownDocument {
  product(): string
  prices(): string
  /** As these channels see it. */
  stock(channels: readonly string[]): string
}

/** @param links  which channel ships from which location */
export function showDocument(document: DocumentVersion, links: readonly ChannelLocation[]): ShownDocument {
  let product: string | undefined
  let prices: string | undefined
  let stock: Record<string, VariantStock> | undefined
  return {
    product() {
      product ??= publicProduct(document.content)
      return product
    },
    prices() {
      prices ??= JSON.stringify(publicPrices(JSON.parse(document.prices)))
      return prices
    },
    stock(channels) {
      stock ??= JSON.parse(document.stock) as Record<string, VariantStock>
      return JSON.stringify(publicStock(stock, channels, links))
    },
  }
}

/** The product, on one line, without the categories that shoppers do not see. */
export function publicProduct(content: string): string {
  const hides = content.includes('"is_internal":true') || content.includes('"is_active":false')
  // Postgres breaks lines between the elements of a list; within a text a break is written as \n.
  if (!hides) return content.replaceAll("\n", "")
  const product: Product = JSON.parse(content)
  const categories = product.categories.filter((it) => it.is_active && !it.is_internal)
  return JSON.stringify({ ...product, categories })
}

/** What a price may hang on for a device to be told of it: the rest (a customer's group) is between him and the shop. */
const PUBLIC = new Set(["region_id", "currency_code"])
const arePublic = (rules: readonly { attribute: string }[]) => rules.every((it) => PUBLIC.has(it.attribute))

export interface PublicPrice {
  currency_code: string
  amount: number
  min_quantity: number | null
  max_quantity: number | null
  rules: { attribute: string; operator: string; value: string }[]
  /** The price list that it is of; null for a base price. */
  price_list: {
    id: string
    type: "sale" | "override"
    ends_at: string | null
    rules: { attribute: string; value: unknown }[]
  } | null
}

/** By variant: base prices, and those of the price lists that hold now, as far as they are for everybody. */
export function publicPrices(prices: Record<string, VariantPrices | null>): Record<string, PublicPrice[]> {
  const shown = Object.entries(prices).map(([variant, set]) => {
    if (!set) return [variant, []]
    const lists = new Map(set.lists.map((list) => [list.id, list]))
    const ofVariant = set.prices.flatMap((price): PublicPrice[] => {
      const list = price.price_list_id === null ? null : lists.get(price.price_list_id)
      if (list === undefined || price.rules_count === null || !arePublic(price.rules)) return []
      if (list && !(list.status === "active" && list.is_due && arePublic(list.rules))) return []
      const { currency_code, amount, min_quantity, max_quantity } = price
      return [
        {
          ...{ currency_code, amount, min_quantity, max_quantity },
          rules: price.rules.map(({ attribute, operator, value }) => ({ attribute, operator, value })),
          price_list: list && { id: list.id, type: list.type, ends_at: list.ends_at, rules: list.rules },
        },
      ]
    })
    return [variant, ofVariant]
  })
  return Object.fromEntries(shown)
}

export interface PublicStock {
  /** Not counted, or sold beyond what is there. */
  always: boolean
  /** Whether the channels can sell one now. */
  in_stock: boolean
  /** Those of the channels' stock locations that have one. */
  locations: string[]
}

/** By variant: where it can be had, of what these channels ship from. */
export function publicStock(
  stock: Record<string, VariantStock>,
  channels: readonly string[],
  links: readonly ChannelLocation[],
): Record<string, PublicStock> {
  const linked = new Set(links.filter((it) => channels.includes(it.sales_channel_id)).map((it) => it.stock_location_id))
  const shown = Object.entries(stock).map(([variant, it]) => [
    variant,
    {
      always: it.always,
      in_stock: it.always || it.channels.some((channel) => channels.includes(channel)),
      locations: it.locations.filter((location) => linked.has(location)),
    },
  ])
  return Object.fromEntries(shown)
}
