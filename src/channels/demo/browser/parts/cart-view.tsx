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
  if (!cart) return <p class="empty">{words.noCart[desk.door.name]}</p>
  const isOpen = cart.completed_at === null && !order
  const changed = new Set(news?.what.lines.map((it) => it.id))
  return (
    <div class="cart">
      <h3 tabIndex={-1}>{words.cart}</h3>
      {cart.items.length === 0 ? <p class="empty">{words.emptyCart}</p> : null}
      <ul class="lines">
        {cart.items.map((line) => (
          <CartLine
            key={line.id}
            desk={desk}
            cart={cart}
            line={line}
            isOpen={isOpen}
            changedBy={changed.has(line.id) ? news?.id : undefined}
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
  /** The event by which somebody has changed it last. */
  changedBy: string | undefined
}

function CartLine({ desk, cart, line, isOpen, changedBy }: CartLineProps) {
  const { id, product_title, variant_title, thumbnail, quantity, unit_price } = line
  // Of the line as it is when its turn comes: whoever presses twice gets two.
  const now = () => desk.state.cart?.items.find((it) => it.id === id)
  const changed = async (by: number) => {
    const units = (now()?.quantity ?? 0) + by
    if (units < 1 || !now()) return undefined
    return await changeQuantity(desk.door, cart.id, id, units, desk.state.version)
  }
  const change = (by: number) => desk.run(() => desk.untilInTime(() => changed(by)))
  const remove = () => desk.run(async () => (now() ? await removeLine(desk.door, cart.id, id) : undefined))
  return (
    <li class="line" data-line={id}>
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
            data-kind="less"
            aria-label={`${words.less}: ${product_title}`}
            aria-disabled={quantity > 1 ? undefined : "true"}
            onClick={() => change(-1)}
          >
            −
          </button>
          <span class="units">{quantity}</span>
          <button
            type="button"
            data-kind="more"
            aria-label={`${words.more}: ${product_title}`}
            onClick={() => change(1)}
          >
            +
          </button>
          <button
            type="button"
            class="remove"
            data-kind="remove"
            aria-label={`${words.remove}: ${product_title}`}
            onClick={remove}
          >
            {words.remove}
          </button>
        </div>
      ) : (
        <span class="stepper units">× {quantity}</span>
      )}
      {changedBy ? <Glow key={changedBy} /> : null}
    </li>
  )
}

/** Lies behind a line, and is drawn anew with each change of it: the line itself stays, and with it who has the focus. */
const Glow = () => <span class="glow" aria-hidden="true" />

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
