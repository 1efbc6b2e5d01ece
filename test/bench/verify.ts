import { z } from "zod"
import type { Demo } from "../../src/medusa/demo-shop/index.ts"
import type { Catalog } from "./catalog.ts"
import type { Call, Target } from "./load.ts"

/** The catalog is not what a bench can stand on. */
export class WrongCatalog extends Error {
  constructor(reason: string) {
    super(`The bulk catalog is wrong: ${reason}`)
  }
}

const Listed = z.object({ count: z.number() })
const Detail = z.object({
  product: z.object({
    variants: z.array(
      z.object({
        id: z.string(),
        options: z.array(z.object({ value: z.string() })).length(2),
        inventory_quantity: z.number(),
        calculated_price: z.object({ calculated_amount: z.number() }),
      }),
    ),
  }),
})
const Cart = z.object({
  cart: z.object({
    id: z.string(),
    items: z.array(z.object({ variant_id: z.string(), unit_price: z.number() })),
  }),
})

/**
 * Asks Medusa whether it sees all products, and buys the last one of the bulk.
 *
 * @throws WrongCatalog
 */
export async function verifyCatalog(medusa: Target, demo: Demo, catalog: Catalog): Promise<void> {
  const ask = async <T extends z.ZodType>(answer: T, call: Call): Promise<z.infer<T>> =>
    answer.parse(JSON.parse(await medusa.send(call)))

  const { count } = await ask(Listed, { method: "GET", path: "/store/products?limit=1&fields=id" })
  if (count !== catalog.soldOnWeb) throw new WrongCatalog(`Medusa lists ${count} products of ${catalog.soldOnWeb}`)

  const id = catalog.sample.at(-1)?.id
  const fields = "fields=*variants.calculated_price,%2Bvariants.inventory_quantity"
  const path = `/store/products/${id}?region_id=${demo.regions.es}&${fields}`
  const { product } = await ask(Detail, { method: "GET", path })
  const [variant] = product.variants
  if (!variant || product.variants.length !== 4) throw new WrongCatalog(`${id} has ${product.variants.length} variants`)
  if (variant.inventory_quantity <= 0) throw new WrongCatalog(`${variant.id} is out of stock`)

  const { cart } = await ask(Cart, { method: "POST", path: "/store/carts", body: { region_id: demo.regions.es } })
  const body = { variant_id: variant.id, quantity: 2 }
  const added = await ask(Cart, { method: "POST", path: `/store/carts/${cart.id}/line-items`, body })
  const [line] = added.cart.items
  const price = variant.calculated_price.calculated_amount
  if (line?.variant_id !== variant.id || line.unit_price !== price) {
    throw new WrongCatalog(`${variant.id} costs ${price}, but is in the cart as ${JSON.stringify(line)}`)
  }
}
