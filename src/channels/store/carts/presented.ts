import type { Context } from "hono"
import type { ISql } from "postgres"
import { CartMoved, type CartPlace, isClaimed, isReached, placeOfCart } from "../../../commerce/carts/index.ts"
import { readToken } from "../../../platform/auth/index.ts"
import type { Counter, Services } from "../../counter.ts"
import { WireError } from "../../errors.ts"
import { busy } from "../../idempotency.ts"
import { isOwn } from "../channel.ts"
import { CART_TOKEN_HEADER } from "../lane.ts"
import { customerOfMedusa, onlyMedusaKnows } from "../products/shopper.ts"

export { CART_TOKEN_HEADER }

/** The cart that a request is about: the one in its path, or the one into which that was merged. */
export const cartIn = (c: Context<Counter>): string => c.get("cartId") ?? c.req.param("id") ?? ""

/** The id that who asks has said: what it has become since is for whom the cart answers to. */
export const saidId = (c: Context<Counter>, cartId: string): string =>
  c.get("cartId") === undefined ? cartId : (c.req.param("id") ?? cartId)

/** Who asks has a session, of which Medusa has to be asked whose it is: not while anything is held. */
class SessionUnasked extends Error {}

/**
 * Whether a cart answers to who asks: a guest's to whoever knows its id; a customer's to him, to who has claimed it, and to
 * staff at their desks whatever has come there.
 *
 * @param sql  where the cart is read just now
 * @throws SessionUnasked, for `asPresented`
 */
export async function answersTo(
  c: Context<Counter>,
  { config }: Pick<Services, "config">,
  sql: ISql,
  { cart_id, owner }: CartPlace,
): Promise<boolean> {
  const desk = c.get("desk")
  if (desk) return await isReached(sql, desk.worker, cart_id)
  if (owner === null || config.cartAccess === "id" || isOwn(c, config)) return true
  if ((await customerAsking(c, config)) === owner) return true
  const token = c.req.header(CART_TOKEN_HEADER)
  return token !== undefined && (await isClaimed(sql, cart_id, token))
}

/**
 * The customer who asks, by his token or his session; or who logs in.
 *
 * @throws SessionUnasked when Medusa has to be asked first
 */
export async function customerAsking(
  c: Context<Counter>,
  { jwtSecret }: Pick<Services["config"], "jwtSecret">,
): Promise<string | undefined> {
  const loggedIn = c.get("loggedIn")
  if (loggedIn !== undefined) return loggedIn
  if (onlyMedusaKnows(c)) {
    const known = c.get("sessionCustomer")
    if (known === undefined) throw new SessionUnasked()
    return known ?? undefined
  }
  const actor = await readToken(c.req.header("authorization"), jwtSecret)
  return actor?.actor_type === "customer" && actor.actor_id && !actor.needs_mfa ? actor.actor_id : undefined
}

/**
 * Does what is asked of a cart, under the id that it has by now, for who it is that asks.
 *
 * @param work  is done anew when either was not known; nothing of it may last when it throws
 * @throws WireError 503 when the cart is merged into another each time that it is come to
 */
export async function asPresented<T>(
  c: Context<Counter>,
  { config }: Pick<Services, "config">,
  work: () => Promise<T>,
): Promise<T> {
  for (let moves = 0; ; ) {
    try {
      return await work()
    } catch (error) {
      if (error instanceof CartMoved) {
        if (++moves > MOST_MOVES) throw busy()
        c.set("cartId", error.to)
      } else if (error instanceof SessionUnasked) c.set("sessionCustomer", (await customerOfMedusa(c, config)) ?? null)
      else throw error
    }
  }
}
/** A survivor may be merged again while it is looked for, once for each device that logs in meanwhile. */
const MOST_MOVES = 100

/**
 * The cart that a request names, for routes that do not read it themselves.
 *
 * @param missing  what is said of one that does not answer to who asks, as if it did not exist
 * @returns undefined when there is none
 */
export async function presentedCart(
  c: Context<Counter>,
  services: Pick<Services, "config" | "database">,
  id: string,
  missing: Error = noCart(id),
): Promise<CartPlace | undefined> {
  const { sql } = services.database
  const place = await placeOfCart(sql, id)
  if (place && !(await asPresented(c, services, () => answersTo(c, services, sql, place)))) throw missing
  return place
}

/** In Medusa's words. */
export const noCart = (id: string) => new WireError(404, "not_found", `Cart with id '${id}' not found`)
