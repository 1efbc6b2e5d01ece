import { z } from "@hono/zod-openapi"
import type { Context } from "hono"
import type { TransactionSql } from "postgres"
import { renderSVG } from "uqr"
import type { ChangedBy } from "../../../commerce/carts/index.ts"
import {
  CLAIM_DAYS,
  type Claimed,
  claimHandoff,
  codeFrom,
  HANDOFF_MINUTES,
  HandoffRefused,
  handOff,
  type Recipient,
} from "../../../commerce/carts/index.ts"
import { TooManyAttempts } from "../../../platform/attempts/index.ts"
import { isLockTimeout } from "../../../platform/db/index.ts"
import { readBody } from "../../body.ts"
import { clientAddress } from "../../client-address.ts"
import type { Counter, Services } from "../../counter.ts"
import { WireError } from "../../errors.ts"
import { busy } from "../../idempotency.ts"
import { refusal } from "../../refusals.ts"
import { withCart } from "../../security.ts"
import { ownAction } from "../own-action.ts"
import { byWhom } from "./by-whom.ts"
import { CART_TOKEN_HEADER, cartIn, noCart, presentedCart } from "./presented.ts"
import { refusalOf } from "./refusals.ts"
import { CartHeaders, CartParams } from "./stream.ts"

const Body = z
  .object({
    to: z
      .enum(["device", "pos", "agent"])
      .openapi({ description: "Who may redeem the code: another device of the shopper's, a till, an agent." }),
  })
  .strict()
const Handoff = z
  .object({
    code: z.string().openapi({ example: "K7MQ2X", description: "Six characters, none of which is taken for another." }),
    to: Body.shape.to,
    expires_at: z.iso.datetime(),
    link: z.string().openapi({ example: "http://localhost:9000/demo#handoff=K7MQ2X" }),
    qr_svg: z.string().openapi({ description: "The link as a QR code: an SVG image.", example: "<svg>...</svg>" }),
  })
  .openapi("Handoff")
const ClaimAnswer = z
  .object({
    cart_id: z.string(),
    token: z.string().openapi({ description: `Opens the cart: for the header \`${CART_TOKEN_HEADER}\`.` }),
    expires_at: z.iso.datetime(),
  })
  .openapi("CartClaim")
const CodeParams = z.object({
  code: z
    .string()
    .openapi({ description: "As it was given; case, blanks and dashes do not matter.", example: "K7MQ2X" }),
})
const json = <T extends z.ZodType>(schema: T) => ({ "application/json": { schema } })

/** Guesses at codes: at one code, and by one client. */
const ATTEMPTS = { minutes: 15, atCode: 5, ofAddress: 30 }

export const CLAIM_ERRORS = {
  404: "There is no such code, or it is for somebody else.",
  409: "The code was used (`handoff_used`), has expired (`handoff_expired`), or its cart is an order (`cart_completed`); or the `Idempotency-Key` is in use (`idempotency_key_in_use`).",
  429: "Too many codes were tried from this address (`too_many_attempts`): `Retry-After` says when to come back.",
}

/** Gives a code that is good once: by it a cart goes to another device, a till or an agent. */
export const handOffCart = (services: Services) =>
  ownAction({
    path: "/store/carts/{id}/handoff",
    summary: "Hand a cart over",
    description: `Gives a code to be read out, typed or scanned: by another device, at a till, or by an agent. It is good once, for ${HANDOFF_MINUTES} minutes. Guests can hand over, too.`,
    params: CartParams,
    headers: CartHeaders,
    security: withCart,
    body: Body,
    answer: { description: "The code.", content: json(z.object({ handoff: Handoff })) },
    errors: { 404: "There is no such cart, or it does not answer to the caller." },
    async handle(c) {
      const id = cartIn(c)
      const { config, database } = services
      const body = (await readBody(c, 4)) ?? {}
      const given = Body.safeParse(body)
      if (!given.success) throw refusal(given.error, body)
      const place = await presentedCart(c, services, id)
      if (!place) throw noCart(id)
      const { to } = given.data
      const by = await byWhom(c, config)
      const { code, expires_at } = await handOff(database.sql, config.jwtSecret, {
        cart_id: place.cart_id,
        to,
        by,
      }).catch((error) => {
        throw refusalOf(error) ?? error
      })
      // After the #, so that it stands in no log of addresses.
      const link = `${config.handoffUrl}#handoff=${code}`
      const handoff = { code, to, expires_at: expires_at.toISOString(), link, qr_svg: renderSVG(link) }
      return c.json({ handoff }, 200, { "Cache-Control": "no-store" })
    },
  })

/** Another device takes over the cart that a code was given for. */
export const claimCart = (services: Services) =>
  ownAction({
    path: "/store/handoffs/{code}/claim",
    summary: "Redeem a code on another device",
    description: `The cart answers to the token that this gives, for ${CLAIM_DAYS} days, also when it is a customer's and nobody has logged in here.`,
    params: CodeParams,
    answer: { description: "The cart that was handed over.", content: json(z.object({ claim: ClaimAnswer })) },
    errors: CLAIM_ERRORS,
    async handle(c) {
      const by = await byWhom(c, services.config)
      const { cart_id, token, expires_at } = await redeem(c, services, { to: "device", by })
      const claim = { cart_id, token, expires_at: expires_at.toISOString() }
      return c.json({ claim }, 200, { "Cache-Control": "no-store" })
    },
  })

/**
 * Redeems the code in the path, and counts who guesses: by code and by address, all counters together.
 *
 * @param also  what is done with it
 * @throws WireError 404, 409 or 429
 */
export async function redeem(
  c: Context<Counter>,
  { attempts, config, database }: Services,
  { to, by }: { to: Recipient; by: ChangedBy },
  also?: (tx: TransactionSql, cartId: string) => Promise<void>,
): Promise<Claimed> {
  const written = c.req.param("code") ?? ""
  const code = codeFrom(written)
  const counted = [
    { name: `handoff address ${clientAddress(c, config)}`, most: ATTEMPTS.ofAddress },
    ...(code === undefined ? [] : [{ name: `handoff ${code}`, most: ATTEMPTS.atCode }]),
  ]
  const takeBack = await attempts.begin(counted, ATTEMPTS.minutes).catch((error) => {
    throw error instanceof TooManyAttempts ? tooMany(error) : error
  })
  if (code === undefined) throw unknown(written)
  const claimed = await claimHandoff(database.sql, config.jwtSecret, { code, to, by }, also).catch(async (error) => {
    if (!(error instanceof HandoffRefused)) {
      // It was no guess: the code stands, and is to be tried again.
      await takeBack()
      throw isLockTimeout(error) ? busy() : error
    }
    if (error.code === "handoff_unknown") throw unknown(written)
    throw new WireError(409, "not_allowed", error.message, { code: error.code })
  })
  await takeBack()
  return claimed
}

const unknown = (code: string) => new WireError(404, "not_found", `Handoff code not found: ${code}`)

const tooMany = ({ retryAfterSeconds }: TooManyAttempts) =>
  new WireError(429, "not_allowed", "Too many codes were tried. Try again later, or ask for a new code.", {
    ...{ code: "too_many_attempts", headers: { "Retry-After": String(retryAfterSeconds) } },
  })
