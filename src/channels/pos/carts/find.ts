import { type OpenAPIHono, z } from "@hono/zod-openapi"
import { cartTotals, isFound, ODD, readCart, shown } from "../../../commerce/carts/index.ts"
import type { FoundCustomer } from "../../../commerce/customers/index.ts"
import type { Counter, Services } from "../../counter.ts"
import { addDeskRoute, cartOfCustomer, type DeskRoom, lookForCustomers, newCart } from "../../desks/index.ts"
import { WireError } from "../../errors.ts"
import { readParameters } from "../../parameters.ts"
import { readAs } from "../../read-as.ts"

const word = (example: string) => z.string().trim().min(1, "is empty").max(320).optional().openapi({ example })

export const Finding = z
  .object({
    phone: word("600 100 201").openapi({ description: "As it is written anywhere; without a country: of this one." }),
    email: word("lucia.ferran@cliente.example").openapi({ description: "In whatever letters." }),
    loyalty_code: word("CLUB-0001").openapi({ description: "`loyalty_code` in the customer's metadata." }),
  })
  .strict()
export const NewTillCart = z
  .object({
    customer_id: z.string().min(1).max(64).optional().openapi({
      description: "Somebody who was found at this till: it is his one open cart, with what is in it.",
      example: "cus_01M7ZRVFH8HMMAP027Z42YKK0G",
    }),
  })
  .strict()

/** A customer's cart is found by what he says of himself, or a new one begun. */
export function addFinding(app: OpenAPIHono<Counter>, services: Services, room: DeskRoom): void {
  const { database } = services
  addDeskRoute(app, room, {
    ...{ method: "get", path: "/carts" },
    async handle(c, desk) {
      const asked = readParameters(Finding, c.req.url)
      const customers = await lookForCustomers(services, desk, asked, Object.keys(Finding.shape))
      const carts = await Promise.all(customers.map((it) => cartOf(services, it)))
      return c.json({ carts: carts.filter((it) => it !== undefined), customers })
    },
  })
  addDeskRoute(app, room, {
    ...{ method: "post", path: "/carts" },
    async handle(c, desk) {
      const { customer_id: customerId } = await readAs(c, NewTillCart)
      const region_id = desk.place?.region_id
      if (customerId === undefined) return await newCart(c, services, { customerId, region_id })
      if (!(await isFound(database.sql, desk.worker, customerId))) {
        throw new WireError(404, "not_found", `Customer id not found: ${customerId}`)
      }
      return await cartOfCustomer(c, services, desk, { customerId, region_id, arriving: room.arriving?.(desk) })
    },
  })
}

/** His open cart, in short; undefined where he has none. */
async function cartOf({ pipelines, catalog, currencies }: Services, { cart_id, ...customer }: FoundCustomer) {
  if (cart_id === null) return undefined
  const cart = await pipelines.use(({ tx }) => readCart(tx, catalog.documents, cart_id))
  if (!cart || cart === ODD) return undefined
  const { total } = cartTotals(cart, currencies.find(cart.currency_code)?.decimal_digits).cart
  return {
    ...{ id: cart.id, customer },
    items_count: cart.items.reduce((sum, it) => sum + it.quantity, 0),
    ...{ total: shown(total), currency_code: cart.currency_code },
  }
}
