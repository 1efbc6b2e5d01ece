import { BigNumber } from "bignumber.js"
import type { TransactionSql } from "postgres"
import { newId } from "../../platform/ids.ts"
import {
  type Cart,
  cartTotals,
  type Draft,
  invalid,
  isoOf,
  OFFLINE_PROVIDER,
  OnlyMedusa,
  rawOf,
  type Shop,
  shown,
} from "../carts/index.ts"
import { providersOf } from "./read.ts"
import type { PaymentSession } from "./validate.ts"

/** A payment collection as its requests show it. */
export interface ShownPayment {
  id: string
  currency_code: string
  amount: number
  payment_sessions: object[]
}

type Row = Record<string, unknown>

/** What a payment session hangs on beside the cart, and is in no memory. */
export interface Payer {
  /** Payment providers of the cart's region. */
  provider_ids: string[]
  /** Whoever has logged in, as the provider is told of him: with his addresses, and what providers know him by. */
  customer: (Row & { id: string; email: string | null; addresses: Row[]; account_holders: Row[] }) | null
}

/**
 * Makes what a cart is paid by, of what it comes to now; of a cart that has one it stays as it is, whatever it says.
 *
 * @returns what is done
 * @throws CartRefused for a cart that is an order already
 * @source Medusa 2.21 `core-flows/dist/cart/workflows/create-payment-collection-for-cart.js`
 */
export function createPaymentCollection(draft: Draft, { currencies }: Shop): "payment_collection_created" | undefined {
  const { cart } = draft
  if (cart.payment_collection) return undefined
  if (cart.completed_at !== null) throw invalid(`Cart ${cart.id} is already completed.`)
  const { total } = cartTotals(cart, currencies.find(cart.currency_code)?.decimal_digits).cart
  const collection = draft.create("payment_collection", {
    ...{ id: newId("pay_col"), currency_code: cart.currency_code.toLowerCase(), status: "not_paid" },
    ...{ amount: shown(total), raw_amount: rawOf(total), completed_at: null, metadata: null },
    ...{ authorized_amount: null, captured_amount: null, refunded_amount: null },
    ...{ raw_authorized_amount: null, raw_captured_amount: null, raw_refunded_amount: null },
  })
  draft.create("cart_payment_collection", {
    ...{ id: newId("capaycol"), cart_id: cart.id, payment_collection_id: collection.id },
  })
  cart.payment_collection = Object.assign(collection, { payment_sessions: [] })
  return "payment_collection_created"
}

/** Reads it in one statement, to be sent with the cart's. */
export async function readPayer(tx: TransactionSql, cartId: string, customerId: string | undefined): Promise<Payer> {
  const [row] = await tx<{ provider_ids: string[]; customer: string | null }[]>`
    select
      ${providersOf(tx, cartId)} as provider_ids,
      (select row_to_json(it)::text from (
        select id, email, company_name, first_name, last_name, phone, metadata,
          coalesce((
            select json_agg(address) from customer_address address
            where address.customer_id = customer.id and address.deleted_at is null), '[]') as addresses,
          coalesce((
            select json_agg(holder) from customer_account_holder link
            join account_holder holder on holder.id = link.account_holder_id and holder.deleted_at is null
            where link.customer_id = customer.id and link.deleted_at is null), '[]') as account_holders
        from customer where id = ${customerId ?? null} and deleted_at is null
      ) it) as customer`
  const customer = row?.customer ? (JSON.parse(row.customer) as Payer["customer"]) : null
  for (const it of [...(customer?.addresses ?? []), ...(customer?.account_holders ?? [])]) inIso(it)
  return { provider_ids: row?.provider_ids ?? [], customer }
}

function inIso(row: Row): void {
  for (const name of ["created_at", "updated_at"]) row[name] = isoOf(row[name] as string)
}

/**
 * Begins to pay by a provider, in the place of all that was begun before. What is to be paid is what the collection says.
 *
 * @source Medusa 2.21 `core-flows/dist/payment-collection/workflows/create-payment-session.js`
 */
export function createPaymentSession(
  draft: Draft,
  { provider_id, data = {} }: { provider_id: string; data?: Row | undefined },
  { provider_ids, customer }: Payer,
): "payment_session_created" {
  const { cart } = draft
  const collection = cart.payment_collection
  if (!collection) throw new Error("a collection's cart has the collection")
  const sessions = collection.payment_sessions as unknown as PaymentSession[]
  if (provider_id !== OFFLINE_PROVIDER || sessions.some((it) => it.provider_id !== OFFLINE_PROVIDER)) {
    throw new OnlyMedusa("a payment provider has to be asked")
  }
  if (!provider_ids.includes(provider_id)) throw new OnlyMedusa("Medusa says which providers the region has")
  if (cart.completed_at !== null || sessions.some((it) => it.status !== "pending" || it.payment)) {
    throw new OnlyMedusa("it is paid already")
  }
  if (sessions.length > 0) {
    draft.endedPayments = { collection_id: collection.id, session_ids: sessions.map((it) => it.id) }
  }
  const amount = collection.amount as number
  const session = draft.create("payment_session", {
    ...{
      id: newId("payses"),
      payment_collection_id: collection.id,
      provider_id,
      status: "pending",
      authorized_at: null,
    },
    ...{ amount, raw_amount: rawOf(new BigNumber(amount)) },
    ...{ currency_code: (collection.currency_code as string).toLowerCase(), data },
    ...{ context: customer ? contextOf(draft, customer, provider_id) : {}, metadata: {} },
  })
  // The very row: who pays at once changes it.
  collection.payment_sessions = [Object.assign(session, { payment: null })]
  return "payment_session_created"
}

/** Who pays, as his provider knows him; of who is new to it a row is made. */
function contextOf(draft: Draft, customer: NonNullable<Payer["customer"]>, provider_id: string): Row {
  const { addresses, account_holders } = customer
  const known = account_holders.find((it) => it.provider_id === provider_id)
  const billing_address = addresses.find((it) => it.is_default_billing) ?? addresses[0]
  return {
    customer: { ...customer, ...(billing_address ? { billing_address } : {}) },
    account_holder: known ?? createAccountHolder(draft, customer, provider_id),
  }
}

function createAccountHolder(draft: Draft, { id, email }: { id: string; email: string | null }, provider_id: string) {
  const holder = draft.create("account_holder", {
    ...{ id: newId("acchld"), provider_id, external_id: id, email, data: {}, metadata: null },
  })
  draft.create("customer_account_holder", {
    ...{ id: newId("custacchldr"), customer_id: id, account_holder_id: holder.id },
  })
  return holder
}

/** @returns what the requests for payment collections show of it */
export function shownPayment(collection: NonNullable<Cart["payment_collection"]>): ShownPayment {
  const { id, currency_code, amount, payment_sessions } = collection
  return { id, currency_code: currency_code as string, amount: amount as number, payment_sessions }
}
