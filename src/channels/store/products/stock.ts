import type { Context } from "hono"
import type { ProductDocument, Variant } from "../../../commerce/catalog/index.ts"
import { channelAvailability } from "../../../commerce/inventory/index.ts"
import type { Counter, Services } from "../../counter.ts"

/**
 * The sales channel whose stock a request is shown.
 *
 * @returns undefined when there are several: a mistake, which Medusa names
 * @source Medusa 2.21 `medusa/dist/api/utils/middlewares/products/variant-inventory-quantity.js`
 */
export function stockChannel(c: Context<Counter>, asked: string[] | undefined): string | undefined {
  const ofKey = c.get("publishableKey").sales_channel_ids
  if (ofKey.length === 1) return ofKey[0]
  return asked?.length === 1 ? asked[0] : undefined
}

/** How many of each managed variant the channel can sell now; an unmanaged one is not there. */
export function stockOf(
  { database, store }: Pick<Services, "database" | "store">,
  variants: { variant: Variant; document: ProductDocument }[],
  channel: string,
): Promise<Map<string, number | null>> {
  const needs = variants
    .filter(({ variant }) => variant.manage_inventory)
    .map(({ variant, document }) => [variant.id, document.stock[variant.id]?.items ?? []] as const)
  return channelAvailability(database.sql, new Map(needs), store.locationsOf(channel))
}
