import { useEffect, useRef, useState } from "hono/jsx/dom"
import type { Held } from "../api/carts.ts"
import { ask, Refused } from "../api/door.ts"
import { type Article, beginCart, enterPayment, readAvailability } from "../api/shop.ts"
import type { Shop } from "../context.ts"
import { clock, problemText, words } from "../words.ts"
import { doorOfRival, giveBack, isHeld, type Rival, type Run, remember, rememberedRun } from "./last-run.ts"

type State =
  | { step: "ready"; problem?: string }
  | { step: "racing" }
  | { step: "none left" }
  | { step: "decided"; run: Run }

/** Two strangers, one on the web and one with a phone, go to pay for the same last units at the same moment. */
export function LastOne({ shop, article }: { shop: Shop; article: Article }) {
  const { config } = shop
  const [state, setState] = useState<State>({ step: "ready" })
  const isRunning = useRef(false)

  /** One thing at a time. What the shop says against it is shown, and it can be tried again. */
  async function attempt(work: () => Promise<State>): Promise<void> {
    if (isRunning.current) return
    isRunning.current = true
    setState({ step: "racing" })
    try {
      setState(await work())
    } catch (error) {
      if (!(error instanceof Refused) && !(error instanceof TypeError)) throw error
      setState({ step: "ready", problem: error instanceof Refused ? problemText(error) : error.message })
    } finally {
      isRunning.current = false
    }
  }

  async function race(): Promise<State> {
    // What an earlier run of ours still holds nobody else is waiting for.
    const earlier = rememberedRun()
    if (earlier) await giveBack(config, earlier)
    const { total } = await readAvailability(shop.desks.web.door, article.variant_id)
    if (!total) return { step: "none left" }
    const rivals = await Promise.all((["web", "app"] as const).map((name) => wanting(name, total)))
    // Should the page be closed while they pay: nothing is known yet but whose carts they are.
    remember({ rivals, held_until: inMinutes(0) })
    const run = { rivals: await Promise.all(rivals.map(goToPay)), held_until: inMinutes(config.hold_minutes) }
    remember(run)
    return { step: "decided", run }
  }

  /** Being in a cart holds nothing: both may have it there. */
  async function wanting(name: Rival["name"], quantity: number): Promise<Rival> {
    const door = doorOfRival(config, { name })
    const { id } = (await beginCart(door, config.region_id)).body.cart
    await ask<Held["body"]>(door, "POST", `/carts/${id}/line-items`, { variant_id: article.variant_id, quantity })
    return { name, cart_id: id }
  }

  async function goToPay(rival: Rival): Promise<Rival> {
    try {
      await enterPayment(doorOfRival(config, rival), rival.cart_id)
      return rival
    } catch (error) {
      if (!(error instanceof Refused)) throw error
      return { ...rival, refusal: problemText(error) }
    }
  }

  async function putBack(run: Run): Promise<State> {
    await giveBack(config, run)
    return { step: "ready" }
  }

  useEffect(() => {
    async function look(): Promise<State> {
      const run = rememberedRun()
      return run && (await isHeld(config, run)) ? { step: "decided", run } : { step: "ready" }
    }
    const lookAgain = () => void attempt(look)
    lookAgain()
    // Another window of the same browser has begun one, or has given it back.
    addEventListener("storage", lookAgain)
    return () => removeEventListener("storage", lookAgain)
  }, [])

  return (
    <section class="panel last-one" aria-labelledby="last-one-name">
      <h2 id="last-one-name" tabIndex={-1}>
        {words.lastOne}
      </h2>
      <p>
        <strong>{article.title}.</strong> {words.lastOneLead}
      </p>
      <div aria-live="polite">
        {state.step === "ready" && state.problem ? <p class="problem">{state.problem}</p> : null}
        {state.step === "none left" ? <p>{words.noneLeft(config.hold_minutes)}</p> : null}
        {state.step === "decided" ? <Outcome run={state.run} /> : null}
      </div>
      <div class="row">
        {state.step === "decided" ? (
          <button type="button" onClick={() => attempt(() => putBack(state.run))}>
            {words.giveBack}
          </button>
        ) : (
          <button
            type="button"
            class="main"
            aria-disabled={state.step === "racing" ? "true" : undefined}
            onClick={() => attempt(race)}
          >
            {state.step === "racing" ? words.racing : words.race}
          </button>
        )}
      </div>
    </section>
  )
}

const inMinutes = (minutes: number) => new Date(Date.now() + minutes * 60_000).toISOString()

function Outcome({ run: { rivals, held_until } }: { run: Run }) {
  return (
    <ul class="rivals">
      {rivals.map(({ name, cart_id, refusal }, index) => (
        <li key={cart_id} class={refusal === undefined ? "wins" : "loses"}>
          <strong>
            {words.person} {index + 1} · {words.names[name]}
          </strong>
          <span>{refusal === undefined ? words.wins(clock(held_until)) : `${words.loses} ${refusal}`}</span>
        </li>
      ))}
    </ul>
  )
}
