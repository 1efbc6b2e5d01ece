import type { CreateProductWorkflowInputDTO, MedusaContainer } from "@medusajs/framework/types"
import { ContainerRegistrationKeys, Modules, ProductStatus } from "@medusajs/framework/utils"
import { createProductsWorkflow, deleteProductsWorkflow } from "@medusajs/medusa/core-flows"
import { CATALOG, type Product } from "../catalog/index.ts"
import { pictureFiles } from "../pictures/index.ts"
import type { ChannelName } from "../places.ts"
import { partsOf } from "../stock.ts"
import type { Channels } from "./channels.ts"
import type { Shelves } from "./shelves.ts"
import { complete, find, required } from "./shop.ts"

/** What a product needs of the pieces that were made before it. */
export interface ProductContext {
  publicUrl: string
  shelves: Shelves
  channels: Channels
  shippingProfile: string
  /** Ids of the inventory items by SKU. */
  items: Map<string, string>
}

/**
 * Products a batch: one workflow keeps all its steps' data in memory, and a kill throws away one batch at most.
 */
const BATCH = 45

const HANDLES = CATALOG.map(({ handle }) => handle)

/** All products with their variants, prices and links to stock, in a few batches. */
export async function seedProducts(
  container: MedusaContainer,
  context: ProductContext,
  progress: (done: number) => void,
): Promise<void> {
  const existing = await find<{ id: string; handle: string }>(container, "product", ["id", "handle"], {
    handle: HANDLES,
  })
  await complete(
    CATALOG,
    ({ handle }) => handle,
    existing.map(({ id, handle }) => ({ id, key: handle })),
    async (missing) => {
      const created: { id: string }[] = []
      for (let from = 0; from < missing.length; from += BATCH) {
        const products = missing.slice(from, from + BATCH).map((product) => inputOf(product, context))
        created.push(...(await createProductsWorkflow(container).run({ input: { products } })).result)
        progress(created.length)
      }
      return created
    },
  )
}

/**
 * Throws away products that a cut-off seeding left without variants, prices, stock or channels, and prices
 * that belong to nothing: Medusa's workflows write those one after the other, not in one transaction.
 *
 * Only for a shop that was never whole: in one that was, such a product is what the merchant made of it.
 */
export async function clearHalfMade(container: MedusaContainer): Promise<void> {
  const found = await find<{
    id: string
    handle: string
    sales_channels?: unknown[]
    shipping_profile?: { id: string } | null
    variants: { manage_inventory: boolean; price_set?: { id: string } | null; inventory_items?: unknown[] }[]
  }>(
    container,
    "product",
    [
      "id",
      "handle",
      "sales_channels.id",
      "shipping_profile.id",
      "variants.manage_inventory",
      "variants.price_set.id",
      "variants.inventory_items.inventory_item_id",
    ],
    { handle: HANDLES },
  )
  const plans = new Map(CATALOG.map((product) => [product.handle, product]))
  const halves = found.filter(({ handle, sales_channels, shipping_profile, variants }) => {
    const whole =
      variants.length === plans.get(handle)?.variants.length &&
      Boolean(shipping_profile && sales_channels?.length) &&
      variants.every((variant) => variant.price_set && (!variant.manage_inventory || variant.inventory_items?.length))
    return !whole
  })
  if (halves.length > 0) await deleteProductsWorkflow(container).run({ input: { ids: halves.map(({ id }) => id) } })

  const priceSets = await find<{ id: string; variant?: unknown; shipping_option?: unknown }>(container, "price_set", [
    "id",
    "variant.id",
    "shipping_option.id",
  ])
  const orphans = priceSets.filter(({ variant, shipping_option }) => !variant && !shipping_option).map(({ id }) => id)
  if (orphans.length > 0) await container.resolve(Modules.PRICING).deletePriceSets(orphans)
}

/**
 * Lets the pictures be found where the shop is now: Medusa keeps whole addresses, and the shop's own may have changed
 * (another `PORT`, a `PUBLIC_URL`) since its products were made.
 */
export async function movePictures(container: MedusaContainer, publicUrl: string): Promise<void> {
  const database = container.resolve(ContainerRegistrationKeys.PG_CONNECTION)
  const here = `${publicUrl}/static/demo/`
  for (const [table, column] of [
    ["image", "url"],
    ["product", "thumbnail"],
  ] as const) {
    await database.raw(
      `update ?? set ?? = ? || substring(?? from '[^/]*$') where ?? like '%/static/demo/%.svg' and not starts_with(??, ?)`,
      [table, column, here, column, column, column, here],
    )
  }
}

function inputOf(
  product: Product,
  { publicUrl, shelves, channels, shippingProfile, items }: ProductContext,
): CreateProductWorkflowInputDTO {
  const images = pictureFiles(product).map((file) => ({ url: `${publicUrl}/static/demo/${file}` }))
  const soldIn = product.only ?? (Object.keys(channels) as ChannelName[])
  return {
    title: product.title,
    handle: product.handle,
    description: product.description,
    status: product.draft ? ProductStatus.DRAFT : ProductStatus.PUBLISHED,
    discountable: product.discountable,
    material: product.material,
    weight: product.weight,
    hs_code: product.hsCode,
    origin_country: "es",
    thumbnail: images[0]?.url,
    images,
    type_id: required(shelves.types.get(product.type), product.type),
    collection_id: product.collection && required(shelves.collections.get(product.collection), product.collection),
    tag_ids: product.tags?.map((tag) => required(shelves.tags.get(tag), tag)),
    category_ids: product.categories.map((handle) => required(shelves.categories.get(handle), handle)),
    sales_channels: soldIn.map((name) => ({ id: channels[name].sales_channel_id })),
    shipping_profile_id: shippingProfile,
    options: Object.entries(product.choices).map(([title, values]) => ({ title, values })),
    variants: product.variants.map((variant) => ({
      title: variant.title,
      sku: variant.sku,
      ean: variant.ean,
      barcode: variant.ean,
      weight: variant.weight,
      options: variant.options,
      prices: variant.prices,
      manage_inventory: product.inventory !== "unmanaged",
      allow_backorder: product.inventory === "backorder",
      inventory_items: partsOf(product, variant).map(({ sku, quantity }) => ({
        inventory_item_id: required(items.get(sku), sku),
        required_quantity: quantity,
      })),
    })),
  }
}
