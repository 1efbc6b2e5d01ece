import type { Context } from "hono"
import { z } from "zod"
import { type CartPlace, hashOfToken, isClaimedBy } from "../../../commerce/carts/index.ts"
import { readToken } from "../../../platform/auth/index.ts"
import type { Counter, Services } from "../../counter.ts"
import { asPresented, CART_TOKEN_HEADER, customerAsking } from "./presented.ts"

/**
 * Who has come to follow a cart, and by what: for as long as he follows it he is asked nothing more, and it has to be
 * known whether it still answers to him. Holds nothing by which anybody else could come.
 */
export const Bearer = z.object({
  customer: z.object({ id: z.string(), until: z.number() }).nullable(),
  /** The hash of a token of who has redeemed a code. */
  claim: z.string().nullable(),
  /** What his client calls itself. */
  device: z.string().nullable(),
  /** Of staff: at which desk they follow it. */
  desk: z
    .object({
      actor: z.object({ type: z.enum(["cashier", "agent"]), id: z.string() }),
      channel_id: z.string().nullable(),
      till_id: z.string().nullable(),
      /** The hash of the shift's token. */
      session: z.string().nullable(),
      /** Until when his log-in holds. */
      until: z.number(),
    })
    .nullable()
    .default(null),
})
export type Bearer = z.infer<typeof Bearer>

/** For how long a session, whose end only Medusa knows, is taken for valid. */
const SESSION_MILLISECONDS = 3_600_000

export async function bearerOf(c: Context<Counter>, { config }: Pick<Services, "config">): Promise<Bearer> {
  const id = await asPresented(c, { config }, () => customerAsking(c, config))
  const { expires_at } = (await readToken(c.req.header("authorization"), config.jwtSecret)) ?? {}
  const token = c.req.header(CART_TOKEN_HEADER)
  return {
    customer: id === undefined ? null : { id, until: expires_at?.getTime() ?? Date.now() + SESSION_MILLISECONDS },
    claim: token ? hashOfToken(token) : null,
    device: c.req.header("x-device-id")?.slice(0, 200) ?? null,
    desk: null,
  }
}

/** Whether a cart answers to him now, as `answersTo` says it of a request. */
export async function answersToBearer(
  { config, database }: Pick<Services, "config" | "database">,
  { customer, claim }: Bearer,
  { cart_id, owner }: CartPlace,
): Promise<boolean> {
  if (owner === null || config.cartAccess === "id") return true
  const now = Date.now()
  if (customer !== null && customer.id === owner && now < customer.until) return true
  return claim !== null && (await isClaimedBy(database.sql, cart_id, claim))
}
