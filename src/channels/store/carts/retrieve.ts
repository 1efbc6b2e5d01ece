import { z } from "@hono/zod-openapi"
import { CartMoved, ODD, readCart, survivorOf, versionOf } from "../../../commerce/carts/index.ts"
import type { Services } from "../../counter.ts"
import { showVersion } from "../cart-versions.ts"
import { lane } from "../lane.ts"
import { isOdd, showCart } from "./answer.ts"
import { selectCart } from "./fields.ts"
import { answersTo, asPresented, cartIn, noCart } from "./presented.ts"
import { CartAnswer } from "./schema.ts"

export function getCart(services: Services) {
  const { database, pipelines, catalog, regions, currencies } = services
  return lane({
    method: "get",
    path: "/store/carts/{id}",
    summary: "Get a cart",
    description:
      "A cart with its lines, prices, taxes, discounts and totals. A guest's answers to whoever knows its id, a customer's to him and whom he has let in.",
    params: z.object({ id: z.string().openapi({ example: "cart_01M7ZRVFH8HMMAP027Z42YKK0G" }) }),
    query: z.object({
      fields: z.string().optional().openapi({
        description: "Fields of the cart and of its relations; `+ - *` as in Medusa.",
        example: "*items,+items.total",
      }),
    }),
    answer: z.object({ cart: CartAnswer }),
    errors: { 404: "There is no cart with this id." },
    async handle(c, query) {
      const show = selectCart(query.fields)
      if (!show) return undefined
      return await asPresented(c, services, async () => {
        const id = cartIn(c)
        const read = () => pipelines.use(({ tx }) => readCart(tx, catalog.documents, id, show.extras))
        let cart = await read()
        let version = cart && cart !== ODD ? cart.version : null
        if (cart && version === null) {
          version = await versionOf(database.sql, id)
          cart = await read()
        }
        if (!cart) {
          const survivor = await survivorOf(database.sql, id)
          throw survivor === undefined ? noCart(id) : new CartMoved(survivor)
        }
        if (cart === ODD || isOdd(cart, show)) return undefined
        if (!(await answersTo(c, services, database.sql, { cart_id: cart.id, owner: cart.owner }))) throw noCart(id)
        const region = cart.region_id === null ? undefined : regions.find(cart.region_id)
        const decimalDigits = currencies.find(cart.currency_code)?.decimal_digits
        const body = JSON.stringify({ cart: showCart(cart, show, { region, decimalDigits }) })
        const answer = c.body(body, 200, { "Content-Type": "application/json; charset=utf-8" })
        // Not of its text: which other things of a cart have changed, a version does not say, so there is no 304.
        showVersion(answer.headers, version ?? 0)
        return answer
      })
    },
  })
}
