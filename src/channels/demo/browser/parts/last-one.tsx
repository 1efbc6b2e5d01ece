import { useState } from "hono/jsx/dom"
import type { Cart } from "../api/cart.ts"
import { type Held, removeLine } from "../api/carts.ts"
import { ask, type Door, Refused } from "../api/door.ts"
import { shopperDoor } from "../api/doors.ts"
import { type Article, beginCart, enterPayment, readAvailability } from "../api/shop.ts"
import type { Shop } from "../context.ts"
import { words } from "../words.ts"

/** Somebody who wants it, with a cart of his own. */
interface Rival {
  door: Door
  cart: Cart
  /** What he is told; undefined: he holds it. */
  refusal?: string
}

type State =
  | { step: "ready"; problem?: string }
  | { step: "racing" }
  | { step: "sold out" }
  | { step: "decided"; rivals: Rival[] }

/** Two strangers, one on the web and one with a phone, go to pay for the same last units at the same moment. */
export function LastOne({ shop, article }: { shop: Shop; article: Article }) {
  const { config } = shop
  const [state, setState] = useState<State>({ step: "ready" })

  /** What the shop says against it is shown, and it can be tried again. */
  async function attempt(work: () => Promise<void>): Promise<void> {
    setState({ step: "racing" })
    try {
      await work()
    } catch (error) {
      if (!(error instanceof Refused) && !(error instanceof TypeError)) throw error
      setState({ step: "ready", problem: error.message })
    }
  }

  async function race(): Promise<void> {
    const { total } = await readAvailability(shop.desks.web.door, article.variant_id)
    if (!total) return setState({ step: "sold out" })
    const rivals = await Promise.all(
      (["web", "app"] as const).map((name) => wanting(shopperDoor(config, name, "stranger"), total)),
    )
    setState({ step: "decided", rivals: await Promise.all(rivals.map(goToPay)) })
  }

  /** Being in a cart holds nothing: both may have it there. */
  async function wanting(door: Door, quantity: number): Promise<Rival> {
    const { body } = await beginCart(door, config.region_id)
    const path = `/carts/${body.cart.id}/line-items`
    const { body: filled } = await ask<Held["body"]>(door, "POST", path, { variant_id: article.variant_id, quantity })
    return { door, cart: filled.cart }
  }

  async function goToPay(rival: Rival): Promise<Rival> {
    try {
      await enterPayment(rival.door, rival.cart.id)
      return rival
    } catch (error) {
      if (!(error instanceof Refused)) throw error
      return { ...rival, refusal: error.message }
    }
  }

  /** A cart that has nothing in it holds nothing. */
  async function giveBack(rivals: Rival[]): Promise<void> {
    await Promise.all(rivals.flatMap(({ door, cart }) => cart.items.map((it) => removeLine(door, cart.id, it.id))))
    setState({ step: "ready" })
  }

  return (
    <section class="panel last-one" aria-labelledby="last-one-name">
      <h2 id="last-one-name">{words.lastOne}</h2>
      <p>
        <strong>{article.title}.</strong> {words.lastOneLead}
      </p>
      <div aria-live="polite">
        {state.step === "ready" && state.problem ? <p class="problem">{state.problem}</p> : null}
        {state.step === "sold out" ? <p>{words.soldOut}</p> : null}
        {state.step === "decided" ? <Outcome rivals={state.rivals} /> : null}
      </div>
      <div class="row">
        {state.step === "decided" ? (
          <button type="button" onClick={() => attempt(() => giveBack(state.rivals))}>
            {words.giveBack}
          </button>
        ) : (
          <button type="button" class="main" disabled={state.step === "racing"} onClick={() => attempt(race)}>
            {state.step === "racing" ? words.racing : words.race}
          </button>
        )}
      </div>
    </section>
  )
}

function Outcome({ rivals }: { rivals: Rival[] }) {
  return (
    <ul class="rivals">
      {rivals.map(({ door, cart, refusal }, index) => (
        <li key={cart.id} class={refusal === undefined ? "wins" : "loses"}>
          <strong>
            {words.person} {index + 1} · {words.names[door.name]}
          </strong>
          <span>{refusal === undefined ? words.wins : `${words.loses} ${refusal}`}</span>
        </li>
      ))}
    </ul>
  )
}
