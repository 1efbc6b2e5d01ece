/** How a caller says who he is. One more way is one more line here, and its name on the routes that take it. */
export const SECURITY_SCHEMES = {
  publishableKey: header(
    "x-publishable-api-key",
    "The key of a shop front: opens its sales channels. It is no secret.",
  ),
  customerToken: http("bearer", "A customer's, from Medusa's `POST /auth/customer/emailpass`."),
  orderToken: header(
    "x-order-token",
    "Opens one order: from `POST /store/orders/{id}/access`, or a link in an e-mail.",
  ),
  cartToken: header("x-cart-token", "Opens one cart: from `POST /store/handoffs/{code}/claim`, or a link."),
  streamTicket: query("ticket", "Opens one cart's stream once: from `POST /store/carts/{id}/stream-ticket`."),
  adminToken: http("bearer", "A Medusa user's, from `POST /auth/user/emailpass`."),
  adminSession: { type: "apiKey", in: "cookie", name: "connect.sid", description: "The dashboard's session." },
  adminSecretKey: http("basic", "A secret API key (`sk_...`) as the name of the user, without a password."),
  tillToken: http("bearer", "A device's, from `POST /pos/pair`."),
  tillSession: header("x-till-session", "Of who has signed in at the till: from `POST /pos/sessions`."),
  agentToken: http("bearer", "An agent's or a supervisor's, from `POST /auth/user/emailpass`."),
  stripeSignature: header("stripe-signature", "Made by Stripe."),
} as const

function header(name: string, description: string) {
  return { type: "apiKey", in: "header", name, description } as const
}
function query(name: string, description: string) {
  return { type: "apiKey", in: "query", name, description } as const
}
function http(scheme: "bearer" | "basic", description: string) {
  return { type: "http", scheme, description } as const
}

type Scheme = keyof typeof SECURITY_SCHEMES
/** Schemes that must all be there. */
type Requirement = { [name in Scheme]?: string[] }

/** With any one of these. */
export const withOne = (...schemes: Scheme[]): Requirement[] => schemes.map((it) => ({ [it]: [] }))

/** With all of these. */
export const withAll = (...schemes: Scheme[]): Requirement[] => [
  Object.fromEntries(schemes.map((it) => [it, []])) as Requirement,
]

/** With a publishable key, and any one of these beside it. */
export const withKey = (...schemes: Scheme[]): Requirement[] =>
  schemes.length === 0 ? withOne("publishableKey") : schemes.map((it) => ({ publishableKey: [], [it]: [] }))

/** With a publishable key, and for who has logged in with his token as well. */
export const withKeyOrLogIn: Requirement[] = [...withKey(), ...withKey("customerToken")]

/** With a publishable key, and by whom a cart answers: a guest's to whoever knows its id. */
export const withCart: Requirement[] = [...withKeyOrLogIn, ...withKey("cartToken")]

export const forAdmins = withOne("adminToken", "adminSession", "adminSecretKey")

export type Security = Requirement[]
