import { idOf } from "./words.ts"

/** An error's body, as an example. */
interface Told {
  type?: string
  code?: string
  message: string
  details?: object
}

const conflict = (code: string, message: string): Told => ({ type: "conflict", code, message })
const unexpected = (code: string, message: string): Told => ({ type: "unexpected_state", code, message })
const notAllowed = (code: string, message: string): Told => ({ type: "not_allowed", code, message })
const unauthorized = (code: string, message: string): Told => ({ type: "unauthorized", code, message })
const forbidden = (code: string, message: string): Told => ({ type: "forbidden", code, message })
const duplicate = (code: string, message: string): Told => ({ type: "duplicate_error", code, message })

/** By the code: what a description names of these is an example of what it describes. */
const CODES: Record<string, Told> = {
  insufficient_inventory: notAllowed("insufficient_inventory", "Some variant does not have the required inventory"),
  cancellation_not_offered: notAllowed(
    "cancellation_not_offered",
    "Orders cannot be canceled here. Please ask the shop.",
  ),
  fulfillment_started: notAllowed(
    "fulfillment_started",
    "The order is being packed, on its way, or handed over. What you want to give back you can return.",
  ),
  cancellation_window_over: notAllowed(
    "cancellation_window_over",
    "The time in which the order could be canceled is over. Please ask the shop.",
  ),
  order_completed: notAllowed("order_completed", "The order is completed. What you want to give back you can return."),
  order_changing: notAllowed("order_changing", "The order is being changed just now. Please ask the shop."),
  idempotency_key_in_use: conflict(
    "idempotency_key_in_use",
    "A request with this Idempotency-Key is running. Ask again for its answer.",
  ),
  idempotency_outcome_unknown: conflict(
    "idempotency_outcome_unknown",
    "A request with this Idempotency-Key was interrupted: it may or may not have taken effect. Look at the cart, and use a new key for what is still to be done.",
  ),
  left_to_medusa: notAllowed("left_to_medusa", "Only Medusa can change this cart: send the changes one by one."),
  order_busy: conflict("order_busy", "The same is being done to this order just now. Ask again in a moment."),
  payment_repair_not_to_be_retried: notAllowed(
    "payment_repair_not_to_be_retried",
    "The repair is done, or the money is to be seen to at Stripe itself: there is nothing to be tried again.",
  ),
  handoff_used: notAllowed("handoff_used", "The code was used already: ask for a new one."),
  handoff_expired: notAllowed("handoff_expired", "The code has expired: ask for a new one."),
  cart_completed: notAllowed("cart_completed", "The cart is an order already."),
  ticket_invalid: unauthorized(
    "ticket_invalid",
    "The ticket was used, has expired, or is of another cart. Get a new one.",
  ),
  would_be_administrator: notAllowed(
    "would_be_administrator",
    "He is a user of Medusa's still, and would be an administrator. Who leaves is made inactive, or deleted in Medusa first; who is to be one is removed with makes_administrator=true.",
  ),
  channel_inactive: forbidden("channel_inactive", "This channel is closed."),
  channel_not_allowed: forbidden("channel_not_allowed", 'This channel is not for that: it may not "checkout".'),
  channel_has_tills: notAllowed("channel_has_tills", "There are tills of this channel. Give them another one first."),
  till_has_receipts: notAllowed(
    "till_has_receipts",
    "The till has given out receipts: their prefix stays, and so does the till. Revoke it instead.",
  ),
  is_staff: duplicate("is_staff", "The user is a member of staff already."),
  key_taken: duplicate("key_taken", "The publishable key is of another channel."),
  name_taken: duplicate("name_taken", "There is one of this name already."),
  prefix_taken: duplicate("prefix_taken", "The receipts of another till begin with this."),
  pairing_code_wrong: unauthorized("pairing_code_wrong", "No till waits for this code: it is wrong, used or too old."),
  till_unknown: unauthorized(
    "till_unknown",
    "Only a till may ask this, with the token that it got when it was paired.",
  ),
  till_revoked: forbidden("till_revoked", "This till was revoked. Ask for a new pairing code."),
  signed_out: unauthorized("signed_out", "Nobody is signed in at this till with that. Sign in."),
  pin_wrong: unauthorized("pin_wrong", "The person or the PIN is wrong."),
  pin_locked: forbidden("pin_locked", "There were too many wrong PINs. Try again in 15 minutes, or ask for a new one."),
  place_not_allowed: forbidden("place_not_allowed", "You may not work in this shop."),
  log_in_required: unauthorized("log_in_required", "Log in: POST /auth/user/emailpass gives the token."),
  role_not_allowed: forbidden("role_not_allowed", "Your role is not for that."),
  not_at_desk: notAllowed(
    "not_at_desk",
    "This cannot be done at a desk: a variant is not in the catalog's documents yet.",
  ),
  not_sold_here: notAllowed("not_sold_here", "Camiseta (8437000000013) is not sold here: it is draft, not published."),
  code_unknown: { type: "not_found", code: "code_unknown", message: "Nothing has the code 8437000000013." },
  other_region: {
    ...notAllowed(
      "other_region",
      "The cart has the prices of another region: it was moved there since it came to the till. Bring it back (POST /pos/carts/{id}/region), and tell the customer the new total.",
    ),
    details: { region_id: idOf("region"), currency_code: "gbp" },
  },
  amount_too_small: {
    ...notAllowed("amount_too_small", "24.9 eur is due, and 20 was given."),
    details: { due: 24.9, currency_code: "eur" },
  },
  amount_too_large: {
    ...notAllowed("amount_too_large", "24.9 eur is due, and nobody gives 84629651 for it: it may be a bar code."),
    details: { due: 24.9, currency_code: "eur" },
  },
  payment_begun: notAllowed(
    "payment_begun",
    "The customer is paying this cart on another device, or has just paid it: its order comes by itself. Look again in a moment, or put the goods into a new cart.",
  ),
  payment_uncertain: unexpected(
    "payment_uncertain",
    "The customer has begun to pay by card, and Stripe does not say whether that is closed. Nothing was changed: try again in a moment.",
  ),
  too_many_attempts: notAllowed("too_many_attempts", "There were too many attempts. Try again later."),
  too_many_streams: notAllowed(
    "too_many_streams",
    "Too many streams are open here from this address. Close one, or try again in a moment.",
  ),
  replay_running: conflict(
    "replay_running",
    "Another replay is being prepared for this endpoint; try again when it is finished",
  ),
  medusa_unavailable: unexpected(
    "medusa_unavailable",
    "Medusa is not up (yet): try again in a moment. What the counter answers itself goes on.",
  ),
  counter_busy: unexpected(
    "counter_busy",
    "There is too much to do just now. Nothing was changed: try again in a moment.",
  ),
  no_stream_free: unexpected("no_stream_free", "Too many streams are open here. Try again in a moment."),
  no_feed_free: unexpected("no_feed_free", "Too many are loading the catalog here. Try again in a moment."),
  search_unavailable: unexpected("search_unavailable", "The search took too long. Ask for less at once, or again."),
  meilisearch_unavailable: unexpected(
    "meilisearch_unavailable",
    "Meilisearch cannot be reached now. Use POST /store/search, and ask for a token again later.",
  ),
}

