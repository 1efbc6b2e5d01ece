import { createHash, randomBytes, scrypt, timingSafeEqual } from "node:crypto"
import { promisify } from "node:util"

const derive = promisify(scrypt) as (
  secret: string,
  salt: Buffer,
  length: number,
  options: { N: number; r: number; p: number; maxmem: number },
) => Promise<Buffer>

/** A token that nobody guesses, for a device or a session to show. */
export const newToken = (prefix: string) => `${prefix}_${randomBytes(32).toString("base64url")}`

/** What is kept of a token: it cannot be guessed, so it needs no salt and no slowness. */
export const tokenHash = (token: string) => createHash("sha256").update(token).digest("base64url")

/** 16 MB and some tens of milliseconds for each try. */
const COST = 2 ** 14
const BLOCK = 8
const LENGTH = 32
const most = (cost: number, block: number) => 256 * cost * block

/** What is kept of a PIN: a few digits, which who has the database must not find out in no time. */
export async function hashPin(pin: string): Promise<string> {
  const salt = randomBytes(16)
  const hash = await derive(pin, salt, LENGTH, { N: COST, r: BLOCK, p: 1, maxmem: most(COST, BLOCK) })
  return ["scrypt", COST, BLOCK, salt.toString("base64url"), hash.toString("base64url")].join("$")
}

/** Of no PIN. */
const NOBODYS = ["scrypt", COST, BLOCK, Buffer.alloc(16).toString("base64url"), ""].join("$")

/**
 * Whether it is the PIN.
 *
 * @param hash  of `hashPin`; null where there is none, which takes as long
 */
export async function isPin(pin: string, hash: string | null): Promise<boolean> {
  const [, cost, block, salt = "", kept = ""] = (hash ?? NOBODYS).split("$")
  const [N, r] = [Number(cost), Number(block)]
  const given = await derive(pin, Buffer.from(salt, "base64url"), LENGTH, { N, r, p: 1, maxmem: most(N, r) })
  const known = hash === null ? Buffer.alloc(LENGTH) : Buffer.from(kept, "base64url")
  return timingSafeEqual(given, known) && hash !== null
}
