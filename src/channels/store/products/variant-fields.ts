import { parseFields } from "../fields.ts"
import { addColumn, type Columns, splitName } from "./fields.ts"

/** What of a variant is shown, worked out once for a `fields` parameter. */
export interface ShownVariant {
  columns: readonly string[]
  /** Of its product: at most its id and its type's. */
  product?: readonly ("id" | "type_id")[]
  options?: Columns
  images?: Columns
  price: boolean
  inventory: boolean
}

/** @source Medusa 2.21 `medusa/dist/api/store/product-variants/query-config.js` */
const OWN_DEFAULTS = [
  ...[
    "id",
    "title",
    "sku",
    "barcode",
    "ean",
    "upc",
    "allow_backorder",
    "manage_inventory",
    "variant_rank",
    "product_id",
  ],
  ...["thumbnail", "hs_code", "origin_country", "mid_code", "material", "weight", "length", "height", "width"],
  ...["created_at", "updated_at", "metadata"],
]
const DEFAULTS = [...OWN_DEFAULTS, "*options", "*images", "product.id", "product.type_id"]
const OWN = new Set([...OWN_DEFAULTS, "deleted_at"])
const NESTED = new Map(
  Object.entries({
    options: new Set(["id", "value"]),
    images: new Set(["id", "url", "rank"]),
    product: new Set(["id", "type_id"]),
  }),
)

/**
 * @param fields      the parameter, or undefined
 * @param withRegion  whether the request names a region: then Medusa calculates prices unasked
 * @returns undefined when it names something that the lane leaves to Medusa
 */
export function selectVariant(fields: string | undefined, withRegion: boolean): ShownVariant | undefined {
  const { fields: plain, relations: starred } = parseFields(fields, DEFAULTS)
  const own = new Set<string>()
  const nested = new Map<string, Set<string>>()
  const whole = new Set<string>()
  let price = withRegion
  let inventory = false
  // Whatever Medusa does not allow it drops in silence.
  for (const name of starred) {
    if (name === "calculated_price") price = true
    else if (name === "options" || name === "images") whole.add(name)
    else if (OWN.has(name) || name === "inventory_quantity" || isNested(name)) return undefined
  }
  for (const name of plain) {
    if (name === "calculated_price") price = true
    else if (name === "inventory_quantity") inventory = true
    else if (OWN.has(name)) own.add(name)
    else if (isNested(name)) addColumn(nested, name)
  }
  if (inventory) own.add("manage_inventory")
  const product = nested.get("product")
  // What is shown of a product is found by its id.
  if (product) own.add("product_id")
  return {
    columns: [...own],
    product: product && (["id", "type_id"] as const).filter((it) => it === "id" || product.has(it)),
    options: whole.has("options") ? true : nested.has("options") ? [...(nested.get("options") ?? [])] : undefined,
    images: whole.has("images") ? true : nested.has("images") ? [...(nested.get("images") ?? [])] : undefined,
    price,
    inventory,
  } satisfies ShownVariant as ShownVariant
}

function isNested(name: string): boolean {
  const [relation, column] = splitName(name)
  return Boolean(NESTED.get(relation)?.has(column))
}
