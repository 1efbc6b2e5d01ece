import { createHmac, randomBytes, randomInt } from "node:crypto"
import type { Sql, TransactionSql } from "postgres"
import { type Actor, type NewEvent, recordEvents } from "../../platform/events/index.ts"
import type { ChangedBy } from "./change/index.ts"
import { CartRefused } from "./change/index.ts"
import { takeCart } from "./lock.ts"
import { hashOfToken, survivorOf } from "./owners.ts"

/** To whom a cart is handed over. */
export type Recipient = "device" | "pos" | "agent"

/** A code that opens a cart once, to one kind of recipient. */
export interface Handoff {
  code: string
  cart_id: string
  to: Recipient
  expires_at: Date
}

/** A code is no good; nothing has changed. */
export class HandoffRefused extends Error {
  constructor(
    readonly code: "handoff_unknown" | "handoff_used" | "handoff_expired" | "cart_completed",
    message: string,
  ) {
    super(message)
  }
}

/** Read out loud and written down by hand, none is taken for another: no O and 0, no I, L and 1, no U and V, no S and 5. */
const LETTERS = "ABCDEFGHJKMNPQRTWXYZ2346789"
const LENGTH = 6
/** How long a code is good for. */
export const HANDOFF_MINUTES = 10
/** How long who has redeemed one may come back to the cart. */
export const CLAIM_DAYS = 30

/** As people write it: whatever the case, with spaces or dashes. @returns undefined for what no code is */
export function codeFrom(written: string): string | undefined {
  const code = written.toUpperCase().replace(/[\s-]/g, "")
  return code.length === LENGTH && [...code].every((it) => LETTERS.includes(it)) ? code : undefined
}

/**
 * What codes are known by in the database.
 *
 * @param secret  `JWT_SECRET`
 */
const hashOf = (secret: string, code: string) => createHmac("sha256", secret).update(`handoff ${code}`).digest("hex")

/**
 * Makes a code for a cart that is open. Codes that were made before go on: of several, each is good once.
 *
 * @throws CartRefused for a cart that is an order
 */
export async function handOff(
  sql: Sql,
  secret: string,
  { cart_id, to, by }: { cart_id: string; to: Recipient; by: ChangedBy },
): Promise<Handoff> {
  const code = Array.from({ length: LENGTH }, () => LETTERS[randomInt(LETTERS.length)]).join("")
  const [made] = await sql<{ expires_at: string }[]>`
    with forgotten as (
      delete from mostrador.cart_handoff where code_hash in (
        select code_hash from mostrador.cart_handoff where expires_at < now() - interval '1 day'
        limit 20 for update skip locked))
    insert into mostrador.cart_handoff (code_hash, cart_id, "to", actor, expires_at)
    select ${hashOf(secret, code)}, cart.id, ${to}, ${JSON.stringify(by.actor)}::text::jsonb,
      now() + make_interval(mins => ${HANDOFF_MINUTES})
    -- It may have been merged into another since it was looked for.
    from cart where cart.id = coalesce((select cart_id from mostrador.cart_alias where id = ${cart_id}), ${cart_id})
      and cart.deleted_at is null and cart.completed_at is null
    on conflict do nothing
    returning expires_at`
  if (!made)
    throw new CartRefused(
      "not_allowed",
      "The cart is an order already: there is nothing to be handed over.",
      "cart_completed",
    )
  return { code, cart_id, to, expires_at: new Date(made.expires_at) }
}

/** A cart that was handed over, and the token that opens it from now on. */
export interface Claimed {
  cart_id: string
  token: string
  expires_at: Date
  from: Actor
}

/**
 * Redeems a code, once: the cart opens to the token from now on, and is told to have been handed over.
 *
 * @param to    who redeems it; a code for others is as one that is not there
 * @param also  what is done with it
 * @throws HandoffRefused
 */
export async function claimHandoff(
  sql: Sql,
  secret: string,
  { code, to, by }: { code: string; to: Recipient; by: ChangedBy },
  also: (tx: TransactionSql, cartId: string) => Promise<void> = async () => {},
): Promise<Claimed> {
  return (await sql.begin(async (tx) => {
    const claimed = await claim(tx, hashOf(secret, code), to, by)
    await also(tx, claimed.cart_id)
    return claimed
  })) as Claimed
}

/** Makes the caller the one writer of the cart, or of the one that it was merged into, even just now. */
async function takeSurvivor(tx: TransactionSql, id: string): Promise<{ cart_id: string; version: number }> {
  await tx`set local lock_timeout = '3s'`
  for (;;) {
    const before = (await survivorOf(tx, id)) ?? id
    const version = await takeCart(tx, before)
    if (((await survivorOf(tx, id)) ?? id) === before) return { cart_id: before, version }
  }
}

async function claim(tx: TransactionSql, hash: string, to: Recipient, by: ChangedBy): Promise<Claimed> {
  const [handoff] = await tx<
    { cart_id: string; to: Recipient; actor: string; is_used: boolean; is_expired: boolean }[]
  >`
    select cart_id, "to", actor::text as actor, claimed_at is not null as is_used, expires_at <= now() as is_expired
    from mostrador.cart_handoff where code_hash = ${hash} for update`
  if (!handoff || handoff.to !== to) throw new HandoffRefused("handoff_unknown", "There is no such code.")
  if (handoff.is_used) throw new HandoffRefused("handoff_used", "The code was used already: ask for a new one.")
  if (handoff.is_expired) throw new HandoffRefused("handoff_expired", "The code has expired: ask for a new one.")
  const { cart_id, version } = await takeSurvivor(tx, handoff.cart_id)
  const [open] = await tx`
    select from cart where id = ${cart_id} and completed_at is null and deleted_at is null`
  if (!open) throw new HandoffRefused("cart_completed", "The cart is an order already.")
  await tx`update mostrador.cart_handoff set claimed_at = now() where code_hash = ${hash}`
  const token = randomBytes(32).toString("base64url")
  const [claimed] = await tx<{ expires_at: string }[]>`
    insert into mostrador.cart_claim (token_hash, cart_id, expires_at)
    values (${hashOfToken(token)}, ${cart_id}, now() + make_interval(days => ${CLAIM_DAYS})) returning expires_at`
  const from = JSON.parse(handoff.actor) as Actor
  const told: NewEvent = {
    ...{ name: "cart.handed_over", subject: { type: "cart", id: cart_id }, version, ...by },
    ...{ before: null, after: { to, from } },
  }
  await recordEvents(tx, [told])
  return { cart_id, token, expires_at: new Date(claimed?.expires_at ?? Date.now()), from }
}
