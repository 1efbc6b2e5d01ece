import { type OpenAPIHono, z } from "@hono/zod-openapi"
import type { Context } from "hono"
import {
  createTill,
  findTill,
  listTills,
  makePairingCode,
  PAIRING_MINUTES,
  removeTill,
  revokeTill,
  TillRefused,
  updateTill,
} from "../../commerce/tills/index.ts"
import type { Counter, Services } from "../counter.ts"
import { routesOf } from "../document.ts"
import { WireError } from "../errors.ts"
import { readParameters } from "../parameters.ts"
import { readAs } from "../read-as.ts"
import { changeOnce } from "./once.ts"
import { id, ids, name, page, paged } from "./parameters.ts"
import { adminRoom, byAdmin, idIn, notFound, taken } from "./room.ts"

const PATH = "/admin/omnichannel/tills"
const NOUN = "Till"

const settings = {
  name: name.openapi({ description: "Of one till only.", example: "Caja Madrid 1" }),
  stock_location_id: id.openapi({ description: "Where it stands.", example: "sloc_01M7ZRVFH8HMMAP027Z42YKK0G" }),
  channel_id: id.openapi({ description: "Of the kind `pos`.", example: "chan_01M7ZRVFH8HMMAP027Z42YKK0G" }),
  receipt_prefix: z
    .string()
    .regex(/^[A-Z0-9][A-Z0-9-]{0,11}$/, "A prefix has up to 12 capitals, digits and dashes")
    .openapi({ description: "What its receipts' numbers begin with; of one till only.", example: "MAD1" }),
}
const NewTill = z.object({ ...settings, receipt_prefix: settings.receipt_prefix.optional() }).strict()
const Change = z.object(settings).partial().strict()
const STATUSES = ["unpaired", "paired", "revoked"] as const
const Filter = z
  .object({
    ...page,
    ...{ id: ids, stock_location_id: ids, channel_id: ids },
    status: z.enum(STATUSES).optional().openapi({ example: "paired" }),
  })
  .strict()
const Nothing = z.object({}).strict()
const time = z.iso.datetime().openapi({ example: "2026-11-23T09:00:00.000Z" })
const Shown = z
  .object({
    ...{ id: z.string().openapi({ example: "till_01M7ZRVFH8HMMAP027Z42YKK0G" }), ...settings },
    status: z.enum(STATUSES).openapi({ description: "`unpaired`: no device has it yet.", example: "paired" }),
    pairing_expires_at: time.nullable().openapi({ description: "Until then its code is good.", example: null }),
    ...{ paired_at: time.nullable(), revoked_at: time.nullable().openapi({ example: null }) },
    last_receipt_number: z.number().int().openapi({ example: 0 }),
    cashier: z
      .object({ user_id: z.string(), signed_in_at: time, expires_at: time })
      .nullable()
      .openapi({ description: "Who is signed in there.", example: null }),
    ...{ created_at: time, updated_at: time },
  })
  .openapi("Till")
const Code = z.object({
  pairing_code: z.object({
    code: z.string().openapi({
      description: "Shown in this answer only, and again under its `Idempotency-Key`.",
      example: "K7MP4XQA",
    }),
    expires_at: time,
  }),
})

/** Devices at which cashiers sell. */
export function addTills(app: OpenAPIHono<Counter>, services: Services): void {
  const { sql } = services.database
  const refusing = (error: unknown): never => {
    throw error instanceof TillRefused ? wireError(error) : error
  }

  /** The till of a route whose body says nothing. */
  const tillAlone = async (c: Context<Counter>) => {
    const id = idIn(c, NOUN)
    await readAs(c, Nothing)
    return id
  }

  app.get(PATH, async (c) => {
    c.set("route", PATH)
    const { limit = 50, offset = 0, ...filter } = readParameters(Filter, c.req.url)
    const { rows, count } = await listTills(sql, filter, { limit, offset })
    return c.json({ tills: rows, count, offset, limit })
  })
  app.post(PATH, async (c) => {
    c.set("route", PATH)
    return await changeOnce(
      c,
      services,
      () => readAs(c, NewTill),
      async (tx, given) => c.json({ till: await createTill(tx, given, byAdmin(c)).catch(refusing) }),
    )
  })
  app.get(`${PATH}/:id`, async (c) => {
    c.set("route", `${PATH}/:id`)
    const id = idIn(c, NOUN)
    const till = await findTill(sql, id)
    if (!till) throw notFound(NOUN, id)
    return c.json({ till })
  })
  app.post(`${PATH}/:id`, async (c) => {
    c.set("route", `${PATH}/:id`)
    return await changeOnce(
      c,
      services,
      async () => ({ id: idIn(c, NOUN), change: await readAs(c, Change) }),
      async (tx, { id, change }) => {
        const till = await updateTill(tx, id, change, byAdmin(c)).catch(refusing)
        if (!till) throw notFound(NOUN, id)
        return c.json({ till })
      },
    )
  })
  app.delete(`${PATH}/:id`, async (c) => {
    c.set("route", `${PATH}/:id`)
    return await changeOnce(
      c,
      services,
      async () => idIn(c, NOUN),
      async (tx, id) => {
        if (!(await removeTill(tx, id, byAdmin(c)).catch(refusing))) throw notFound(NOUN, id)
        return c.json({ id, object: "till", deleted: true })
      },
    )
  })
  app.post(`${PATH}/:id/pairing-code`, async (c) => {
    c.set("route", `${PATH}/:id/pairing-code`)
    return await changeOnce(
      c,
      services,
      () => tillAlone(c),
      async (tx, id) => {
        const pairing_code = await makePairingCode(tx, id, services.config.jwtSecret, byAdmin(c))
        if (!pairing_code) throw notFound(NOUN, id)
        return c.json({ pairing_code })
      },
    )
  })
  app.post(`${PATH}/:id/revoke`, async (c) => {
    c.set("route", `${PATH}/:id/revoke`)
    return await changeOnce(
      c,
      services,
      () => tillAlone(c),
      async (tx, id) => {
        const till = await revokeTill(tx, id, byAdmin(c))
        if (!till) throw notFound(NOUN, id)
        return c.json({ till })
      },
    )
  })
}

