import type { ISql } from "postgres"

/** What says whose an order is, and to whom it answers. */
export interface OwnedOrder {
  id: string
  email: string | null
  customer_id: string | null
  /** Its customer has an account, which has an e-mail of its own. */
  is_others: boolean
  /** An account's: its customer has one, or its cart was somebody's who had logged in, or whom staff had identified. */
  is_accounts: boolean
  /** Who asks holds a token of who has redeemed a code for its cart. */
  is_claimed: boolean
}

/**
 * Reads whose an order is, by the indexes of what it is linked with: for who shows it, in the same breath as the order.
 *
 * Its customer says whose it is, since typing an account's e-mail makes nobody that; so does that of an order of before the
 * counter ran. Of somebody without an account, whom staff had identified, its cart does. Where the order was transferred
 * since, the cart says nothing.
 *
 * @param claim  the hash of a token that opens a cart; null: there is none
 * @returns undefined when there is no such order
 * @source Medusa 2.21 `core-flows/dist/cart/steps/find-or-create-customer.js`
 */
export async function readOwned(sql: ISql, id: string, claim: string | null): Promise<OwnedOrder | undefined> {
  const [order] = await sql<OwnedOrder[]>`
    select own.id, own.email, own.customer_id,
      coalesce(person.has_account and lower(person.email) is distinct from lower(own.email), false) as is_others,
      coalesce(person.has_account, false)
        or exists (select from mostrador.cart_owner where cart_id = cart.id) as is_accounts,
      exists (
        select from mostrador.cart_claim
        where token_hash = ${claim} and cart_id = cart.id and expires_at > now()) as is_claimed
    from "order" own
    left join customer person on person.id = own.customer_id
    left join order_cart link on link.order_id = own.id and link.deleted_at is null
    left join cart on cart.id = link.cart_id and cart.customer_id is not distinct from own.customer_id
    where own.id = ${id} and own.deleted_at is null and not own.is_draft_order`
  return order
}

/** By what somebody has a part in an order's transfer that is not confirmed: as the customer to whom it is to go, or by its token. */
export interface TransferPart {
  customer?: string | undefined
  token?: string | undefined
}

export async function takesPartInTransfer(sql: ISql, orderId: string, part: TransferPart): Promise<boolean> {
  const rows = await sql`
    select from order_change it
    join order_change_action action on action.order_change_id = it.id and action.deleted_at is null
    where it.order_id = ${orderId} and it.deleted_at is null
      and it.change_type = 'transfer' and it.status in ('pending', 'requested')
      and action.action = 'TRANSFER_CUSTOMER'
      and (action.reference_id = ${part.customer ?? null} or action.details ->> 'token' = ${part.token ?? null})
    limit 1`
  return rows.length > 0
}
