import { useState } from "hono/jsx/dom"
import { readAmount } from "../amount.ts"
import { claim, type Receipt } from "../api/carts.ts"
import { Moved, Refused } from "../api/door.ts"
import { beginCartAtTill, findCartAtTill, payCash, scan } from "../api/shop.ts"
import { Counter } from "../parts/counter.tsx"
import { Field } from "../parts/field.tsx"
import { movedText } from "../parts/news.ts"
import { Shelf } from "../parts/shelf.tsx"
import { useDesk } from "../use-desk.ts"
import { clock, money, words } from "../words.ts"
import type { CounterPlace } from "./shopper.tsx"

/** A telephone number, or an e-mail address. */
const CONTACT = /^[+\d][\d\s().-]{5,}$|.@./

/** The till in the shop: a cashier scans, finds the customer's cart or is handed it, and takes cash. */
export function Till({ shop, tab, code }: CounterPlace) {
  const { config, desks, articles } = shop
  const desk = desks.pos
  const { door } = desk
  const { cart, order } = useDesk(desk)
  const [receipt, setReceipt] = useState<Receipt | undefined>(undefined)
  const [note, setNote] = useState("")

  const scanned = (barcode: string) =>
    desk.run(async () => {
      setReceipt(undefined)
      const open = desk.openCart ?? (await desk.began(beginCartAtTill(door)))
      return await scan(door, open.id, barcode)
    })
  const find = (said: string) =>
    desk.run(async () => {
      setReceipt(undefined)
      const held = await findCartAtTill(door, said)
      setNote(held ? "" : words.noCartOfCustomer)
      return held
    })
  const amountOf = (typed: string) => readAmount(typed, cart?.currency_code ?? "eur", navigator.language)
  function wrongAmount(typed: string): string | undefined {
    const { total = 0, currency_code = "eur" } = cart ?? {}
    const amount = amountOf(typed)
    if (amount === undefined) return words.noAmount(typed, money(1234.5, currency_code))
    return amount < total ? words.tooLittle(money(total, currency_code)) : undefined
  }
  function pay(typed: string) {
    // What the cashier has before him as he presses.
    const { cart: seen, version } = desk.state
    const amount = amountOf(typed)
    return desk.run(async () => {
      if (!seen || amount === undefined || desk.state.order) return undefined
      try {
        const paid = await payCash(door, seen.id, amount, version)
        setReceipt(paid.receipt)
        desk.placed(paid.order)
        return undefined
      } catch (error) {
        if (!(error instanceof Moved)) throw error
        desk.show(error.now)
        throw new Refused(error.status, error.code, movedText(words.moved, seen, error.now.body.cart))
      }
    })
  }
  const next = () =>
    desk.run(async () => {
      setReceipt(undefined)
      setNote("")
      desk.clear()
      return undefined
    })

  return (
    <Counter
      shop={shop}
      desk={desk}
      tab={tab}
      who={`${config.till.name} · ${config.till.cashier.email.split(".")[0]}`}
      goods={
        <div class="goods">
          <Field
            key="barcode"
            name="barcode"
            label={words.barcode}
            button={words.scan}
            mode="numeric"
            isCode
            submit={scanned}
          />
          <Shelf
            articles={articles}
            verb={words.scan}
            isScanned
            choose={({ barcode }) => barcode && scanned(barcode)}
          />
        </div>
      }
    >
      {cart && cart.items.length > 0 && !order ? (
        <Field
          // What was typed for one cart is not for the next.
          key={`cash-${cart.id}`}
          name="cash"
          label={words.cash}
          button={words.pay}
          mode="decimal"
          given={String(Math.ceil(cart.total / 10) * 10)}
          check={wrongAmount}
          submit={pay}
        />
      ) : null}
      {receipt ? <ReceiptView receipt={receipt} /> : null}
      {cart ? (
        <div class="row">
          <button type="button" onClick={next}>
            {words.nextCustomer}
          </button>
        </div>
      ) : null}
      <Field
        key="till-find"
        name="till-find"
        label={words.findAtTill}
        button={words.find}
        given={config.customer.phone}
        check={(typed) => (CONTACT.test(typed) ? undefined : words.noContact)}
        submit={find}
      />
      <p class="small" role="status">
        {note}
      </p>
      <Field
        key="till-code"
        name="till-code"
        label={words.codeLabel}
        button={words.takeOver}
        given={code}
        isCode
        submit={(typed) => desk.run(() => claim(door, typed))}
      />
    </Counter>
  )
}

function ReceiptView({ receipt }: { receipt: Receipt }) {
  const shown = (amount: number) => money(Number(amount), receipt.currency_code)
  const rows = [
    [words.total, shown(receipt.total)],
    [words.given, shown(receipt.amount_given)],
    [words.change, shown(receipt.change)],
  ]
  return (
    <div class="receipt" role="status">
      <p>
        {words.receipt} <strong>{receipt.number}</strong> · {clock(receipt.issued_at)}
      </p>
      <dl>
        {rows.map(([name, amount]) => (
          <div key={name} class="amounts">
            <dt>{name}</dt>
            <dd>{amount}</dd>
          </div>
        ))}
      </dl>
    </div>
  )
}
