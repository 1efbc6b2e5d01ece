import { bigint, text, uuid } from "drizzle-orm/pg-core"
import { mostrador } from "../../platform/db/mostrador.sql.ts"

/** What we know of a cart beside Medusa's row of it. */
export const cart_state = mostrador.table("cart_state", {
  cart_id: text().primaryKey(),
  /** One more with every change; 0, as without a row, while nobody has changed the cart through the counter. */
  version: bigint({ mode: "number" }).notNull().default(0),
  /**
   * The change that was handed to Medusa and whose end we have not seen. While it runs, the cart's lock is held; when
   * nobody holds that, the change counts as made.
   */
  handed_over: uuid(),
  /**
   * How often something was done about the cart that its version does not tell: Medusa was asked for something, whatever
   * came of it (what it refuses it undoes with other rows), or a payment was begun. Who read the cart before without its
   * lock has to read it again.
   */
  handovers: bigint({ mode: "number" }).notNull().default(0),
})
