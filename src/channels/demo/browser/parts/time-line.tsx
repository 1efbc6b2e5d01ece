import { useEffect, useState } from "hono/jsx/dom"
import type { Desk } from "../api/desk.ts"
import { Refused } from "../api/door.ts"
import { type HistoryEntry, readHistory } from "../api/shop.ts"
import { doorOf, type Shop } from "../context.ts"
import { useDesk } from "../use-desk.ts"
import { clock, words } from "../words.ts"

/** All that has happened to the customer's cart, whoever did it: read anew with each event of its stream. */
export function TimeLine({ shop }: { shop: Shop }) {
  const web = useDesk(shop.desks.web)
  const app = useDesk(shop.desks.app)
  const [entries, setEntries] = useState<HistoryEntry[]>([])
  // Of the shopper's two devices the one that may still see the cart.
  const desk: Desk = app.cart ? shop.desks.app : shop.desks.web
  const { cart, news, order } = app.cart ? app : web

  useEffect(() => {
    let isLate = false
    if (cart) {
      readHistory(desk.door, cart.id).then(
        (it) => {
          if (!isLate) setEntries(it)
        },
        (error) => {
          // It has become somebody else's meanwhile; the counter says so.
          if (!(error instanceof Refused)) throw error
        },
      )
    }
    return () => {
      isLate = true
    }
  }, [cart?.id, news?.id, order?.id])

  return (
    <section class="panel time-line" aria-labelledby="time-line-name">
      <h2 id="time-line-name">{words.timeLine}</h2>
      {entries.length === 0 ? <p class="empty">{words.noTimeLine}</p> : null}
      <ol role="log" aria-labelledby="time-line-name">
        {[...entries].reverse().map((it) => (
          <Entry key={it.id} shop={shop} entry={it} />
        ))}
      </ol>
    </section>
  )
}

function Entry({ shop, entry }: { shop: Shop; entry: HistoryEntry }) {
  const others: Record<string, string> = words.others
  const door = doorOf(shop.config, entry.channel)
  return (
    <li>
      <time datetime={entry.occurred_at}>{clock(entry.occurred_at, true)}</time>
      <span class={`chip ${door ?? ""}`}>{door ? words.names[door] : words.others.system}</span>
      <span class="message">{entry.message}</span>
      <span class="small">{others[entry.actor.type] ?? entry.actor.type}</span>
    </li>
  )
}
