import type { TransactionSql } from "postgres"
import { endHold, readCartStock, type StockRow } from "../../inventory/index.ts"
import { isKnownCode } from "../../promotions/index.ts"
import type { Cart, LineItemRow, ShippingMethodRow } from "../cart.ts"
import { keepMedusaOut, takeCart, tryCart } from "../lock.ts"
import { openCartOf, ownCart, takeCustomer } from "../owners.ts"
import { InOthersHands } from "../versions.ts"
import { createAddress } from "./addresses.ts"
import { requireCurrency, type WantedCart } from "./create.ts"
import { readCustomer } from "./customers.ts"
import type { Draft } from "./draft.ts"
import { CartRefused, OnlyMedusa } from "./errors.ts"
import { createLine, matchingLine, mergedMetadata, removeLines, stored, type WantedLine } from "./lines.ts"
import { pricesIn } from "./prices.ts"
import { refresh, requireOpen } from "./refresh.ts"
import { reprice } from "./reprice.ts"
import { type Offer, offersOf, type Shop } from "./shop.ts"
import { mostInStock } from "./stock.ts"
import { type CartUpdate, updateCart } from "./update.ts"

/**
 * How many there are of what two carts both have: of both together (`sum`), the greater number (`maximum`), or what was
 * said last (`keep_newest`).
 */
export type MergePolicy = "sum" | "maximum" | "keep_newest"

/** What of a cart could not be kept when it was merged into another, and why. */
export type Dropped =
  | {
      type: "line"
      variant_id: string | null
      title: string
      /** So many of them. */
      quantity: number
      reason: "insufficient_inventory" | "unavailable" | "without_price" | "custom_line"
    }
  | { type: "promotion"; code: string; reason: "not_applicable" }
  | { type: "shipping_method"; name: string; reason: "choose_again" }
  | { type: "credit_line"; id: string; reason: "apply_again" }

export interface Merge {
  policy: MergePolicy
  /** The id of the cart that is now an alias of the other; null where lines were put in that were of no cart. */
  from: string | null
  dropped: Dropped[]
}

/** A line that is put into a cart that may have it already. */
export interface MovedLine extends WantedLine {
  /** That it has in the cart which it comes from. */
  id?: string
  title?: string
  /** When its quantity was last said, ISO. */
  updated_at: string
  /** The line that it has become, or was put onto. */
  onto?: LineItemRow
}

/**
 * Gives the cart to a customer as his one open cart, at his prices. What he had in another is put into this one by the
 * policy, as far as there is stock; that one is no more, and its id is an alias of this one's. The caller is the cart's one
 * writer.
 *
 * @returns undefined when it is his open cart already, and nothing changes; without a merge when he had no other
 * @throws InOthersHands when somebody else is at his other cart, or at giving him one
 * @throws CartRefused when the cart is an order already, or there is no such customer
 */
export async function meetCustomer(
  tx: TransactionSql,
  draft: Draft,
  shop: Shop,
  customerId: string,
  policy: MergePolicy,
): Promise<{ merge: Merge | undefined } | undefined> {
  requireOpen(draft)
  const { cart } = draft
  const methods = cart.shipping_methods
  await takeCustomer(tx, customerId)
  const other = await openCartOf(tx, customerId)
  if (other === cart.id && cart.customer_id === customerId) return undefined
  const customer = await readCustomer(tx, customerId)
  if (!customer) throw new CartRefused("not_found", `Customer id not found: ${customerId}`)
  if (cart.customer_id !== customer.id) {
    draft.update("cart", cart, { customer_id: customer.id, email: customer.email })
    cart.customer = customer
  }
  const source = other === undefined || other === cart.id ? undefined : await takeSource(tx, other)
  const dropped: Dropped[] = []
  if (source) {
    dropped.push(...(await putLines(tx, draft, shop, source.lines, policy)), ...source.dropped)
    takeOver(draft, source)
  }
  dropped.push(...(await dropUnsellable(draft, shop)))
  await reprice(draft, shop)
  dropped.push(...(await refreshWith(tx, draft, shop, source?.codes ?? [])), ...methodsGone(methods, cart))
  const merge = source && { policy, from: source.id, dropped }
  if (source) await letGo(tx, draft, source)
  await ownCart(tx, cart.id, customer.id)
  if (merge) draft.merge = merge
  return { merge }
}

