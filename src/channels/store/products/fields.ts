import { parseFields } from "../fields.ts"

/** Columns of a row that are shown: all of them, or these. */
export type Columns = true | readonly string[]

/** What of a product is shown, worked out once for a `fields` parameter. */
export interface ProductSelection {
  /** Stands for the selection: two that show the same have the same. */
  key: string
  columns: readonly string[]
  /** Whether `type_id` is among them: without it Medusa does not know a product's type when it taxes it. */
  withTypeId: boolean
  type?: Columns
  collection?: Columns
  options?: { columns: Columns; values?: Columns }
  tags?: Columns
  images?: Columns
  /** With their parents where those are among the categories of the same answer. */
  categories?: true
  variants?: VariantSelection
}

export interface VariantSelection {
  columns: Columns
  /** Their option: with all its columns when the product's options are shown too, else its id alone. */
  options?: { columns: Columns; option?: "whole" | "id" }
  images?: true
  price: boolean
  inventory: boolean
}

/** @source Medusa 2.21 `medusa/dist/api/store/products/query-config.js` */
const OWN_DEFAULTS = [
  ...["id", "title", "subtitle", "description", "handle", "is_giftcard", "discountable", "thumbnail", "collection_id"],
  ...["type_id", "weight", "length", "height", "width", "hs_code", "origin_country", "mid_code", "material"],
  ...["created_at", "updated_at"],
]
const DEFAULTS = [
  ...OWN_DEFAULTS,
  ...["*type", "*collection", "*options", "*options.values", "*tags", "*images", "*variants", "*variants.options"],
]
const OWN = new Set([...OWN_DEFAULTS, "metadata", "status", "external_id", "deleted_at"])
/** Allowed by Medusa column by column; below a relation that is shown whole, all its columns are. */
const NESTED = new Map(
  Object.entries({
    options: new Set(["id", "title", "is_exclusive"]),
    "options.values": new Set(["id", "value"]),
    images: new Set(["id", "url", "rank"]),
    type: new Set(["id", "value", "created_at", "updated_at"]),
    tags: new Set(["id", "value", "created_at", "updated_at"]),
    collection: new Set(["id", "title", "handle", "created_at", "updated_at", "deleted_at", "metadata"]),
    variants: new Set([
      ...["id", "title", "sku", "barcode", "ean", "upc", "hs_code", "origin_country", "mid_code", "material", "weight"],
      ...["length", "height", "width", "created_at", "updated_at", "deleted_at", "manage_inventory", "allow_backorder"],
      "thumbnail",
    ]),
    "variants.options": new Set(["id", "value"]),
  }),
)
const RELATIONS = new Set([
  ...["type", "collection", "options", "options.values", "tags", "images", "variants", "variants.options"],
  ...["categories", "variants.images", "variants.calculated_price"],
])
/** Allowed, and shown by Medusa in ways that are not worth following: a lane leaves them to it. */
const LEFT_TO_MEDUSA =
  /^\*?variants\.(prices|inventory_items|options\.option)(\.|$)|^variants\.(images|options)$|^\*variants\.inventory_quantity$/
/**
 * @param fields  the parameter, or undefined
 * @param withRegion  whether the request names a region: then Medusa calculates prices unasked
 * @returns undefined when it names something that the lane leaves to Medusa
 */
export function selectProduct(fields: string | undefined, withRegion: boolean): ProductSelection | undefined {
  const { fields: plain, relations: starred } = parseFields(fields, DEFAULTS)
  const own = new Set<string>()
  const nested = new Map<string, Set<string>>()
  const whole = new Set<string>()
  let price = withRegion
  let inventory = false
  // Whatever Medusa does not allow it drops in silence.
  for (const name of starred) {
    if (LEFT_TO_MEDUSA.test(`*${name}`) || isColumn(name)) return undefined
    if (name === "variants.calculated_price") price = true
    else if (RELATIONS.has(name)) whole.add(name)
  }
  for (const name of plain) {
    if (LEFT_TO_MEDUSA.test(name)) return undefined
    if (name === "variants.calculated_price") price = true
    else if (name === "variants.inventory_quantity") inventory = true
    else if (name === "type" || name === "collection") addColumn(nested, `${name}.id`)
    else if (OWN.has(name)) own.add(name)
    else if (isColumn(name)) addColumn(nested, name)
  }
  return assemble(own, nested, whole, price, inventory)
}

function assemble(
  own: Set<string>,
  nested: Map<string, Set<string>>,
  whole: Set<string>,
  price: boolean,
  inventory: boolean,
): ProductSelection | undefined {
  const of = (relation: string): Columns | undefined =>
    whole.has(relation) ? true : nested.has(relation) ? [...(nested.get(relation) ?? [])].sort() : undefined
  // A type named both ways (`type` and `type.value`) is Medusa's.
  for (const relation of ["type", "collection"]) {
    if ((nested.get(relation)?.size ?? 0) > 1 && nested.get(relation)?.has("id") && !whole.has(relation))
      return undefined
  }
  const options = of("options")
  const values = of("options.values")
  const variantOptions = of("variants.options")
  // With only some columns of the options, Medusa shows what it happens to have loaded of them.
  if (variantOptions === true && options !== undefined && options !== true) return undefined
  if (variantOptions === true && values !== undefined && values !== true) return undefined
  // Without the product's images, Medusa shows them here and there all the same.
  if (whole.has("variants.images") && !whole.has("images")) return undefined
  const variants = of("variants")
  const showsVariants =
    variants !== undefined || variantOptions !== undefined || whole.has("variants.images") || price || inventory
  const selection = {
    columns: [...own].sort(),
    withTypeId: own.has("type_id"),
    type: of("type"),
    collection: of("collection"),
    options: options || values ? { columns: options ?? [], values } : undefined,
    tags: of("tags"),
    images: of("images"),
    categories: whole.has("categories") || undefined,
    variants: showsVariants
      ? {
          columns: variants === true || [
            ...new Set(["id", ...(variants ?? []), ...(inventory ? ["manage_inventory"] : [])]),
          ],
          options: variantOptions && {
            columns: variantOptions,
            option: variantOptions === true ? (options || values ? "whole" : "id") : undefined,
          },
          images: whole.has("variants.images") || undefined,
          price,
          inventory,
        }
      : undefined,
  } satisfies Omit<ProductSelection, "key"> as Omit<ProductSelection, "key">
  return { ...selection, key: JSON.stringify(selection) }
}

/** Whether Medusa allows it as a column: of the product, or of one of its relations. */
function isColumn(name: string): boolean {
  const [relation, column] = splitName(name)
  return relation === "" ? OWN.has(column) : Boolean(NESTED.get(relation)?.has(column))
}

/** `variants.options.value` as a relation and one of its columns. */
export function splitName(name: string): [relation: string, column: string] {
  const dot = name.lastIndexOf(".")
  return [name.slice(0, Math.max(dot, 0)), name.slice(dot + 1)]
}

export function addColumn(nested: Map<string, Set<string>>, name: string): void {
  const [relation, column] = splitName(name)
  nested.set(relation, (nested.get(relation) ?? new Set()).add(column))
}
