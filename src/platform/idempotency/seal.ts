import { createCipheriv, createDecipheriv, createHmac, randomBytes } from "node:crypto"

const CIPHER = "aes-256-gcm"
const NONCE_BYTES = 12
const TAG_BYTES = 16

/**
 * What the answer to a request is sealed with: an answer may hold what opens an order or a payment, and who reads the
 * database, or a copy of it, is to read no such thing there. Each request has its own, so that no answer passes for
 * another's.
 *
 * @param secret  `JWT_SECRET`, which is in no database
 */
export const sealingKey = (secret: string, request: readonly string[]): Buffer =>
  createHmac("sha256", secret)
    .update(JSON.stringify(["mostrador idempotency", ...request]))
    .digest()

export function seal(key: Buffer, plain: Buffer): Buffer {
  const nonce = randomBytes(NONCE_BYTES)
  const cipher = createCipheriv(CIPHER, key, nonce)
  const sealed = Buffer.concat([cipher.update(plain), cipher.final()])
  return Buffer.concat([nonce, cipher.getAuthTag(), sealed])
}

/** @returns undefined when it was sealed with another key, as after `JWT_SECRET` was changed */
export function unseal(key: Buffer, sealed: Buffer): Buffer | undefined {
  if (sealed.byteLength < NONCE_BYTES + TAG_BYTES) return undefined
  const decipher = createDecipheriv(CIPHER, key, sealed.subarray(0, NONCE_BYTES))
  decipher.setAuthTag(sealed.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES))
  const plain = decipher.update(sealed.subarray(NONCE_BYTES + TAG_BYTES))
  try {
    return Buffer.concat([plain, decipher.final()])
  } catch {
    // The tag does not fit: that is how this cipher says it.
    return undefined
  }
}
