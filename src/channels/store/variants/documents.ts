import type { ISql } from "postgres"
import type { Catalog, ProductDocument, Variant } from "../../../commerce/catalog/index.ts"

/** A variant that is there, of a product that is there. */
export interface VariantRow {
  id: string
  product_id: string
}

/** A variant in its product's document. */
export interface FoundVariant {
  variant: Variant
  document: ProductDocument
}

/** Variants in their documents; one that is so new that its document lacks it is built first. */
export async function documentsOf(catalog: Catalog, rows: readonly VariantRow[]): Promise<FoundVariant[]> {
  const found = await read(catalog, rows)
  if (found.length === rows.length) return found
  await catalog.bringForward(rows.map((it) => it.product_id))
  return await read(catalog, rows)
}

/** Sees to it that a variant that is so new that its product's document lacks it can be sold here at once. */
export async function bringVariant(catalog: Catalog, sql: ISql, id: string): Promise<void> {
  const rows = await sql<VariantRow[]>`
    select variant.id, product_id from product_variant variant
    join product on product.id = product_id and product.deleted_at is null
    where variant.id = ${id} and variant.deleted_at is null`
  await documentsOf(catalog, rows)
}

async function read(catalog: Catalog, rows: readonly VariantRow[]): Promise<FoundVariant[]> {
  const documents = await catalog.documents.get([...new Set(rows.map((it) => it.product_id))])
  return rows.flatMap(({ id, product_id }) => {
    const document = documents.find((it) => it.product_id === product_id)
    const variant = document?.product.variants.find((it) => it.id === id)
    return document && variant ? [{ document, variant }] : []
  })
}
