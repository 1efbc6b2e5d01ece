import { type OpenAPIHono, z } from "@hono/zod-openapi"
import {
  ACTIVITIES,
  CHANNEL_KINDS,
  ChannelRefused,
  createChannel,
  listChannels,
  removeChannel,
  updateChannel,
} from "../../commerce/channels/index.ts"
import type { Counter, Services } from "../counter.ts"
import { routesOf } from "../document.ts"
import { WireError } from "../errors.ts"
import { readParameters } from "../parameters.ts"
import { readAs } from "../read-as.ts"
import { changeOnce } from "./once.ts"
import { flag, id, ids, name, page, paged } from "./parameters.ts"
import { adminRoom, idIn, notFound, taken } from "./room.ts"

const PATH = "/admin/omnichannel/channels"
const NOUN = "Channel"

const kind = z.enum(CHANNEL_KINDS).openapi({ description: "What stands at the customer's side.", example: "web" })
const may = z
  .array(z.enum(ACTIVITIES))
  .max(ACTIVITIES.length)
  .transform((it) => [...new Set(it)])
  .openapi({
    description:
      "`browse`: the catalog; `cart`: carts; `checkout`: orders and what is paid for them; `cash`: at a till; `invoice`: on the telephone.",
    example: ["browse", "cart", "checkout"],
  })
const settings = {
  name: name.openapi({ description: "Of one channel only.", example: "Tienda en línea" }),
  kind,
  sales_channel_id: id.openapi({ example: "sc_01M7ZRVFH8HMMAP027Z42YKK0G" }),
  publishable_key_id: id.nullable().openapi({
    description: "Requests with this publishable key are of the channel. Null: none are.",
    example: "apk_01M7ZRVFH8HMMAP027Z42YKK0G",
  }),
  may,
  is_active: z.boolean().openapi({ description: "A channel that is closed is refused everything.", example: true }),
}
const NewChannel = z
  .object({
    ...settings,
    publishable_key_id: settings.publishable_key_id.default(null),
    may: may.default(["browse", "cart", "checkout"]),
    is_active: settings.is_active.default(true),
  })
  .strict()
const Change = z.object(settings).partial().strict()
const Filter = z
  .object({
    ...page,
    id: ids,
    kind: z
      .union([z.enum(CHANNEL_KINDS), z.array(z.enum(CHANNEL_KINDS)).min(1)])
      .transform((it) => (typeof it === "string" ? [it] : it))
      .optional()
      .openapi({ example: "pos" }),
    sales_channel_id: ids,
    is_active: flag,
  })
  .strict()
const Shown = z
  .object({
    ...{ id: z.string().openapi({ example: "chan_01M7ZRVFH8HMMAP027Z42YKK0G" }), ...settings },
    may: z.array(z.enum(ACTIVITIES)).openapi({ example: ["browse", "cart", "checkout"] }),
    created_at: z.iso.datetime().openapi({ example: "2026-11-23T09:00:00.000Z" }),
    updated_at: z.iso.datetime().openapi({ example: "2026-11-23T09:00:00.000Z" }),
  })
  .openapi("Channel")

/** Ways in which the shop sells: a new one is a row. */
export function addChannels(app: OpenAPIHono<Counter>, services: Services): void {
  const { sql } = services.database
  const refusing = (error: unknown): never => {
    throw error instanceof ChannelRefused ? wireError(error) : error
  }

  app.get(PATH, async (c) => {
    c.set("route", PATH)
    const { limit = 50, offset = 0, ...filter } = readParameters(Filter, c.req.url)
    const { rows, count } = await listChannels(sql, filter, { limit, offset })
    return c.json({ channels: rows, count, offset, limit })
  })
  app.post(PATH, async (c) => {
    c.set("route", PATH)
    return await changeOnce(
      c,
      services,
      () => readAs(c, NewChannel),
      async (tx, given) => c.json({ channel: await createChannel(tx, given).catch(refusing) }),
    )
  })
  app.get(`${PATH}/:id`, async (c) => {
    c.set("route", `${PATH}/:id`)
    const id = idIn(c, NOUN)
    const { rows } = await listChannels(sql, { id: [id] }, { limit: 1, offset: 0 })
    const [channel] = rows
    if (!channel) throw notFound(NOUN, id)
    return c.json({ channel })
  })
  app.post(`${PATH}/:id`, async (c) => {
    c.set("route", `${PATH}/:id`)
    return await changeOnce(
      c,
      services,
      async () => ({ id: idIn(c, NOUN), change: await readAs(c, Change) }),
      async (tx, { id, change }) => {
        const channel = await updateChannel(tx, id, change).catch(refusing)
        if (!channel) throw notFound(NOUN, id)
        return c.json({ channel })
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
        if (!(await removeChannel(tx, id).catch(refusing))) throw notFound(NOUN, id)
        return c.json({ id, object: "channel", deleted: true })
      },
    )
  })
}

function wireError({ code }: ChannelRefused): WireError {
  switch (code) {
    case "unknown_sales_channel":
      return new WireError(400, "invalid_data", "Invalid request: sales_channel_id: there is no such sales channel")
    case "unknown_key":
      return new WireError(400, "invalid_data", "Invalid request: publishable_key_id: there is no such publishable key")
    case "key_elsewhere":
      return new WireError(
        400,
        "invalid_data",
        "Invalid request: publishable_key_id: the key does not open this sales channel. Add it to the key first.",
      )
    case "name_taken":
      return taken(code, "There is a channel of this name already.")
    case "key_taken":
      return taken(code, "The publishable key is of another channel.")
    case "has_tills":
      return new WireError(409, "not_allowed", "There are tills of this channel. Give them another one first.", {
        code: "channel_has_tills",
      })
  }
}

const room = adminRoom(PATH, { id: z.string().openapi({ example: "chan_01M7ZRVFH8HMMAP027Z42YKK0G" }) })
const one = { description: "The channel, as it is now.", schema: z.object({ channel: Shown }) }
const missing = { 404: "There is no such channel." }
const misfits = {
  409: "There are tills of this channel (`channel_has_tills`).",
  422: "The name or the key is another channel's (`name_taken`, `key_taken`).",
}
export const channelRoutes = routesOf(room, [
  {
    ...{ method: "get", path: "", operationId: "listChannels", summary: "List channels", query: Filter },
    answer: { description: "The oldest first.", schema: z.object({ channels: z.array(Shown), ...paged }) },
  },
  {
    ...{ method: "post", path: "", operationId: "createChannel", summary: "Make a channel", body: NewChannel },
    description: "It is there at once, on every counter.",
    ...{ answer: one, errors: { 422: misfits[422] } },
  },
  {
    ...{ method: "get", path: "/{id}", operationId: "getChannel", summary: "Get a channel" },
    ...{ answer: one, errors: missing },
  },
  {
    ...{ method: "post", path: "/{id}", operationId: "updateChannel", summary: "Change a channel", body: Change },
    description: "What is given; it holds at once, on every counter.",
    ...{ answer: one, errors: { ...missing, ...misfits } },
  },
  {
    ...{ method: "delete", path: "/{id}", operationId: "deleteChannel", summary: "Delete a channel" },
    description: "Its key goes on as one that is of no channel.",
    answer: {
      description: "It is gone.",
      schema: z.object({ id: z.string(), object: z.literal("channel"), deleted: z.literal(true) }),
    },
    errors: { ...missing, 409: misfits[409] },
  },
])
