import { randomBytes } from "node:crypto"

const DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

/** A new id as Medusa gives its rows: the prefix of the noun and a ULID, so that later ones sort behind earlier ones. */
export function newId(prefix: string): string {
  let time = Date.now()
  let moment = ""
  for (let at = 0; at < 10; at++) {
    moment = DIGITS.charAt(time % 32) + moment
    time = Math.floor(time / 32)
  }
  const chance = Array.from(randomBytes(16), (byte) => DIGITS.charAt(byte % 32)).join("")
  return `${prefix}_${moment}${chance}`
}
