import type { MedusaContainer } from "@medusajs/framework/types"
import {
  createCollectionsWorkflow,
  createProductCategoriesWorkflow,
  createProductTagsWorkflow,
  createProductTypesWorkflow,
} from "@medusajs/medusa/core-flows"
import { CATEGORIES, COLLECTIONS, TAGS, TYPES } from "../catalog/index.ts"
import { complete, find, required } from "./shop.ts"

/** Ids of what products are sorted by: categories and collections by handle, types and tags by value. */
export interface Shelves {
  categories: Map<string, string>
  collections: Map<string, string>
  types: Map<string, string>
  tags: Map<string, string>
}

/** The category tree, the collections, the product types and the tags. */
export async function seedShelves(container: MedusaContainer): Promise<Shelves> {
  return {
    categories: await seedCategories(container),
    collections: await complete(
      Object.entries(COLLECTIONS),
      ([handle]) => handle,
      await keysOf(container, "product_collection", "handle"),
      async (missing) => {
        const collections = missing.map(([handle, title]) => ({ handle, title }))
        return (await createCollectionsWorkflow(container).run({ input: { collections } })).result
      },
    ),
    types: await complete(
      TYPES,
      (value) => value,
      await keysOf(container, "product_type", "value"),
      async (missing) => {
        const product_types = missing.map((value) => ({ value }))
        return (await createProductTypesWorkflow(container).run({ input: { product_types } })).result
      },
    ),
    tags: await complete(
      TAGS,
      (value) => value,
      await keysOf(container, "product_tag", "value"),
      async (missing) => {
        const product_tags = missing.map((value) => ({ value }))
        return (await createProductTagsWorkflow(container).run({ input: { product_tags } })).result
      },
    ),
  }
}

/** Parents first: a child is created with the id of its parent. */
async function seedCategories(container: MedusaContainer): Promise<Map<string, string>> {
  const ids = new Map<string, string>()
  for (const generation of [CATEGORIES.filter(({ parent }) => !parent), CATEGORIES.filter(({ parent }) => parent)]) {
    const made = await complete(
      generation,
      ({ handle }) => handle,
      await keysOf(container, "product_category", "handle"),
      async (missing) => {
        const product_categories = missing.map(({ parent, ...category }) => ({
          ...category,
          is_active: true,
          parent_category_id: parent ? required(ids.get(parent), parent) : undefined,
        }))
        return (await createProductCategoriesWorkflow(container).run({ input: { product_categories } })).result
      },
    )
    for (const [handle, id] of made) ids.set(handle, id)
  }
  return ids
}

async function keysOf(container: MedusaContainer, entity: string, key: "handle" | "value") {
  const rows = await find<{ id: string } & Record<string, string>>(container, entity, ["id", key])
  return rows.map((row) => ({ id: row.id, key: required(row[key], entity) }))
}
