/** What an event keeps of carts that were merged. */
export interface Merge {
  policy: string
  dropped: unknown[]
}
