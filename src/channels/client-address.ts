import type { Context } from "hono"
import type { Config } from "../config.ts"
import type { Counter } from "./counter.ts"

/**
 * From where a request comes, as far as it cannot be made up: behind a balancer that is trusted, what that has seen (the
 * last of the chain; the client may have written the others). Of IPv6 the network, of which a client has all addresses.
 */
export function clientAddress(c: Context<Counter>, { trustProxy }: Pick<Config, "trustProxy">): string {
  const seen = trustProxy ? c.req.header("x-forwarded-for")?.split(",").at(-1)?.trim() : undefined
  const address = (seen || c.env.incoming.socket.remoteAddress || "unknown").replace(/^::ffff:(?=\d+\.)/i, "")
  return address.includes(":") ? networkOf(address) : address
}

/** The first 64 bits. */
function networkOf(address: string): string {
  const [head = "", tail] = address.split("::")
  const first = head.split(":").filter(Boolean)
  const last = tail?.split(":").filter(Boolean) ?? []
  const zeros = Array(Math.max(0, 8 - first.length - last.length)).fill("0")
  return [...first, ...zeros, ...last].slice(0, 4).join(":")
}