/** By status, where no code is named. */
const STATUSES: Record<number, Told> = {
  400: { type: "invalid_data", message: "Invalid request: limit: must be a whole number" },
  401: { type: "unauthorized", message: "Unauthorized" },
  403: { type: "not_allowed", message: "This is not for you to do." },
  409: CODES.idempotency_key_in_use as Told,
  410: {
    type: "invalid_data",
    code: "begin_anew",
    message: "The cursor is too old to go on from: begin anew, without it.",
  },
  412: conflict(
    "version_conflict",
    'The cart was changed meanwhile: it is in version 8. Look at it, and send the change again with If-Match: "8".',
  ),
  413: { type: "unknown_error", message: "request entity too large" },
  415: { type: "unknown_error", message: 'unsupported content encoding "zstd"' },
  422: {
    ...{ type: "invalid_data", code: "idempotency_key_reused" },
    message: "This Idempotency-Key was used for another request. Use a new one.",
  },
  429: notAllowed(
    "too_many_attempts",
    "There were too many attempts. Try again later, or use the link in your e-mail.",
  ),
  500: { type: "unknown_error", code: "unknown_error", message: "An unknown error occurred." },
  501: notAllowed(
    "meilisearch_not_configured",
    "This shop has no Meilisearch that a browser could search. Use POST /store/search, or set MEILI_URL and MEILI_MASTER_KEY.",
  ),
  503: CODES.medusa_unavailable as Told,
}

const KEY_MISSING: Told = {
  type: "not_allowed",
  message:
    "Publishable API key required in the request header: x-publishable-api-key. You can manage your keys in settings in the dashboard.",
}
const NOT_LOGGED_IN: Told = { message: "Unauthorized" }

/** Errors of these codes, by which they are named. */
export const codesAsExamples = (...codes: string[]) =>
  Object.fromEntries(codes.map((code) => [code, { value: CODES[code] }]))

/**
 * What an error of a route looks like, by the name of the case.
 *
 * @param saysType  whether its body has a `type`; Medusa's answer to who is not logged in has none
 */
export function errorExamples(
  path: string,
  status: number,
  description: string,
  { needsKey, saysType }: { needsKey: boolean; saysType: boolean },
): Record<string, { value: Told }> {
  if (!saysType) return { unauthorized: { value: NOT_LOGGED_IN } }
  const named = [...description.matchAll(/`(\w+)`/g)].flatMap(([, code = ""]) => CODES[code] ?? [])
  const told = status === 404 ? notFound(path) : STATUSES[status]
  const cases = [
    ...(status === 400 && needsKey ? [KEY_MISSING] : []),
    // A code of a 404 is of something else than what stands in the path.
    ...(named.length === 0 || status === 404 ? [told ?? []].flat() : []),
    ...named,
  ]
  return Object.fromEntries(
    cases.map((it) => [it === KEY_MISSING ? "key_missing" : (it.code ?? it.type), { value: it }]),
  )
}

/** Medusa says it for each noun in its own way. */
function notFound(path: string): Told {
  const [, noun = "", key = "id"] = path.match(/([\w-]+)\/\{(\w+)\}/) ?? []
  const id = key === "code" ? "xyz" : idOf(key === "user_id" ? "user" : noun)
  const type = "not_found"
  if (noun === "carts") return { type, message: `Cart with id '${id}' not found` }
  if (noun === "orders") return { type, message: `Order id not found: ${id}` }
  if (noun === "handoffs") return { type, message: "Handoff code not found: K7MQ2X" }
  if (noun === "staff") return { type, message: `Member of staff with id: ${id} was not found` }
  if (path.endsWith("/me/cart")) return { type, message: `Region with id: ${idOf("region")} was not found` }
  const words = (noun || path.split("/").at(-1) || "").replaceAll("-", " ").replace(/ies$/, "y").replace(/s$/, "")
  return { type, message: `${words.charAt(0).toUpperCase()}${words.slice(1)} with ${key}: ${id} was not found` }
}
