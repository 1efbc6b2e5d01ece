import { useEffect, useState } from "hono/jsx/dom"
import type { Handoff } from "./api/carts.ts"
import type { DoorName } from "./api/door.ts"
import type { Article } from "./api/shop.ts"
import { COUNTERS, type Shop } from "./context.ts"
import { Agent } from "./counters/agent.tsx"
import { type CounterPlace, Shopper } from "./counters/shopper.tsx"
import { Till } from "./counters/till.tsx"
import { LastOne } from "./parts/last-one.tsx"
import { StockBoard } from "./parts/stock-board.tsx"
import { Tabs } from "./parts/tabs.tsx"
import { TimeLine } from "./parts/time-line.tsx"
import { words } from "./words.ts"

/** Where one counter has room. */
const SMALL = matchMedia("(max-width: 719px)")

interface PageProps {
  shop: Shop
  scarce: Article
  /** A code with which the page was opened: it was scanned, by a phone. */
  code: string
}

/** The four counters side by side, and underneath what they have in common: the stock, and the cart's time line. */
export function Page({ shop, scarce, code }: PageProps) {
  const isSmall = useIsSmall()
  const [shown, setShown] = useState<DoorName>(code === "" ? "web" : "app")
  const [codes, setCodes] = useState<Partial<Record<DoorName, string>>>({ app: code })

  function given({ code, to }: Handoff, from: string): void {
    const device = from === "web" ? "app" : "web"
    setCodes((before) => ({ ...before, [to === "device" ? device : to === "pos" ? "pos" : "phone"]: code }))
  }
  const place = (name: DoorName): CounterPlace => ({
    ...{ shop, given, code: codes[name] ?? "" },
    tab: { isOne: isSmall, isShown: shown === name },
  })
  return (
    <>
      <header class="top">
        <div>
          <h1>Mostrador</h1>
          <p>{words.lead}</p>
        </div>
        <nav>
          <button type="button" onClick={() => location.assign("/demo")}>
            {words.again}
          </button>
          <a href="/app">{words.dashboard}</a>
        </nav>
      </header>
      <main>
        <details class="story" open={!isSmall}>
          <summary>{words.story}</summary>
          <ol>
            {COUNTERS.map((name, index) => (
              <li key={name} class={name}>
                <strong>{words.names[name]}.</strong> {words.steps[index]}
              </li>
            ))}
          </ol>
        </details>
        {isSmall ? <Tabs shown={shown} show={setShown} /> : null}
        <div class="counters">
          <Shopper name="web" {...place("web")} />
          <Shopper name="app" {...place("app")} />
          <Agent {...place("phone")} />
          <Till {...place("pos")} />
        </div>
        <div class="panels">
          <TimeLine shop={shop} />
          <div class="side">
            <StockBoard shop={shop} articles={[...shop.articles, scarce]} />
            {shop.config.hold_minutes > 0 ? <LastOne shop={shop} article={scarce} /> : null}
          </div>
        </div>
      </main>
    </>
  )
}

function useIsSmall(): boolean {
  const [isSmall, setSmall] = useState(SMALL.matches)
  useEffect(() => {
    const look = () => setSmall(SMALL.matches)
    SMALL.addEventListener("change", look)
    return () => SMALL.removeEventListener("change", look)
  }, [])
  return isSmall
}
