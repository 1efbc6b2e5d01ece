import { newId } from "../../../platform/ids.ts"
import { shippingTaxLines, type TaxLine, taxLines } from "../../tax/index.ts"
import type { LineItemRow, ShippingMethodRow, TaxLineRow } from "../cart.ts"
import type { Draft } from "./draft.ts"
import { invalid, OnlyMedusa } from "./errors.ts"
import type { Shop } from "./shop.ts"

/** Where the taxes of lines and of shipping methods stand. */
const LINES = { table: "cart_line_item_tax_line", prefix: "calitxl", parent: "item_id" } as const
const METHODS = { table: "cart_shipping_method_tax_line", prefix: "casmtxl", parent: "shipping_method_id" } as const
type Kind = typeof LINES | typeof METHODS
type Taxed = LineItemRow | ShippingMethodRow

/**
 * Taxes the whole cart anew: every tax line gives way to one of now, also where it is the same.
 *
 * @param isForced  also where the region's taxes are not automatic
 * @throws CartRefused when it is forced, and nobody knows the country
 * @source Medusa 2.21 `core-flows/dist/cart/workflows/update-tax-lines.js`
 */
export function setTaxes(draft: Draft, shop: Shop, { isForced = false } = {}): void {
  const rates = ratesFor(draft, shop, isForced)
  const { items, shipping_methods } = draft.cart
  for (const [kind, taxed] of [[LINES, items] as const, [METHODS, shipping_methods] as const]) {
    for (const row of taxed) {
      draft.remove(kind.table, row.tax_lines)
      row.tax_lines = (rates?.(row) ?? []).map((line) => createTaxLine(draft, kind, row, line))
    }
  }
}

/**
 * Taxes lines and shipping methods that are new or have changed. As Medusa does it: the first tax line of a row takes
 * what each of the taxes says, by turns, so that of two only the last is left there; others stay as they are.
 *
 * @source Medusa 2.21 `core-flows/dist/cart/workflows/upsert-tax-lines.js`
 */
export function upsertTaxes(
  draft: Draft,
  shop: Shop,
  { items = [], methods = [] }: { items?: readonly LineItemRow[]; methods?: readonly ShippingMethodRow[] },
): void {
  const rates = ratesFor(draft, shop, false)
  if (!rates) return
  for (const [kind, taxed] of [[LINES, items] as const, [METHODS, methods] as const]) {
    for (const row of taxed) {
      const [first] = [...row.tax_lines].sort((a, b) => (a.id < b.id ? -1 : 1))
      const lines = rates(row)
      const last = lines.at(-1)
      if (!first) row.tax_lines.push(...lines.map((line) => createTaxLine(draft, kind, row, line)))
      else if (last) draft.update(kind.table, first, columnsOf(last))
    }
  }
}

/** @returns what each row is taxed with; undefined where nothing is */
function ratesFor(
  { cart }: Draft,
  { regions, tax: { reference } }: Shop,
  isForced: boolean,
): ((row: Taxed) => TaxLine[]) | undefined {
  const region = cart.region_id === null ? undefined : regions.find(cart.region_id)
  if (!isForced && !region?.automatic_taxes) return undefined
  const { country_code, province: province_code } = cart.shipping_address ?? {}
  if (!country_code) {
    if (isForced) throw invalid("country code is required to calculate taxes")
    return undefined
  }
  const address = { country_code, province_code: province_code ?? null }
  return (row) => {
    if ("is_giftcard" in row && row.is_giftcard) return []
    const lines = isLine(row)
      ? taxLines(row.product_id, row.product_type_id, reference, address)
      : shippingTaxLines(row.shipping_option_id, reference, address)
    if (!lines) throw new OnlyMedusa("the country's taxes are a service's to say")
    return lines
  }
}

const isLine = (row: Taxed): row is LineItemRow => "quantity" in row

const columnsOf = ({ name, code, rate, provider_id, rate_id }: TaxLine) => ({
  ...{ description: name, code, rate, provider_id, tax_rate_id: rate_id },
})

function createTaxLine(draft: Draft, { table, prefix, parent }: Kind, row: Taxed, line: TaxLine): TaxLineRow {
  const id = newId(prefix)
  return draft.create(table, { id, [parent]: row.id, ...columnsOf(line), data: null, metadata: null }) as TaxLineRow
}
