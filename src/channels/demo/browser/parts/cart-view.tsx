import type { Cart, Line } from "../api/cart.ts"
import { changeQuantity, removeLine } from "../api/carts.ts"
import type { Desk } from "../api/desk.ts"
import { pictureOf } from "../context.ts"
import { useDesk } from "../use-desk.ts"
import { money, words } from "../words.ts"

/** The cart on a counter, and what can be changed of it. */
export function CartView({ desk }: { desk: Desk }) {
  const { cart, isShutOut, order, news } = useDesk(desk)
  if (isShutOut) return <p class="empty">{words.shutOut}</p>
  if (!cart) return <p class="empty">{words.noCart}</p>
  const isOpen = cart.completed_at === null && !order
  const changed = new Set(news?.what.lines.map((it) => it.id))
  return (
    <div class="cart">
      {cart.items.length === 0 ? <p class="empty">{words.emptyCart}</p> : null}
      <ul class="lines">
        {cart.items.map((line) => (
          <CartLine
            // A line that somebody has changed is drawn anew, and so lights up.
            key={changed.has(line.id) ? `${line.id} ${news?.id}` : line.id}
            desk={desk}
            cart={cart}
            line={line}
            isOpen={isOpen}
            isChanged={changed.has(line.id)}
          />
        ))}
      </ul>
      <Totals cart={cart} />
    </div>
  )
}

interface CartLineProps {
  desk: Desk
  cart: Cart
  line: Line
  isOpen: boolean
  isChanged: boolean
}

function CartLine({ desk, cart, line, isOpen, isChanged }: CartLineProps) {
  const { id, product_title, variant_title, thumbnail, quantity, unit_price } = line
  const to = (units: number) => desk.run(() => changeQuantity(desk.door, cart.id, id, units))
  return (
    <li class={isChanged ? "line changed" : "line"} data-line={id}>
      <img src={pictureOf(thumbnail)} alt="" width="40" height="40" />
      <div class="what">
        <span class="title">{product_title}</span>
        <span class="variant">{variant_title}</span>
      </div>
      <span class="amount">{money(unit_price * quantity, cart.currency_code)}</span>
      {isOpen ? (
        <div class="stepper">
          <button
            type="button"
            aria-label={`${words.less}: ${product_title}`}
            onClick={() => quantity > 1 && to(quantity - 1)}
          >
            −
          </button>
          <span class="units">{quantity}</span>
          <button type="button" aria-label={`${words.more}: ${product_title}`} onClick={() => to(quantity + 1)}>
            +
          </button>
          <button
            type="button"
            class="remove"
            aria-label={`${words.remove}: ${product_title}`}
            onClick={() => desk.run(() => removeLine(desk.door, cart.id, id))}
          >
            {words.remove}
          </button>
        </div>
      ) : (
        <span class="stepper units">× {quantity}</span>
      )}
    </li>
  )
}

function Totals({ cart }: { cart: Cart }) {
  const shown = (amount: number) => money(amount, cart.currency_code)
  return (
    <dl class="totals">
      {cart.discount_total > 0 ? <Row name={words.discount} amount={`−${shown(cart.discount_total)}`} /> : null}
      {cart.shipping_total > 0 ? <Row name={words.shipping} amount={shown(cart.shipping_total)} /> : null}
      {cart.tax_total > 0 ? <Row name={words.taxes} amount={shown(cart.tax_total)} /> : null}
      <Row name={words.total} amount={shown(cart.total)} kind="total" />
    </dl>
  )
}

function Row({ name, amount, kind = "part" }: { name: string; amount: string; kind?: string }) {
  return (
    <div class={`amounts ${kind}`}>
      <dt>{name}</dt>
      <dd>{amount}</dd>
    </div>
  )
}
