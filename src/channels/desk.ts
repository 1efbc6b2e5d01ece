import type { ChangedBy, DeskWorker, ShopPlace } from "../commerce/carts/index.ts"

/** Where staff work on customers' carts, for one request. What a publishable key and a log-in say of shoppers, it says. */
export interface Desk {
  /** To whom carts answer, and who is noted in the audit. */
  worker: DeskWorker
  /** Who changes carts, in their events. */
  by: ChangedBy
  /** Of an `Idempotency-Key`: within what it is one's own. */
  scope: string
  /** ISO 3166: where telephone numbers are from that name no country. */
  country: string | undefined
  /** The shop whose shelves are behind the counter. */
  counter_location_id?: string
  /** Where what is sold over the counter is sold; undefined: nobody has said, or it is in no region. */
  place?: ShopPlace | undefined
}
