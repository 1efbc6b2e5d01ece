import { BigNumber } from "bignumber.js"
import type { ISql, TransactionSql } from "postgres"
import { newId } from "../../platform/ids.ts"
import type { Cart, ShopPlace } from "../carts/index.ts"
import { type PrintedLine, printedLines } from "./printed.ts"

/** What a till prints. Amounts are in the major unit, and there are coins for all of them. */
export interface Receipt {
  number: string
  till_id: string
  /** ISO. */
  issued_at: string
  /** Of each `unit_price` x `quantity` - `discount` + `tax_added` is its `total`; see `printedLines`. */
  lines: ({ title: string; sku: string | null; quantity: number } & Record<keyof PrintedLine, number>)[]
  /** What gift cards and store credit have paid of the lines. */
  credit: number
  /** All lines, less the credit. */
  total: number
  amount_given: number
  change: number
  currency_code: string
}

/** Who takes money, and where. */
export interface Cashing {
  till_id: string
  stock_location_id: string
  session_hash: string
  user_id: string
  /** Undefined: nobody has said where the till stands, or it is in no region. */
  place?: ShopPlace | undefined
}

/** What was taken for a cart that has become an order. */
export interface Taken {
  order_id: string
  cart: Cart
  due: BigNumber
  given: BigNumber
  decimalDigits: number
}

/**
 * Gives the sale the till's next receipt number, and writes both. Who does it has the till until his transaction ends, and
 * what is rolled back takes its number with it: there are no gaps. Locks are taken in one order: the cart, stock, the till.
 */
export async function issueReceipt(
  tx: TransactionSql,
  { till_id, stock_location_id, session_hash, user_id }: Cashing,
  { order_id, cart, due, given, decimalDigits }: Taken,
): Promise<Receipt> {
  const [next] = await tx<{ prefix: string; number: number; issued_at: string }[]>`
    update mostrador.till set last_receipt_number = last_receipt_number + 1 where id = ${till_id}
    returning receipt_prefix as prefix, last_receipt_number::float8 as number, mostrador.iso(clock_timestamp()) as issued_at`
  if (!next) throw new Error("the till of a sale is there")
  const { number, issued_at } = next
  const printed = printedLines(cart, decimalDigits)
  const sum = BigNumber.sum(0, ...printed.map((it) => it.total))
  const receipt: Receipt = {
    number: `${next.prefix}-${String(number).padStart(6, "0")}`,
    ...{ till_id, issued_at },
    lines: cart.items.map((line, i) => ({
      title: line.variant_title ? `${line.product_title ?? line.title}, ${line.variant_title}` : line.title,
      sku: (line.variant_sku as string | null | undefined) ?? null,
      quantity: line.quantity,
      ...inNumbers(printed[i]),
    })),
    ...{ credit: sum.minus(due).toNumber() },
    ...{ total: due.toNumber(), amount_given: given.toNumber(), change: given.minus(due).toNumber() },
    currency_code: cart.currency_code,
  }
  await tx`
    insert into mostrador.till_payment (id, till_id, session_hash, user_id, order_id, cart_id, stock_location_id, tender,
      currency_code, amount, amount_given, change, number, receipt, issued_at)
    values (${newId("tpay")}, ${till_id}, ${session_hash}, ${user_id}, ${order_id}, ${cart.id}, ${stock_location_id}, 'cash',
      ${cart.currency_code}, ${due.toFixed()}, ${given.toFixed()}, ${given.minus(due).toFixed()}, ${number},
      ${JSON.stringify(receipt)}::text::jsonb, ${issued_at})`
  return receipt
}

function inNumbers(line: PrintedLine | undefined) {
  if (!line) throw new Error("every line is printed")
  const { unit_price, discount, tax_added, total } = line
  return {
    ...{ unit_price: unit_price.toNumber(), discount: discount.toNumber() },
    ...{ tax_added: tax_added.toNumber(), total: total.toNumber() },
  }
}

/** @returns the receipt of an order that was paid at this till; undefined when it was not */
export async function receiptOf(sql: ISql, tillId: string, orderId: string): Promise<Receipt | undefined> {
  const [row] = await sql<{ receipt: string }[]>`
    select receipt::text as receipt from mostrador.till_payment where order_id = ${orderId} and till_id = ${tillId}`
  return row && (JSON.parse(row.receipt) as Receipt)
}
