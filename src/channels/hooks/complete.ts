import type { Sql } from "postgres"
import type { Completion } from "../../commerce/payments/index.ts"
import type { PublishableKeys } from "../../platform/auth/index.ts"
import { KEY_HEADER, OWN_HEADER, ownToken } from "../store/index.ts"

/**
 * Places the order of a cart as its shopper would, through the counter's own door: by the lane, or by Medusa with all that
 * keeps a cart from two writers.
 *
 * @param url        where the counter listens
 * @param jwtSecret  shows who asks: what is paid is ordered, whatever the channel may do by now
 * @throws Error when there is nobody to ask, or no answer in time
 */
export async function completeCart(
  {
    sql,
    publishableKeys,
    url,
    jwtSecret,
    timeoutSeconds,
  }: {
    sql: Sql
    publishableKeys: PublishableKeys
    url: string
    jwtSecret: string
    timeoutSeconds: number
  },
  cartId: string,
): Promise<Completion> {
  const [cart] = await sql<{ sales_channel_id: string | null }[]>`
    select sales_channel_id from cart where id = ${cartId}`
  const token = publishableKeys.tokenFor(cart?.sales_channel_id ?? undefined)
  if (token === undefined) throw new Error("The shop has no publishable key to place an order with")
  const answer = await fetch(`${url}/store/carts/${encodeURIComponent(cartId)}/complete`, {
    method: "POST",
    headers: { [KEY_HEADER]: token, [OWN_HEADER]: ownToken(jwtSecret) },
    signal: AbortSignal.timeout(timeoutSeconds * 1000 + 5_000),
  })
  const text = await answer.text()
  return { status: answer.status, body: text.startsWith("{") ? JSON.parse(text) : undefined }
}
