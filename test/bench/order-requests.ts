import { z } from "zod"
import { get, logIn, type MeasuredRequest, post, type Shop } from "./request.ts"

/** A customer who comes back has some. */
const ORDERS = 10

const Line = z.object({ quantity: z.number().positive(), total: z.number().positive() })
const Order = z.object({
  ...{ id: z.string(), total: z.number().positive(), items: z.array(Line).length(2) },
  ...{ payment_status: z.literal("authorized"), fulfillment_status: z.literal("not_fulfilled") },
})
const Placed = z.object({ order: z.object({ id: z.string() }) })

/** What a storefront shows of orders, as Medusa's own asks for it. */
const FIELDS = "fields=*items,%2Bitems.metadata,*items.variant,*items.product"

/** Places orders of a customer of the demo shop, through Medusa. */
async function place({ demo, medusa, carts }: Shop) {
  const customer = demo.customers.find(({ group }) => group === null)
  if (!customer) throw new Error("All customers of the demo shop are in its Club")
  const headers = await logIn(medusa, "customer", customer)
  const ids: string[] = []
  for (const cart of await carts.payable(ORDERS)) {
    await medusa.send({ ...post(`/store/carts/${cart}/customer`), headers })
    ids.push(Placed.parse(JSON.parse(await medusa.send(post(`/store/carts/${cart}/complete`)))).order.id)
  }
  return { ids, headers }
}

/** What a customer asks about what he has bought. */
export const ORDER_REQUESTS: MeasuredRequest[] = [
  {
    name: "get order",
    repeatable: true,
    prepare: async (shop) => (await place(shop)).ids.map((id) => get(`/store/orders/${id}`)),
    answer: z.object({ order: Order }),
  },
  {
    name: "list orders",
    repeatable: true,
    async prepare(shop) {
      const { headers } = await place(shop)
      return [{ ...get(`/store/orders?limit=${ORDERS}&order=-created_at&${FIELDS}`), headers }]
    },
    answer: z.object({ orders: z.array(Order).length(ORDERS), count: z.number().min(ORDERS) }),
  },
]
