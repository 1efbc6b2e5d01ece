import { useEffect, useState } from "hono/jsx/dom"
import { type Door, Refused } from "../api/door.ts"
import { type Article, type Availability, readAvailability } from "../api/shop.ts"
import type { Shop } from "../context.ts"
import { words } from "../words.ts"

/** Streams tell when an article comes into stock or goes out of it; how many there are one asks for. */
const LOOK_MS = 2_500

interface StockBoardProps {
  shop: Shop
  articles: Article[]
}

/** How many units of each article the shops and the warehouse can sell now: the same number on every channel. */
export function StockBoard({ shop, articles }: StockBoardProps) {
  const [stock, setStock] = useState<Map<string, Availability>>(new Map())
  const [isStale, setStale] = useState(false)
  useEffect(() => {
    const desks = Object.values(shop.desks)
    let isOver = false
    let timer: number | undefined
    let known = ""

    async function look(): Promise<void> {
      try {
        if (document.visibilityState === "visible") setStock(await readAll(shop.desks.web.door, articles))
        setStale(false)
      } catch (error) {
        if (!(error instanceof Refused) && !(error instanceof TypeError)) throw error
        // The shop is closed for a moment: what is known stays there, and it is said that it is old.
        setStale(true)
      } finally {
        clearTimeout(timer)
        if (!isOver) timer = setTimeout(look, LOOK_MS)
      }
    }
    /** At once, when something was done to the cart: it may have been paid. */
    function lookAtNews(): void {
      const news = desks.map((it) => it.state.news?.id).join()
      if (news !== known) void look()
      known = news
    }
    const ends = desks.map((it) => it.subscribe(lookAtNews))
    void look()
    return () => {
      isOver = true
      clearTimeout(timer)
      for (const end of ends) end()
    }
  }, [])
  const places = stock.get(articles[0]?.variant_id ?? "")?.locations ?? []
  return (
    <section class="panel board" aria-labelledby="board-name">
      <h2 id="board-name">{words.stock}</h2>
      <p class="problem" role="status">
        {isStale ? words.reconnecting : ""}
      </p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: who has no mouse scrolls it with the arrows */}
      <section class="scroll" tabIndex={0} aria-labelledby="board-name">
        <table>
          <thead>
            <tr>
              <th scope="col">{words.article}</th>
              {places.map((it) => (
                <th key={it.id} scope="col">
                  {it.name.replace("Tienda ", "")}
                </th>
              ))}
              <th scope="col">{words.all}</th>
            </tr>
          </thead>
          <tbody>
            {articles.map((it) => (
              <Row key={it.variant_id} article={it} stock={stock.get(it.variant_id)} />
            ))}
          </tbody>
        </table>
      </section>
    </section>
  )
}

async function readAll(door: Door, articles: Article[]): Promise<Map<string, Availability>> {
  const read = async ({ variant_id }: Article) => [variant_id, await readAvailability(door, variant_id)] as const
  return new Map(await Promise.all(articles.map(read)))
}

function Row({ article, stock }: { article: Article; stock: Availability | undefined }) {
  return (
    <tr>
      <th scope="row">{article.title}</th>
      {stock?.locations.map((it) => (
        <Units key={it.id} units={it.available} />
      ))}
      {stock ? <Units units={stock.total} /> : null}
    </tr>
  )
}

/** A number that is another than before is drawn anew, and so lights up. */
function Units({ units }: { units: number | null }) {
  return (
    <td class={units === 0 ? "none" : ""}>
      <span key={String(units)} class="moved">
        {units ?? "∞"}
      </span>
    </td>
  )
}
