import { ACCESSORIES } from "./accessories.ts"
import { BOOKS } from "./books.ts"
import { CATEGORIES } from "./categories.ts"
import { DECORATION } from "./decoration.ts"
import { KITCHEN } from "./kitchen.ts"
import { MEN } from "./men.ts"
import { PANTRY } from "./pantry.ts"
import type { ProductData, Shelf } from "./product.ts"
import { TEXTILES } from "./textiles.ts"
import { choicesOf, type Variant, variantsOf } from "./variants.ts"
import { WOMEN } from "./women.ts"

export { CATEGORIES, COLLECTIONS, TAGS, TYPES } from "./categories.ts"
export type { ProductData } from "./product.ts"
export { lowered, type Variant } from "./variants.ts"

export interface Product extends ProductData {
  type: string
  discountable: boolean
  hsCode: string
  /** The category it stands in and those above it, outermost first. */
  categories: string[]
  /** The values of each option, as they are shown. */
  choices: Record<string, string[]>
  variants: Variant[]
}

const SHELVES: Shelf[] = [KITCHEN, TEXTILES, DECORATION, WOMEN, MEN, ACCESSORIES, PANTRY, BOOKS]

/** Every product of the demo shop with its variants worked out; the same at every call. */
export const CATALOG: Product[] = SHELVES.flatMap((shelf) =>
  shelf.products.map((product) => ({
    ...product,
    type: shelf.type,
    discountable: shelf.discountable ?? true,
    hsCode: shelf.hsCode,
    categories: withAncestors(shelf.category),
    choices: choicesOf(product),
    variants: variantsOf(product),
  })),
)

const VARIANTS = CATALOG.flatMap((product) => product.variants)
refuseTwice(
  "handle",
  CATALOG.map(({ handle }) => handle),
)
refuseTwice(
  "SKU",
  VARIANTS.map(({ sku }) => sku),
)
refuseTwice(
  "EAN",
  VARIANTS.map(({ ean }) => ean),
)

function withAncestors(handle: string): string[] {
  const category = CATEGORIES.find((candidate) => candidate.handle === handle)
  if (!category) throw new RangeError(`No category "${handle}"`)
  return category.parent ? [...withAncestors(category.parent), handle] : [handle]
}

function refuseTwice(name: string, values: string[]): void {
  const twice = values.filter((value, index) => values.indexOf(value) !== index)
  if (twice.length > 0) throw new RangeError(`The catalog has the same ${name} twice: ${twice.join(", ")}`)
}
