import type { ISql } from "postgres"

/** What says whose an order is, and to whom it answers. */
export interface OwnedOrder {
  id: string
  email: string | null
  customer_id: string | null
  /** Its customer has an account, which has an e-mail of its own. */
  is_others: boolean
  /** An account's: its cart was one, or it has come to its customer, who has one, in another way. */
  is_accounts: boolean
  /** Who asks holds a token of who has redeemed a code for its cart. */
  is_claimed: boolean
}

/**
 * Reads whose an order is, by the indexes of what it is linked with: for who shows it, in the same breath as the order.
 *
 * Of an order that was a cart, the cart says so: where a guest has typed an account's e-mail with `CART_ACCESS=id`, the
 * order bears the account's customer, which proves nothing. Of one that staff have made, or that was transferred since,
 * its customer does.
 *
 * @param claim  the hash of a token that opens a cart; null: there is none
 * @returns undefined when there is no such order
 * @source Medusa 2.21 `core-flows/dist/cart/steps/find-or-create-customer.js`
 */
export async function readOwned(sql: ISql, id: string, claim: string | null): Promise<OwnedOrder | undefined> {
  const [order] = await sql<OwnedOrder[]>`
    select own.id, own.email, own.customer_id,
      coalesce(person.has_account and lower(person.email) is distinct from lower(own.email), false) as is_others,
      case when cart.id is null then coalesce(person.has_account, false)
        else exists (select from mostrador.cart_owner where cart_id = cart.id) end as is_accounts,
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
