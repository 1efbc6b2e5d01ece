/** A row of `geo_zone`: a part of the world that a service zone serves. */
export interface GeoZone {
  type: string
  country_code: string
  province_code: string | null
  city: string | null
  /** JSON: a text is a postal code; what Medusa's dashboard writes is an object, which no address has. */
  postal_expression: unknown
}

/** What of a cart's shipping address says where it goes. */
export interface ShippingAddress {
  country_code: string | null
  province: string | null
  city: string | null
  postal_code: string | null
}

/**
 * Whether one of the zones holds an address.
 *
 * The narrowest thing that an address names asks for zones of its kind, and so does everything wider; of what it does
 * not name nothing is asked, so that a zone by postal code holds an address without a province. Who names nothing, or
 * has no address, is let through. Texts must be the same to the letter: Medusa knows no cases here.
 *
 * @source Medusa 2.21 `fulfillment/dist/services/fulfillment-module-service.js`, `buildGeoZoneConstraintsFromAddress`
 */
export function reaches(zones: readonly GeoZone[], address: ShippingAddress | null): boolean {
  const { country_code, province, city, postal_code } = address ?? {}
  if (!country_code && !province && !city && !postal_code) return true
  const inCountry = (zone: GeoZone) => !country_code || zone.country_code === country_code
  const inProvince = (zone: GeoZone) => inCountry(zone) && (!province || zone.province_code === province)
  const inCity = (zone: GeoZone) => inProvince(zone) && (!city || zone.city === city)
  return zones.some((zone) => {
    switch (zone.type) {
      case "zip":
        return Boolean(postal_code) && inCity(zone) && zone.postal_expression === postal_code
      case "city":
        return Boolean(city) && inCity(zone)
      case "province":
        return Boolean(province) && inProvince(zone)
      default:
        return Boolean(country_code) && inCountry(zone)
    }
  })
}
