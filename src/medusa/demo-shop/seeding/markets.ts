import type { MedusaContainer } from "@medusajs/framework/types"
import {
  createRegionsWorkflow,
  createTaxRatesWorkflow,
  createTaxRegionsWorkflow,
  updateRegionsWorkflow,
  updateStoresWorkflow,
} from "@medusajs/medusa/core-flows"
import { REGIONS, type Region, type RegionName } from "../places.ts"
import { complete, find, required } from "./shop.ts"

const NAMES = Object.keys(REGIONS) as RegionName[]
/** Those that are there: cards only where the shop was opened with a key for Stripe. */
const PAYMENT_PROVIDERS = ["pp_system_default", "pp_stripe_stripe"]

/** The shop's name, its currencies with or without tax in their prices, and what a visitor gets who chooses nothing. */
export async function seedStore(container: MedusaContainer, channel: string, region: string): Promise<void> {
  const [store] = await find<{ id: string; default_region_id: string | null }>(container, "store", [
    "id",
    "default_region_id",
  ])
  const { id, default_region_id } = required(store, "store")
  // The workflow writes the preference of the last currency last of all.
  const preferences = await find(container, "price_preference", ["id"], { attribute: "currency_code", value: "gbp" })
  if (default_region_id && preferences.length > 0) return
  await updateStoresWorkflow(container).run({
    input: {
      selector: { id },
      update: {
        name: "Tilaria",
        default_sales_channel_id: channel,
        default_region_id: region,
        supported_currencies: [
          { currency_code: "eur", is_default: true, is_tax_inclusive: true },
          { currency_code: "gbp", is_default: false, is_tax_inclusive: false },
        ],
      },
    },
  })
}

/** The three regions, with their currency, payment provider and the way their prices treat tax. */
export async function seedRegions(container: MedusaContainer): Promise<Record<RegionName, string>> {
  const providers = await find<{ id: string }>(container, "payment_provider", ["id"], {
    ...{ id: PAYMENT_PROVIDERS, is_enabled: true },
  })
  const inputOf = (region: Region) => ({
    payment_providers: providers.map((it) => it.id),
    is_tax_inclusive: region.pricesIncludeTax,
  })
  const found = await find<{ id: string; name: string; payment_providers: { id: string }[] }>(container, "region", [
    "id",
    "name",
    "payment_providers.id",
  ])
  const ids = await complete(
    NAMES,
    (name) => REGIONS[name].name,
    found.map(({ id, name }) => ({ id, key: name })),
    async (missing) => {
      const regions = missing.map((name) => ({
        ...inputOf(REGIONS[name]),
        name: REGIONS[name].name,
        currency_code: REGIONS[name].currency,
        countries: [REGIONS[name].country],
      }))
      return (await createRegionsWorkflow(container).run({ input: { regions } })).result
    },
  )
  const preferences = await find<{ value: string }>(container, "price_preference", ["value"], {
    attribute: "region_id",
  })
  for (const name of NAMES) {
    const existing = found.find((region) => region.name === REGIONS[name].name)
    if (!existing) continue
    const whole = existing.payment_providers.length > 0 && preferences.some(({ value }) => value === existing.id)
    if (whole) continue
    await updateRegionsWorkflow(container).run({
      input: { selector: { id: existing.id }, update: inputOf(REGIONS[name]) },
    })
  }
  return Object.fromEntries(NAMES.map((name) => [name, required(ids.get(REGIONS[name].name), name)])) as Record<
    RegionName,
    string
  >
}

/**
 * A tax region for each country, with its normal rate and the lower ones of some product types.
 *
 * @param types  ids of the product types by value
 */
export async function seedTaxes(container: MedusaContainer, types: Map<string, string>): Promise<void> {
  const regions = await find<{ id: string; country_code: string }>(container, "tax_region", ["id", "country_code"])
  const ids = await complete(
    NAMES,
    (name) => REGIONS[name].country,
    regions.map(({ id, country_code }) => ({ id, key: country_code })),
    async (missing) => {
      const input = missing.map((name) => {
        const { name: title, code, rate } = REGIONS[name].tax
        return {
          country_code: REGIONS[name].country,
          provider_id: "tp_system",
          default_tax_rate: { name: title, code, rate },
        }
      })
      return (await createTaxRegionsWorkflow(container).run({ input })).result
    },
  )
  const rates = NAMES.flatMap((name) =>
    (REGIONS[name] as Region).tax.reduced.map((reduced) => ({
      tax_region_id: required(ids.get(REGIONS[name].country), name),
      name: reduced.name,
      code: reduced.code,
      rate: reduced.rate,
      rules: reduced.types.map((type) => ({
        reference: "product_type",
        reference_id: required(types.get(type), type),
      })),
    })),
  )
  const existing = await find<{ id: string; code: string }>(container, "tax_rate", ["id", "code"])
  await complete(
    rates,
    ({ code }) => code,
    existing.map(({ id, code }) => ({ id, key: code })),
    async (input) => (await createTaxRatesWorkflow(container).run({ input })).result,
  )
}
