import { randomFillSync } from "node:crypto"

const DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
const CHANCE_LENGTH = 16

/** A new id as Medusa gives its rows: the prefix of the noun and a ULID, so that later ones sort behind earlier ones. */
export function newId(prefix: string): string {
  let time = Date.now()
  let moment = ""
  for (let at = 0; at < 10; at++) {
    moment = DIGITS.charAt(time % 32) + moment
    time = Math.floor(time / 32)
  }
  let chance = ""
  for (const byte of randomBytes()) chance += DIGITS.charAt(byte % 32)
  return `${prefix}_${moment}${chance}`
}

/** Asked for one by one, the system's random bytes are most of an id's cost. */
const pool = Buffer.alloc(256 * CHANCE_LENGTH)
let used = pool.length

function randomBytes(): Buffer {
  if (used === pool.length) {
    randomFillSync(pool)
    used = 0
  }
  used += CHANCE_LENGTH
  return pool.subarray(used - CHANCE_LENGTH, used)
}
