import type { Sql } from "postgres"
import { z } from "zod"
import type { Demo } from "../../src/medusa/demo-shop/index.ts"
import type { Catalog } from "./catalog.ts"
import type { Target } from "./load.ts"

/** Carts in the state that a measured request needs, as many as it needs. */
export interface Carts {
  /** What puts a standard parcel into a cart. */
  shippingOption(): Promise<string>
  empty(count: number): Promise<string[]>
  /** With two lines, an e-mail address and addresses. */
  addressed(count: number): Promise<string[]>
  /** With a shipping method and a payment session, too: the next thing is the order. */
  payable(count: number): Promise<string[]>
}

/** So many different carts are filled; the rest are copies of them, by turns, so that not all want the same shelf. */
const MODELS = 8
const LINES = 2

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
  const create = async () => (await post("/store/carts", { region_id: demo.regions.es }, Cart)).cart.id
  const each = <T>(work: (index: number) => Promise<T>) =>
    Promise.all(Array.from({ length: MODELS }, (_, i) => work(i)))

  let copies = 0
  const copy = async (models: string[], count: number) => {
    const rounds = Math.ceil(count / models.length)
    const made = await copyCarts(sql, models, { from: copies + 1, to: copies + rounds })
    copies += rounds
    return made.slice(0, count)
  }

  const empty = once(async () => [await create()])

  const addressed = once(() =>
    each(async (index) => {
      const id = await create()
      for (let line = 0; line < LINES; line++) {
        const product = catalog.sample[(index * LINES + line) % catalog.sample.length]
        await post(`/store/carts/${id}/line-items`, { variant_id: product?.variants[line], quantity: 1 }, Cart)
      }
      await post(`/store/carts/${id}`, { email: `model-${index}@example.com`, ...ADDRESSES }, Cart)
      return id
    }),
  )

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
    await each(async (index) => {
      const id = models[index]
      await post(`/store/carts/${id}/shipping-methods`, { option_id }, Cart)
      const { payment_collection } = await post("/store/payment-collections", { cart_id: id }, PaymentCollection)
      const sessions = `/store/payment-collections/${payment_collection.id}/payment-sessions`
      await post(sessions, { provider_id: "pp_system_default" }, PaymentCollection)
    })
    return models
  })

  return {
    shippingOption,
    empty: async (count) => copy(await empty(), count),
    addressed: async (count) => copy(await addressed(), count),
    payable: async (count) => copy(await payable(), count),
  }
}

/** The same answer every time, made at the first. */
function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined
  return () => {
    made ??= make()
    return made
  }
}

const ADDRESS = {
  first_name: "Ana",
  last_name: "Banco",
  address_1: "Calle Mayor 1",
  postal_code: "28013",
  city: "Madrid",
  country_code: "es",
}
const ADDRESSES = { shipping_address: ADDRESS, billing_address: ADDRESS }

/** The tables that a cart's rows stand in: which of them are a cart's, and which of their columns are ids of its rows. */
const TABLES: { name: string; rows: string; ids: string[]; emailOf?: string }[] = [
  {
    name: "customer",
    rows: "id in (select customer_id from cart where id = any($1))",
    ids: ["id"],
    emailOf: "id",
  },
  {
    name: "cart_address",
    rows: "id in (select unnest(array[shipping_address_id, billing_address_id]) from cart where id = any($1))",
    ids: ["id", "customer_id"],
  },
  {
    name: "cart",
    rows: "id = any($1)",
    ids: ["id", "customer_id", "shipping_address_id", "billing_address_id"],
    emailOf: "customer_id",
  },
  { name: "cart_line_item", rows: "cart_id = any($1)", ids: ["id", "cart_id"] },
  { name: "cart_shipping_method", rows: "cart_id = any($1)", ids: ["id", "cart_id"] },
  ...["tax_line", "adjustment"].flatMap((kind) => [
    {
      name: `cart_line_item_${kind}`,
      rows: "item_id in (select id from cart_line_item where cart_id = any($1))",
      ids: ["id", "item_id"],
    },
    {
      name: `cart_shipping_method_${kind}`,
      rows: "shipping_method_id in (select id from cart_shipping_method where cart_id = any($1))",
      ids: ["id", "shipping_method_id"],
    },
  ]),
  {
    name: "payment_collection",
    rows: "id in (select payment_collection_id from cart_payment_collection where cart_id = any($1))",
    ids: ["id"],
  },
  {
    name: "payment_session",
    rows: "payment_collection_id in (select payment_collection_id from cart_payment_collection where cart_id = any($1))",
    ids: ["id", "payment_collection_id"],
  },
  { name: "cart_payment_collection", rows: "cart_id = any($1)", ids: ["id", "cart_id", "payment_collection_id"] },
]

/** An id of a copied row: the model's, with the number of the copy for the last of its random characters. */
const copiedId = (column: string) => `left(${column}, -7) || lpad(copy::text, 7, '0')`

/**
 * Copies the rows of carts once for each number; every copy has a guest customer of its own.
 *
 * @returns ids of the copies, the models by turns
 */
async function copyCarts(sql: Sql, models: string[], numbers: { from: number; to: number }): Promise<string[]> {
  await sql.begin(async (tx) => {
    for (const { name, rows, ids, emailOf } of TABLES) {
      const changes = ids.map((column) => `'${column}', ${copiedId(`it.${column}`)}`)
      if (emailOf) changes.push(`'email', lower(${copiedId(`it.${emailOf}`)}) || '@example.com'`)
      await tx.unsafe(
        `insert into ${name}
         select made.* from ${name} it, generate_series($2::int, $3::int) copy,
           lateral jsonb_populate_record(null::${name}, to_jsonb(it) || jsonb_build_object(${changes.join(", ")})) made
         where it.${rows}`,
        [models, numbers.from, numbers.to],
      )
    }
  })
  await sql.unsafe(`analyze ${TABLES.map(({ name }) => name).join(", ")}`)
  const made = await sql<{ id: string }[]>`
    select ${sql.unsafe(copiedId("model"))} as id
    from generate_series(${numbers.from}::int, ${numbers.to}::int) copy,
      unnest(${models}::text[]) with ordinality it(model, place)
    order by copy, place`
  return made.map(({ id }) => id)
}
