import type { ISql } from "postgres"

/** What of a variant is not in the catalog's documents. */
export interface VariantRow {
  id: string
  product_id: string
  /** Its product has a shipping profile, or it is made of something that ships. */
  requires_shipping: boolean
}

/** Reads variants, in one statement. */
export async function readVariants(sql: ISql, ids: readonly string[]): Promise<VariantRow[]> {
  const [id, ...more] = ids
  // Of one, Postgres plans it once for all; of a list, each time anew.
  const wanted = more.length === 0 ? sql`variant.id = ${id ?? ""}` : sql`variant.id = any(${[...ids]})`
  return await sql<VariantRow[]>`
    select variant.id, variant.product_id,
      exists (
        select from product_shipping_profile link
        join shipping_profile profile on profile.id = link.shipping_profile_id and profile.deleted_at is null
        where link.product_id = variant.product_id and link.deleted_at is null)
      or exists (
        select from product_variant_inventory_item part
        join inventory_item item on item.id = part.inventory_item_id and item.deleted_at is null
        where part.variant_id = variant.id and part.deleted_at is null and item.requires_shipping) as requires_shipping
    from product_variant variant
    where ${wanted} and variant.deleted_at is null`
}
