import type { Cart, Merge, Order, Viewer } from "./cart.ts"
import { type Held, readCart } from "./carts.ts"
import { type Door, Moved, Refused } from "./door.ts"
import { type CartEvent, follow } from "./follow.ts"

/** What a counter shows. */
export interface DeskState {
  cart: Cart | undefined
  /** In which the cart is. Answers overtake each other: what is older is not shown. */
  version: number
  /** Who looks at the cart now. */
  viewers: Viewer[]
  /** The last change that somebody made. */
  news: CartEvent | undefined
  /** Of what was asked for last: what the shop said instead. */
  problem: { code: string | undefined; message: string } | undefined
  merge: Merge | undefined
  order: Order | undefined
  isBusy: boolean
  isConnected: boolean
  /** The cart was this counter's, and answers to its owner only by now. */
  isShutOut: boolean
}

const EMPTY: DeskState = {
  ...{
    cart: undefined,
    version: 0,
    viewers: [],
    news: undefined,
    problem: undefined,
    merge: undefined,
    order: undefined,
  },
  ...{ isBusy: false, isConnected: true, isShutOut: false },
}

/** One counter with a cart on it: what it is told by the stream and what it does itself come together here. */
export class Desk {
  state = EMPTY
  private followed: { id: string; end(): void } | undefined
  /** Until what was asked for last is done, and how much is not. */
  private turn: Promise<unknown> = Promise.resolve()
  private waiting = 0
  private readonly listeners = new Set<() => void>()

  constructor(readonly door: Door) {}

  /** @returns call it to hear no more */
  subscribe(listener: () => void): () => void {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }

  /**
   * Does what somebody at the counter wants, and shows the cart that comes of it, or what the shop says against it. One
   * after the other, as it was pressed: nothing is lost of a double-click, and it begins one cart.
   *
   * @param work  looks at `state` when its turn comes, not at what was shown when the button was pressed
   */
  run(work: () => Promise<Held | undefined>): Promise<void> {
    if (this.waiting === 0) this.set({ isBusy: true, problem: undefined, merge: undefined })
    this.waiting += 1
    const done = this.turn.then(() => this.attempt(work)).finally(() => this.oneLess())
    // Whoever asked hears of a mistake; who comes next has his turn all the same.
    this.turn = Promise.allSettled([done])
    return done
  }

  /** @param isMeant  whether what comes of it is still to be shown, when it comes */
  private async attempt(work: () => Promise<Held | undefined>, isMeant = () => true): Promise<void> {
    try {
      const held = await work()
      if (held && isMeant()) this.show(held)
    } catch (error) {
      if (!(error instanceof Refused) && !(error instanceof TypeError)) throw error
      if (!isMeant()) return
      this.set({ problem: { code: error instanceof Refused ? error.code : undefined, message: error.message } })
    }
  }

  private oneLess(): void {
    this.waiting -= 1
    if (this.waiting === 0) this.set({ isBusy: false })
  }

  /** The cart into which something can be put; undefined where there is none yet, or it has become an order. */
  get openCart(): Cart | undefined {
    const { cart, order } = this.state
    return cart?.completed_at === null && !order ? cart : undefined
  }

  /** Tries again where somebody else was quicker, with what he has made of the cart: neither change is lost. */
  async untilInTime(work: () => Promise<Held | undefined>): Promise<Held | undefined> {
    for (;;) {
      try {
        return await work()
      } catch (error) {
        if (!(error instanceof Moved)) throw error
        this.show(error.now)
      }
    }
  }

  /** A new cart is on the counter before anything is put into it: what is refused then begins no second one. */
  async began(beginning: Promise<Held>): Promise<Cart> {
    const held = await beginning
    this.show(held)
    return held.body.cart
  }

  /** Puts a cart on the counter, and follows it. */
  show({ body: { cart, merge }, version }: Held): void {
    const isAnother = cart.id !== this.state.cart?.id
    if (!isAnother && version !== undefined && version < this.state.version) return
    this.set({
      cart,
      version: version ?? (isAnother ? 0 : this.state.version),
      isShutOut: false,
      ...(merge ? { merge } : {}),
      ...(isAnother ? { order: undefined } : {}),
    })
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
    this.set({ ...EMPTY, isBusy: this.state.isBusy })
  }

  private follow(id: string): void {
    if (this.followed?.id === id) return
    this.followed?.end()
    const end = follow(this.door, id, {
      // What has happened between the answer and the stream's beginning was told to nobody.
      began: () => void this.readAgain(),
      changed: (event) => this.changed(event),
      seenBy: (viewers) => this.set({ viewers }),
      connected: (isConnected) => this.set({ isConnected }),
      closed: () => {
        this.clear()
        this.set({ isShutOut: true })
      },
    })
    this.followed = { id, end }
  }

  /** Unless the cart was cleared away by the time that it is read: it is not the next customer's. */
  private async readAgain(): Promise<void> {
    const { followed } = this
    if (!followed) return
    await this.attempt(
      () => readCart(this.door, followed.id),
      () => this.followed === followed,
    )
  }

  private changed(event: CartEvent): void {
    this.set({ news: event })
    // The stream ends with it, and with that who looks at the cart.
    if (event.order) this.set({ order: event.order, viewers: [], merge: undefined })
    if (!event.cart) return void this.readAgain()
    // The stream goes on with the cart into which ours was merged: there is no need to open another.
    if (this.followed && event.cart.id !== this.state.cart?.id) this.followed.id = event.cart.id
    this.show({ body: { cart: event.cart }, version: event.version ?? undefined })
  }

  private set(change: Partial<DeskState>): void {
    this.state = { ...this.state, ...change }
    for (const listener of this.listeners) listener()
  }
}