/**
 * Puts what somebody wants of a new cart into the open one that he has. One whose sales channel was closed meanwhile goes on
 * in the one that it is wanted in. As of a new cart, null says nothing.
 *
 * @throws CartRefused when the cart is an order already, when a currency is asked for that the region has not, and what
 *   `updateCart` throws
 */
export async function fillCart(
  tx: TransactionSql,
  draft: Draft,
  shop: Shop,
  wanted: WantedCart,
  policy: MergePolicy,
): Promise<Merge> {
  requireOpen(draft)
  const { cart } = draft
  const { items, promo_codes, region_id, currency_code, sales_channel_id, ...others } = wanted
  if (region_id && currency_code) requireCurrency(shop.regions.find(region_id), currency_code)
  const [codes, methods] = [codesIn(cart), cart.shipping_methods]
  const dropped: Dropped[] = []
  const update = async (said: CartUpdate) => {
    if (Object.keys(said).length === 0) return
    await updateCart(tx, draft, shop, said, async (custom) => {
      dropped.push(...customLines(custom), ...(await dropUnsellable(draft, shop)))
    })
  }
  const channel = isChannelClosed(cart, shop) ? { sales_channel_id } : {}
  await update(saidIn({ region_id, ...channel }))
  // Another region takes the address away that the cart had, not the one that is wanted there.
  await update(saidIn(others))
  const lines = (items ?? []).map((it) => ({ ...it, updated_at: draft.now }))
  dropped.push(...(await putLines(tx, draft, shop, lines, policy)))
  dropped.push(...(await dropUnsellable(draft, shop)))
  await reprice(draft, shop)
  dropped.push(...(await refreshWith(tx, draft, shop, [...codes, ...(promo_codes ?? [])])))
  dropped.push(...methodsGone(methods, cart))
  draft.merge = { policy, from: null, dropped }
  return draft.merge
}

const saidIn = (wanted: { [Name in keyof CartUpdate]: CartUpdate[Name] | null }): CartUpdate =>
  Object.fromEntries(Object.entries(wanted).filter(([, it]) => it !== undefined && it !== null))

/** Whether a cart cannot go on where it was begun. */
export const isChannelClosed = (
  { sales_channel_id: own }: Pick<Cart, "sales_channel_id">,
  { store }: Pick<Shop, "store">,
) => own === null || !store.isOpen(own)

/** What is told of the ways of shipping that a cart has no more. */
const methodsGone = (before: readonly ShippingMethodRow[], { shipping_methods }: Cart): Dropped[] =>
  before
    .filter((it) => !shipping_methods.includes(it))
    .map(({ name }) => ({ type: "shipping_method", name, reason: "choose_again" }))

/**
 * Puts lines into the cart, each onto the line that has the same already, by the policy: as many as there is stock for.
 * They are priced and taxed by who calls.
 *
 * @returns what could not be put in
 */
