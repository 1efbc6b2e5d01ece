import { register } from "./logins.ts"
import type { Flow, Step } from "./step.ts"

export const ADDRESS = {
  first_name: "Pilar",
  last_name: "Ruiz",
  address_1: "Calle del Pez 9",
  postal_code: "28004",
  city: "Madrid",
  country_code: "es",
}

const CART = { id: "$cart" }
const LINE = { id: "$cart", line_id: "$line" }
const UNKNOWN = { id: "cart_unknown" }

/** A cart of Spain with two of a product in it, known as `cart` and `line` afterwards. */
const fill: Step[] = [
  {
    route: "POST /store/carts",
    body: { region_id: "$es", email: "$email", shipping_address: ADDRESS, billing_address: ADDRESS },
    keep: { cart: "cart.id" },
  },
  {
    route: "POST /store/carts/:id/line-items",
    params: CART,
    body: { variant_id: "$variant", quantity: 2 },
    keep: { line: "cart.items.0.id" },
  },
]

const deliver: Step[] = [
  { route: "GET /store/shipping-options", query: "cart_id=$cart", keep: { shipping: "shipping_options.0.id" } },
  { route: "POST /store/carts/:id/shipping-methods", params: CART, body: { option_id: "$shipping" } },
]

const pay: Step[] = [
  { route: "POST /store/payment-collections", body: { cart_id: "$cart" }, keep: { payment: "payment_collection.id" } },
  {
    route: "POST /store/payment-collections/:id/payment-sessions",
    params: { id: "$payment" },
    body: { provider_id: "pp_system_default" },
  },
]

/** A guest buys two of a product; the order and its line are known as `order` and `order_line` afterwards. */
export const buy: Step[] = [
  ...fill,
  ...deliver,
  ...pay,
  {
    route: "POST /store/carts/:id/complete",
    params: CART,
    keep: { order: "order.id", order_line: "order.items.0.id" },
  },
]

const lines: Flow = {
  name: "a guest fills a cart and changes his mind",
  steps: [
    { route: "POST /store/carts", body: { region_id: "reg_unknown" }, status: 404 },
    { route: "POST /store/carts", body: { colour: "blue" }, status: 400 },
    {
      route: "POST /store/carts",
      body: { region_id: "$gb", items: [{ variant_id: "$variant2", quantity: 1 }], metadata: { from: "laptop" } },
    },
    ...fill,
    { route: "GET /store/carts/:id", params: CART },
    { route: "GET /store/carts/:id", params: CART, query: "fields=id,total,*items" },
    { route: "GET /store/carts/:id", params: UNKNOWN, status: 404 },
    {
      route: "POST /store/carts/:id/line-items",
      params: CART,
      body: { variant_id: "$variant2", quantity: 1, metadata: { gift: true } },
    },
    {
      route: "POST /store/carts/:id/line-items",
      params: CART,
      body: { variant_id: "variant_unknown", quantity: 1 },
      status: 400,
    },
    {
      route: "POST /store/carts/:id/line-items",
      params: CART,
      body: { variant_id: "$variant", quantity: 0 },
      status: 400,
    },
    {
      route: "POST /store/carts/:id/line-items",
      params: CART,
      body: { variant_id: "$variant", quantity: 100_000 },
      status: 400,
    },
    { route: "POST /store/carts/:id/line-items/:line_id", params: LINE, body: { quantity: 3 } },
    { route: "POST /store/carts/:id/line-items/:line_id", params: LINE, body: { quantity: -1 }, status: 400 },
    {
      route: "POST /store/carts/:id/line-items/:line_id",
      params: { ...CART, line_id: "cali_unknown" },
      body: { quantity: 1 },
      status: 404,
    },
    { route: "DELETE /store/carts/:id/line-items/:line_id", params: LINE },
    {
      route: "DELETE /store/carts/:id/line-items/:line_id",
      params: { ...CART, line_id: "cali_unknown" },
    },
    { route: "POST /store/carts/:id", params: CART, body: { region_id: "$fr", metadata: { from: "phone" } } },
    { route: "POST /store/carts/:id", params: CART, body: { email: "no address" }, status: 400 },
    { route: "POST /store/carts/:id", params: UNKNOWN, body: {}, status: 404 },
    { route: "POST /store/carts/:id/taxes", params: CART, body: {} },
    { route: "POST /store/carts/:id/taxes", params: UNKNOWN, body: {}, status: 404 },
  ],
}

const offers: Flow = {
  name: "a guest tries a promotion code",
  steps: [
    ...fill,
    { route: "POST /store/carts/:id/promotions", params: CART, body: { promo_codes: ["$promotion"] } },
    { route: "POST /store/carts/:id/promotions", params: CART, body: { promo_codes: ["NOTHING"] }, status: 400 },
    { route: "POST /store/carts/:id/promotions", params: CART, body: {}, status: 400 },
    { route: "DELETE /store/carts/:id/promotions", params: CART, body: { promo_codes: ["$promotion"] } },
    { route: "DELETE /store/carts/:id/promotions", params: CART, body: {}, status: 400 },
  ],
}

const owners: Flow = {
  name: "a guest logs in and takes his cart along",
  steps: [
    ...fill,
    ...register("$email", "customer"),
    { route: "POST /store/carts/:id/customer", params: CART, body: {}, status: 401 },
    { route: "POST /store/carts/:id/customer", params: CART, as: "customer", body: {} },
    { route: "POST /store/carts/:id/customer", params: UNKNOWN, as: "customer", body: {}, status: 404 },
  ],
}

const checkout: Flow = {
  name: "a guest chooses how it comes, pays, and has an order",
  steps: [
    ...fill,
    ...deliver,
    { route: "GET /store/shipping-options", query: "cart_id=cart_unknown", status: 404 },
    { route: "GET /store/shipping-options", status: 400 },
    {
      route: "POST /store/shipping-options/:id/calculate",
      params: { id: "$shipping" },
      body: { cart_id: "$cart" },
      status: 500,
      impossible:
        "No carrier of the demo shop reckons prices: Medusa's manual provider cannot, and others need an account.",
    },
    { route: "POST /store/shipping-options/:id/calculate", params: { id: "$shipping" }, body: {}, status: 400 },
    { route: "POST /store/carts/:id/shipping-methods", params: CART, body: { option_id: "so_unknown" }, status: 400 },
    { route: "POST /store/carts/:id/complete", params: CART, status: 400 },
    ...pay,
    { route: "POST /store/payment-collections", body: { cart_id: "cart_unknown" }, status: 404 },
    {
      route: "POST /store/payment-collections/:id/payment-sessions",
      params: { id: "$payment" },
      body: { provider_id: "pp_unknown" },
      status: 400,
    },
    { route: "POST /store/carts/:id/complete", params: UNKNOWN, status: 404 },
    { route: "POST /store/carts/:id/complete", params: CART, keep: { order: "order.id" } },
    { route: "POST /store/carts/:id/complete", params: CART },
    {
      route: "POST /store/carts/:id/line-items",
      params: CART,
      body: { variant_id: "$variant", quantity: 1 },
      status: 400,
    },
    { route: "GET /store/orders/:id", params: { id: "$order" } },
  ],
}

export const CARTS: Flow[] = [lines, offers, owners, checkout]
