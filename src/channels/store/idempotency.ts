import type { Context } from "hono"
import { isForeign, readToken } from "../../platform/auth/index.ts"
import type { KeyedRequest } from "../../platform/idempotency/index.ts"
import type { Counter, Services } from "../counter.ts"
import { type Answer, keyedWithin, onceAlone, REPLAYED, sha256 } from "../idempotency.ts"
import { allowOrigin, originRule } from "../origins.ts"
import { isEmpty } from "../passthrough/index.ts"
import { CART_TOKEN_HEADER, KEY_HEADER, ORDER_TOKEN_HEADER } from "./lane.ts"

/**
 * The request as its `Idempotency-Key` stands for it. Reads its whole body.
 *
 * @returns undefined without a key, and without a publishable key, within which it would be one's own
 * @throws WireError 400 when it is no key
 */
export async function keyedRequest(
  c: Context<Counter>,
  { config, publishableKeys }: Services,
): Promise<KeyedRequest | undefined> {
  if (c.req.header("idempotency-key") === undefined) return undefined
  const desk = c.get("desk")
  if (desk) return await keyedWithin(c, config.jwtSecret, desk.scope, [desk.worker.actor.id])
  const publishableKey = publishableKeys.find(c.req.header(KEY_HEADER) ?? "")
  if (!publishableKey) return undefined
  return await keyedWithin(c, config.jwtSecret, publishableKey.id, await callerOf(c, config.jwtSecret))
}

/** Who asks, so that nobody else gets his answer; the same after his token was renewed. */
async function callerOf(c: Context<Counter>, jwtSecret: string): Promise<string[]> {
  const authorization = c.req.header("authorization")
  const actor = isForeign(authorization) ? undefined : await readToken(authorization, jwtSecret)
  const session = /(?:^|;\s*)connect\.sid=([^;]*)/.exec(c.req.header("cookie") ?? "")?.[1]
  return [
    actor?.actor_id ? `${actor.actor_type} ${actor.actor_id}` : sha256(authorization ?? ""),
    sha256(session ?? ""),
    sha256(c.req.header(ORDER_TOKEN_HEADER) ?? ""),
    sha256(c.req.header(CART_TOKEN_HEADER) ?? ""),
  ]
}

/**
 * A route of ours, asked once where a key is given.
 *
 * @param around  runs before a connection is taken for the key, and may refuse to go on
 */
export async function answeredOnce(
  c: Context<Counter>,
  services: Services,
  work: () => Promise<Response>,
  around = (inner: () => Promise<Answer>) => inner(),
): Promise<Response> {
  const keyed = await keyedRequest(c, services)
  if (!keyed) return await work()
  return await asResponse(c, services, () => onceAlone(c, services, keyed, work, around))
}

/** The answer as it is sent; a page of the shop's origins may read it, also when it is a refusal. */
export async function asResponse(
  c: Context<Counter>,
  { config }: Services,
  work: () => Promise<Answer>,
): Promise<Response> {
  const origins = originRule(config.cors.store)
  allowOrigin(c, origins)
  const { status, headers, body } = await work()
  if (headers.has(REPLAYED)) {
    const origin = origins(c.req.header("origin") ?? "")
    if (origin) headers.set("Access-Control-Allow-Origin", origin)
    headers.set("Access-Control-Allow-Credentials", "true")
    headers.append("Vary", "Origin")
  }
  return new Response(isEmpty(status) ? null : (body as Uint8Array<ArrayBuffer>), { status, headers })
}
