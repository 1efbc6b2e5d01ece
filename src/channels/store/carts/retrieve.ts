import { z } from "@hono/zod-openapi"
import type { Context } from "hono"
import {
  CartMoved,
  isChannelClosed,
  ODD,
  OnlyMedusa,
  openPlaceOf,
  readCart,
  survivorOf,
  versionOf,
} from "../../../commerce/carts/index.ts"
import type { Counter, Services } from "../../counter.ts"
import { WireError } from "../../errors.ts"
import type { Passthrough } from "../../passthrough/index.ts"
import { withCart, withKey } from "../../security.ts"
import { showVersion } from "../cart-versions.ts"
import { lane } from "../lane.ts"
import { ownRoute } from "../own.ts"
import { isOdd, showCart } from "./answer.ts"
import { openOrMake } from "./changes/open.ts"
import { type ShownCart, selectCart } from "./fields.ts"
import { answersTo, asPresented, cartIn, customerAsking, noCart, saidId } from "./presented.ts"
import { CartAnswer, MergeAnswer } from "./schema.ts"

const fields = z.string().optional().openapi({
  description: "Fields of the cart and of its relations; `+ - *` as in Medusa.",
  example: "*items,+items.total",
})

export const getCart = (services: Services) =>
  lane({
    method: "get",
    path: "/store/carts/{id}",
    summary: "Get a cart",
    description:
      "A cart with its lines, prices, taxes, discounts and totals. A guest's answers to whoever knows its id, a customer's to him and whom he has let in.",
    params: z.object({ id: z.string().openapi({ example: "cart_01M7ZRVFH8HMMAP027Z42YKK0G" }) }),
    security: withCart,
    query: z.object({ fields }),
    answer: z.object({ cart: CartAnswer }),
    errors: { 404: "There is no cart with this id." },
    async handle(c, query) {
      const show = selectCart(query.fields)
      return show && (await asPresented(c, services, () => answerWithCart(c, services, cartIn(c), show)))
    },
  })

/** @returns undefined when only Medusa can show it so */
export async function answerWithCart(
  c: Context<Counter>,
  services: Services,
  id: string,
  show: ShownCart,
): Promise<Response | undefined> {
  const { database, pipelines, catalog, regions, currencies } = services
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
  if (!(await answersTo(c, services, database.sql, { cart_id: cart.id, owner: cart.owner }))) {
    throw noCart(saidId(c, id))
  }
  const region = cart.region_id === null ? undefined : regions.find(cart.region_id)
  const decimalDigits = currencies.find(cart.currency_code)?.decimal_digits
  const body = JSON.stringify({ cart: showCart(cart, show, { region, decimalDigits }) })
  const answer = c.body(body, 200, { "Content-Type": "application/json; charset=utf-8" })
  // Not of its text: which other things of a cart have changed, a version does not say, so there is no 304.
  showVersion(answer.headers, version ?? 0)
  return answer
}

/** The one open cart of the customer who has logged in. */
export function customersCart(services: Services, passthrough: Passthrough) {
  const { config, database, store } = services

  async function shown(c: Context<Counter>, cartId: string, fields: string | undefined): Promise<Response> {
    const show = selectCart(fields)
    const answer = show && (await answerWithCart(c, services, cartId, show))
    if (answer) return answer
    const query = fields === undefined ? "" : `?fields=${encodeURIComponent(fields)}`
    c.set("medusaPath", `/store/carts/${encodeURIComponent(cartId)}${query}`)
    return await passthrough(c)
  }

  return ownRoute({
    path: "/store/customers/me/cart",
    summary: "Get the customer's open cart",
    description:
      "The cart that he goes on with on every device. There is one for each customer: it is made when there is none, in the region that is named, or the shop's own. Where its sales channel was closed meanwhile it goes on in the one that is asked from; `merge` says what could not be kept then.",
    query: z.object({
      region_id: z
        .string()
        .min(1)
        .optional()
        .openapi({ description: "Of a new cart.", example: "reg_01M7ZRVFH8HMMAP027Z42YKK0G" }),
      fields,
    }),
    security: withKey("customerToken"),
    headers: z.object({ authorization: z.string().openapi({ description: "The customer's: `Bearer ...`." }) }),
    answer: {
      description: "His cart.",
      content: { "application/json": { schema: z.object({ cart: CartAnswer, merge: MergeAnswer.optional() }) } },
    },
    errors: { 401: "Nobody has logged in.", 404: "There is no such region, or carts are not shared here." },
    async handle(c, { region_id, fields }) {
      if (config.cartMerge === "off") {
        throw new WireError(
          404,
          "not_found",
          "Customers of this shop have as many carts as they begin (CART_MERGE=off)",
        )
      }
      return await asPresented(c, services, async () => {
        const customerId = await customerAsking(c, config)
        if (customerId === undefined) throw new WireError(401, "unauthorized", "Unauthorized")
        const open = await openPlaceOf(database.sql, customerId)
        if (open !== undefined && !isChannelClosed(open, services)) return await shown(c, open.cart_id, fields)
        const region = region_id ?? store.default_region_id ?? ""
        if (open === undefined && !services.regions.find(region))
          throw new WireError(404, "not_found", `Region with id: ${region} was not found`)
        const [sales_channel_id = ""] = c.get("publishableKey").sales_channel_ids
        const wanted = { sales_channel_id, region_id: region }
        const show = selectCart(fields) ?? selectCart(undefined)
        if (!show) throw new Error("The fields of a cart are known")
        return await openOrMake(c, services, wanted, { customerId, show, isFound: true }).catch((error) => {
          if (!(error instanceof OnlyMedusa)) throw error
          // It stays in the channel that was closed.
          if (open !== undefined) return shown(c, open.cart_id, fields)
          // There is no such route of Medusa's, which would know.
          throw new WireError(400, "invalid_data", `No cart can be made here: ${error.reason}`)
        })
      })
    },
  })
}
