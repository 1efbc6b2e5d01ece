import type { RegionRates, TaxRate, TaxReference } from "./reference.ts"

/** Where something is sold to. */
export interface TaxAddress {
  country_code: string
  province_code?: string | null
}

/** One tax on a product, as Medusa's tax module answers it, but for `line_item_id`. */
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
 * @param product_type_id  null for a product without a type
 * @returns none where nothing is taxed; undefined where the country's taxes are not for the system's provider to say
 *          (or for none): then ask Medusa
 * @source Medusa 2.21 `tax/dist/services/tax-module-service.js`, `getTaxLines`, and `tax/dist/providers/system.js`.
 *         Names are not translated: Medusa's `translation` feature is off.
 */
export function taxLines(
  product_id: string,
  product_type_id: string | null,
  reference: TaxReference,
  { country_code, province_code }: TaxAddress,
): TaxLine[] | undefined {
  const country = reference.countries.get(country_code.toLowerCase())
  if (!country) return []
  if (country.rates.provider_id !== SYSTEM_PROVIDER) return undefined

  const province = province_code ? country.provinces.get(province_code.toLowerCase()) : undefined
  const ofProvince = province && rateFor(product_id, product_type_id, province)
  if (ofProvince && !(ofProvince.is_combinable && province.parent_id === country.rates.id)) return [line(ofProvince)]

  const ofCountry = rateFor(product_id, product_type_id, country.rates)
  if (!ofCountry) return ofProvince ? [line(ofProvince)] : []
  return ofProvince ? [line(ofProvince), line(ofCountry)] : [line(ofCountry)]
}

function rateFor(product_id: string, product_type_id: string | null, rates: RegionRates): TaxRate | undefined {
  return (
    rates.byProduct.get(product_id) ??
    (product_type_id === null ? undefined : rates.byProductType.get(product_type_id)) ??
    rates.byDefault
  )
}

function line({ id, rate, name, code }: TaxRate): TaxLine {
  return { rate_id: id, rate: rate || 0, name, code, provider_id: "system" }
}
