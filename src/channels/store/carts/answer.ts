import {
  CART_TOTALS,
  type Cart,
  cartTotals,
  type Decimal,
  exact,
  type Raw,
  rawOf,
  shown,
  type TotalsOfLine,
  withoutZeros,
} from "../../../commerce/carts/index.ts"
import type { Region } from "../../../commerce/regions/index.ts"
import type { ShownCart } from "./fields.ts"

type Row = Record<string, unknown>
type Amounts = Record<string, Decimal>

/**
 * A cart as Medusa answers it.
 *
 * @param region         the cart's; undefined when it is deleted
 * @param decimalDigits  of the cart's currency
 */
export function showCart(
  cart: Cart,
  show: ShownCart,
  { region, decimalDigits }: { region: Region | undefined; decimalDigits: number | undefined },
): Row {
  const tree: Row = show.totals ? withTotals(cart, show, decimalDigits) : withoutTotals(cart, show)
  for (const lines of [tree.items, tree.shipping_methods] as Made[][]) lines.sort(asMade)
  const regions = region ? { region: regionOf(region, show) } : {}
  return show.project({ ...tree, ...addressesOf(cart), ...others(cart, show), ...regions }) ?? {}
}

type Made = { created_at: string; id: string }

/** Medusa shows lines in no order: whatever is changed may jump to the end. */
const asMade = (a: Made, b: Made) =>
  a.created_at === b.created_at ? (a.id < b.id ? -1 : 1) : a.created_at < b.created_at ? -1 : 1

/** Whether only Medusa can say how it shows this cart so. */
export function isOdd(cart: Cart, show: ShownCart): boolean {
  // Of an address that is not there, asked for whole, it sometimes shows nothing and sometimes null.
  const lacks = (address: "shipping_address" | "billing_address") => cart[address] === null && show.whole(address)
  return lacks("shipping_address") || lacks("billing_address") || (show.totals && mimicsAmounts(cart))
}

/**
 * Whether Medusa would take something that a shop has written into the cart for an amount: with totals it reads every
 * `raw_...` that it meets, in `metadata` too, and fails on what is no number.
 */
function mimicsAmounts(cart: Cart): boolean {
  const lines = [...cart.items, ...cart.shipping_methods]
  const rows: (object | null)[] = [cart, cart.shipping_address, cart.billing_address, ...cart.credit_lines, ...lines]
  for (const { tax_lines, adjustments } of lines) rows.push(...tax_lines, ...adjustments)
  return rows.some((row) => {
    const { metadata, data, variant_option_values } = (row ?? {}) as Row
    return [metadata, data, variant_option_values].some((it) => it && JSON.stringify(it).includes('"raw_'))
  })
}

/** With amounts that are computed, exact copies decide; they are shown only where rows are shown whole. */
function withTotals(cart: Cart, show: ShownCart, decimalDigits: number | undefined): Row {
  const totals = cartTotals(cart, decimalDigits)
  const made: Row = { ...cart }
  for (const name of CART_TOTALS) made[name] = shown(totals.cart[name])
  made.items = cart.items.map((item, i) => {
    const amounts: Amounts = { unit_price: exact(item.raw_unit_price, item.unit_price) }
    const before = item.compare_at_unit_price
    if (before !== null) amounts.compare_at_unit_price = exact(item.raw_compare_at_unit_price, before)
    return lineOf(item, totals.items[i], amounts, show, "items")
  })
  made.shipping_methods = cart.shipping_methods.map((method, i) =>
    lineOf(
      method,
      totals.shipping_methods[i],
      { amount: exact(method.raw_amount, method.amount) },
      show,
      "shipping_methods",
    ),
  )
  made.credit_lines = cart.credit_lines.map((line, i) => {
    const amounts = { amount: exact(line.raw_amount, line.amount), ...totals.credit_lines[i] }
    return withAmounts(line, amounts, "all")
  })
  return made
}

