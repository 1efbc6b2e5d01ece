import { useEffect, useState } from "hono/jsx/dom"
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
  useEffect(() => {
    const { door } = shop.desks.web
    let isOver = false
    let timer: number | undefined
    async function look(): Promise<void> {
      clearTimeout(timer)
      if (document.visibilityState === "visible") {
        const rows = await Promise.all(
          articles.map(async (it) => [it.variant_id, await readAvailability(door, it.variant_id)] as const),
        )
        if (!isOver) setStock(new Map(rows))
      }
      if (!isOver) timer = setTimeout(lookOn, LOOK_MS)
    }
    // The shop may be closed for a moment: the board keeps what it has.
    const lookOn = () =>
      void look().catch(() => {
        timer = setTimeout(lookOn, LOOK_MS)
      })
    lookOn()
    return () => {
      isOver = true
      clearTimeout(timer)
    }
  }, [])
  const places = stock.get(articles[0]?.variant_id ?? "")?.locations ?? []
  return (
    <section class="panel board" aria-labelledby="board-name">
      <h2 id="board-name">{words.stock}</h2>
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
