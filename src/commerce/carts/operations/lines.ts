import type { LineItemRow } from "../cart.ts"
import { withoutPrice } from "../change/add-line.ts"
import { OnlyMedusa } from "../change/errors.ts"
import type { CartChange } from "../change/events.ts"
import { compareAt, createLine, isRounded, matchingLine, removeLines, saleFrom, unitPrice } from "../change/lines.ts"
import { pricesIn } from "../change/prices.ts"
import { refresh } from "../change/refresh.ts"
import { type Offer, offersOf } from "../change/shop.ts"
import { mostInStock } from "../change/stock.ts"
import type { Bench, Outcome } from "./apply.ts"
import type { NamedLine, Operation } from "./operation.ts"
import { codesNow } from "./promotions.ts"
import type { Effect, OwnAddition } from "./rules.ts"

type Addition = Operation & { type: "add_line" }

// What is said of a line counts as a change of the cart even when it has come to that already: who was offline then has not
// seen it.

/** More of a variant: onto the line that has it already, whoever has changed that meanwhile. */
export async function addLine(bench: Bench, { variant_id, quantity, metadata }: Addition): Promise<Outcome> {
  const { draft, shop, lines, stock, origin } = bench
  const { cart } = draft
  const row = stock.find((it) => it.variant_id === variant_id)
  const offer = row && (await offersOf(shop, [{ variant_id, product_id: row.product_id }])).get(variant_id)
  if (offer?.product.status !== "published") return { outcome: "rejected", reason: "unavailable" }
  const wanted = { variant_id, quantity, metadata }
  const existing = matchingLine(cart, wanted)
  const had = existing?.quantity ?? 0
  const target = Math.min((existing ? lines.wanted(existing.id, had) : 0) + quantity, MOST)
  const price = pricesIn(cart, "new_line", shop)(offer, target)
  if (price?.calculated_amount == null) return { outcome: "rejected", reason: "without_price" }
  const slot = slotOf(variant_id, metadata)
  if (existing) {
    const isMerged = lines.isChanged(existing.id, origin)
    await give(bench, existing, target, "new_line")
    const effects: Effect[] = [
      { is: "added", line_id: existing.id, slot, value: quantity, made: false },
      { is: "got", line_id: existing.id, wanted: target, quantity: existing.quantity },
    ]
    const got = existing.quantity - had
    const line = { line_id: existing.id, quantity: got, effects, change: "line_added" } as const
    if (got < quantity) return { ...line, outcome: "merged", reason: "insufficient_inventory" }
    return { ...line, outcome: isMerged ? "merged" : "applied" }
  }
  const most = await mostInStock(cart, shop, { offer, quantity, existing }, stock)
  if (most === 0) return { outcome: "rejected", reason: "insufficient_inventory", quantity: 0 }
  const columns = { ...price, calculated_amount: price.calculated_amount }
  const line = createLine(draft, { ...wanted, quantity: most }, offer, columns, row?.requires_shipping ?? false)
  await refreshed(bench, [line])
  const effects: Effect[] = [
    { is: "added", line_id: line.id, slot, value: quantity, made: true },
    { is: "got", line_id: line.id, wanted: quantity, quantity: most },
  ]
  const done = { line_id: line.id, quantity: most, effects, change: "line_added" } as const
  return most < quantity
    ? { ...done, outcome: "merged", reason: "insufficient_inventory" }
    : { ...done, outcome: "applied" }
}

