import type { Cart, Order, Viewer, What } from "./cart.ts"
import { ask, type Door, Refused } from "./door.ts"

/** A change of a cart, as its stream tells of it. */
export interface CartEvent {
  name: string
  id: string
  version: number | null
  actor: { type: string; role?: string }
  /** Id of the sales channel. */
  channel: string | null
  device: string | null
  what: What
  /** As it is now; null where only Medusa can show it. */
  cart: Cart | null
  order?: Order
}

export interface Follower {
  /** From now on changes are told; what was changed until now is to be read. */
  began(): void
  changed(event: CartEvent): void
  seenBy(viewers: Viewer[]): void
  /** The line was lost and is there again, or not. */
  connected(is: boolean): void
  /** The cart does not answer to us any more. */
  closed(): void
}

/** An `EventSource` hears only what it listens for by name. */
const NAMES = [
  ...["cart.created", "cart.updated", "cart.changed", "cart.line_added", "cart.line_updated", "cart.line_removed"],
  ...["cart.shipping_changed", "cart.promotions_changed", "cart.customer_changed", "cart.customer_transferred"],
  ...["cart.region_updated", "cart.merged", "cart.handed_over", "cart.hold_expiring", "cart.hold_expired"],
  ...["cart.payment_collection_created", "cart.payment_session_created", "cart.payment_repaired"],
  ...["cart.completed", "order.placed"],
]
const FIRST_WAIT_MS = 500
const LONGEST_WAIT_MS = 10_000

/**
 * Follows a cart until the answer is called, over lost lines and closed counters: nothing is missed, nor told twice.
 *
 * An `EventSource` sends no headers, so a ticket stands in its address. That is good for one opening: where the browser
 * would come back by itself with the same address, this closes it, gets another ticket, and goes on after the last event.
 */
export function follow(door: Door, cartId: string, follower: Follower): () => void {
  let source: EventSource | undefined
  let timer: number | undefined
  let isOver = false
  let last: string | undefined
  let wait = FIRST_WAIT_MS

  function end(): void {
    isOver = true
    source?.close()
    clearTimeout(timer)
  }

  function comeBack(): void {
    source?.close()
    if (isOver) return
    follower.connected(false)
    timer = setTimeout(open, wait)
    wait = Math.min(wait * 2, LONGEST_WAIT_MS)
  }

  async function open(): Promise<void> {
    const ticket = await newTicket()
    if (ticket === undefined || isOver) return
    const parameters = { ticket, ...door.inAddress, ...(last === undefined ? {} : { last_event_id: last }) }
    source = new EventSource(`${door.room}/carts/${cartId}/stream?${new URLSearchParams(parameters)}`)
    source.onerror = comeBack
    source.onopen = () => {
      wait = FIRST_WAIT_MS
      follower.connected(true)
      // Else it goes on after the last event, and nothing was missed.
      if (last === undefined) follower.began()
    }
    source.addEventListener("presence", ({ data }) => follower.seenBy(JSON.parse(data).viewers))
    for (const name of NAMES) {
      source.addEventListener(name, ({ data, lastEventId }) => {
        last = lastEventId
        follower.changed({ name, ...JSON.parse(data) })
        // Nothing more comes, and the stream ends: that is no lost line.
        if (name === "order.placed") end()
      })
    }
  }

  async function newTicket(): Promise<string | undefined> {
    try {
      return (await ask<{ ticket: string }>(door, "POST", `/carts/${cartId}/stream-ticket`)).body.ticket
    } catch (error) {
      if (isOver) return undefined
      if (error instanceof Refused && error.status < 500 && error.status !== 429) {
        end()
        follower.closed()
      } else comeBack()
      return undefined
    }
  }

  void open()
  return end
}
