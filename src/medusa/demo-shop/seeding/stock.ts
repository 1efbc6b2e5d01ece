import type { MedusaContainer } from "@medusajs/framework/types"
import { createInventoryItemsWorkflow, createInventoryLevelsWorkflow } from "@medusajs/medusa/core-flows"
import { PLACES, type PlaceName } from "../places.ts"
import { ITEMS } from "../stock.ts"
import { complete, find, required } from "./shop.ts"

/**
 * The inventory items, each with a level at all four locations.
 *
 * They come before the products: an item that a product's workflow makes by itself, and that a kill leaves
 * without its variant, would block its SKU for ever.
 *
 * @returns ids by SKU
 */
export async function seedInventory(
  container: MedusaContainer,
  locations: Record<PlaceName, string>,
): Promise<Map<string, string>> {
  const skus = ITEMS.map(({ sku }) => sku)
  const existing = await find<{ id: string; sku: string; location_levels: { location_id: string }[] }>(
    container,
    "inventory_item",
    ["id", "sku", "location_levels.location_id"],
    { sku: skus },
  )
  const ids = await complete(
    ITEMS,
    ({ sku }) => sku,
    existing.map(({ id, sku }) => ({ id, key: sku })),
    async (missing) => {
      const items = missing.map(({ sku, title, weight }) => ({ sku, title, weight, requires_shipping: true }))
      return (await createInventoryItemsWorkflow(container).run({ input: { items } })).result
    },
  )
  const counted = new Set(
    existing.flatMap(({ sku, location_levels }) => location_levels.map((level) => `${sku} ${level.location_id}`)),
  )
  const inventory_levels = ITEMS.flatMap(({ sku, stock }) =>
    (Object.keys(PLACES) as PlaceName[])
      .filter((place) => !counted.has(`${sku} ${locations[place]}`))
      .map((place) => ({
        inventory_item_id: required(ids.get(sku), sku),
        location_id: locations[place],
        stocked_quantity: stock[place],
      })),
  )
  if (inventory_levels.length > 0) await createInventoryLevelsWorkflow(container).run({ input: { inventory_levels } })
  return ids
}
