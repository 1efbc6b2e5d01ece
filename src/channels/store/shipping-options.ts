import { z } from "@hono/zod-openapi"
import { readCartTotals } from "../../commerce/carts/index.ts"
import { CartIncomplete, LeftToMedusa, type ListedOption, listOptions } from "../../commerce/shipping/index.ts"
import { booleanText } from "../../medusa/filter-parameters.ts"
import type { Services } from "../counter.ts"
import { WireError } from "../errors.ts"
import { withCart } from "../security.ts"
import { presentedCart } from "./carts/index.ts"
import { lane } from "./lane.ts"

const COLUMNS = ["id", "name", "price_type", "service_zone_id", "shipping_profile_id", "provider_id", "data"] as const
/** Columns that are shown to who asks for them. */
const ON_REQUEST = ["shipping_option_type_id", "metadata"] as const
const SET = "service_zone.fulfillment_set"
/**
 * What may be asked for and is there in any case, but for those on request: Medusa adds to its list what is asked for,
 * and takes nothing away. Relations by their bare name, and all else, are Medusa's.
 */
const FIELDS = new Set<string>([
  ...[...COLUMNS, ...ON_REQUEST],
  ...["type.id", "type.label", "type.description", "type.code", "provider.id", "provider.is_enabled"],
  ...["service_zone.fulfillment_set_id", `${SET}.type`, `${SET}.location.id`, `*${SET}.location.address`],
])

/** As Medusa takes a name: what marks it as one to be added makes no difference here. */
const nameOf = (field: string) => field.replace(/^[+ ]/, "")
const asked = (text: string) => text.split(",").map(nameOf)

const fields = z
  .string()
  .refine((text) => asked(text).every((it) => FIELDS.has(it)), "only those that the counter shows itself")
  .optional()
  .openapi({
    description: "`metadata` and `shipping_option_type_id` beyond what is shown anyway.",
    example: `+metadata,*${SET}.location.address`,
  })
const count = z.string().regex(/^\d{1,9}$/)

const OptionAnswer = z
  .object({
    id: z.string().openapi({ example: "so_01M7ZRVFH8HMMAP027Z42YKK0G" }),
    name: z.string().openapi({ example: "Envío estándar" }),
    price_type: z.enum(["flat", "calculated"]),
    provider_id: z.string().nullable(),
    amount: z.number().optional().openapi({ description: "Not there when no price is for this cart." }),
    is_tax_inclusive: z.boolean(),
    insufficient_inventory: z.boolean(),
  })
  .loose()
  .openapi("StoreShippingOption", { description: "As in Medusa's Store API." })

/** What may be asked about the options of a cart. */
export const ShippingOptionsQuery = z.object({ is_return: booleanText.optional(), fields }).strict()
export const ShippingOptions = z.object({ shipping_options: z.array(OptionAnswer) })

export function listShippingOptions(services: Services) {
  return lane({
    method: "get",
    path: "/store/shipping-options",
    summary: "List the shipping options of a cart",
    security: withCart,
    description: "Those that go from the cart's sales channel to its address, at the cart's prices.",
    query: z.object({
      cart_id: z
        .string()
        .regex(/^[\w-]+$/)
        .openapi({ example: "cart_01M7ZRVFH8HMMAP027Z42YKK0G" }),
      ...ShippingOptionsQuery.shape,
      limit: count.optional().openapi({ description: "Without effect, as in Medusa." }),
      offset: count.optional().openapi({ description: "Without effect, as in Medusa." }),
    }),
    answer: ShippingOptions,
    errors: { 404: "There is no cart with this id." },
    async handle(c, { cart_id, ...query }) {
      const presented = await presentedCart(c, services, cart_id, noSuchCart(cart_id))
      return await shippingOptionsOf(services, presented?.cart_id ?? cart_id, query)
    },
  })
}

const noSuchCart = (id: string) => new WireError(404, "not_found", `Cart id not found: ${id}`)

/**
 * What can be chosen for a cart, for whoever the cart answers to.
 *
 * @returns undefined when only Medusa knows
 * @throws WireError when there is no such cart, or it lacks what its shipping hangs on
 */
export async function shippingOptionsOf(
  { currencies, database: { sql }, pricing, shipping }: Services,
  cartId: string,
  { is_return = false, fields }: z.output<typeof ShippingOptionsQuery>,
): Promise<{ shipping_options: object[] } | undefined> {
  const readTotals = () => readCartTotals(sql, cartId, (code) => currencies.find(code)?.decimal_digits)
  const { reference } = shipping
  const listed = await listOptions(sql, cartId, reference, pricing.reference, { is_return }, readTotals).catch(
    (error: unknown) => {
      if (error instanceof CartIncomplete) throw new WireError(400, "invalid_data", error.message)
      throw error
    },
  )
  if (!listed) throw noSuchCart(cartId)
  if (listed instanceof LeftToMedusa) return undefined
  const wanted = new Set(fields === undefined ? [] : asked(fields))
  return { shipping_options: listed.map((it) => shown(it, wanted)) }
}

/** @source Medusa 2.21 `core-flows/dist/cart/workflows/list-shipping-options-for-cart.js` */
function shown({ option, price, insufficient_inventory }: ListedOption, wanted: ReadonlySet<string>) {
  const { id, name, price_type, service_zone_id, shipping_profile_id, provider_id, data } = option
  const { type, provider, rules, fulfillment_set, location, base_prices } = option
  return {
    ...{ id, name, price_type, service_zone_id, shipping_profile_id, provider_id, data },
    ...Object.fromEntries(ON_REQUEST.filter((it) => wanted.has(it)).map((it) => [it, option[it]])),
    service_zone: {
      id: service_zone_id,
      fulfillment_set_id: fulfillment_set.id,
      // A location without an address does not say so.
      fulfillment_set: { ...fulfillment_set, location: location?.address ? location : { id: location?.id } },
    },
    ...{ type, provider, rules },
    ...(price === undefined ? {} : { calculated_price: price }),
    prices: base_prices.map(({ rules: price_rules, ...columns }) => ({ ...columns, price_list: null, price_rules })),
    ...(price ? { amount: price.calculated_amount } : {}),
    is_tax_inclusive: price?.is_calculated_price_tax_inclusive ?? false,
    insufficient_inventory,
  }
}