export async function putLines(
  tx: TransactionSql,
  draft: Draft,
  shop: Shop,
  lines: readonly MovedLine[],
  policy: MergePolicy,
): Promise<Dropped[]> {
  if (lines.length === 0) return []
  const { cart } = draft
  const dropped: Dropped[] = []
  const ids = [...new Set([...lines, ...cart.items].flatMap((it) => it.variant_id ?? []))]
  const stock = await readCartStock(tx, cart.id, ids)
  for (const line of lines) {
    const { variant_id } = line
    const offer = await offerOf(shop, stock, variant_id)
    const title = line.title ?? offer?.product.title ?? variant_id
    const drop = (quantity: number, reason: (Dropped & { type: "line" })["reason"]) =>
      dropped.push({ type: "line", variant_id, title, quantity, reason })
    if (offer?.product.status !== "published") {
      drop(line.quantity, "unavailable")
      continue
    }
    const existing = matchingLine(cart, line)
    const wanted = existing ? stored(together(existing, line, policy)) : line.quantity
    const price = pricesIn(cart, "new_line", shop)(offer, wanted)
    if (price?.calculated_amount == null) {
      drop(line.quantity, "without_price")
      continue
    }
    const most = await mostInStock(cart, shop, { offer, quantity: wanted, existing }, stock)
    if (most < wanted) drop(wanted - most, "insufficient_inventory")
    if (existing) {
      draft.update("cart_line_item", existing, { quantity: most })
      line.onto = existing
    } else if (most > 0) {
      const { requires_shipping = false } = stock.find((it) => it.variant_id === variant_id) ?? {}
      const columns = { ...price, calculated_amount: price.calculated_amount }
      line.onto = createLine(draft, { ...line, quantity: most }, offer, columns, requires_shipping)
    }
  }
  return dropped
}

function together(existing: LineItemRow, line: MovedLine, policy: MergePolicy): number {
  if (policy === "sum") return Math.min(existing.quantity + line.quantity, MOST)
  if (policy === "maximum") return Math.max(existing.quantity, line.quantity)
  return line.updated_at > existing.updated_at ? line.quantity : existing.quantity
}
/** A quantity is an `integer`. */
const MOST = 2_147_483_647

async function offerOf(shop: Shop, stock: readonly StockRow[], variantId: string): Promise<Offer | undefined> {
  const row = stock.find((it) => it.variant_id === variantId)
  if (!row) return undefined
  return (await offersOf(shop, [{ variant_id: variantId, product_id: row.product_id }])).get(variantId)
}

/** What is told of lines that have a price of their own, which does not come along. */
export const customLines = (lines: readonly Omit<Dropped & { type: "line" }, "type" | "reason">[]): Dropped[] =>
  lines.map(({ variant_id, title, quantity }) => ({
    ...{ type: "line", variant_id, title, quantity, reason: "custom_line" },
  }))

/** Lines that the shop sells no more are in nobody's way. */
export async function dropUnsellable(draft: Draft, shop: Shop): Promise<Dropped[]> {
  const { cart } = draft
  const sold = cart.items.flatMap(({ variant_id, product_id }) =>
    variant_id !== null && product_id !== null ? [{ variant_id, product_id }] : [],
  )
  const offers = await offersOf(shop, sold)
  const pricesOf = pricesIn(cart, "refresh", shop)
  const reasonOf = (line: LineItemRow) => {
    if (line.variant_id === null || line.product_id === null) throw new OnlyMedusa("a line is of no variant")
    const offer = offers.get(line.variant_id)
    if (offer?.product.status !== "published") return "unavailable"
    const hasPrice = line.is_custom_price || pricesOf(offer, line.quantity)?.calculated_amount != null
    return hasPrice ? undefined : "without_price"
  }
  const gone = cart.items.flatMap((line) => {
    const reason = reasonOf(line)
    return reason === undefined ? [] : [{ line, reason } as const]
  })
  removeLines(
    draft,
    gone.map((it) => it.line),
  )
  return gone.map(({ line: { variant_id, title, quantity }, reason }) => ({
    ...{ type: "line" as const, variant_id, title, quantity, reason },
  }))
}

/** What follows from a merge, or a move; codes of both carts are kept that still do something. */
export async function refreshWith(
  tx: TransactionSql,
  draft: Draft,
  shop: Shop,
  codes: readonly string[],
): Promise<(Dropped & { type: "promotion" })[]> {
  const { cart } = draft
  const wanted = [...new Set([...codesIn(cart), ...codes])]
  const usable = wanted.filter((it) => isKnownCode(shop.promotions.reference, it))
  await refresh(tx, draft, shop, { taxes: "all", promotions: { action: "replace", codes: usable } })
  const applied = new Set(
    [...cart.items, ...cart.shipping_methods].flatMap((it) => it.adjustments.flatMap(({ code }) => code ?? [])),
  )
  return wanted.filter((it) => !applied.has(it)).map((code) => ({ type: "promotion", code, reason: "not_applicable" }))
}

