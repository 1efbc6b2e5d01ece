import { createHash } from "node:crypto"
import postgres, { type ISql, type TransactionSql } from "postgres"
import { NothingDone } from "../../platform/idempotency/index.ts"
import { InOthersHands } from "./versions.ts"

/** A cart that was asked for, whatever it is called now. */
export interface CartPlace {
  /** The id that it has: of the cart that has survived, where the one that was asked for was merged into another. */
  cart_id: string
  /** Whose it is: a customer who has logged in, or whom staff have identified. */
  owner: string | null
}

/**
 * Whose a row of `cart` is. One of an account that nobody has noted yet (of before the counter ran, or of Medusa's own port) is
 * the account's, too: typing an e-mail makes nobody the customer of a cart who has one.
 */
export const ownerOfRow = (sql: ISql) => sql`
  coalesce((select customer_id from mostrador.cart_owner where cart_id = cart.id),
    (select id from customer where id = cart.customer_id and has_account and deleted_at is null))`

/** @returns undefined when there is no such cart */
export async function placeOfCart(sql: ISql, id: string): Promise<CartPlace | undefined> {
  const [place] = await sql<CartPlace[]>`
    select cart.id as cart_id, ${ownerOfRow(sql)} as owner from cart
    where cart.id = coalesce((select cart_id from mostrador.cart_alias where id = ${id}), ${id})
      and cart.deleted_at is null`
  return place
}

/** @returns the id of the cart into which this one was merged; undefined when it was not */
export async function survivorOf(sql: ISql, id: string): Promise<string | undefined> {
  const [alias] = await sql<{ cart_id: string }[]>`select cart_id from mostrador.cart_alias where id = ${id}`
  return alias?.cart_id
}

/** The cart was merged into another, by whose id it is to be asked for. Nothing has been written. */
export class CartMoved extends NothingDone {
  constructor(readonly to: string) {
    super(`The cart is now ${to}`)
  }
}

/** @returns the id of the customer's open cart, if he has one */
export async function openCartOf(sql: ISql, customerId: string): Promise<string | undefined> {
  const [open] = await sql<{ cart_id: string }[]>`
    select cart_id from mostrador.cart_owner where customer_id = ${customerId} and is_open`
  return open?.cart_id
}

/** @returns the customer's open cart, if he has one, and the sales channel that it is sold in */
export async function openPlaceOf(
  sql: ISql,
  customerId: string,
): Promise<{ cart_id: string; sales_channel_id: string | null } | undefined> {
  const [open] = await sql<{ cart_id: string; sales_channel_id: string | null }[]>`
    select owner.cart_id, cart.sales_channel_id
    from mostrador.cart_owner owner left join cart on cart.id = owner.cart_id
    where owner.customer_id = ${customerId} and owner.is_open`
  return open
}

/**
 * Makes the caller the one who decides which cart is the customer's, until the end of his transaction.
 *
 * @throws InOthersHands when somebody else is at it
 */
export async function takeCustomer(tx: TransactionSql, customerId: string): Promise<void> {
  const [row] = await tx<{ taken: boolean }[]>`
    select pg_try_advisory_xact_lock(hashtextextended(${`mostrador:customer:${customerId}`}, 0)) as taken`
  if (!row?.taken) throw new InOthersHands()
}

/**
 * Gives the cart to the customer, as his open one.
 *
 * @throws PostgresError 23505 when he has another
 */
export async function ownCart(tx: ISql, cartId: string, customerId: string): Promise<void> {
  await tx`
    insert into mostrador.cart_owner (cart_id, customer_id) values (${cartId}, ${customerId})
    on conflict (cart_id) do update set customer_id = excluded.customer_id, is_open = true`
}

/**
 * Gives the cart to the customer beside the open one that he may have: it answers to him alone, and is the one that he
 * goes on with on other devices only where he has no other.
 *
 * @param sql     of no transaction where `isOpen` is true: it may take two attempts
 * @param isOpen  false where customers have as many carts as they begin
 */
export async function ownBeside(
  sql: ISql,
  cartId: string,
  customerId: string,
  { isOpen }: { isOpen: boolean },
): Promise<void> {
  const own = (isOpen: boolean) => sql`
    insert into mostrador.cart_owner as known (cart_id, customer_id, is_open)
    select ${cartId}, ${customerId}, ${isOpen} and not exists (
      select from mostrador.cart_owner where customer_id = ${customerId} and is_open and cart_id <> ${cartId})
    on conflict (cart_id) do update set customer_id = excluded.customer_id, is_open = excluded.is_open
      where known.customer_id <> excluded.customer_id`
  try {
    await own(isOpen)
  } catch (error) {
    if (!isPlaceTaken(error)) throw error
    await own(false)
  }
}

/** Another device has just begun the customer's open cart. */
export const isPlaceTaken = (error: unknown) =>
  error instanceof postgres.PostgresError && error.constraint_name === "cart_owner_open_index"

/** Whether a token of who has redeemed a code opens the cart. */
export const isClaimed = (sql: ISql, cartId: string, token: string) => isClaimedBy(sql, cartId, hashOfToken(token))

/** Likewise, of who is known by what stands in the database for his token. */
export async function isClaimedBy(sql: ISql, cartId: string, tokenHash: string): Promise<boolean> {
  const rows = await sql`
    select from mostrador.cart_claim
    where token_hash = ${tokenHash} and cart_id = ${cartId} and expires_at > now()`
  return rows.length > 0
}

/** What stands in the database for a token that opens a cart. */
export const hashOfToken = (token: string) => createHash("sha256").update(token).digest("hex")
