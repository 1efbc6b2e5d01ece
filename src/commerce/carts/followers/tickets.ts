import { randomBytes } from "node:crypto"
import type { Sql } from "postgres"
import { hashOfToken } from "../owners.ts"

/** How long a ticket is good for. */
export const TICKET_SECONDS = 60

/**
 * Gives out a ticket for a cart's stream.
 *
 * @param bearer  what is to be known of who uses it; JSON-able, and nothing that is secret
 */
export async function issueTicket(
  sql: Sql,
  cartId: string,
  bearer: object,
): Promise<{ ticket: string; expires_at: Date }> {
  const ticket = `stk_${randomBytes(24).toString("base64url")}`
  const expires_at = new Date(Date.now() + TICKET_SECONDS * 1000)
  await sql`
    with forgotten as (
      delete from mostrador.stream_ticket where ticket_hash in (
        select ticket_hash from mostrador.stream_ticket where expires_at < now() limit 20 for update skip locked)
    )
    insert into mostrador.stream_ticket (ticket_hash, cart_id, bearer, expires_at)
    values (${hashOfToken(ticket)}, ${cartId}, ${JSON.stringify(bearer)}::text::jsonb, ${expires_at.toISOString()})`
  return { ticket, expires_at }
}

/**
 * Takes a ticket, at any counter, once.
 *
 * @returns for which cart it was given out, and to whom; undefined for one that was used, has expired or never was
 */
export async function takeTicket(sql: Sql, ticket: string): Promise<{ cart_id: string; bearer: unknown } | undefined> {
  const [row] = await sql<{ cart_id: string; bearer: unknown; is_live: boolean }[]>`
    delete from mostrador.stream_ticket where ticket_hash = ${hashOfToken(ticket)}
    returning cart_id, bearer, expires_at > now() as is_live`
  return row?.is_live ? { cart_id: row.cart_id, bearer: row.bearer } : undefined
}