/** Automatic ones come and go by themselves. */
const codesIn = ({ promotions }: Cart) => promotions.flatMap((it) => (it?.code && !it.is_automatic ? [it.code] : []))

/** What of a cart is moved to another. */
interface Source {
  id: string
  version: number
  lines: MovedLine[]
  codes: string[]
  dropped: Dropped[]
  metadata: Record<string, unknown> | null
  shipping_address: Address | null
  billing_address: Address | null
}
type Address = Record<string, string | null>

/**
 * Makes the caller the one writer of the cart, too, which is about to be merged away, and gives back what is held for it.
 *
 * @returns undefined when it is an order just now
 */
async function takeSource(tx: TransactionSql, cartId: string): Promise<Source | undefined> {
  if (!(await tryCart(tx, cartId)) || !(await keepMedusaOut(tx, cartId))) throw new InOthersHands()
  const version = await takeCart(tx, cartId)
  await endHold(tx, cartId)
  const [row] = await tx<{ source: string }[]>`
    select json_build_object(
      'id', cart.id,
      'metadata', cart.metadata,
      'lines', coalesce((
        select json_agg(json_build_object(
          'id', line.id, 'variant_id', line.variant_id, 'title', line.title, 'quantity', line.quantity, 'metadata', line.metadata,
          'is_custom', line.variant_id is null or line.is_custom_price,
          'updated_at', mostrador.iso(line.updated_at)) order by line.created_at, line.id)
        from cart_line_item line where line.cart_id = cart.id and line.deleted_at is null), '[]'),
      'codes', coalesce((
        select json_agg(promotion.code order by link.id) from cart_promotion link
        join promotion on promotion.id = link.promotion_id and promotion.deleted_at is null
        where link.cart_id = cart.id and link.deleted_at is null
          and promotion.code is not null and not promotion.is_automatic), '[]'),
      'methods', coalesce((
        select json_agg(method.name order by method.id) from cart_shipping_method method
        where method.cart_id = cart.id and method.deleted_at is null), '[]'),
      'credit_lines', coalesce((
        select json_agg(credit.id order by credit.id) from credit_line credit
        where credit.cart_id = cart.id and credit.deleted_at is null), '[]'),
      'shipping_address', (
        select row_to_json(address) from cart_address address
        where address.id = cart.shipping_address_id and address.deleted_at is null),
      'billing_address', (
        select row_to_json(address) from cart_address address
        where address.id = cart.billing_address_id and address.deleted_at is null)
    )::text as source
    from cart where cart.id = ${cartId} and cart.deleted_at is null and cart.completed_at is null`
  if (!row) return undefined
  const { lines, methods, credit_lines, ...cart } = JSON.parse(row.source) as Omit<
    Source,
    "version" | "dropped" | "lines"
  > & {
    lines: (Omit<MovedLine, "variant_id"> & { title: string; variant_id: string | null; is_custom: boolean })[]
    methods: string[]
    credit_lines: string[]
  }
  return {
    ...{ ...cart, version, lines: lines.filter((it): it is typeof it & MovedLine => !it.is_custom) },
    dropped: [
      ...customLines(lines.filter((it) => it.is_custom)),
      ...methods.map((name) => ({ type: "shipping_method", name, reason: "choose_again" }) as const),
      ...credit_lines.map((id) => ({ type: "credit_line", id, reason: "apply_again" }) as const),
    ],
  }
}

