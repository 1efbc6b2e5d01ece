/** A row of `tax_region`: a country, or a province of one. */
export interface TaxRegion {
  id: string
  country_code: string
  province_code: string | null
  parent_id: string | null
  provider_id: string | null
}

/** A row of `tax_rate` with its rules out of `tax_rate_rule`. */
export interface TaxRate {
  id: string
  /** Percent. */
  rate: number | null
  code: string
  name: string
  is_default: boolean
  is_combinable: boolean
  tax_region_id: string
  /** What it is for: `product`, `product_type` or `shipping_option`, and its id. */
  rules: readonly { reference: string; reference_id: string }[]
}

/** The rates of one region, by what they are for; of several for the same thing Medusa takes the first by id. */
export interface RegionRates {
  readonly id: string
  readonly parent_id: string | null
  readonly provider_id: string | null
  readonly byProduct: ReadonlyMap<string, TaxRate>
  readonly byProductType: ReadonlyMap<string, TaxRate>
  readonly byShippingOption: ReadonlyMap<string, TaxRate>
  readonly byDefault: TaxRate | undefined
}

/** A country that taxes, with its provinces by code. Codes are lower-case. */
export interface TaxCountry {
  readonly rates: RegionRates
  readonly provinces: ReadonlyMap<string, RegionRates>
}

/** All that taxes depend on besides the product and the address. Another object after each change. */
export interface TaxReference {
  readonly countries: ReadonlyMap<string, TaxCountry>
}

/** @param regions, rates  those that are not deleted; rates in the order of their ids as the database sorts them */
export function taxReference(regions: readonly TaxRegion[], rates: readonly TaxRate[]): TaxReference {
  const countries = new Map<string, TaxCountry & { provinces: Map<string, RegionRates> }>()
  for (const region of regions) {
    if (region.province_code === null)
      countries.set(region.country_code, { rates: ratesOf(region, rates), provinces: new Map() })
  }
  for (const region of regions) {
    if (region.province_code !== null)
      countries.get(region.country_code)?.provinces.set(region.province_code, ratesOf(region, rates))
  }
  return { countries }
}

function ratesOf({ id, parent_id, provider_id }: TaxRegion, rates: readonly TaxRate[]): RegionRates {
  const own = rates.filter((rate) => rate.tax_region_id === id)
  return {
    id,
    parent_id,
    provider_id,
    byProduct: firstByReference(own, "product"),
    byProductType: firstByReference(own, "product_type"),
    byShippingOption: firstByReference(own, "shipping_option"),
    byDefault: own.find((rate) => rate.is_default),
  }
}

function firstByReference(rates: readonly TaxRate[], reference: string): Map<string, TaxRate> {
  const first = new Map<string, TaxRate>()
  for (const rate of rates) {
    for (const rule of rate.rules) {
      if (rule.reference === reference && !first.has(rule.reference_id)) first.set(rule.reference_id, rate)
    }
  }
  return first
}
