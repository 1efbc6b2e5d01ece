import type { TransactionSql } from "postgres"
import { newId } from "../../../platform/ids.ts"
import type { Cart } from "../cart.ts"
import type { Draft } from "./draft.ts"
import { OnlyMedusa } from "./errors.ts"
import type { Shop } from "./shop.ts"

/** A row of `customer`, with the groups that he is in. */
export type Customer = NonNullable<Cart["customer"]> & { has_account?: boolean }

/**
 * Whose cart it is: the one who is known already, or whom the e-mail address belongs to; else a new guest, whom the
 * draft then makes. A guest who gives another address is another guest; who has an account stays who he is.
 *
 * @param shop   where typing the address of an account is not enough to be who has it, he is a guest with this address
 * @param known  the customer of the cart, or of the token
 * @returns undefined when there is nobody, and no address
 * @source Medusa 2.21 `core-flows/dist/cart/steps/find-or-create-customer.js`
 */
export async function findOrCreateCustomer(
  tx: TransactionSql,
  draft: Draft,
  { isKnownByEmail }: Pick<Shop, "isKnownByEmail">,
  known: Customer | undefined,
  email: string | null | undefined,
): Promise<Customer | undefined> {
  if (!email) return known
  const address = email.toLowerCase()
  const guests = { email: address, has_account: false }
  const [first] = known ? [known] : await readCustomers(tx, isKnownByEmail ? { email: address } : guests)
  if (first?.has_account || first?.email === address) return first
  const [guest] = first ? await readCustomers(tx, guests) : []
  return guest ?? createGuest(draft, address)
}

function createGuest(draft: Draft, email: string): Customer {
  const none = { company_name: null, first_name: null, last_name: null, phone: null, metadata: null, created_by: null }
  const row = draft.create("customer", { id: newId("cus"), email, has_account: false, ...none })
  return Object.assign(row, { groups: [] })
}

/** @returns undefined when there is none, or he is deleted */
export async function readCustomer(tx: TransactionSql, id: string): Promise<Customer | undefined> {
  return (await readCustomers(tx, { id }))[0]
}

/** @returns in the order of their ids */
async function readCustomers(
  tx: TransactionSql,
  by: { id: string } | { email: string; has_account?: boolean },
): Promise<Customer[]> {
  const found =
    "id" in by
      ? tx`id = ${by.id}`
      : tx`email = ${by.email} ${by.has_account === undefined ? tx`` : tx`and has_account = ${by.has_account}`}`
  const rows = await tx<{ customer: string }[]>`
    select row_to_json(it)::text as customer from (
      select customer.*, coalesce((
        select json_agg(json_build_object('id', its.id) order by link.id) from customer_group_customer link
        join customer_group its on its.id = link.customer_group_id and its.deleted_at is null
        where link.customer_id = customer.id), '[]') as groups
      from customer where ${found} and deleted_at is null order by id) it`
  return rows.map((it) => JSON.parse(it.customer) as Customer)
}

/** @throws OnlyMedusa when the cart's customer was deleted */
export function customerOf({ customer_id, customer }: Cart): Customer | undefined {
  if (customer_id !== null && !customer) throw new OnlyMedusa("the cart's customer is no more")
  return customer as Customer | undefined
}
