import { z } from "zod"
import { WELCOME_CODE } from "../../src/medusa/demo-shop/offers.ts"
import { ADDRESS } from "./carts.ts"
import type { Call, Target } from "./load.ts"
import { cartWith, get, logIn, type MeasuredRequest, post, remove } from "./request.ts"

/** Calls that read a cart and leave it as it is go over so many. */
const READ_CARTS = 64

const TaxLine = z.object({ rate: z.number().positive() })
const Line = z.object({ quantity: z.number().positive(), tax_lines: z.array(TaxLine).length(1) })
const Payment = z.object({ id: z.string(), amount: z.number().positive() })
const Ordered = z.object({ type: z.literal("order"), order: z.object({ items: z.array(z.unknown()).length(2) }) })
const Offered = z.object({
  shipping_options: z.array(z.object({ id: z.string(), type: z.object({ code: z.string() }) })),
})
const Lines = (count: number) => ({ items: z.array(Line).length(count), total: z.number().positive() })

/** The request whose limit `pgbench/add-line.sql` is. */
export const ADD_LINE: MeasuredRequest = {
  name: "add line item",
  repeatable: false,
  prepare: async ({ catalog, carts }, count) =>
    (await carts.empty(count)).map((id, index) =>
      post(`/store/carts/${id}/line-items`, {
        variant_id: catalog.sample[index % catalog.sample.length]?.variants[index % 4],
        quantity: 1,
      }),
    ),
  answer: cartWith(Lines(1)),
}

/** Every way to read and to change a cart, in the order of a shopper's way to the order. */
export const CART_REQUESTS: MeasuredRequest[] = [
  {
    name: "create cart",
    repeatable: true,
    prepare: async ({ demo }) => [post("/store/carts", { region_id: demo.regions.es })],
    answer: cartWith({ currency_code: z.literal("eur") }),
  },
  {
    name: "create cart with two items",
    repeatable: true,
    onlyLatency: true,
    prepare: async ({ demo, catalog }) =>
      catalog.sample.map(({ variants: [first, second] }) =>
        post("/store/carts", {
          region_id: demo.regions.es,
          items: [first, second].map((variant_id) => ({ variant_id, quantity: 1 })),
        }),
      ),
    answer: cartWith(Lines(2)),
  },
  ADD_LINE,
  {
    name: "add line item to two others",
    repeatable: false,
    onlyLatency: true,
    prepare: async ({ catalog, carts }, count) =>
      (await carts.filled(count)).map((id, index) =>
        post(`/store/carts/${id}/line-items`, {
          variant_id: catalog.sample[index % catalog.sample.length]?.variants.at(-1),
          quantity: 1,
        }),
      ),
    answer: cartWith(Lines(3)),
  },
  {
    name: "get cart",
    repeatable: true,
    prepare: async ({ carts }) => (await carts.addressed(READ_CARTS)).map((id) => get(`/store/carts/${id}`)),
    answer: cartWith(Lines(2)),
  },
  {
    name: "update quantity",
    repeatable: false,
    prepare: async ({ carts }, count) =>
      (await carts.withLine(await carts.filled(count))).map(({ cart, line }) =>
        post(`/store/carts/${cart}/line-items/${line}`, { quantity: 3 }),
      ),
    answer: cartWith({ ...Lines(2), items: quantities([1, 3]) }),
  },
  {
    name: "delete line item",
    repeatable: false,
    onlyLatency: true,
    prepare: async ({ carts }, count) =>
      (await carts.withLine(await carts.filled(count))).map(({ cart, line }) =>
        remove(`/store/carts/${cart}/line-items/${line}`),
      ),
    answer: z.object({ deleted: z.literal(true), parent: z.object(Lines(1)) }),
  },
  {
    name: "add promotion code",
    repeatable: false,
    onlyLatency: true,
    prepare: async ({ carts }, count) =>
      (await carts.addressed(count)).map((id) =>
        post(`/store/carts/${id}/promotions`, { promo_codes: [WELCOME_CODE] }),
      ),
    answer: cartWith({
      promotions: z.array(z.object({ code: z.literal(WELCOME_CODE) })).length(1),
      items: z.array(Line.extend({ adjustments: z.array(z.object({ amount: z.number().positive() })).length(1) })),
      discount_total: z.number().positive(),
    }),
  },
  {
    name: "remove promotion code",
    repeatable: false,
    onlyLatency: true,
    prepare: async ({ carts }, count) =>
      (await carts.discounted(count)).map((id) =>
        remove(`/store/carts/${id}/promotions`, { promo_codes: [WELCOME_CODE] }),
      ),
    answer: cartWith({ promotions: z.array(z.unknown()).length(0), discount_total: z.literal(0) }),
  },
  {
    name: "give cart to a customer",
    repeatable: false,
    onlyLatency: true,
    async prepare({ demo, medusa, carts }, count) {
      const customer = demo.customers.find(({ group }) => group === "Club")
      if (!customer) throw new Error("The demo shop has no customer in its Club")
      const headers = await logIn(medusa, "customer", customer)
      return (await carts.filled(count)).map((id) => ({ ...post(`/store/carts/${id}/customer`), headers }))
    },
    answer: cartWith({ ...Lines(2), customer: z.object({ groups: z.array(z.unknown()).min(1) }) }),
  },
  {
    name: "set e-mail and addresses",
    repeatable: false,
    onlyLatency: true,
    prepare: async ({ carts }, count) =>
      (await carts.filled(count)).map((id) =>
        post(`/store/carts/${id}`, {
          email: `${id.toLowerCase()}@example.com`,
          shipping_address: ADDRESS,
          billing_address: ADDRESS,
        }),
      ),
    answer: cartWith({
      ...Lines(2),
      email: z.string().endsWith("@example.com"),
      shipping_address: z.object({ city: z.literal(ADDRESS.city) }),
    }),
  },
  {
    name: "list a cart's shipping options",
    repeatable: true,
    onlyLatency: true,
    prepare: async ({ carts }) =>
      (await carts.addressed(READ_CARTS)).map((id) => get(`/store/shipping-options?cart_id=${id}`)),
    answer: z.object({
      shipping_options: z.array(z.object({ amount: z.number(), insufficient_inventory: z.boolean() })).min(2),
    }),
  },
  {
    name: "set shipping method",
    repeatable: false,
    async prepare({ carts }, count) {
      const option_id = await carts.shippingOption()
      return (await carts.addressed(count)).map((id) => post(`/store/carts/${id}/shipping-methods`, { option_id }))
    },
    answer: cartWith({ ...Lines(2), shipping_methods: z.array(z.object({ amount: z.number() })).length(1) }),
  },
  {
    name: "calculate taxes",
    repeatable: false,
    onlyLatency: true,
    prepare: async ({ carts }, count) =>
      (await carts.addressed(count)).map((id) => post(`/store/carts/${id}/taxes`, {})),
    answer: cartWith({ ...Lines(2), tax_total: z.number().positive() }),
  },
  {
    name: "create payment collection",
    repeatable: false,
    onlyLatency: true,
    prepare: async ({ carts }, count) =>
      (await carts.addressed(count)).map((cart_id) => post("/store/payment-collections", { cart_id })),
    answer: z.object({ payment_collection: Payment }),
  },
  {
    name: "begin to pay",
    repeatable: false,
    onlyLatency: true,
    prepare: async ({ carts }, count) =>
      (await carts.collections(await carts.payable(count))).map((id) =>
        post(`/store/payment-collections/${id}/payment-sessions`, { provider_id: "pp_system_default" }),
      ),
    answer: z.object({ payment_collection: Payment.extend({ payment_sessions: z.array(z.unknown()).length(1) }) }),
  },
  {
    name: "complete cart",
    repeatable: false,
    prepare: async ({ carts }, count) => (await carts.payable(count)).map((id) => post(`/store/carts/${id}/complete`)),
    answer: Ordered,
  },
  {
    name: "cart to order",
    repeatable: false,
    prepare: async ({ demo, catalog }, count) =>
      Array.from({ length: count }, (_, index) => {
        const products = [index, index + 1].map((it) => catalog.sample[it % catalog.sample.length])
        const email = `buyer-${index}@example.com`
        return (target) =>
          order(target, { region: demo.regions.es, variants: products.map((it, i) => it?.variants[i]), email })
      }),
    answer: Ordered,
  },
]

