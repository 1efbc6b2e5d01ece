import { type OpenAPIHono, z } from "@hono/zod-openapi"
import { type Draft, matchingLine } from "../../../commerce/carts/index.ts"
import type { StockRow } from "../../../commerce/inventory/index.ts"
import type { Counter, Services } from "../../counter.ts"
import { addDeskRoute, type DeskRoom, type DeskVerb, letGoOfCards, onCart, shownBy } from "../../desks/index.ts"
import { WireError } from "../../errors.ts"
import { readAs } from "../../read-as.ts"
import { addingLine, cartIn, changeCart, findByCode, noCart, type Verb } from "../../store/index.ts"

export const Scanned = z
  .object({
    barcode: z.string().trim().min(1).max(200).openapi({
      description: "What stands under the bars (barcode, EAN, UPC), or the SKU.",
      example: "8437000000013",
    }),
    quantity: z.number().int().min(1).max(9_999).optional().openapi({ description: "1 unless it is given." }),
  })
  .strict()

/** What is scanned goes into the cart. */
export function addScan(app: OpenAPIHono<Counter>, services: Services, room: DeskRoom): void {
  addDeskRoute(app, room, {
    ...{ method: "post", path: "/carts/:id/scan" },
    handle: onCart(services, async (c, desk) => {
      const { barcode, quantity = 1 } = await readAs(c, Scanned)
      const variant_id = await soldHere(services, barcode, c.get("channel")?.sales_channel_id ?? "")
      await letGoOfCards(c, services, desk)
      const cartId = cartIn(c)
      const wanted = { variant_id, quantity }
      let line: string | undefined
      const verb: Verb<StockRow[]> = addingLine(cartId, wanted, desk.counter_location_id)
      const noted: Verb<StockRow[]> = {
        ...verb,
        async work(tx, draft: Draft, shop, stock) {
          const done = await verb.work(tx, draft, shop, stock)
          line = matchingLine(draft.cart, wanted)?.id
          return done
        },
      }
      const verbHere: DeskVerb<StockRow[]> = room.changing?.(noted, desk) ?? noted
      return await changeCart(c, services, {
        ...{ cartId, show: shownBy(c), by: desk.by, missing: noCart(cartId) },
        ...verbHere,
        answer: (cart) => ({ ...verbHere.answer?.(cart), cart, line_id: line }),
      })
    }),
  })
}

/** @throws WireError 404 with the code when nothing has it, 400 with the reason when it is not sold here */
async function soldHere(services: Services, code: string, salesChannelId: string): Promise<string> {
  const byBars = await findByCode(services, { barcode: code })
  const found = byBars.length > 0 ? byBars : await findByCode(services, { sku: code })
  const [first] = found
  if (!first) {
    throw new WireError(404, "not_found", `Nothing has the code ${code}.`, { code: "code_unknown" })
  }
  const sold = found.find(({ document }) => document.visible_in.includes(salesChannelId))
  if (sold) return sold.variant.id
  const { product } = first.document
  const reason = product.status === "published" ? "it is not in this channel" : `it is ${product.status}, not published`
  throw new WireError(400, "not_allowed", `${product.title} (${code}) is not sold here: ${reason}.`, {
    code: "not_sold_here",
  })
}
