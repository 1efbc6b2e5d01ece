import type { Context } from "hono"
import {
  createCart,
  fillCart,
  isChannelClosed,
  isPlaceTaken,
  type Merge,
  OnlyMedusa,
  openCartOf,
  ownBeside,
  ownCart,
  readCustomer,
  type WantedCart,
} from "../../../../commerce/carts/index.ts"
import type { Counter, Services } from "../../../counter.ts"
import { busy } from "../../../idempotency.ts"
import { byWhom } from "../by-whom.ts"
import type { ShownCart } from "../fields.ts"
import { type Change, changeCart, makeCart } from "./change.ts"

/** The cart has ceased to be the customer's open one since it was looked for. */
class NoLongerOpen extends Error {}

/**
 * Makes a cart; or puts what is wanted into the open one that the customer has, since he has but one.
 *
 * @throws OnlyMedusa when nothing was done, and Medusa is to be asked
 */
export async function openOrMake(
  c: Context<Counter>,
  services: Services,
  wanted: WantedCart,
  {
    customerId,
    show,
    isFound = false,
    arriving,
  }: {
    customerId: string | undefined
    show: ShownCart
    /** The open cart is answered as it is, in a channel that is open: nothing was asked for but to have one. */
    isFound?: boolean
    /** Or what is done to it, since it has come to a desk by this. */
    arriving?: Pick<Change<unknown>, "work" | "answer"> | undefined
  },
): Promise<Response> {
  const { config, database } = services
  const { cartMerge } = config
  const by = await byWhom(c, config)
  const isShared = customerId !== undefined && cartMerge !== "off"

  /** @param isMoving  out of a channel that was closed */
  async function fill(cartId: string, policy: Exclude<typeof cartMerge, "off">, isMoving: boolean): Promise<Response> {
    let merge: Merge | undefined
    return await changeCart(c, services, {
      ...{ cartId, show, by, isLocking: true, closesCards: !arriving },
      async work(tx, draft, shop) {
        if (draft.cart.completed_at !== null || draft.cart.owner !== customerId) throw new NoLongerOpen()
        if (arriving) return await arriving.work(tx, draft, shop, undefined)
        const { sales_channel_id, ...asked } = wanted
        const isNothing = isFound || Object.values(asked).every((it) => it === undefined)
        if (isNothing && !(isMoving && isChannelClosed(draft.cart, shop))) return undefined
        merge = await fillCart(tx, draft, shop, isNothing ? { sales_channel_id } : wanted, policy)
        return "merged"
      },
      answer: (cart) => arriving?.answer?.(cart) ?? { cart, ...(merge ? { merge } : {}) },
    })
  }
  const make = async () =>
    await makeCart(c, services, {
      // Whose it is, is written before the cart: nobody may be left with one that is not there.
      ...{ show, by, isLocking: customerId !== undefined },
      async work(tx, shop) {
        const customer = customerId === undefined ? undefined : await readCustomer(tx, customerId)
        if (customerId !== undefined && !customer) throw new OnlyMedusa("who has logged in is no more")
        const draft = await createCart(tx, shop, wanted, customer)
        if (isShared) await ownCart(tx, draft.cart.id, customerId)
        else if (customerId !== undefined) await ownBeside(tx, draft.cart.id, customerId, { isOpen: false })
        return draft
      },
    })

  for (let tries = 1; ; tries++) {
    try {
      const open = isShared ? await openCartOf(database.sql, customerId) : undefined
      if (open === undefined || cartMerge === "off") return await make()
      return await fill(open, cartMerge, true).catch((error) => {
        if (!isFound || !(error instanceof OnlyMedusa)) throw error
        return fill(open, cartMerge, false)
      })
    } catch (error) {
      const isLate = error instanceof NoLongerOpen || isPlaceTaken(error)
      if (!isLate) throw error
      if (tries === MOST_TRIES) throw busy()
    }
  }
}
const MOST_TRIES = 5
