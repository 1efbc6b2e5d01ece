import type { Sql } from "postgres"
import { z } from "zod"
import type { Demo } from "../../src/medusa/demo-shop/index.ts"
import { once } from "../../src/platform/once.ts"
import type { Catalog } from "./catalog.ts"
import { copyCarts } from "./copy-carts.ts"
import type { Target } from "./load.ts"

/** Carts in the state that a measured request needs, as many as it needs. */
export interface Carts {
  /** What puts a standard parcel into a cart. */
  shippingOption(): Promise<string>
  empty(count: number): Promise<string[]>
  /** With two lines; no variant of them is the last one of its product. */
  filled(count: number): Promise<string[]>
  /** With an e-mail address and addresses, too. */
  addressed(count: number): Promise<string[]>
  /** With the demo shop's promotion code besides. */
  discounted(count: number): Promise<string[]>
  /** With addresses, a shipping method and a payment session: the next thing is the order. */
  payable(count: number): Promise<string[]>
  /** With addresses and `LARGE_LINES` lines, with what promotions take off them when the first is asked for. */
  large(count: number): Promise<string[]>
  /**
   * Fills the shop once, as one that has been open for a while is full of carts: how Postgres plans a statement hangs on
   * what it knows of the tables, and of empty ones it knows nothing.
   */
  fillShop(): Promise<void>
  /** The payment collection of each cart. */
  collections(carts: string[]): Promise<string[]>
  /** A line of each cart. */
  withLine(carts: string[]): Promise<{ cart: string; line: string }[]>
}

/** So many different carts are filled; the rest are copies of them, by turns, so that not all want the same shelf. */
const MODELS = 8
const LINES = 2
/** Copies of more would differ no more, and Medusa takes seconds for each. */
const LARGE_MODELS = 4
export const LARGE_LINES = 25
/** Of each kind, in a shop that is open. */
const OPEN_CARTS = 5_000

const Cart = z.object({ cart: z.object({ id: z.string() }) })
const ShippingOptions = z.object({
  shipping_options: z.array(z.object({ id: z.string(), type: z.object({ code: z.string() }) })),
})
const PaymentCollection = z.object({ payment_collection: z.object({ id: z.string() }) })

/**
 * Fills a few carts through Medusa's Store API, and makes as many copies of their rows as are asked for: Medusa takes
 * seconds for each, and hundreds are needed. Nothing is made before it is asked for.
 */
export function prepareCarts(sql: Sql, medusa: Target, demo: Demo, catalog: Catalog): Carts {
  const post = async <T extends z.ZodType>(path: string, body: unknown, answer: T): Promise<z.infer<T>> =>
    answer.parse(JSON.parse(await medusa.send({ method: "POST", path, body })))
  const create = async (body: object = {}) =>
    (await post("/store/carts", { region_id: demo.regions.es, ...body }, Cart)).cart.id
  const each = <T>(count: number, work: (index: number) => Promise<T>) =>
    Promise.all(Array.from({ length: count }, (_, i) => work(i)))
  const products = (from: number, count: number) =>
    Array.from({ length: count }, (_, i) => catalog.sample[(from + i) % catalog.sample.length])

  let copies = 0
  const copy = async (models: string[], count: number) => {
    const rounds = Math.ceil(count / models.length)
    const made = await copyCarts(sql, models, { from: copies + 1, to: copies + rounds })
    copies += rounds
    return made.slice(0, count)
  }

  const empty = once(async () => [await create()])

  const filled = once(() =>
    each(MODELS, async (index) => {
      const id = await create()
      for (const [line, product] of products(index * LINES, LINES).entries()) {
        await post(`/store/carts/${id}/line-items`, { variant_id: product?.variants[line], quantity: 1 }, Cart)
      }
      return id
    }),
  )

  const addressed = once(async () => {
    const models = await copy(await filled(), MODELS)
    await each(MODELS, (index) =>
      post(`/store/carts/${models[index]}`, { email: `model-${index}@example.com`, ...ADDRESSES }, Cart),
    )
    return models
  })

  const discounted = once(async () => {
    const models = await copy(await addressed(), MODELS)
    const body = { promo_codes: [demo.promotions.code] }
    await each(MODELS, (index) => post(`/store/carts/${models[index]}/promotions`, body, Cart))
    return models
  })

  const shippingOption = once(async () => {
    const [cart] = await addressed()
    const offered = await medusa.send({ method: "GET", path: `/store/shipping-options?cart_id=${cart}` })
    const found = ShippingOptions.parse(JSON.parse(offered)).shipping_options.find(
      ({ type }) => type.code === "standard",
    )
    if (!found) throw new Error(`The demo shop offers no standard parcel: ${offered.slice(0, 500)}`)
    return found.id
  })

  const payable = once(async () => {
    const models = await copy(await addressed(), MODELS)
    const option_id = await shippingOption()
    await each(MODELS, async (index) => {
      const id = models[index]
      await post(`/store/carts/${id}/shipping-methods`, { option_id }, Cart)
      const { payment_collection } = await post("/store/payment-collections", { cart_id: id }, PaymentCollection)
      const sessions = `/store/payment-collections/${payment_collection.id}/payment-sessions`
      await post(sessions, { provider_id: "pp_system_default" }, PaymentCollection)
    })
    return models
  })

  const large = once(() =>
    each(LARGE_MODELS, (index) => {
      const items = products(index * LARGE_LINES, LARGE_LINES).map((product, line) => ({
        variant_id: product?.variants[line % 3],
        quantity: 1 + (line % 2),
      }))
      return create({ email: `large-${index}@example.com`, ...ADDRESSES, items })
    }),
  )

  const fillShop = once(async () => {
    for (const models of [filled, discounted, payable]) await copy(await models(), OPEN_CARTS)
    await sql`insert into mostrador.cart_state (cart_id, version) select id, 1 from cart on conflict do nothing`
    await sql`vacuum (analyze)`
    // What was written now goes to its place now, and not while something is measured.
    await sql`checkpoint`
  })

  return {
    shippingOption,
    fillShop,
    empty: async (count) => copy(await empty(), count),
    filled: async (count) => copy(await filled(), count),
    addressed: async (count) => copy(await addressed(), count),
    discounted: async (count) => copy(await discounted(), count),
    payable: async (count) => copy(await payable(), count),
    large: async (count) => copy(await large(), count),
    collections: async (carts) => {
      const rows = await sql<{ id: string }[]>`
        select payment_collection_id as id from cart_payment_collection
        where cart_id = any(${carts}) and deleted_at is null`
      return rows.map(({ id }) => id)
    },
    withLine: async (carts) => [
      ...(await sql<{ cart: string; line: string }[]>`
        select cart_id as cart, min(id) as line from cart_line_item
        where cart_id = any(${carts}) and deleted_at is null group by cart_id`),
    ],
  }
}

export const ADDRESS = {
  first_name: "Ana",
  last_name: "Banco",
  address_1: "Calle Mayor 1",
  postal_code: "28013",
  city: "Madrid",
  country_code: "es",
}
const ADDRESSES = { shipping_address: ADDRESS, billing_address: ADDRESS }
