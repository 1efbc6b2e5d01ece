import { createHmac, randomBytes } from "node:crypto"

const PREFIX = "whsec_"
const BYTES = 32
const FEWEST_BYTES = 24
const MOST_BYTES = 64

/** A new secret, as Standard Webhooks writes them. */
export const newSecret = () => PREFIX + randomBytes(BYTES).toString("base64")

/** Whether a secret is what Standard Webhooks asks for: `whsec_` and 24 to 64 bytes in base64. */
export function isSecret(secret: string): boolean {
  if (!secret.startsWith(PREFIX)) return false
  const bytes = keyOf(secret)
  if (bytes.toString("base64") !== secret.slice(PREFIX.length)) return false
  return bytes.length >= FEWEST_BYTES && bytes.length <= MOST_BYTES
}

/**
 * The headers by which a receiver knows that a message is ours, and whole. Signed with each secret, so that one can be
 * changed while receivers still hold the other.
 *
 * Node's own HMAC and not the package `standardwebhooks`, whose SHA-256 is JavaScript; the tests verify with that one.
 *
 * @param id  the same however often the message is sent
 * @source standardwebhooks/standard-webhooks spec
 */
export function signed(id: string, body: string, secrets: readonly string[], now: Date): Record<string, string> {
  const timestamp = String(Math.floor(now.getTime() / 1000))
  const sign = (secret: string) =>
    createHmac("sha256", keyOf(secret)).update(`${id}.${timestamp}.${body}`).digest("base64")
  return {
    "webhook-id": id,
    "webhook-timestamp": timestamp,
    "webhook-signature": secrets.map((it) => `v1,${sign(it)}`).join(" "),
  }
}

const keyOf = (secret: string) => Buffer.from(secret.slice(PREFIX.length), "base64")
