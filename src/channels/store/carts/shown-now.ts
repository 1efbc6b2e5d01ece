import { ODD, ownerOfRow, readCart, survivorOf } from "../../../commerce/carts/index.ts"
import type { Services } from "../../counter.ts"
import { isOdd, showCart } from "./answer.ts"
import { selectCart } from "./fields.ts"

interface ShownNow {
  /** JSON; `null` where only Medusa can show it. */
  text: string
  owner: string | null
  /** ISO. */
  completed_at: string | null
}

type Needed = Pick<Services, "database" | "pipelines" | "catalog" | "regions" | "currencies">

/** Reads carts as `GET /store/carts/{id}` shows them, for those who follow them; `null` for one that only Medusa can show. */
export function showsCarts({ database, pipelines, catalog, regions, currencies }: Needed) {
  const show = selectCart(undefined)
  if (!show) throw new Error("The fields of a cart are known")
  return async function shownNow(id: string): Promise<ShownNow | undefined> {
    const cart = await pipelines.use(({ tx }) => readCart(tx, catalog.documents, id, show.extras))
    if (cart && cart !== ODD) {
      const region = cart.region_id === null ? undefined : regions.find(cart.region_id)
      const decimalDigits = currencies.find(cart.currency_code)?.decimal_digits
      const text = isOdd(cart, show) ? "null" : JSON.stringify(showCart(cart, show, { region, decimalDigits }))
      return { text, owner: cart.owner, completed_at: cart.completed_at }
    }
    if (!cart) {
      const survivor = await survivorOf(database.sql, id)
      return survivor === undefined ? undefined : await shownNow(survivor)
    }
    const [row] = await database.sql<{ owner: string | null; completed_at: string | null }[]>`
      select ${ownerOfRow(database.sql)} as owner, mostrador.iso(completed_at) as completed_at
      from cart where cart.id = ${id}`
    return row && { text: "null", ...row }
  }
}
