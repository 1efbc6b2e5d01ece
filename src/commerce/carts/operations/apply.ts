import { setImmediate } from "node:timers/promises"
import type { TransactionSql } from "postgres"
import { isStockRefusal, readCartStock } from "../../inventory/index.ts"
import type { Draft } from "../change/draft.ts"
import { CartRefused, OnlyMedusa } from "../change/errors.ts"
import { type CartChange, endStep, glanceAt } from "../change/events.ts"
import type { Shop } from "../change/shop.ts"
import { takeCart } from "../lock.ts"
import { changeFields } from "./fields.ts"
import { LineHistory } from "./line-history.ts"
import { addLine, removeLine, setQuantity } from "./lines.ts"
import type { Operation, Result } from "./operation.ts"
import { type Known, keepOperations, type Past } from "./past.ts"
import { addPromotion, codesOf, removePromotion } from "./promotions.ts"
import type { Effect, Origin } from "./rules.ts"
import { Said } from "./said.ts"

/** What an operation has come to. */
export interface Outcome extends Omit<Result, "id" | "version"> {
  /** What the cart's change is, if it has changed. */
  change?: CartChange | undefined
  effects?: Effect[]
}

/** What an operation is applied to. */
export interface Bench {
  tx: TransactionSql
  draft: Draft
  shop: Shop
  past: Past
  /** Operations that have been answered, by their ids. */
  known: ReadonlyMap<string, Known>
  lines: LineHistory
  said: Said
  stock: Awaited<ReturnType<typeof readCartStock>>
  origin: Origin
}

/** Operations, as a device has sent them. */
interface Sent {
  device: string
  /** The id by which it knows the cart, which may have been merged into another since. */
  knownAs: string
  operations: readonly Operation[]
  past: Past
}

/**
 * Applies what a device has done while it was offline, in the order of the list, each operation once: by rules that come
 * to the same cart whichever of several devices is heard first (see `rules.ts`). One that cannot be applied is answered
 * with the reason, and the rest is applied. The caller is the cart's one writer.
 *
 * @returns `change` is that of the last operation that has changed the cart, for `writeDraft`
 */
export async function applyOperations(
  tx: TransactionSql,
  draft: Draft,
  shop: Shop,
  { device, knownAs, operations, past }: Sent,
): Promise<{ results: Result[]; version: number; change: CartChange | undefined }> {
  const { cart } = draft
  const began = cart.version ?? (await takeCart(tx, cart.id))
  const known = new Map(past.operations.map((it) => [it.id, it]))
  const results: Result[] = []
  if (cart.completed_at !== null) {
    for (const it of operations) results.push(replayed(known, it) ?? completed(it.sent_as, past.order_id, began))
    return { results, version: began, change: undefined }
  }
  const variants = [...cart.items, ...operations.filter((it) => it.type === "add_line")]
  const ids = [...new Set(variants.flatMap((it) => it.variant_id ?? []))]
  const stock = operations.every((it) => known.has(it.id)) ? [] : await readCartStock(tx, cart.id, ids)
  const lines = new LineHistory(past.lineage, past)
  const said = new Said(past.lineage, past.operations)
  const fresh: Known[] = []
  let version = began
  let last: { change: CartChange; operation: Draft["operation"] } | undefined
  let position = past.operations.at(-1)?.position ?? 0
  let turnEnd = performance.now() + TURN_MILLISECONDS

  for (const operation of operations) {
    const { id, sent_as, base_version } = operation
    const before = replayed(known, operation)
    if (before) {
      results.push(before)
      continue
    }
    if (performance.now() > turnEnd) {
      await setImmediate()
      turnEnd = performance.now() + TURN_MILLISECONDS
    }
    const based_on = past.lineage.cartAt(knownAs, base_version)
    const origin = { device, based_on, base_version, position: ++position }
    const glance = glanceAt(cart)
    const undo = draft.save()
    const bench = { tx, draft, shop, past, known, lines, said, stock, origin }
    const outcome = await outcomeOf(operation, began, bench).catch((error) => {
      undo()
      return refused(error)
    })
    draft.forgetPassing(PASSING)
    const { change, effects = [], ...told } = outcome
    if (change) {
      if (last) {
        draft.operation = last.operation
        endStep(draft, last.change, glance, version)
      }
      last = { change, operation: { id: sent_as, done_at: operation.done_at ?? null } }
      version++
      effects.push(...lostCodes(glance.promotions, codesOf(draft), operation))
    }
    const result = { id: sent_as, ...told, version }
    results.push(result)
    const isKept = result.reason !== "left_to_medusa" && result.reason !== "operation_of_another_cart"
    if (!isKept) continue
    const done = { ...origin, id, cart_id: cart.id, version, operation: remembered(operation), effects, result }
    known.set(id, done)
    lines.add(done)
    said.add(done)
    fresh.push(done)
  }
  await keepOperations(tx, cart.id, fresh)
  draft.operation = last?.operation
  return { results, version, change: last?.change }
}

