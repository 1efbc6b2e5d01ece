import type { OpenAPIHono } from "@hono/zod-openapi"
import type { Context } from "hono"
import {
  type Draft,
  dropShipping,
  type Moved,
  moveTo,
  OnlyMedusa,
  type ShopPlace,
} from "../../../commerce/carts/index.ts"
import type { KnownTill } from "../../../commerce/tills/index.ts"
import type { Counter, Services } from "../../counter.ts"
import type { Desk } from "../../desk.ts"
import {
  addClaims,
  addDeskCarts,
  addDeskRoute,
  addDeskStreams,
  changing,
  type DeskRoom,
  type DeskVerb,
} from "../../desks/index.ts"
import { readAs } from "../../read-as.ts"
import type { Verb } from "../../store/index.ts"
import { byCashier, requireCashier } from "../require-till.ts"
import { Nothing } from "./document.ts"
import { addFinding } from "./find.ts"
import { addPay } from "./pay.ts"
import { addScan } from "./scan.ts"

export { tillCartRoutes } from "./document.ts"

/** Carts at the till: found, handed over or new, changed, and sold. */
export function addTillCarts(app: OpenAPIHono<Counter>, services: Services): void {
  const room: DeskRoom = {
    ...{ prefix: "/pos", recipient: "pos", actor: "cashier" },
    require: requireCashier(services),
    deskOf: (c) => deskOf(c, services),
    changing: atTill,
    arriving,
  }
  addFinding(app, services, room)
  addDeskCarts(app, services, room)
  addClaims(app, services, room)
  addDeskStreams(app, services, room)
  addScan(app, services, room)
  addDeskRoute(app, room, {
    ...{ method: "post", path: "/carts/:id/region" },
    handle: changing(services, room, async (c) => {
      await readAs(c, Nothing)
      return { work: async () => undefined }
    }),
  })
  addPay(app, services, room)
}

function deskOf(c: Context<Counter>, services: Services): Desk {
  const { id, channel_id, address, stock_location_id } = c.get("till")
  return {
    worker: { actor: { type: "cashier", id: c.get("staff").user_id }, channel_id, till_id: id },
    by: byCashier(c),
    scope: `till ${id}`,
    country: address?.country_code,
    counter_location_id: stock_location_id,
    place: placeOf(services, address),
  }
}

/** The region is that of the country where the till stands, whatever the shop's own is. */
function placeOf({ regions }: Services, address: KnownTill["address"]): ShopPlace | undefined {
  if (!address) return undefined
  const all = regions.list({}, { offset: 0, limit: Number.MAX_SAFE_INTEGER }).regions
  const region = all.find((it) => it.countries.some(({ iso_2 }) => iso_2 === address.country_code))
  return region && { region_id: region.id, address }
}

/** What is at a till is bought in its shop, and taken home from there: its total must not have the parcel in it. */
function atTill<Read>(verb: Verb<Read>, { place }: Desk): DeskVerb<Read> {
  return withMove(async (tx, draft, shop, read) => {
    const isOpen = draft.cart.completed_at === null
    const came = isOpen && place ? await moveTo(tx, draft, shop, place) : undefined
    if (isOpen) dropShipping(draft)
    return (await verb.work(tx, draft, shop, read)) ?? came
  }, verb.read)
}

/** A cart that only Medusa can price anew comes as it is: it is not sold here (`other_region`). */
function arriving({ place }: Desk): DeskVerb {
  return withMove(async (tx, draft, shop) => {
    if (!place || draft.cart.completed_at !== null) return undefined
    return await moveTo(tx, draft, shop, place).catch((error: unknown) => {
      if (!(error instanceof OnlyMedusa)) throw error
      return undefined
    })
  })
}

/** The answer says what has become of a cart that this has moved. */
function withMove<Read>(work: Verb<Read>["work"], read?: Verb<Read>["read"]): DeskVerb<Read> {
  let moved: Moved | undefined
  return {
    ...(read ? { read } : {}),
    async work(tx, draft: Draft, shop, its) {
      const done = await work(tx, draft, shop, its)
      moved = done && draft.moved
      return done
    },
    answer: (cart) => ({ cart, ...(moved ? { moved } : {}) }),
  }
}
