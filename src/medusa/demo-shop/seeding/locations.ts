import type { MedusaContainer } from "@medusajs/framework/types"
import { Modules } from "@medusajs/framework/utils"
import { createStockLocationsWorkflow, linkSalesChannelsToStockLocationWorkflow } from "@medusajs/medusa/core-flows"
import { PLACES, type PlaceName } from "../places.ts"
import { complete, find, link, required } from "./shop.ts"

const NAMES = Object.keys(PLACES) as PlaceName[]
export const FULFILLMENT_PROVIDER = "manual_manual"

/** The three shops and the warehouse. Every channel sells from all of them: one stock is the point of the shop. */
export async function seedLocations(
  container: MedusaContainer,
  channels: string[],
): Promise<Record<PlaceName, string>> {
  const fields = ["id", "name", "sales_channels.id", "fulfillment_providers.id"]
  const locations = () =>
    find<{ id: string; name: string; sales_channels?: { id: string }[]; fulfillment_providers?: { id: string }[] }>(
      container,
      "stock_location",
      fields,
    )
  await complete(
    NAMES,
    (name) => PLACES[name].name,
    (await locations()).map(({ id, name }) => ({ id, key: name })),
    async (missing) => {
      const input = { locations: missing.map((name) => PLACES[name]) }
      return (await createStockLocationsWorkflow(container).run({ input })).result
    },
  )
  const found = await locations()
  const ids = {} as Record<PlaceName, string>
  for (const name of NAMES) {
    const location = required(
      found.find((candidate) => candidate.name === PLACES[name].name),
      PLACES[name].name,
    )
    ids[name] = location.id
    const add = channels.filter((channel) => !location.sales_channels?.some(({ id }) => id === channel))
    if (add.length > 0)
      await linkSalesChannelsToStockLocationWorkflow(container).run({ input: { id: location.id, add } })
    if (!location.fulfillment_providers?.length) {
      await link(container, [
        {
          [Modules.STOCK_LOCATION]: { stock_location_id: location.id },
          [Modules.FULFILLMENT]: { fulfillment_provider_id: FULFILLMENT_PROVIDER },
        },
      ])
    }
  }
  return ids
}