function wireError({ code }: TillRefused): WireError {
  const wrong = (message: string) => new WireError(400, "invalid_data", `Invalid request: ${message}`)
  switch (code) {
    case "unknown_location":
      return wrong("stock_location_id: there is no such stock location")
    case "unknown_channel":
      return wrong("channel_id: there is no such channel")
    case "channel_not_pos":
      return wrong("channel_id: a till is of a channel of the kind `pos`")
    case "name_taken":
      return taken(code, "There is a till of this name already.")
    case "prefix_taken":
      return taken(code, "The receipts of another till begin with this.")
    case "has_receipts":
      return new WireError(
        409,
        "not_allowed",
        "The till has given out receipts: their prefix stays, and so does the till. Revoke it instead.",
        { code: "till_has_receipts" },
      )
  }
}

const room = adminRoom(PATH, { id: z.string().openapi({ example: "till_01M7ZRVFH8HMMAP027Z42YKK0G" }) })
const one = { description: "The till, as it is now.", schema: z.object({ till: Shown }) }
const missing = { 404: "There is no such till." }
const duplicate = { 422: "The name or the prefix is another till's (`name_taken`, `prefix_taken`)." }
const kept = { 409: "It has given out receipts (`till_has_receipts`)." }
export const tillRoutes = routesOf(room, [
  {
    ...{ method: "get", path: "", operationId: "listTills", summary: "List tills", query: Filter },
    answer: { description: "The oldest first.", schema: z.object({ tills: z.array(Shown), ...paged }) },
  },
  {
    ...{ method: "post", path: "", operationId: "createTill", summary: "Make a till", body: NewTill },
    description:
      "A device becomes it by a pairing code. Any stock location will do: with the first sale it gets the pickup option by which Medusa takes the goods for handed over, where it has none.",
    ...{ answer: one, errors: duplicate },
  },
  {
    ...{ method: "get", path: "/{id}", operationId: "getTill", summary: "Get a till" },
    ...{ answer: one, errors: missing },
  },
  {
    ...{ method: "post", path: "/{id}", operationId: "updateTill", summary: "Change a till", body: Change },
    description: "Who is signed in is signed out when it is moved to a shop where he may not work.",
    ...{ answer: one, errors: { ...missing, ...duplicate, ...kept } },
  },
  {
    ...{ method: "delete", path: "/{id}", operationId: "deleteTill", summary: "Delete a till" },
    answer: {
      description: "It is gone.",
      schema: z.object({ id: z.string(), object: z.literal("till"), deleted: z.literal(true) }),
    },
    errors: { ...missing, ...kept },
  },
  {
    ...{
      method: "post",
      path: "/{id}/pairing-code",
      operationId: "makePairingCode",
      summary: "Get a pairing code",
    },
    description: `The device that shows it within ${PAIRING_MINUTES} minutes becomes the till, once (\`POST /pos/pair\`). It takes the place of the code before. A till that was revoked comes back by it.`,
    answer: { description: "The code.", schema: Code },
    errors: missing,
  },
  {
    ...{ method: "post", path: "/{id}/revoke", operationId: "revokeTill", summary: "Revoke a till" },
    description: "Its device is shut out at once, with who is signed in there.",
    ...{ answer: one, errors: missing },
  },
])
