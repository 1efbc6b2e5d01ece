import { createHash, createHmac, timingSafeEqual } from "node:crypto"
import type { Place } from "../../commerce/carts/index.ts"
import { KEPT_DAYS } from "../../platform/events/index.ts"
import { WireError } from "../errors.ts"
import { wrongParameter } from "../parameters.ts"

/** What a client holds to go on from: an event's id. */
export interface CartPositions {
  write(cartId: string, place: Place, now?: Date): string
  /**
   * @param carts  the cart that is followed, and those that were merged into it
   * @returns of which of them it was given out
   * @throws WireError 400 for what was never given out, or of another cart, 410 for one after which events are forgotten
   */
  read(text: string, carts: readonly string[]): { cartId: string; place: Place }
}

/** Of the position's own form. */
const FORMAT = "1"
const DAY_SECONDS = 24 * 3600

/**
 * Positions are signed: what stands in them is put to Postgres, which would stumble over one that is made up.
 *
 * @param secret  `JWT_SECRET`
 */
export function cartPositions(secret: string): CartPositions {
  const key = createHmac("sha256", secret).update("mostrador position cart").digest()
  const signatureOf = (text: string) => createHmac("sha256", key).update(text).digest("base64url").slice(0, 16)
  return {
    write(cartId, { seen, rest }, at = new Date()) {
      const now = Math.floor(at.getTime() / 1000)
      const text = [FORMAT, now, digest(cartId), seen, ...(rest ? [rest.since, rest.after] : [])].join(".")
      return Buffer.from(`${text}.${signatureOf(text)}`).toString("base64url")
    },
    read(given, carts) {
      const parts = Buffer.from(given, "base64url").toString("latin1").split(".")
      const signature = parts.pop() ?? ""
      const [format, at, of, seen = "", since, after] = parts
      if (format !== FORMAT || !isSame(signature, signatureOf(parts.join(".")))) {
        throw wrongParameter("Last-Event-ID", "is not one that was given out here; begin anew, without it")
      }
      const cartId = carts.find((it) => digest(it) === of)
      if (cartId === undefined) throw wrongParameter("Last-Event-ID", "is of another cart; begin anew, without it")
      if (Number(at) < Date.now() / 1000 - KEPT_DAYS * DAY_SECONDS) throw tooOld()
      return { cartId, place: { seen, ...(since && after ? { rest: { since, after } } : {}) } }
    },
  }
}

const digest = (cartId: string) => createHash("sha256").update(cartId).digest("hex").slice(0, 12)

const isSame = (a: string, b: string) => a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b))

/** What has happened since cannot be told any more, or is too much. */
export const tooOld = () =>
  new WireError(410, "invalid_data", "The Last-Event-ID is too old to go on from: begin anew, without it.", {
    code: "begin_anew",
  })
