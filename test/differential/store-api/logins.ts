import { passwordResetToken, verificationCode } from "./letters.ts"
import { PASSWORD } from "./shop.ts"
import type { Flow, Step } from "./step.ts"

const EMAILPASS = { actor_type: "customer", auth_provider: "emailpass" }
const NO_OAUTH = "The demo shop has no provider that sends the shopper away and back again, such as Google."
const NO_MFA = "A second factor needs AUTH_MFA_ENCRYPTION_KEY, which the shop does not set."

export const login = (email: string, name: string, password = PASSWORD): Step => ({
  route: "POST /auth/:actor_type/:auth_provider",
  params: EMAILPASS,
  body: { email, password },
  keep: { [name]: "token" },
})

/** Makes a customer with an account, whose token is known as `name` afterwards. */
export const register = (email: string, name: string): Step[] => [
  {
    route: "POST /auth/:actor_type/:auth_provider/register",
    params: EMAILPASS,
    body: { email, password: PASSWORD },
    keep: { registration: "token" },
  },
  {
    route: "POST /store/customers",
    as: "registration",
    body: { email, first_name: "Pilar", last_name: "Ruiz", phone: "+34600111222" },
    keep: { [`${name}_id`]: "customer.id" },
  },
  login(email, name),
]

const passwords: Flow = {
  name: "a shopper registers, logs in, and finds a new password after forgetting the old one",
  steps: [
    { route: "GET /auth/:actor_type/providers", params: EMAILPASS },
    ...register("$email", "customer"),
    {
      route: "POST /auth/:actor_type/:auth_provider/register",
      params: EMAILPASS,
      body: { email: "$email", password: "another-password" },
      status: 401,
    },
    { ...login("$email", "none", "wrong-password"), status: 401, keep: {} },
    { ...login("$email", "none"), params: { ...EMAILPASS, auth_provider: "google" }, status: 401, keep: {} },
    { route: "POST /auth/token/refresh", as: "customer", keep: { refreshed: "token" } },
    { route: "POST /auth/token/refresh", status: 401 },
    { route: "GET /store/customers/me", as: "refreshed" },
    {
      route: "POST /auth/:actor_type/:auth_provider/reset-password",
      params: EMAILPASS,
      body: { identifier: "$email" },
      status: 201,
      learn: async (_, { email = "" }) => ({ reset: await passwordResetToken(email) }),
    },
    { route: "POST /auth/:actor_type/:auth_provider/reset-password", params: EMAILPASS, body: {}, status: 400 },
    {
      route: "POST /auth/:actor_type/:auth_provider/update",
      params: EMAILPASS,
      as: "customer",
      body: { password: "new-password-2" },
      status: 401,
    },
    {
      route: "POST /auth/:actor_type/:auth_provider/update",
      params: EMAILPASS,
      as: "reset",
      body: { password: "new-password-2" },
    },
    { ...login("$email", "none"), status: 401, keep: {} },
    login("$email", "customer", "new-password-2"),
  ],
}

const sessions: Flow = {
  name: "a browser holds the session of a member of the Club, who has prices of his own",
  steps: [
    login("$known_email", "customer", "$known_password"),
    {
      route: "GET /store/products",
      as: "customer",
      query: "region_id=$es&limit=20&fields=title,*variants.calculated_price",
    },
    {
      route: "POST /auth/session",
      as: "customer",
      learn: ({ headers }) => ({ cookie: headers.getSetCookie().join().split(";")[0] ?? "" }),
    },
    { route: "POST /auth/session", status: 401 },
    { route: "GET /store/customers/me", headers: { cookie: "$cookie" } },
    {
      route: "GET /store/products",
      headers: { cookie: "$cookie" },
      query: "region_id=$es&limit=20&fields=title,*variants.calculated_price",
    },
    { route: "DELETE /auth/session", headers: { cookie: "$cookie" } },
    { route: "GET /store/customers/me", headers: { cookie: "$cookie" }, status: 401 },
    { route: "DELETE /auth/session", status: 401 },
  ],
}

const addresses: Flow = {
  name: "a shopper proves that an e-mail address is his",
  steps: [
    ...register("$email", "customer"),
    {
      route: "POST /auth/verification/request",
      as: "customer",
      body: { entity_id: "$email", entity_type: "email" },
      status: 201,
      learn: async (_, { email = "" }) => ({ code: await verificationCode(email) }),
    },
    { route: "POST /auth/verification/request", as: "customer", body: {}, status: 400 },
    { route: "POST /auth/verification/confirm", body: { code: "$code" } },
    { route: "POST /auth/verification/confirm", body: { code: "$code" }, status: 400 },
  ],
}

const refused: Flow = {
  name: "log-ins that this shop does not offer",
  steps: [
    ...register("$email", "customer"),
    {
      route: "GET /auth/:actor_type/:auth_provider",
      params: EMAILPASS,
      status: 401,
      impossible: NO_OAUTH,
    },
    {
      route: "GET /auth/:actor_type/:auth_provider/callback",
      params: EMAILPASS,
      status: 401,
      impossible: NO_OAUTH,
    },
    {
      route: "POST /auth/:actor_type/:auth_provider/callback",
      params: EMAILPASS,
      body: {},
      status: 401,
      impossible: NO_OAUTH,
    },
    {
      route: "POST /auth/:auth_provider/user",
      params: { auth_provider: "emailpass" },
      as: "customer",
      body: {},
      status: 401,
      impossible: "It makes users of the dashboard, and is no route for shoppers.",
    },
    { route: "GET /auth/mfa/factors", as: "customer" },
    { route: "GET /auth/mfa/factors", status: 401 },
    {
      route: "POST /auth/mfa/factors",
      as: "customer",
      body: { provider: "totp" },
      status: 400,
      impossible: NO_MFA,
    },
    {
      route: "POST /auth/mfa/factors/:id/verify",
      params: { id: "authmfa_unknown" },
      as: "customer",
      body: { code: "123456" },
      status: 404,
      impossible: NO_MFA,
    },
    {
      route: "DELETE /auth/mfa/factors/:id",
      params: { id: "authmfa_unknown" },
      as: "customer",
      body: {},
      status: 404,
      impossible: NO_MFA,
    },
    { route: "POST /auth/mfa/recovery-codes", as: "customer", body: {}, status: 400, impossible: NO_MFA },
    {
      route: "POST /auth/mfa/challenges/:id/verify",
      params: { id: "authmfachal_unknown" },
      as: "customer",
      body: { method: "totp", code: "123456" },
      status: 404,
      impossible: NO_MFA,
    },
  ],
}

export const LOGINS: Flow[] = [passwords, sessions, addresses, refused]
