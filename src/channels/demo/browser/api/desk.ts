import type { Cart, Merge, Order, Viewer } from "./cart.ts"
import { type Held, readCart } from "./carts.ts"
import { type Door, Refused } from "./door.ts"
import { type CartEvent, follow } from "./follow.ts"

/** What a counter shows. */
export interface DeskState {
  cart: Cart | undefined
  /** Who looks at the cart now. */
  viewers: Viewer[]
  /** The last change that somebody made. */
  news: CartEvent | undefined
  /** Of what was asked for last: what the shop said instead. */
  problem: string | undefined
  merge: Merge | undefined
  order: Order | undefined
  isBusy: boolean
  isConnected: boolean
  /** The cart was this counter's, and answers to its owner only by now. */
  isShutOut: boolean
}

const EMPTY: DeskState = {
  ...{ cart: undefined, viewers: [], news: undefined, problem: undefined, merge: undefined, order: undefined },
  ...{ isBusy: false, isConnected: true, isShutOut: false },
}

/** One counter with a cart on it: what it is told by the stream and what it does itself come together here. */
export class Desk {
  state = EMPTY
  /** Of the cart that is shown. Answers overtake each other: what is older is not shown. */
  private version = 0
  private followed: { id: string; end(): void } | undefined
  private readonly listeners = new Set<() => void>()

  constructor(readonly door: Door) {}

  /** @returns call it to hear no more */
  subscribe(listener: () => void): () => void {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }

  /** Does what somebody at the counter wants, and shows the cart that comes of it, or what the shop says against it. */
  async run(work: () => Promise<Held | undefined>): Promise<void> {
    this.set({ isBusy: true, problem: undefined, merge: undefined })
    try {
      const held = await work()
      if (held) this.show(held)
    } catch (error) {
      if (!(error instanceof Refused) && !(error instanceof TypeError)) throw error
      this.set({ problem: error.message })
    } finally {
      this.set({ isBusy: false })
    }
  }

  /** Puts a cart on the counter, and follows it. */
  show({ body: { cart, merge }, version }: Held): void {
    const isAnother = cart.id !== this.state.cart?.id
    if (!isAnother && version !== undefined && version < this.version) return
    this.version = version ?? (isAnother ? 0 : this.version)
    this.set({ cart, isShutOut: false, ...(merge ? { merge } : {}), ...(isAnother ? { order: undefined } : {}) })
    if (cart.completed_at === null) this.follow(cart.id)
  }

  /** It has become an order. */
  placed(order: Order): void {
    this.set({ order })
  }

  /** For the next customer. */
  clear(): void {
    this.followed?.end()
    this.followed = undefined
    this.version = 0
    this.set(EMPTY)
  }

  private follow(id: string): void {
    if (this.followed?.id === id) return
    this.followed?.end()
    const end = follow(this.door, id, {
      changed: (event) => this.changed(event),
      seenBy: (viewers) => this.set({ viewers }),
      connected: (isConnected) => this.set({ isConnected }),
      closed: () => {
        this.clear()
        this.set({ isShutOut: true })
      },
    })
    this.followed = { id, end }
    // What has happened between the answer and the stream's beginning was told to nobody.
    void this.run(() => readCart(this.door, id))
  }

  private changed(event: CartEvent): void {
    this.set({ news: event })
    // The stream ends with it, and with that who looks at the cart.
    if (event.order) this.set({ order: event.order, viewers: [], merge: undefined })
    if (!event.cart) return void this.run(() => readCart(this.door, this.state.cart?.id ?? ""))
    // The stream goes on with the cart into which ours was merged: there is no need to open another.
    if (this.followed && event.cart.id !== this.state.cart?.id) this.followed.id = event.cart.id
    this.show({ body: { cart: event.cart }, version: event.version ?? undefined })
  }

  private set(change: Partial<DeskState>): void {
    this.state = { ...this.state, ...change }
    for (const listener of this.listeners) listener()
  }
}
