import { z } from "@hono/zod-openapi"
import {
  type CartEvent,
  HISTORY_LANGUAGES,
  type HistoryLanguage,
  placeOfCart,
  readHistory,
  saidOf,
  whatOf,
} from "../../../commerce/carts/index.ts"
import type { Services } from "../../counter.ts"
import { languageOf } from "../../language.ts"
import { wrongParameter } from "../../parameters.ts"
import { withCart } from "../../security.ts"
import { ownRoute } from "../own.ts"
import { noCart, presentedCart } from "./presented.ts"
import { CartHeaders, CartParams } from "./stream.ts"

export const HISTORY_LIMIT = { standard: 50, most: 200 }

/** Parameters of both histories. */
export const HistoryQuery = z.object({
  limit: z
    .string()
    .regex(/^\d{1,4}$/, "must be a whole number")
    .transform(Number)
    .refine((it) => it >= 1 && it <= HISTORY_LIMIT.most, `must be between 1 and ${HISTORY_LIMIT.most}`)
    .optional()
    .openapi({ description: `${HISTORY_LIMIT.standard} unless it is given.`, example: "50" }),
  cursor: z.string().min(1, "is empty").max(100).optional().openapi({ description: "Of the page before." }),
})

const names = z.object({ added: z.array(z.string()), removed: z.array(z.string()) })
/** An entry, but for who has made it. */
export const HistoryEntry = z.object({
  id: z.string().openapi({ example: "evt_01M7ZRVFH8HMMAP027Z42YKK0G" }),
  name: z.string().openapi({ example: "cart.line_added" }),
  message: z.string().openapi({ example: "Added 2 × Camiseta." }),
  occurred_at: z.iso.datetime(),
  cart_id: z.string().openapi({ description: "To which cart it happened: this one, or one that was merged into it." }),
  order_id: z.string().nullable().openapi({ description: "Of what has happened to the order that was made of it." }),
  version: z.number().nullable(),
  channel: z.string().nullable().openapi({ description: "Id of the sales channel." }),
  device: z.string().nullable(),
  what: z.object({
    changed: z.array(z.string()),
    lines: z.array(
      z.object({
        id: z.string(),
        variant_id: z.string().nullable(),
        title: z.string(),
        quantity: z.object({ from: z.number(), to: z.number() }),
      }),
    ),
    promotions: names,
    shipping_methods: names,
    merge: z.object({ policy: z.string(), dropped: z.array(z.unknown()) }).optional(),
  }),
})
const Entry = HistoryEntry.extend({ actor: z.object({ type: z.string() }) }).openapi("CartHistoryEntry")

export const shownEntry = (event: CartEvent, language: HistoryLanguage): z.infer<typeof HistoryEntry> => {
  const { id, name, occurred_at, cart_id, subject_id, version, channel, device, data } = event
  const isOfOrder = name.startsWith("order.")
  return {
    ...{ id, name, message: saidOf(event, language), occurred_at, cart_id },
    ...{ order_id: isOfOrder ? subject_id : null, version, channel, device },
    // What an order's story holds is for who may see the order.
    what: whatOf(isOfOrder ? { before: null, after: null } : data),
  }
}

/**
 * A page of all that has happened to a cart.
 *
 * @returns the cursor of the next one, null at the end
 */
export async function historyPage(
  { database }: Pick<Services, "database">,
  cartId: string,
  { limit = HISTORY_LIMIT.standard, cursor }: z.output<typeof HistoryQuery>,
): Promise<{ events: CartEvent[]; cursor: string | null }> {
  const found = await readHistory(database.sql, cartId, { after: positionIn(cursor), limit: limit + 1 })
  const events = found.slice(0, limit)
  const last = events.at(-1)
  return {
    events,
    cursor: found.length > limit && last ? Buffer.from(`1.${last.position}`).toString("base64url") : null,
  }
}

function positionIn(cursor: string | undefined): string {
  if (cursor === undefined) return "0"
  const [, position] = /^1\.(\d{1,18})$/.exec(Buffer.from(cursor, "base64url").toString("latin1")) ?? []
  if (position === undefined) throw wrongParameter("cursor", "is not one that was given out here")
  return position
}

/** What has happened to a cart. */
export const cartHistory = (services: Services) =>
  ownRoute({
    path: "/store/carts/{id}/history",
    summary: "Look up what has happened to a cart",
    description:
      "Every change from the first line to the order and what became of it, on one line of time, across the carts that were merged into this one; the oldest first, in words for people (English and Spanish) and in codes for programs. Of who made it only the kind is told. As far back as events are kept: 30 days. For who may see the cart.",
    params: CartParams,
    security: withCart,
    query: HistoryQuery,
    headers: CartHeaders,
    answer: {
      description: "A page; `cursor` is for the next one, null at the end.",
      content: {
        "application/json": {
          schema: z.object({ cart_id: z.string(), history: z.array(Entry), cursor: z.string().nullable() }),
        },
      },
    },
    errors: { 404: "There is no such cart, or the caller may not see it." },
    async handle(c, query) {
      const id = c.req.param("id") ?? ""
      const place = await presentedCart(c, services, id)
      if (!place) throw noCart(id)
      const language = languageOf(c, HISTORY_LANGUAGES)
      const { events, cursor } = await historyPage(services, place.cart_id, query)
      const history = events.map((it) => ({ ...shownEntry(it, language), actor: { type: it.actor.type } }))
      return c.json({ cart_id: place.cart_id, history, cursor }, 200, {
        "Cache-Control": "no-store",
        "Content-Language": language,
        Vary: "Origin, Accept-Language",
      })
    },
  })

/** The cart that staff mean, whoever's it is; also one that is gone, while something is known of it. */
export async function cartOfStaff({ database }: Pick<Services, "database">, id: string): Promise<string> {
  const place = await placeOfCart(database.sql, id)
  if (place) return place.cart_id
  const [known] =
    await database.sql`select from mostrador.event where subject_id = ${id} and subject_type = 'cart' limit 1`
  if (!known) throw noCart(id)
  return id
}