function lineOf(
  row: Cart["items"][number] | Cart["shipping_methods"][number],
  line: TotalsOfLine | undefined,
  amounts: Amounts,
  show: ShownCart,
  relation: "items" | "shipping_methods",
): Row {
  const parts = (name: "tax_lines" | "adjustments") => {
    const path = `${relation}.${name}`
    const wanted = show.whole(relation) || show.whole(path) ? "all" : show.named(path)
    return row[name].map((it, i) => {
      const amounts: Amounts = { ...line?.[name][i] }
      if ("amount" in it) amounts.amount = exact(it.raw_amount, it.amount)
      return withAmounts(it, amounts, wanted)
    })
  }
  const made = withAmounts(
    row,
    Object.assign(amounts, line?.totals),
    show.whole(relation) ? "all" : show.named(relation),
  )
  made.tax_lines = parts("tax_lines")
  made.adjustments = parts("adjustments")
  return Object.assign(made, linkedOf(row, show))
}

/** A line's product and variant: shown whole, they have the ids of what they belong to. */
function linkedOf(row: Cart["items"][number] | Cart["shipping_methods"][number], show: ShownCart): Row {
  if (!("product_id" in row)) return {}
  const { product, variant } = row
  const made: Row = show.has("items.product") ? {} : { product: undefined }
  if (product && show.whole("items.product")) {
    const { categories, tags, ...columns } = product
    made.product = {
      ...columns,
      type: product.type_id === null ? null : { id: product.type_id },
      collection: product.collection_id === null ? null : { id: product.collection_id },
      ...(show.has("items.product.categories") ? { categories } : {}),
      ...(show.has("items.product.tags") ? { tags } : {}),
    }
  }
  if (variant) made.variant = { ...variant, product: { id: variant.product_id } }
  return made
}

/** @param wanted  amounts that are shown; "all" with exact copies: with those that the row has, as it has them */
export function withAmounts(row: object, amounts: Amounts, wanted: "all" | ReadonlySet<string>): Row {
  const made: Row = { ...row }
  for (const name in amounts) {
    const amount = amounts[name]
    if (!amount || (wanted !== "all" && !wanted.has(name))) continue
    made[name] = shown(amount)
    if (wanted === "all") made[`raw_${name}`] = tidied(made[`raw_${name}`] as Raw | null | undefined) ?? rawOf(amount)
  }
  return made
}

const tidied = (raw: Raw | null | undefined): Raw | undefined =>
  raw ? { precision: 20, ...raw, value: withoutZeros(String(raw.value)) } : undefined

/** Amounts as their columns have them. Taxes and discounts are loaded only where they are asked for. */
function withoutTotals(cart: Cart, show: ShownCart): Row {
  const lines = (relation: "items" | "shipping_methods") =>
    cart[relation].map((line) => {
      const made: Row = { ...line, ...linkedOf(line, show) }
      for (const name of ["tax_lines", "adjustments"]) if (!show.has(`${relation}.${name}`)) delete made[name]
      return made
    })
  return { ...cart, items: lines("items"), shipping_methods: lines("shipping_methods") }
}

/** Without an address, Medusa shows no id of one either. */
function addressesOf({ shipping_address_id, billing_address_id }: Cart): Row {
  return {
    shipping_address_id: shipping_address_id ?? undefined,
    billing_address_id: billing_address_id ?? undefined,
  }
}

/** Relations of other modules: of what they lead to only the id is there, unless that is asked for too. */
function others(cart: Cart, show: ShownCart): Row {
  const made: Row = {}
  if (show.whole("promotions")) {
    made.promotions = cart.promotions.map((it) => {
      const method = it?.application_method as Row | null | undefined
      const own = show.has("promotions.application_method") ? method : method && { id: method.id }
      return it && { ...it, campaign: it.campaign_id ? { id: it.campaign_id } : null, application_method: own }
    })
  }
  if (cart.customer && !show.has("customer.groups")) {
    const { groups: _, ...customer } = cart.customer
    made.customer = customer
  }
  if (cart.payment_collection && !show.has("payment_collection.payment_sessions")) {
    const { payment_sessions: _, ...collection } = cart.payment_collection
    made.payment_collection = collection
  }
  return made
}

function regionOf(region: Region, show: ShownCart): Row {
  const { countries: _, ...columns } = region
  return show.has("region.countries") ? region : columns
}
