import { useState } from "hono/jsx/dom"
import { addToCart, claim } from "../api/carts.ts"
import { Moved, Refused } from "../api/door.ts"
import { type Article, type Customer, findCustomers, openCartOf, placeOnInvoice } from "../api/shop.ts"
import { Counter } from "../parts/counter.tsx"
import { Field } from "../parts/field.tsx"
import { movedText } from "../parts/news.ts"
import { Shelf } from "../parts/shelf.tsx"
import { useDesk } from "../use-desk.ts"
import { words } from "../words.ts"
import type { CounterPlace } from "./shopper.tsx"

/** The agent on the telephone: finds who is calling, and sees and changes the very cart that the caller sees. */
export function Agent({ shop, tab, code }: CounterPlace) {
  const { config, desks, articles } = shop
  const desk = desks.phone
  const { door } = desk
  const { cart, order } = useDesk(desk)
  const [found, setFound] = useState<Customer[] | undefined>(undefined)

  const find = (said: string) =>
    desk.run(async () => {
      setFound(await findCustomers(door, said))
      return undefined
    })
  const open = ({ id }: Customer) => desk.run(() => openCartOf(door, id, config.region_id))
  const add = ({ variant_id }: Article) =>
    desk.run(async () => desk.openCart && (await addToCart(door, desk.openCart.id, variant_id)))
  function place() {
    // What the agent has before him as he presses.
    const { cart: seen, version } = desk.state
    return desk.run(async () => {
      if (!seen || desk.state.order) return undefined
      try {
        desk.placed(await placeOnInvoice(door, config, seen, version))
        return undefined
      } catch (error) {
        if (!(error instanceof Moved)) throw error
        desk.show(error.now)
        throw new Refused(error.status, error.code, movedText(words.movedOrder, seen, error.now.body.cart))
      }
    })
  }

  return (
    <Counter
      shop={shop}
      desk={desk}
      tab={tab}
      who={config.agent.email.split(".")[0] ?? ""}
      goods={
        <div class="goods">
          <Field
            key="find"
            name="find"
            label={words.findCustomer}
            button={words.find}
            given={config.customer.phone}
            submit={find}
          />
          <Found customers={found} open={open} />
          {cart && !order ? <Shelf articles={articles} verb={words.add} choose={add} /> : null}
        </div>
      }
    >
      {cart && cart.items.length > 0 && !order ? (
        <div class="row">
          <button type="button" class="main" onClick={place}>
            {words.invoice}
          </button>
        </div>
      ) : null}
      <Field
        key="agent-code"
        name="agent-code"
        label={words.codeLabel}
        button={words.takeOver}
        given={code}
        isCode
        submit={(typed) => desk.run(() => claim(door, typed))}
      />
    </Counter>
  )
}

function Found({ customers, open }: { customers: Customer[] | undefined; open(customer: Customer): void }) {
  if (!customers) return null
  if (customers.length === 0) return <p class="small">{words.noCustomer}</p>
  return (
    <ul class="found" aria-live="polite">
      {customers.map((it) => (
        <li key={it.id}>
          <span>
            {it.first_name} {it.last_name}
            <span class="small">{it.phone ?? it.email}</span>
          </span>
          <button type="button" onClick={() => open(it)}>
            {words.open}
          </button>
        </li>
      ))}
    </ul>
  )
}