/** What is known of the shopper: this cart's word counts, and the other's where this one has none. */
function takeOver(draft: Draft, source: Source): void {
  const { cart } = draft
  const region = cart.shipping_address?.country_code
  for (const kind of ["shipping_address", "billing_address"] as const) {
    const given = source[kind]
    // One that only says the country was made by the region.
    const isMissing = cart[kind] === null || (kind === "shipping_address" && !cart[kind]?.address_1)
    if (!given?.address_1 || !isMissing) continue
    if (kind === "shipping_address" && region && region !== given.country_code) continue
    const { id: _, created_at: __, updated_at: ___, deleted_at: ____, customer_id: _____, ...columns } = given
    const address = createAddress(draft, columns)
    draft.update("cart", cart, { [`${kind}_id`]: address.id } as Partial<Cart>)
    cart[kind] = address
  }
  if (source.metadata) {
    draft.update("cart", cart, { metadata: mergedMetadata(source.metadata, cart.metadata ?? {}) })
  }
}

/**
 * The cart that was merged is no more: its rows are deleted as Medusa deletes a cart's, its ids are aliases, and who has
 * claimed it has claimed the other.
 */
async function letGo(tx: TransactionSql, draft: Draft, { id, version, lines: moved }: Source): Promise<void> {
  const { cart, now } = draft
  const lines = tx`select id from cart_line_item where cart_id = ${id} and deleted_at is null`
  const methods = tx`select id from cart_shipping_method where cart_id = ${id} and deleted_at is null`
  const gone = tx`deleted_at = ${now}, updated_at = ${now}`
  await tx`update cart_line_item_tax_line set ${gone} where item_id in (${lines}) and deleted_at is null`
  await tx`update cart_line_item_adjustment set ${gone} where item_id in (${lines}) and deleted_at is null`
  await tx`
    update cart_shipping_method_tax_line set ${gone} where shipping_method_id in (${methods}) and deleted_at is null`
  await tx`
    update cart_shipping_method_adjustment set ${gone} where shipping_method_id in (${methods}) and deleted_at is null`
  await tx`update cart_line_item set ${gone} where cart_id = ${id} and deleted_at is null`
  await tx`update cart_shipping_method set ${gone} where cart_id = ${id} and deleted_at is null`
  await tx`update credit_line set ${gone} where cart_id = ${id} and deleted_at is null`
  await tx`update cart set ${gone} where id = ${id}`
  await tx`update mostrador.cart_alias set cart_id = ${cart.id} where cart_id = ${id}`
  await tx`insert into mostrador.cart_alias (id, cart_id) values (${id}, ${cart.id})`
  await tx`update mostrador.cart_claim set cart_id = ${cart.id} where cart_id = ${id}`
  await tx`
    insert into mostrador.cart_state as known (cart_id, version) values (${id}, ${version + 1})
    on conflict (cart_id) do update set version = excluded.version, handed_over = null`
  draft.also.push({
    ...{ name: "cart.merged_away", subject: { type: "cart", id }, version: version + 1 },
    ...{ before: null, after: { into: cart.id }, medusa: [{ table: "cart", action: "deleted", ids: [id] }] },
  })
  // Who asks by the other id with `If-Match` means a version of that cart: no two of them are alike.
  const survivors = await takeCart(tx, cart.id)
  draft.leap = Math.max(0, version + 1 - survivors)
  // Devices that sleep through it go on to speak of its lines, and of what they did to them.
  const aliases = moved.flatMap(({ id, onto, quantity }) =>
    id !== undefined && onto && cart.items.includes(onto)
      ? [{ id, line_id: onto.id, besides: onto.quantity - quantity, version: survivors + 1 + draft.leap }]
      : [],
  )
  await tx`
    insert into mostrador.cart_line_alias (id, line_id, version, besides)
    select id, line_id, version, besides
    from jsonb_to_recordset(${JSON.stringify(aliases)}::text::jsonb)
      as it (id text, line_id text, version bigint, besides int)`
  await tx`update mostrador.cart_operation set cart_id = ${cart.id} where cart_id = ${id}`
}
