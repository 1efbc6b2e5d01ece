import { randomBytes } from "node:crypto"
import { demo } from "../../support/counter.ts"
import { type Asked, send } from "../compare.ts"
import type { Known } from "./step.ts"

/** Every customer and log-in of these tests has it. */
export const PASSWORD = "correct-horse-1"

/** More than all flows together put into carts. */
const PLENTY = 30

interface Product {
  id: string
  type_id: string | null
  collection_id: string | null
  categories: { id: string }[]
  tags: { id: string }[]
  options: { id: string }[]
  variants: { id: string; inventory_quantity: number }[]
}

/**
 * What all shoppers know of the demo shop: keys, regions, and the ids of a product of which there is plenty and of all
 * that it belongs to. Makes what the demo shop lacks, a reason for returns.
 *
 * @param medusa  Medusa's own address
 */
export async function openShop(medusa: string): Promise<Known> {
  const { admin, channels, regions, promotions, stock_locations, customers } = demo()
  const ask = async <T>(asked: Asked) => (await send(medusa, asked)).body as T

  const { email, password } = admin
  const login: Asked = { method: "POST", path: "/auth/user/emailpass", body: { email, password } }
  const { token } = await ask<{ token: string }>(login)
  const { return_reason } = await ask<{ return_reason: { id: string } }>({
    method: "POST",
    path: "/admin/return-reasons",
    headers: { authorization: `Bearer ${token}` },
    body: { value: `too-small-${randomBytes(4).toString("hex")}`, label: "Me queda pequeño" },
  })

  const key = channels.web.publishable_key
  const fields = "id,type_id,collection_id,*categories,tags.id,options.id,variants.id,+variants.inventory_quantity"
  const { products } = await ask<{ products: Product[] }>({
    path: `/store/products?limit=200&order=handle&fields=${encodeURIComponent(fields)}`,
    headers: { "x-publishable-api-key": key },
  })
  const product = products.find(
    ({ type_id, collection_id, categories, tags, variants }) =>
      type_id && collection_id && categories[0] && tags[0] && plentiful(variants).length > 1,
  )
  if (!product) throw new Error("No product of the demo shop has all that the flows need.")
  const [variant, variant2] = plentiful(product.variants)

  return {
    key,
    admin: token,
    ...regions,
    channel: channels.web.sales_channel_id,
    warehouse: stock_locations.warehouse,
    promotion: promotions.code,
    known_email: String(customers[0]?.email),
    known_password: String(customers[0]?.password),
    return_reason: return_reason.id,
    product: product.id,
    type: String(product.type_id),
    collection: String(product.collection_id),
    category: String(product.categories[0]?.id),
    tag: String(product.tags[0]?.id),
    option: String(product.options[0]?.id),
    variant: String(variant?.id),
    variant2: String(variant2?.id),
  }
}

/** What only one run of a flow may have. All are equally long, so that both runs' answers are. */
export function fresh(): Known {
  const name = randomBytes(6).toString("hex")
  return { email: `${name}@cliente.example`, other_email: `${name}@invitado.example` }
}

const plentiful = (variants: Product["variants"]) => variants.filter((it) => it.inventory_quantity >= PLENTY)