/** How long other requests of this process wait for a list of operations at a time. */
const TURN_MILLISECONDS = 8

async function outcomeOf(operation: Operation, version: number, bench: Bench): Promise<Outcome> {
  const { past } = bench
  if (past.foreign.includes(operation.id)) return { outcome: "rejected", reason: "operation_of_another_cart" }
  if (operation.base_version > version) return { outcome: "rejected", reason: "version_unknown" }
  switch (operation.type) {
    case "add_line":
      return addLine(bench, operation)
    case "set_quantity":
      return operation.quantity === 0 ? removeLine(bench, operation) : setQuantity(bench, operation)
    case "remove_line":
      return removeLine(bench, operation)
    case "add_promotion":
      return addPromotion(bench, operation.code)
    case "remove_promotion":
      return removePromotion(bench, operation.code)
    case "update_cart":
      return changeFields(bench, operation)
  }
}

/** @throws what is no refusal */
function refused(error: unknown): Outcome {
  if (error instanceof OnlyMedusa) return { outcome: "rejected", reason: "left_to_medusa" }
  if (error instanceof CartRefused || isStockRefusal(error)) {
    return { outcome: "rejected", reason: "refused", message: (error as Error).message }
  }
  throw error
}

function replayed(known: ReadonlyMap<string, Known>, { id, sent_as }: Operation): Result | undefined {
  const before = known.get(id)
  return before && { ...before.result, id: sent_as, replayed: true }
}

const completed = (id: string, order_id: string | null, version: number): Result => ({
  ...{ id, outcome: "rejected", reason: "cart_completed", version },
  ...(order_id === null ? {} : { order_id }),
})

/** A code whose lines are gone comes back with the next: that must not hang on which of two devices is heard first. */
function lostCodes(before: readonly string[], now: readonly string[], operation: Operation): Effect[] {
  const isRemoved = (code: string) => operation.type === "remove_promotion" && operation.code === code
  return before.filter((code) => !now.includes(code) && !isRemoved(code)).map((code) => ({ is: "waits", code }))
}

function remembered(operation: Operation): Known["operation"] {
  const { type } = operation
  if (type === "add_promotion" || type === "remove_promotion") return { type, code: operation.code }
  if (type !== "update_cart") return { type }
  const { email, shipping_address, billing_address, metadata } = operation
  const given = Object.entries({ email, shipping_address, billing_address }).filter(([, it]) => it !== undefined)
  return {
    type,
    fields: [...given.map(([name]) => name), ...Object.keys(metadata ?? {}).map((it) => `metadata.${it}`)],
  }
}

/** Taxes and discounts that were there between two operations were never seen by anybody. */
const PASSING = ["cart_line_item_adjustment", "cart_line_item_tax_line", "cart_shipping_method_adjustment"] as const
