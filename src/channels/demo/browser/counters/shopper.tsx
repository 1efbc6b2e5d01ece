import { useState } from "hono/jsx/dom"
import { addToCart, claim, type Handoff } from "../api/carts.ts"
import { type Article, beginCart, buy, logIn, logOut } from "../api/shop.ts"
import type { Shop } from "../context.ts"
import { Counter } from "../parts/counter.tsx"
import { Field } from "../parts/field.tsx"
import { HandOver } from "../parts/hand-over.tsx"
import { Shelf } from "../parts/shelf.tsx"
import { useDesk } from "../use-desk.ts"
import { words } from "../words.ts"

export interface CounterPlace {
  shop: Shop
  tab: { isOne: boolean; isShown: boolean }
  /** A code that was given out for this counter. */
  code: string
  given(handoff: Handoff, from: string): void
}

interface ShopperProps extends CounterPlace {
  name: "web" | "app"
}

/** The shopper at his computer, or with his phone: a guest, until he logs in. */
export function Shopper({ shop, name, tab, code, given }: ShopperProps) {
  const { config, desks, articles } = shop
  const desk = desks[name]
  const { door } = desk
  const { cart, order } = useDesk(desk)
  const [isKnown, setKnown] = useState(false)
  const { first_name, last_name } = config.customer

  /** The cart is there from the first thing that is put into it. */
  const add = ({ variant_id }: Article) =>
    desk.run(async () => {
      const open = desk.openCart ?? (await desk.began(beginCart(door, config.region_id)))
      return await addToCart(door, open.id, variant_id)
    })
  const enter = () =>
    desk.run(async () => {
      const held = await logIn(door, config, desk.openCart)
      setKnown(true)
      return held
    })
  const leave = () =>
    desk.run(async () => {
      logOut(door)
      setKnown(false)
      desk.clear()
      return undefined
    })
  const order_ = () =>
    desk.run(async () => {
      if (desk.openCart) desk.placed(await buy(door, config, desk.openCart))
      return undefined
    })

  return (
    <Counter
      shop={shop}
      desk={desk}
      tab={tab}
      who={isKnown ? `${first_name} ${last_name}` : words.guest}
      goods={<Shelf articles={articles} verb={words.add} choose={add} />}
    >
      <div class="row">
        {isKnown ? (
          <button type="button" onClick={leave}>
            {words.logOut}
          </button>
        ) : (
          <button type="button" onClick={enter}>
            {words.logIn} {first_name}
          </button>
        )}
        {isKnown && cart && cart.items.length > 0 && !order ? (
          <button type="button" class="main" onClick={order_}>
            {words.buy}
          </button>
        ) : null}
      </div>
      <HandOver desk={desk} device={name === "web" ? words.toDevice : words.toWeb} given={(it) => given(it, name)} />
      <Field
        key={`${name}-code`}
        name={`${name}-code`}
        label={words.codeLabel}
        button={words.takeOver}
        given={code}
        isCode
        submit={(typed) => desk.run(() => claim(door, typed))}
      />
    </Counter>
  )
}
