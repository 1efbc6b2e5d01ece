import { CATALOG, type Product, type Variant } from "./catalog/index.ts"
import type { PlaceName } from "./places.ts"

/** An inventory item: what is counted on the shelves. Most variants have one, some share one, a kit has several. */
export interface Item {
  sku: string
  title: string
  weight?: number
  /** Units at each location. */
  stock: Record<PlaceName, number>
}

/** Five left, in one shop only. */
const SCARCE: Record<string, PlaceName> = {
  "PARKA-AGUACERO-L-VERDE-OLIVA": "madrid",
  "ESPEJO-CLARABOYA-60-CM": "barcelona",
  "JERSEY-BITACORA-XL-AZUL-MARINO": "valencia",
}
const SCARCE_UNITS = 5

/** The variants that `demo.json` names, by SKU. */
export const NOTABLE = {
  scarce: "ESPEJO-CLARABOYA-60-CM",
  kit: "JUEGO-ROCIO-VIDRIO-CLARO",
  shared_a: "PANO-ESPIGA-SUELTO",
  shared_b: "PANO-ESPIGA-ESTUCHE-DE-REGALO",
  backorder: "CORTINA-MEDIODIA-250-CM-CRUDO",
  unmanaged: "LIBRO-RECETARIO-LISA",
}

/** What a variant takes from the shelves when one of it is sold. */
export function partsOf(product: Product, variant: Variant): { sku: string; quantity: number }[] {
  const { inventory } = product
  if (inventory === "unmanaged") return []
  if (inventory === "shared") return [{ sku: product.sku, quantity: 1 }]
  if (typeof inventory === "object") return inventory.kit
  return [{ sku: variant.sku, quantity: 1 }]
}

/** Every inventory item of the demo shop, with its stock. */
export const ITEMS: Item[] = CATALOG.flatMap(itemsOf)

function itemsOf(product: Product): Item[] {
  const { inventory, title, weight } = product
  if (inventory === "unmanaged") return []
  if (inventory === "shared") return [{ sku: product.sku, title, weight, stock: stockOf(product.sku) }]
  if (typeof inventory === "object") {
    return inventory.kit.map((part) => ({ sku: part.sku, title: part.title, stock: stockOf(part.sku, part.quantity) }))
  }
  return product.variants.map((variant) => ({
    sku: variant.sku,
    title: `${title} - ${variant.title}`,
    weight: variant.weight,
    stock: inventory === "backorder" ? everywhere(() => 0) : stockOf(variant.sku),
  }))
}

/** Between 6 and 25 units in a shop and between 40 and 159 in the warehouse; the same for a SKU at every seeding. */
function stockOf(sku: string, perSet = 1): Record<PlaceName, number> {
  const only = SCARCE[sku]
  if (only) return everywhere((place) => (place === only ? SCARCE_UNITS : 0))
  return everywhere((place) => {
    const spread = [...`${place}${sku}`].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 9973, 7)
    return perSet * (place === "warehouse" ? 40 + (spread % 120) : 6 + (spread % 20))
  })
}

function everywhere(units: (place: PlaceName) => number): Record<PlaceName, number> {
  return {
    madrid: units("madrid"),
    barcelona: units("barcelona"),
    valencia: units("valencia"),
    warehouse: units("warehouse"),
  }
}
