import type { TransactionSql } from "postgres"
import type { z } from "zod"
import {
  addLine,
  applyPromotions,
  type CartUpdate,
  type ChosenPromotions,
  changeLine,
  chooseShipping,
  type Draft,
  type LineUpdate,
  lineNow,
  refresh,
  refreshPayment,
  removeLine,
  requireOpen,
  updateCart,
  type WantedLine,
} from "../../../../commerce/carts/index.ts"
import { readCartStock, readLineStock, type StockRow } from "../../../../commerce/inventory/index.ts"
import type { ShippingMethods } from "./bodies.ts"
import type { Change } from "./change.ts"

/** What is done to a cart, whoever asks for it: shoppers, cashiers, agents. */
export type Verb<Read = unknown> = Pick<Change<Read>, "read" | "work">

/** @param counter  the location at whose counter it is done */
export const addingLine = (cartId: string, wanted: WantedLine, counter?: string): Verb<StockRow[]> => ({
  read: (tx) => readCartStock(tx, cartId, [wanted.variant_id], counter),
  async work(tx, draft, shop, stock) {
    await addLine(tx, draft, shop, wanted, stock)
    return "line_added"
  },
})

export const changingLine = (
  cartId: string,
  lineId: string,
  update: LineUpdate,
  counter?: string,
): Verb<StockRow[]> => ({
  read: (tx) => readLineStock(tx, cartId, lineId, counter),
  async work(tx, draft, shop, stock) {
    const id = await lineIn(tx, draft, lineId)
    const its = id === lineId ? stock : await readLineStock(tx, cartId, id, counter)
    await changeLine(tx, draft, shop, id, update, its)
    return update.quantity === 0 ? "line_updated_to_none" : "line_updated"
  },
})

export const removingLine = (lineId: string): Verb => ({
  async work(tx, draft, shop) {
    await removeLine(tx, draft, shop, await lineIn(tx, draft, lineId))
    return "line_removed"
  },
})

/** Asked only about what is not in the cart by its own id. */
const lineIn = async (tx: TransactionSql, { cart }: Draft, lineId: string) =>
  cart.items.some((it) => it.id === lineId) ? lineId : await lineNow(tx, cart.id, lineId)

/** Codes that come to those that there are; none takes all away but the automatic ones. */
export const addedCodes = (codes: string[]): ChosenPromotions => ({
  action: codes.length > 0 ? "add" : "replace",
  codes,
})

export const changingPromotions = (chosen: ChosenPromotions): Verb => ({
  async work(tx, draft, shop) {
    requireOpen(draft)
    await applyPromotions(tx, draft, shop, chosen)
    refreshPayment(draft, shop)
    return "promotions_changed"
  },
})

export const choosingShipping = (chosen: z.output<typeof ShippingMethods>): Verb => ({
  async work(tx, draft, shop) {
    requireOpen(draft)
    const methods = chooseShipping(draft, shop, Array.isArray(chosen) ? chosen : [chosen])
    await refresh(tx, draft, shop, { taxes: { methods } })
    return "shipping_method_added"
  },
})

export const updatingCart = (update: CartUpdate): Verb => ({
  async work(tx, draft, shop) {
    const { isMoved } = await updateCart(tx, draft, shop, update)
    return isMoved ? "region_updated" : "updated"
  },
})
