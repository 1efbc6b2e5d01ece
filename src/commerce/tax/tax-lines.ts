import type { RegionRates, TaxRate, TaxReference } from "./reference.ts"

/** Where something is sold to. */
export interface TaxAddress {
  country_code: string
  province_code?: string | null
}

/** One tax on a product or on shipping, as Medusa's tax module answers it, but for `line_item_id`. */
export interface TaxLine {
  rate_id: string
  /** Percent. */
  rate: number
  name: string
  code: string
  provider_id: "system"
}

/** The provider that works with the shop's own rates; another one asks a service, which only Medusa can. */
const SYSTEM_PROVIDER = "tp_system"

/**
 * The taxes on a product at an address: the rate for the product, else for its type, else the default, of the province
 * if it has one, else of the country. A province's rate that is combinable comes with the country's on top.
 *
 * @param product_id       null for a line of a cart that is no product of the catalog: its type and the defaults hold
 * @param product_type_id  null for a product without a type
 * @returns none where nothing is taxed; undefined where the country's taxes are not for the system's provider to say
 *          (or for none): then ask Medusa
 * @source Medusa 2.21 `tax/dist/services/tax-module-service.js`, `getTaxLines`, and `tax/dist/providers/system.js`.
 *         Names are not translated: Medusa's `translation` feature is off.
 */
export function taxLines(
  product_id: string | null,
  product_type_id: string | null,
  reference: TaxReference,
  address: TaxAddress,
): TaxLine[] | undefined {
  return linesAt(reference, address, (rates) => {
    const ofProduct = product_id === null ? undefined : rates.byProduct.get(product_id)
    const ofType = product_type_id === null ? undefined : rates.byProductType.get(product_type_id)
    return ofProduct ?? ofType ?? rates.byDefault
  })
}

/**
 * The taxes on shipping at an address: the rate for the shipping option, else the default, of province and country as
 * for a product.
 *
 * @param shipping_option_id  null for a method that is of no option: the defaults hold
 * @returns as `taxLines`
 * @source as `taxLines`
 */
export function shippingTaxLines(
  shipping_option_id: string | null,
  reference: TaxReference,
  address: TaxAddress,
): TaxLine[] | undefined {
  return linesAt(reference, address, (rates) => {
    const ofOption = shipping_option_id === null ? undefined : rates.byShippingOption.get(shipping_option_id)
    return ofOption ?? rates.byDefault
  })
}

/** @param rateFor  the rate of a region for what is taxed */
function linesAt(
  reference: TaxReference,
  { country_code, province_code }: TaxAddress,
  rateFor: (rates: RegionRates) => TaxRate | undefined,
): TaxLine[] | undefined {
  const country = reference.countries.get(country_code.toLowerCase())
  if (!country) return []
  if (country.rates.provider_id !== SYSTEM_PROVIDER) return undefined

  const province = province_code ? country.provinces.get(province_code.toLowerCase()) : undefined
  const ofProvince = province && rateFor(province)
  if (ofProvince && !(ofProvince.is_combinable && province.parent_id === country.rates.id)) return [line(ofProvince)]

  const ofCountry = rateFor(country.rates)
  if (!ofCountry) return ofProvince ? [line(ofProvince)] : []
  return ofProvince ? [line(ofProvince), line(ofCountry)] : [line(ofCountry)]
}

function line({ id, rate, name, code }: TaxRate): TaxLine {
  return { rate_id: id, rate: rate || 0, name, code, provider_id: "system" }
}
