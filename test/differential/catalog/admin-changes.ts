import { demo } from "../../support/counter.ts"
import { type Asked, send } from "../compare.ts"
import type { openShop } from "./shop.ts"

type Shop = Awaited<ReturnType<typeof openShop>>

/** A change that a merchant makes, and the one that takes it back. */
interface Change {
  make: Asked
  undo: Asked
}

const pick = <T>(from: readonly T[], roll: (sides: number) => number): T => from[roll(from.length)] as T

/** What the dashboard does all day: prices, publishing, categories, stock. */
export function randomChange(shop: Shop, state: State, roll: (sides: number) => number): Change {
  const post = (path: string, body: object): Asked => ({ method: "POST", path, headers: shop.admin, body })
  const between = (path: string, before: object, after: object) => ({
    make: post(path, after),
    undo: post(path, before),
  })
  switch (roll(6)) {
    case 0: {
      const list = pick(state.priceLists, roll)
      const path = `/admin/price-lists/${list.id}`
      const other = list.status === "active" ? "draft" : "active"
      return between(path, { status: list.status }, { status: roll(3) ? other : list.status })
    }
    case 1: {
      const product = pick(state.products, roll)
      const status = pick(["published", "draft"], roll)
      return between(`/admin/products/${product.id}`, { status: product.status }, { status })
    }
    case 2: {
      const product = pick(state.products, roll)
      const after = { title: `${product.title} ${roll(100)}`, metadata: { season: roll(4) } }
      return between(`/admin/products/${product.id}`, { title: product.title, metadata: { season: "" } }, after)
    }
    case 3: {
      const category = pick(state.categories, roll)
      const parents = state.categories.filter((it) => it.parent_category_id === null && it.id !== category.id)
      const isRoot = category.parent_category_id === null
      const after = isRoot ? { is_active: roll(2) === 0 } : { parent_category_id: pick(parents, roll).id }
      const before = isRoot ? { is_active: true } : { parent_category_id: category.parent_category_id }
      return between(`/admin/product-categories/${category.id}`, before, after)
    }
    case 4: {
      const level = pick(state.levels, roll)
      const path = `/admin/inventory-items/${level.inventory_item_id}/location-levels/${level.location_id}`
      // Not below what is reserved, which Medusa refuses.
      return between(path, { stocked_quantity: level.stocked }, { stocked_quantity: level.reserved + roll(20) })
    }
    default: {
      const variant = pick(state.variants, roll)
      const path = `/admin/products/${variant.product_id}/variants/${variant.id}`
      return between(
        path,
        { title: variant.title },
        { title: `${variant.title} ${roll(50)}`, allow_backorder: roll(2) === 0 },
      )
    }
  }
}

/** The shop as it was. */
export interface State {
  priceLists: { id: string; status: string }[]
  products: { id: string; status: string; title: string }[]
  categories: { id: string; parent_category_id: string | null }[]
  levels: { inventory_item_id: string; location_id: string; stocked: number; reserved: number }[]
  variants: { id: string; product_id: string; title: string }[]
}

export const STATE: Record<keyof State, string> = {
  priceLists: "select id, status from price_list where deleted_at is null order by id",
  products: "select id, status, title from product where deleted_at is null order by id",
  categories: "select id, parent_category_id from product_category where deleted_at is null order by id",
  levels: `select inventory_item_id, location_id, stocked_quantity::float8 as stocked, reserved_quantity::float8 as reserved
    from inventory_level where deleted_at is null order by id`,
  variants: "select id, product_id, title from product_variant where deleted_at is null order by id",
}

/** Makes a change, on the counter's port or on Medusa's own. */
export async function make(shop: Shop, asked: Asked, through: "counter" | "medusa"): Promise<void> {
  const answer = await send(shop.sides[through], asked)
  if (answer.status >= 300) throw new Error(`${asked.path} was answered with ${answer.status}: ${answer.text}`)
}

/** The key of a storefront. */
export const key = (channel: "web" | "app" | "pos" | "phone") => ({
  "x-publishable-api-key": demo().channels[channel].publishable_key,
})
