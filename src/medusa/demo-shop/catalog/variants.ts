import { eanOf } from "../barcodes.ts"
import type { Choices, ProductData } from "./product.ts"

export interface Price {
  currency_code: "eur" | "gbp"
  amount: number
  min_quantity?: number
}

export interface Variant {
  sku: string
  ean: string
  title: string
  options: Record<string, string>
  prices: Price[]
  weight: number
}

/** Every combination of a product's options, with its price, weight, SKU and barcode. */
export function variantsOf(product: ProductData): Variant[] {
  return combinations(optionsOf(product)).map((chosen) => {
    const values = chosen.map(({ value }) => value)
    const eur = toCents(product.price + chosen.reduce((sum, { extra }) => sum + extra, 0))
    const sku = product.options ? [product.sku, ...values.map(code)].join("-") : product.sku
    return {
      sku,
      ean: eanOf(sku),
      title: values.join(" / "),
      options: Object.fromEntries(chosen.map(({ option, value }) => [option, value])),
      prices: pricesOf(product, eur),
      weight: Math.round((product.weight * eur) / product.price),
    }
  })
}

/** The values of each option, as they are shown. */
export const choicesOf = (product: ProductData): Record<string, string[]> =>
  Object.fromEntries(optionsOf(product).map(([option, choices]) => [option, valuesOf(choices)]))

/** What a price becomes with `percent` taken off it. */
export const lowered = (amount: number, percent: number) => toCents((amount * (100 - percent)) / 100)

function pricesOf(product: ProductData, eur: number): Price[] {
  const single: Price[] = [
    { currency_code: "eur", amount: eur },
    { currency_code: "gbp", amount: poundsWithoutTax(eur) },
  ]
  const { tier } = product
  if (!tier) return single
  return [
    ...single,
    ...single.map((price) => ({ ...price, amount: lowered(price.amount, tier.percent), min_quantity: tier.from })),
  ]
}

/** A price in the British shop window: VAT comes on top of it, and it ends in .95 or .45. */
const poundsWithoutTax = (eur: number) => toCents(Math.ceil(eur * 0.72 * 2) / 2 - 0.05)

function combinations(options: [string, Choices][]): { option: string; value: string; extra: number }[][] {
  const [first, ...others] = options
  if (!first) return [[]]
  const [option, choices] = first
  const rest = combinations(others)
  return valuesOf(choices).flatMap((value) => {
    const extra = Array.isArray(choices) ? 0 : (choices[value] ?? 0)
    return rest.map((tail) => [{ option, value, extra }, ...tail])
  })
}

/** Medusa wants every product to have an option, even where there is nothing to choose. */
const optionsOf = (product: ProductData): [string, Choices][] =>
  Object.entries(product.options ?? { Formato: ["Único"] })

const valuesOf = (choices: Choices) => (Array.isArray(choices) ? choices : Object.keys(choices))

/** `Azul marino` becomes `AZUL-MARINO`, `0,5 l` becomes `0-5-L`. */
const code = (value: string) =>
  value
    .normalize("NFD")
    .replace(/\p{Diacritic}/gu, "")
    .toUpperCase()
    .replace(/[^A-Z0-9]+/g, "-")
    .replace(/^-|-$/g, "")

const toCents = (amount: number) => Math.round(amount * 100) / 100
