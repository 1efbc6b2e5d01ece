import type { ISql } from "postgres"

/**
 * The id that a line has by now: of one that was put into the cart, or onto a line of it, when another cart was merged
 * into it. A device that slept through that goes on to speak of it by the id that it had there.
 *
 * @returns the id as it was given, where the cart has no such line
 */
export async function lineNow(sql: ISql, cartId: string, lineId: string): Promise<string> {
  const [line] = await sql<{ id: string }[]>`
    with recursive became as (
      select line_id from mostrador.cart_line_alias where id = ${lineId}
      union
      select alias.line_id from mostrador.cart_line_alias alias join became on alias.id = became.line_id
    )
    select line.id from became join cart_line_item line on line.id = became.line_id
    where line.cart_id = ${cartId} and line.deleted_at is null`
  return line?.id ?? lineId
}
