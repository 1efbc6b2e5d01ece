/** A cart that was put into another. */
export interface Merged {
  from: string
  into: string
  /** The last version that it had itself. */
  last: number
  /** The one in which this has left the other. */
  version: number
}

/** What somebody has seen: a version of a cart. */
interface Seen {
  based_on: string
  base_version: number
}

/** The carts that have become one. Each has counted its own versions until then, and each has its own past. */
export class Lineage {
  private readonly merges: ReadonlyMap<string, Merged>

  constructor(merges: readonly Merged[]) {
    this.merges = new Map(merges.map((it) => [it.from, it]))
  }

  /** Of which cart this is a version, for who knows it by this id: he has seen it before it was merged away, or since. */
  cartAt(cartId: string, version: number): string {
    const merged = this.merges.get(cartId)
    return merged && version > merged.last ? this.cartAt(merged.into, version) : cartId
  }

  /**
   * Up to which version of a cart nothing is news to somebody. What was done to a cart before his own was put into it, or
   * it into his, stands beside what he has seen: all of that is no news.
   */
  seen({ based_on, base_version }: Seen, cartId: string): number {
    if (based_on === cartId) return base_version
    const merged = this.merges.get(based_on)
    return merged ? this.seen({ based_on: merged.into, base_version: merged.version }, cartId) : Infinity
  }

  /** Whether something was done to a cart that had not become one with somebody's own yet. */
  isBeside(what: { cart_id: string; version: number }, by: Seen): boolean {
    return what.cart_id !== by.based_on && what.version <= this.seen(by, what.cart_id)
  }
}
