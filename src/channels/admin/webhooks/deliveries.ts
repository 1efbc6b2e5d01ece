import type { OpenAPIHono, z } from "@hono/zod-openapi"
import {
  askForReplay,
  findEndpoint,
  listDeliveries,
  ReplayRunning,
  retryDelivery,
  UnknownEvent,
} from "../../../commerce/webhooks/index.ts"
import type { Counter, Services } from "../../counter.ts"
import { WireError } from "../../errors.ts"
import { readParameters } from "../../parameters.ts"
import { readAs } from "../../read-as.ts"
import { changeOnce } from "../once.ts"
import { id } from "../parameters.ts"
import { endpointId, noEndpoint, PATH } from "./requests.ts"
import { DeliveryFilter, ReplayRange } from "./schema.ts"

/** The delivery log of an endpoint, and what it is to get again. */
export function addDeliveries(app: OpenAPIHono<Counter>, services: Services): void {
  const { sql } = services.database

  app.get(`${PATH}/:id/deliveries`, async (c) => {
    c.set("route", `${PATH}/:id/deliveries`)
    const { limit = 50, offset = 0, ...filter } = readParameters(DeliveryFilter, c.req.url)
    const webhook = await findEndpoint(sql, endpointId(c))
    if (!webhook) throw noEndpoint(c)
    const { rows, count } = await listDeliveries(sql, webhook.id, filter, { limit, offset })
    return c.json({ deliveries: rows, count, offset, limit })
  })
  app.post(`${PATH}/:id/deliveries/:event_id/retry`, async (c) => {
    c.set("route", `${PATH}/:id/deliveries/:event_id/retry`)
    return await changeOnce(
      c,
      services,
      async () => endpointId(c),
      async (tx, endpoint) => {
        const webhook = await findEndpoint(tx, endpoint)
        if (!webhook) throw noEndpoint(c)
        const event = id.safeParse(c.req.param("event_id"))
        const delivery = event.success ? await retryDelivery(tx, webhook.id, event.data) : undefined
        if (!delivery)
          throw new WireError(404, "not_found", `Delivery of event ${c.req.param("event_id")} was not found`)
        return c.json({ delivery }, 202)
      },
    )
  })
  app.post(`${PATH}/:id/replay`, async (c) => {
    c.set("route", `${PATH}/:id/replay`)
    return await changeOnce(
      c,
      services,
      () => readAs(c, ReplayRange),
      async (tx, range) => {
        const webhook = await findEndpoint(tx, endpointId(c))
        if (!webhook) throw noEndpoint(c)
        const replay = await askForReplay(tx, webhook.id, range).catch((error) => {
          throw refusalOf(error, range)
        })
        return c.json({ replay }, 202)
      },
    )
  })
}

function refusalOf(error: unknown, range: z.output<typeof ReplayRange>): unknown {
  if (error instanceof UnknownEvent) {
    const said = range.from_event_id ?? range.after_event_id
    return new WireError(404, "not_found", `Event with id: ${said} was not found; events are kept for 30 days`)
  }
  if (error instanceof ReplayRunning) {
    const message = "Another replay is being prepared for this endpoint; try again when it is finished"
    return new WireError(409, "conflict", message, { code: "replay_running", headers: { "Retry-After": "5" } })
  }
  return error
}