/** So many of a line, unless that was said by who had seen more of it, or the line was removed. */
export async function setQuantity(bench: Bench, named: Operation & { type: "set_quantity" }): Promise<Outcome> {
  const found = find(bench, named)
  if ("outcome" in found) return found
  const { lines, origin } = bench
  const { line, lineId, own } = found
  if (own) return await changeOwn(bench, own, named.quantity, found)
  if (!line || lines.isRemoved(lineId, origin)) {
    return { outcome: "rejected", reason: "line_removed", line_id: lines.nowOf(lineId), quantity: line?.quantity ?? 0 }
  }
  const { id } = line
  if (lines.isOvertaken(lineId, origin)) {
    return { outcome: "rejected", reason: "newer_change", line_id: id, quantity: line.quantity }
  }
  const isMerged = lines.isChanged(lineId, origin)
  const target = Math.min(named.quantity + lines.unseen(lineId, origin), MOST)
  const change = (await give(bench, line, target, "changed_line")) ?? "line_updated"
  const effects: Effect[] = [
    { is: "set", line_id: id, value: named.quantity },
    { is: "got", line_id: id, wanted: target, quantity: line.quantity },
  ]
  const done = { line_id: id, quantity: line.quantity, effects, change }
  if (line.quantity < target) return { ...done, outcome: "merged", reason: "insufficient_inventory" }
  return { ...done, outcome: isMerged ? "merged" : "applied" }
}

/** No more of a line; what others have added to it, and the device had not seen, stays. */
export async function removeLine(bench: Bench, named: Operation & NamedLine): Promise<Outcome> {
  const found = find(bench, named)
  if ("outcome" in found) return found
  const { lines, origin } = bench
  if (found.own) return await changeOwn(bench, found.own, 0, found)
  const { line, lineId, slot } = found
  const effects: Effect[] = []
  let change: CartChange | undefined
  let left = 0
  if (line) {
    const target = lines.unseen(lineId, origin)
    change = (await give(bench, line, target, "changed_line")) ?? "line_updated"
    left = onLine(bench, line)
    effects.push({ is: "removed", line_id: line.id }, { is: "got", line_id: line.id, wanted: target, quantity: left })
  }
  // Where somebody else was heard first who had removed it, what this device had added to it stands elsewhere.
  for (const own of lines.additionsOf(origin, slot)) {
    const elsewhere = liveLine(bench, lines.nowOf(own.line_id))
    if (!elsewhere || elsewhere === line) continue
    const outcome = await (own.made
      ? removeLine(bench, { ...named, line_id: elsewhere.id, line: undefined })
      : changeOwn(bench, own, 0, { line: elsewhere, lineId: elsewhere.id }))
    effects.push(...(outcome.effects ?? []))
    change ??= outcome.change
    break
  }
  const line_id = lines.nowOf(lineId)
  if (!line && !change) return { outcome: "merged", reason: "line_removed", line_id, quantity: 0, effects }
  return { outcome: left > 0 || !line ? "merged" : "applied", line_id, quantity: left, change, effects }
}

interface Found {
  /** The line as it is in the cart; undefined when it is there no more. */
  line: LineItemRow | undefined
  /** As the device knows it. */
  lineId: string
}

/**
 * The line that an operation names: the whole of it, or, where the device made it offline and others turned out to have
 * it already, the device's own part of it.
 */
function find(bench: Bench, named: NamedLine): Outcome | (Found & { slot: string; own?: OwnAddition }) {
  const { past, known, lines, origin } = bench
  if (named.line_id !== undefined) {
    const lineId = named.line_id
    const line = liveLine(bench, lines.nowOf(lineId))
    const row = line ?? past.lines.find((it) => it.id === lineId)
    if (!row) return { outcome: "rejected", reason: "unknown_line" }
    return { line, lineId, slot: slotOf(row.variant_id, row.metadata) }
  }
  const maker = known.get(named.line?.operation_id ?? "")
  if (maker?.operation.type !== "add_line") return { outcome: "rejected", reason: "unknown_operation" }
  const addition = lines.addition(maker.id)
  if (!addition) return { outcome: "rejected", reason: "operation_rejected" }
  const { line_id: lineId, slot } = addition
  const line = liveLine(bench, lines.nowOf(lineId))
  const isSeen = addition.device !== origin.device || addition.version <= past.lineage.seen(origin, addition.cart_id)
  const isMade = lines.additionsOf(origin, slot).some((it) => it.made && it.line_id === lineId)
  if (isSeen || isMade) return { line, lineId, slot }
  return { line, lineId, slot, own: addition }
}

