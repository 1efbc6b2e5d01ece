import { type Account, type Call, newId, now } from "./account.ts"
import { list } from "./lists.ts"
import type { Customer } from "./objects.ts"
import { given, group, metadata, type Params, text, textOr } from "./params.ts"
import { address, detach, ofCustomer } from "./payment-methods.ts"

export function create(account: Account, { params }: Call): Customer {
  const customer: Customer = {
    id: newId("cus"),
    object: "customer",
    address: null,
    balance: 0,
    created: now(),
    currency: null,
    default_source: null,
    delinquent: false,
    description: null,
    email: null,
    invoice_settings: { default_payment_method: null },
    livemode: false,
    metadata: {},
    name: null,
    phone: null,
    shipping: null,
    tax_exempt: "none",
  }
  change(customer, params)
  account.customers.set(customer.id, customer)
  return customer
}

/** A customer that was deleted is still known to have been. */
export function retrieve(account: Account, { id }: Call) {
  return account.deletedCustomers.has(id) ? deleted(id) : account.customer(id)
}

export function listAll(account: Account, { params }: Call) {
  const email = text(params, "email")
  const found = [...account.customers.values()].filter((customer) => !email || customer.email === email)
  return list("/v1/customers", found, params)
}

export function update(account: Account, { id, params }: Call): Customer {
  const customer = account.customer(id)
  change(customer, params)
  return customer
}

export function remove(account: Account, { id }: Call) {
  account.customer(id)
  for (const method of ofCustomer(account, id)) detach(account, { id: method.id, params: {} })
  account.customers.delete(id)
  account.deletedCustomers.add(id)
  return deleted(id)
}

const deleted = (id: string) => ({ id, object: "customer" as const, deleted: true as const })

function change(customer: Customer, params: Params): void {
  const place = group(params, "address")
  customer.metadata = metadata(params, customer.metadata)
  customer.description = textOr(params, "description", customer.description)
  customer.email = textOr(params, "email", customer.email)
  customer.name = textOr(params, "name", customer.name)
  customer.phone = textOr(params, "phone", customer.phone)
  if (given(params, "address")) customer.address = place ? address(place) : null
}