/** All requests of a checkout, from an empty cart to the order. */
async function order(
  target: Target,
  { region, variants, email }: { region: string; variants: (string | undefined)[]; email: string },
): Promise<string> {
  const ask = async <T extends z.ZodType>(answer: T, call: Call): Promise<z.infer<T>> =>
    answer.parse(JSON.parse(await target.send(call)))
  const { cart } = await ask(cartWith({}), post("/store/carts", { region_id: region }))
  const at = `/store/carts/${cart.id}`
  for (const variant_id of variants) await target.send(post(`${at}/line-items`, { variant_id, quantity: 1 }))
  await target.send(post(at, { email, shipping_address: ADDRESS, billing_address: ADDRESS }))
  const offered = await ask(Offered, get(`/store/shipping-options?cart_id=${cart.id}`))
  const option = offered.shipping_options.find(({ type }) => type.code === "standard")
  await target.send(post(`${at}/shipping-methods`, { option_id: option?.id }))
  const made = await ask(
    z.object({ payment_collection: Payment }),
    post("/store/payment-collections", { cart_id: cart.id }),
  )
  const sessions = `/store/payment-collections/${made.payment_collection.id}/payment-sessions`
  await target.send(post(sessions, { provider_id: "pp_system_default" }))
  return await target.send(post(`${at}/complete`))
}

/** Lines with these quantities, in whichever order. */
function quantities(wanted: number[]) {
  return z
    .array(Line)
    .refine((lines) => String(lines.map(({ quantity }) => quantity).sort()) === String(wanted), `not ${wanted} of each`)
}
