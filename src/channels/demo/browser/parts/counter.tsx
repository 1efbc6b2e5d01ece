import type { Child } from "hono/jsx"
import type { Viewer } from "../api/cart.ts"
import type { Desk } from "../api/desk.ts"
import { doorOf, type Shop } from "../context.ts"
import { useDesk } from "../use-desk.ts"
import { problemText, words } from "../words.ts"
import { CartView } from "./cart-view.tsx"
import { newsText } from "./news.ts"

interface CounterProps {
  shop: Shop
  desk: Desk
  /** Who stands at it. */
  who: string
  /** As one of several tabs, on a small screen. */
  tab: { isOne: boolean; isShown: boolean }
  /** What can be put into the cart here. */
  goods: Child
  /** What can be done with the cart. */
  children: Child
}

/** What all counters have: who stands there, the cart, who else looks at it, and what was changed last. */
export function Counter({ shop, desk, who, tab, goods, children }: CounterProps) {
  const { viewers, news, problem, merge, order, isConnected, isBusy } = useDesk(desk)
  const { name } = desk.door
  const part = tab.isOne
    ? { role: "tabpanel" as const, "aria-labelledby": `tab-${name}` }
    : { "aria-labelledby": `name-${name}` }
  return (
    <section
      id={`counter-${name}`}
      class={`counter ${name}`}
      hidden={tab.isOne && !tab.isShown}
      aria-busy={isBusy ? "true" : "false"}
      {...part}
    >
      <header>
        <div>
          <h2 id={`name-${name}`} tabIndex={-1}>
            {words.names[name]}
          </h2>
          <p class="place">{words.places[name]}</p>
        </div>
        <p class="who">{who}</p>
      </header>
      {goods}
      <CartView desk={desk} />
      <p class="problem" role="alert">
        {problem ? problemText(problem) : ""}
      </p>
      <p class="merge">
        {merge ? `${words.merged}${merge.dropped.length > 0 ? ` ${merge.dropped.length} ${words.dropped}.` : ""}` : ""}
      </p>
      <p class="placed" role="status">
        {order ? `✓ ${words.order} ${order.display_id === null ? "" : `#${order.display_id}`} ${words.placed}` : ""}
      </p>
      <div class="actions">{children}</div>
      <footer>
        <p class="news">{isConnected ? newsText(shop, news) : words.reconnecting}</p>
        <Presence shop={shop} viewers={viewers} self={desk} />
      </footer>
    </section>
  )
}

function Presence({ shop, viewers, self }: { shop: Shop; viewers: Viewer[]; self: Desk }) {
  const names = [...new Set(viewers.map((it) => doorOf(shop.config, it.channel)))].filter((it) => it !== undefined)
  if (names.length === 0) return <p class="presence" />
  return (
    <p class="presence">
      <span class="label">{words.looking}: </span>
      {names.map((it) => (
        <span key={it} class={`chip ${it}`}>
          {words.names[it]}
          {it === self.door.name ? ` (${words.you})` : ""}
        </span>
      ))}
    </p>
  )
}