/** Of a line that others have, too, the device changes what it has put in itself. */
async function changeOwn(bench: Bench, own: OwnAddition, value: number, { line, lineId }: Found): Promise<Outcome> {
  const { lines } = bench
  const line_id = lines.nowOf(lineId)
  if (own.gone || !line) {
    return { outcome: "rejected", reason: "line_removed", line_id, quantity: line?.quantity ?? 0 }
  }
  const { slot, operation_id } = own
  const effects: Effect[] = [{ is: "own", slot, operation_id, value, gone: value === 0 }]
  if (lines.isAbsorbed(own)) {
    return { outcome: "rejected", reason: "newer_change", line_id, quantity: line.quantity, effects }
  }
  const before = lines.additionsOf(bench.origin, slot).reduce((sum, it) => sum + it.value, 0)
  const target = Math.max(lines.wanted(line.id, line.quantity) + value - before, 0)
  const change = await give(bench, line, target, "changed_line")
  const quantity = onLine(bench, line)
  effects.push({ is: "got", line_id, wanted: target, quantity })
  const isShort = quantity < target
  return {
    ...{ outcome: "merged", line_id, quantity, change, effects },
    ...(isShort ? { reason: "insufficient_inventory" } : {}),
  }
}

/**
 * Gives a line so many, or as many as there are.
 *
 * @returns undefined when it has them already
 */
async function give(
  bench: Bench,
  line: LineItemRow,
  wanted: number,
  purpose: "new_line" | "changed_line",
): Promise<"line_updated" | "line_removed" | undefined> {
  const { draft, shop, stock } = bench
  const { cart } = draft
  if (wanted === 0) {
    removeLines(draft, [line])
    await refreshed(bench, [])
    return "line_removed"
  }
  const offer = await offerOf(bench, line)
  const quantity = await mostInStock(cart, shop, { offer, quantity: wanted, existing: line }, stock)
  if (quantity === line.quantity) return undefined
  const price = pricesIn(cart, purpose, shop)(offer, quantity)
  if (price?.calculated_amount == null) throw withoutPrice([offer.variant.id])
  const columns = {
    quantity,
    ...(line.is_custom_price ? {} : { ...unitPrice(price.calculated_amount), ...compareAt(saleFrom(price)) }),
    is_tax_inclusive: line.is_tax_inclusive || price.is_calculated_price_tax_inclusive,
  }
  draft.update("cart_line_item", line, columns, isRounded(quantity))
  await refreshed(bench, [line])
  return "line_updated"
}

async function offerOf({ shop }: Bench, { variant_id, product_id }: LineItemRow): Promise<Offer> {
  if (variant_id === null || product_id === null) throw new OnlyMedusa("a line is of no variant")
  const offer = (await offersOf(shop, [{ variant_id, product_id }])).get(variant_id)
  if (!offer) throw new OnlyMedusa("a line's variant is not in the catalog's documents")
  return offer
}

const refreshed = (bench: Bench, items: readonly LineItemRow[]) =>
  refresh(bench.tx, bench.draft, bench.shop, {
    ...{ taxes: { items }, promotions: { action: "replace", codes: codesNow(bench) } },
  })

const liveLine = ({ draft }: Bench, id: string) => draft.cart.items.find((it) => it.id === id)
const onLine = (bench: Bench, { id }: LineItemRow) => liveLine(bench, id)?.quantity ?? 0

/** What is one line in a cart: the same of the same. */
function slotOf(variantId: string | null, metadata: Record<string, unknown> | null | undefined): string {
  return JSON.stringify([variantId, sorted(metadata ?? {})])
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== "object" || value === null) return value
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return Object.fromEntries(entries.map(([name, it]) => [name, sorted(it)]))
}

/** A quantity is an `integer`. */
const MOST = 2_147_483_647
