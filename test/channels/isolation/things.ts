import { randomUUID } from "node:crypto"
import Stripe from "stripe"
import { demo } from "../../support/counter.ts"
import { guest, type Headers } from "../../support/desks.ts"
import { until } from "../../support/http.ts"
import { type Cast, customer, type Shop, someUser, staff, till, well } from "./cast.ts"

export const STRIPE_SECRET = "whsec_1"
export const WEBHOOK_SECRET = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"

/** What stands in everything of A's that has words, and in nothing else. */
export const SAID = { first_name: "Marcadeana", address_1: "Calle de la Marca de Ana 1", note: "nota-marca-de-ana" }
export const GUESTS_EMAIL = "guest@tienda.example"
const ADDRESS = { ...SAID, city: "Madrid", postal_code: "28001", country_code: "es", phone: "+34600987123" }
const { note: _, ...SHIPPED } = ADDRESS

/** Carts of A's and what hangs on them, always there: what was used up is made anew. */
export async function thingsOf(
  shop: Shop,
  { ana, oriol, agent, cashier, boss }: Pick<Cast, "ana" | "oriol" | "agent" | "cashier" | "boss">,
  receiver: string,
) {
  const oriols = await customer(oriol.id)
  const { sql } = shop.database
  const { regions, variants, channels, stock_locations, promotions } = demo()
  const line = { variant_id: variants.unmanaged, quantity: 1, metadata: { note: SAID.note } }
  const made = { carts: [] as string[], others: [] as string[] }
  const remember = (list: string[], id: string): string => {
    if (!list.includes(id)) list.push(id)
    return id
  }
  const kept: Record<string, string> = {}
  /** The same until `isGood` says that it is used up. */
  const keep = async (name: string, make: () => Promise<string>, isGood: (id: string) => Promise<boolean>) => {
    const before = kept[name]
    if (before === undefined || !(await isGood(before))) kept[name] = await make()
    return kept[name] as string
  }
  const isOpen = async (id: string) =>
    (await sql`select from cart where id = ${id} and completed_at is null`).length === 1

  /** Ready to be ordered, with a line. */
  async function filled(room: "/store" | "/pos" | "/agent", id: string, headers: Headers): Promise<string> {
    const path = `${room}/carts/${id}`
    const { cart } = await well(shop, "GET", path, headers)
    if (cart.items.length === 0) await well(shop, "POST", `${path}/line-items`, headers, line)
    if (room !== "/pos") await well(shop, "POST", path, headers, { shipping_address: SHIPPED })
    return remember(made.carts, id)
  }

  const cart = async () => {
    const { id } = (await well(shop, "GET", `/store/customers/me/cart?region_id=${regions.es}`, ana)).cart
    return await filled("/store", id, ana)
  }
  const guests = () =>
    keep(
      "guest",
      async () => {
        const id = (await well(shop, "POST", "/store/carts", guest(), { region_id: regions.es })).cart.id as string
        await well(shop, "POST", `/store/carts/${id}`, guest(), { email: GUESTS_EMAIL })
        return await filled("/store", id, guest())
      },
      isOpen,
    )
  const tillCart = () =>
    keep(
      "till",
      async () => filled("/pos", (await well(shop, "POST", "/pos/carts", cashier, {})).cart.id, cashier),
      isOpen,
    )
  const found = async () => {
    await well(shop, "GET", `/agent/customers?phone=${encodeURIComponent(oriol.phone)}`, agent)
    return oriol.id
  }
  const agentCart = async () => {
    const { id } = (await well(shop, "GET", `/agent/customers/${await found()}/cart`, agent)).cart
    return await filled("/agent", id, agent)
  }
  const lineOf = async (room: "/store" | "/pos" | "/agent", id: string, headers: Headers): Promise<string> => {
    const { cart } = await well(shop, "POST", `${room}/carts/${id}/line-items`, headers, line)
    return remember(made.others, cart.items[0].id)
  }
  const option = async (id: string, headers: Headers): Promise<string> =>
    (await well(shop, "GET", `/store/shipping-options?cart_id=${id}`, headers)).shipping_options[0].id
  const collection = async (cart_id: string, headers: Headers): Promise<string> => {
    const { payment_collection } = await well(shop, "POST", "/store/payment-collections", headers, { cart_id })
    return remember(made.others, payment_collection.id)
  }
  /** All that a cart needs to be an order. */
  async function payable(id: string, headers: Headers): Promise<string> {
    const option_id = await option(id, headers)
    await well(shop, "POST", `/store/carts/${id}/shipping-methods`, headers, { option_id })
    const path = `/store/payment-collections/${await collection(id, headers)}/payment-sessions`
    await well(shop, "POST", path, headers, { provider_id: "pp_system_default" })
    return id
  }
  const cartToken = async (id: string): Promise<string> => {
    const { code } = (await well(shop, "POST", `/store/carts/${id}/handoff`, ana, { to: "device" })).handoff
    return (await well(shop, "POST", `/store/handoffs/${code}/claim`, guest())).claim.token
  }
  const order = () =>
    keep(
      "order",
      async () => {
        const id = await payable(await cart(), ana)
        kept.claimOfOrder = await cartToken(id)
        return remember(made.others, (await well(shop, "POST", `/store/carts/${id}/complete`, ana)).order.id as string)
      },
      async () => true,
    )
  const guestsOrder = () =>
    keep(
      "guestsOrder",
      async () =>
        (await well(shop, "POST", `/store/carts/${await payable(await guests(), guest())}/complete`, guest())).order.id,
      async () => true,
    )
  const handoff = async (to: "device" | "pos" | "agent") =>
    (await well(shop, "POST", `/store/carts/${await cart()}/handoff`, ana, { to })).handoff.code as string
  const asAdmin = (method: string, path: string, body?: unknown) =>
    well(shop, method, `/admin/omnichannel${path}`, boss, body)
  const exists = (table: string) => async (id: string) =>
    (await sql`select from mostrador.${sql(table)} where ${sql(table === "staff_member" ? "user_id" : "id")} = ${id}`)
      .length === 1

  return {
    /** Ids of all that was made so far. */
    marks: () => [...made.carts, ...made.others],
    ...{
      cart,
      guests,
      tillCart,
      agentCart,
      found,
      lineOf,
      option,
      collection,
      payable,
      order,
      guestsOrder,
      handoff,
      cartToken,
    },
    /** What A has on two devices is one cart, which has two ids from then on. */
    async alias(): Promise<string> {
      const before = await cart()
      const { id } = (await well(shop, "POST", "/store/carts", guest(), { region_id: regions.es })).cart
      await well(shop, "POST", `/store/carts/${id}/customer`, ana, {})
      remember(made.carts, id)
      return before
    },
    /** A token of who had redeemed a code for the cart that her order was. */
    async claimOfOrder(): Promise<string> {
      await order()
      return kept.claimOfOrder ?? ""
    },
    ticket: async (room: "/store" | "/pos" | "/agent", id: string, headers: Headers): Promise<string> =>
      (await well(shop, "POST", `${room}/carts/${id}/stream-ticket`, headers)).ticket,
    orderToken: async (): Promise<string> =>
      (await well(shop, "POST", `/store/orders/${await order()}/access`, ana, {})).token,
    channel: () =>
      keep(
        "channel",
        async () =>
          (
            await asAdmin("POST", "/channels", {
              ...{ name: randomUUID(), kind: "other", sales_channel_id: channels.web.sales_channel_id },
            })
          ).channel.id,
        exists("channel"),
      ),
    till: () =>
      keep("newTill", async () => remember(made.others, (await till(shop, stock_locations.madrid)).id), exists("till")),
    member: () =>
      keep("member", async () => remember(made.others, await staff(shop, "cashier")), exists("staff_member")),
    user: () => someUser(shop),
    webhook: () =>
      keep(
        "webhook",
        async () => {
          const asked = { url: receiver, event_types: ["order.placed"], secret: WEBHOOK_SECRET }
          return remember(made.others, (await asAdmin("POST", "/webhooks", asked)).webhook.id)
        },
        async (id) =>
          (await sql`select from mostrador.webhook_endpoint where id = ${id} and deleted_at is null`).length === 1,
      ),
    /** An event that was sent to the endpoint. */
    async sentEvent(): Promise<string> {
      const path = `/webhooks/${await this.webhook()}/deliveries`
      await well(shop, "POST", `/store/carts/${await payable(await guests(), guest())}/complete`, guest())
      const sent = async () => (await asAdmin("GET", path)).deliveries[0]?.event_id as string | undefined
      await until("all is sent", async () => {
        const { deliveries } = await asAdmin("GET", path)
        return deliveries.length > 0 && deliveries.every((it: { status: string }) => it.status === "delivered")
      })
      return (await sent()) ?? ""
    },
    async pairingCode(): Promise<string> {
      return (await asAdmin("POST", `/tills/${await this.till()}/pairing-code`, {})).pairing_code.code
    },
    /** Only Stripe makes one. */
    async repair(): Promise<string> {
      const id = `payrep_${randomUUID()}`
      await sql`
        insert into mostrador.payment_repair
          (id, payment_intent_id, payment_session_id, amount, currency_code, reason, message, action)
        values (${id}, ${`pi_${id}`}, 'payses_1', 10, 'eur', 'cart_refused', ${SAID.note}, 'cancel')`
      return remember(made.others, id)
    },
    async safetyStock(): Promise<{ location_id: string; variant_id: string }> {
      const it = { location_id: stock_locations.madrid, variant_id: variants.scarce }
      await asAdmin("POST", "/safety-stock", { ...it, quantity: 1 })
      return it
    },
    async code(): Promise<string> {
      const [row] = await sql<{ sku: string }[]>`select sku from product_variant where id = ${variants.unmanaged}`
      return row?.sku ?? ""
    },
    /** Something that the shop shows everybody. */
    async some(noun: string): Promise<string> {
      const [row] = await sql<{ id: string }[]>`
        select id from ${sql(noun)} where deleted_at is null order by id limit 1`
      return row?.id ?? ""
    },
    stripeSignature: (payload: string): string =>
      Stripe.webhooks.generateTestHeaderString({ payload, secret: STRIPE_SECRET }),
    headers: { ana, oriol: oriols, cashier, agent },
    ...{ promotion: promotions.code, receiver, line },
  }
}

export type Things = Awaited<ReturnType<typeof thingsOf>>
