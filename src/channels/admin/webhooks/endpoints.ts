import type { OpenAPIHono } from "@hono/zod-openapi"
import {
  createEndpoint,
  findEndpoint,
  listEndpoints,
  removeEndpoint,
  rotateSecret,
  Unreachable,
  updateEndpoint,
} from "../../../commerce/webhooks/index.ts"
import type { Counter, Services } from "../../counter.ts"
import { WireError } from "../../errors.ts"
import { readParameters, wrongParameter } from "../../parameters.ts"
import { readAs } from "../../read-as.ts"
import { changeOnce, doneOnce } from "../once.ts"
import { endpointId, noEndpoint, PATH } from "./requests.ts"
import { EndpointChange, NewEndpoint, Page, Rotation } from "./schema.ts"

const notNow = (error: Error) =>
  new WireError(503, "unexpected_state", `Nothing was registered: ${error.message}. Try again in a moment.`, {
    headers: { "Retry-After": "5" },
  })

/** Endpoints: who is told, of what, at which address. */
export function addEndpoints(app: OpenAPIHono<Counter>, services: Services): void {
  const { webhooks } = services
  const { sql } = services.database

  /** @throws WireError 400 with why it must not be called */
  async function checked(url: string): Promise<string> {
    try {
      return await webhooks.checkUrl(url)
    } catch (error) {
      if (error instanceof Unreachable && error.mayPass) throw notNow(error)
      if (error instanceof Unreachable) throw wrongParameter("url", error.message)
      throw error
    }
  }

  app.get(PATH, async (c) => {
    c.set("route", PATH)
    const { limit = 50, offset = 0 } = readParameters(Page, c.req.url)
    const { rows, count } = await listEndpoints(sql, { limit, offset })
    return c.json({ webhooks: rows, count, offset, limit })
  })
  app.post(PATH, async (c) => {
    c.set("route", PATH)
    return await changeOnce(
      c,
      services,
      async () => {
        const { secret, ...settings } = await readAs(c, NewEndpoint)
        return { given: secret, settings: { ...settings, url: await checked(settings.url) } }
      },
      async (tx, { given, settings }) => {
        const { id, secret } = await createEndpoint(tx, settings, given)
        return c.json({ webhook: { ...(await findEndpoint(tx, id)), secret } })
      },
    )
  })
  app.get(`${PATH}/:id`, async (c) => {
    c.set("route", `${PATH}/:id`)
    const webhook = await findEndpoint(sql, endpointId(c))
    if (!webhook) throw noEndpoint(c)
    return c.json({ webhook })
  })
  app.post(`${PATH}/:id`, async (c) => {
    c.set("route", `${PATH}/:id`)
    return await changeOnce(
      c,
      services,
      async () => {
        const id = endpointId(c)
        const { url, ...change } = await readAs(c, EndpointChange)
        return { id, change: url === undefined ? change : { ...change, url: await checked(url) } }
      },
      async (tx, { id, change }) => {
        if (!(await updateEndpoint(tx, id, change))) throw noEndpoint(c)
        return c.json({ webhook: await findEndpoint(tx, id) })
      },
    )
  })
  app.delete(`${PATH}/:id`, async (c) => {
    c.set("route", `${PATH}/:id`)
    return await changeOnce(
      c,
      services,
      async () => endpointId(c),
      async (tx, id) => {
        if (!(await removeEndpoint(tx, id))) throw noEndpoint(c)
        return c.json({ id, object: "webhook", deleted: true })
      },
    )
  })
  app.post(`${PATH}/:id/rotate-secret`, async (c) => {
    c.set("route", `${PATH}/:id/rotate-secret`)
    return await changeOnce(
      c,
      services,
      async () => ({ id: endpointId(c), given: (await readAs(c, Rotation)).secret }),
      async (tx, { id, given }) => {
        const secret = await rotateSecret(tx, id, given)
        if (secret === undefined) throw noEndpoint(c)
        return c.json({ webhook: { ...(await findEndpoint(tx, id)), secret } })
      },
    )
  })
  app.post(`${PATH}/:id/test`, async (c) => {
    c.set("route", `${PATH}/:id/test`)
    return await doneOnce(c, services, async () => {
      const attempt = await webhooks.test(endpointId(c))
      if (!attempt) throw noEndpoint(c)
      const { delivered, status, body, error, durationMs } = attempt
      const test = { delivered, response_status: status ?? null, response_body: body, error, duration_ms: durationMs }
      return c.json({ test })
    })
  })
}
