import { openDatabase } from "../../../src/platform/db/index.ts"
import { demo, openCounterBeforeMedusa } from "../../support/counter.ts"
import { untilBuilt } from "../../support/documents.ts"
import { theMedusa } from "../../support/medusa.ts"
import { type Sides, send } from "../compare.ts"

/** Ids of the demo shop that requests are made of. */
export interface Ids {
  products: string[]
  variants: string[]
  categories: string[]
  collections: string[]
  tags: string[]
  types: string[]
  options: string[]
  optionValues: string[]
  titles: string[]
  handles: string[]
  skus: string[]
  priceLists: string[]
  inventoryItems: string[]
}

export async function readIds(): Promise<Ids> {
  const { sql, close } = openDatabase(theMedusa().databaseUrl, { connections: 1 })
  const column = async (text: string) =>
    (await sql.unsafe(`${text} order by 1`)).map((row) => String(Object.values(row)[0]))
  try {
    return {
      products: await column("select id from product where deleted_at is null"),
      variants: await column("select id from product_variant where deleted_at is null"),
      categories: await column("select id from product_category where deleted_at is null"),
      collections: await column("select id from product_collection where deleted_at is null"),
      tags: await column("select id from product_tag where deleted_at is null"),
      types: await column("select id from product_type where deleted_at is null"),
      options: await column("select id from product_option where deleted_at is null"),
      optionValues: await column("select id from product_option_value where deleted_at is null"),
      titles: await column("select title from product where deleted_at is null"),
      handles: await column("select handle from product where deleted_at is null"),
      skus: await column("select sku from product_variant where sku is not null and deleted_at is null"),
      priceLists: await column("select id from price_list where deleted_at is null"),
      inventoryItems: await column("select id from inventory_item where deleted_at is null"),
    }
  } finally {
    await close()
  }
}

/** The counter before the run's Medusa, when it has followed what other files have changed; and everyone who asks. */
export async function openShop() {
  const counter = await openCounterBeforeMedusa()
  const { sql, close } = openDatabase(theMedusa().databaseUrl, { connections: 1 })
  await untilBuilt({ sql }, 120).finally(close)
  const sides: Sides = { counter: counter.url, medusa: theMedusa().url }
  const login = async (actor: "user" | "customer", email: string, password: string) => {
    const answer = await send(sides.medusa, {
      method: "POST",
      path: `/auth/${actor}/emailpass`,
      body: { email, password },
    })
    return { authorization: `Bearer ${(answer.body as { token: string }).token}` }
  }
  const admin = await login("user", demo().admin.email, demo().admin.password)
  const customers = await Promise.all(
    demo()
      .customers.slice(0, 3)
      .map(({ email, password }) => login("customer", email, password)),
  )
  return { counter, sides, admin, customers, ids: await readIds() }
}

/** How many requests the lanes themselves have answered so far. */
export const answeredByLane = (sides: Pick<Sides, "counter">): Promise<number> => answered(sides, "lane")

/** How many requests Medusa has answered through the counter so far. */
export const passedThrough = (sides: Pick<Sides, "counter">): Promise<number> => answered(sides, "passthrough")

async function answered({ counter }: Pick<Sides, "counter">, way: string): Promise<number> {
  const { text } = await send(counter, { path: "/metrics" })
  return Number(text.match(new RegExp(`mostrador_http_requests_total\\{way="${way}",class="2xx"\\} (\\d+)`))?.[1] ?? 0)
}
