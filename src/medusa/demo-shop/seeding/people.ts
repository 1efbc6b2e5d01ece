import type { MedusaContainer } from "@medusajs/framework/types"
import { Modules } from "@medusajs/framework/utils"
import {
  createCustomerAccountWorkflow,
  createCustomerGroupsWorkflow,
  createUserAccountWorkflow,
  createUsersWorkflow,
  linkCustomersToCustomerGroupWorkflow,
} from "@medusajs/medusa/core-flows"
import { ADMIN, CLUB, CUSTOMER_PASSWORD, CUSTOMERS, type Person, STAFF } from "../people.ts"
import { complete, find, required } from "./shop.ts"

const PROVIDER = "emailpass"

/** The customers with their log-ins and addresses; two of them are in the Club. Answers with ids by e-mail address. */
export async function seedCustomers(container: MedusaContainer, club: string): Promise<Map<string, string>> {
  const logIns = await seedLogIns(
    container,
    CUSTOMERS.map(({ email }) => ({ email, password: CUSTOMER_PASSWORD })),
  )
  const existing = await find<{ id: string; email: string; groups: { id: string }[] }>(
    container,
    "customer",
    ["id", "email", "groups.id"],
    { has_account: true, email: CUSTOMERS.map(({ email }) => email) },
  )
  const ids = await complete(
    CUSTOMERS,
    ({ email }) => email,
    existing.map(({ id, email }) => ({ id, key: email })),
    async (missing) => {
      const created: { id: string }[] = []
      for (const person of missing) {
        const authIdentityId = required(logIns.get(person.email), person.email)
        const input = { authIdentityId, customerData: customerOf(person) }
        created.push((await createCustomerAccountWorkflow(container).run({ input })).result)
      }
      return created
    },
  )
  await tieLogIns(container, "customer_id", logIns, ids)
  const members = CUSTOMERS.filter(({ group }) => group === CLUB).map(({ email }) => required(ids.get(email), email))
  const add = members.filter(
    (id) => !existing.find((customer) => customer.id === id)?.groups.some((group) => group.id === club),
  )
  if (add.length > 0) await linkCustomersToCustomerGroupWorkflow(container).run({ input: { id: club, add } })
  return ids
}

/** The customer group whose members get prices of their own. */
export async function seedClub(container: MedusaContainer): Promise<string> {
  const groups = await find<{ id: string; name: string }>(container, "customer_group", ["id", "name"])
  const ids = await complete(
    [CLUB],
    (name) => name,
    groups.map(({ id, name }) => ({ id, key: name })),
    async (missing) => {
      const customersData = missing.map((name) => ({ name }))
      return (await createCustomerGroupsWorkflow(container).run({ input: { customersData } })).result
    },
  )
  return required(ids.get(CLUB), CLUB)
}

/** The users: who may open the dashboard, and who works at the tills and at the telephone. Answers with ids by e-mail. */
export async function seedUsers(container: MedusaContainer): Promise<Map<string, string>> {
  const people: User[] = [ADMIN, ...Object.values(STAFF)]
  const logIns = await seedLogIns(
    container,
    people.flatMap(({ email, password }) => (password === undefined ? [] : [{ email, password }])),
  )
  const emails = people.map(({ email }) => email)
  const users = await find<{ id: string; email: string }>(container, "user", ["id", "email"], { email: emails })
  const ids = await complete(
    people,
    ({ email }) => email,
    users.map(({ id, email }) => ({ id, key: email })),
    async (missing) => {
      const created: { id: string }[] = []
      for (const person of missing) created.push(await seedUser(container, person, logIns.get(person.email)))
      return created
    },
  )
  await tieLogIns(container, "user_id", logIns, ids)
  return ids
}

type User = Pick<typeof ADMIN, "email" | "first_name" | "last_name"> & { password: string | undefined }

/** @param authIdentityId  undefined for who has no log-in: he signs in at tills alone */
async function seedUser(
  container: MedusaContainer,
  { email, first_name, last_name }: User,
  authIdentityId: string | undefined,
): Promise<{ id: string }> {
  const userData = { email, first_name, last_name }
  if (authIdentityId === undefined) {
    const { result } = await createUsersWorkflow(container).run({ input: { users: [userData] } })
    return required(result[0], email)
  }
  return (await createUserAccountWorkflow(container).run({ input: { authIdentityId, userData } })).result
}

/** Registers e-mail and password as the auth routes do. Hashing takes its time, so they go side by side. */
async function seedLogIns(
  container: MedusaContainer,
  accounts: { email: string; password: string }[],
): Promise<Map<string, string>> {
  const auth = container.resolve(Modules.AUTH)
  const existing = await find<{ entity_id: string; auth_identity_id: string }>(
    container,
    "provider_identity",
    ["entity_id", "auth_identity_id"],
    { provider: PROVIDER, entity_id: accounts.map(({ email }) => email) },
  )
  return complete(
    accounts,
    ({ email }) => email,
    existing.map(({ entity_id, auth_identity_id }) => ({ id: auth_identity_id, key: entity_id })),
    (missing) =>
      Promise.all(
        missing.map(async ({ email, password }) => {
          const { authIdentity } = await auth.register(PROVIDER, { body: { email, password } })
          return required(authIdentity, email)
        }),
      ),
  )
}

/** Says of whom a log-in is; the account workflows do it last, so a kill can leave it undone. */
async function tieLogIns(
  container: MedusaContainer,
  actor: "customer_id" | "user_id",
  logIns: Map<string, string>,
  ids: Map<string, string>,
): Promise<void> {
  const auth = container.resolve(Modules.AUTH)
  const identities = await auth.listAuthIdentities({ id: [...logIns.values()] })
  for (const [email, identity] of logIns) {
    const { app_metadata } = required(
      identities.find(({ id }) => id === identity),
      email,
    )
    if (app_metadata?.[actor]) continue
    await auth.updateAuthIdentities({
      id: identity,
      app_metadata: { ...app_metadata, [actor]: required(ids.get(email), email) },
    })
  }
}

function customerOf({ email, first_name, last_name, phone, address, loyalty_code }: Person) {
  const shownTo = { first_name, last_name, phone, is_default_shipping: true, is_default_billing: true }
  const metadata = loyalty_code === null ? {} : { metadata: { loyalty_code } }
  return {
    email,
    first_name,
    last_name,
    phone,
    ...metadata,
    addresses: [{ address_name: "Casa", ...address, ...shownTo }],
  }
}
