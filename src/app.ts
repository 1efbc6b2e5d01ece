import { OpenAPIHono } from "@hono/zod-openapi"
import { addAdmin } from "./channels/admin/index.ts"
import { addAgent } from "./channels/agent/index.ts"
import type { Counter, Services } from "./channels/counter.ts"
import { addDashboard } from "./channels/dashboard/index.ts"
import { addDemo } from "./channels/demo/index.ts"
import { addDocs } from "./channels/docs/index.ts"
import { answerError, WireError } from "./channels/errors.ts"
import { addFiles } from "./channels/files/index.ts"
import { addHooks } from "./channels/hooks/index.ts"
import { addLive } from "./channels/live/index.ts"
import { observe } from "./channels/observe.ts"
import { addOperations } from "./channels/operations/index.ts"
import type { Passthrough } from "./channels/passthrough/index.ts"
import { plainTarget } from "./channels/plain-target.ts"
import { addPos } from "./channels/pos/index.ts"
import { protect } from "./channels/protect.ts"
import { addStoreLanes, ordersOfMedusa, throughMedusa } from "./channels/store/index.ts"
import { refuseZeroBytes } from "./channels/zero-bytes.ts"

/**
 * The counter's HTTP application: every channel's routes, and Medusa behind all that none of them answers.
 */
export function createApp(services: Services, passthrough: Passthrough): OpenAPIHono<Counter> {
  const app = new OpenAPIHono<Counter>({
    defaultHook(result) {
      if (result.success) return
      const [issue] = result.error.issues
      throw new WireError(400, "invalid_data", `Invalid request: ${issue?.path.join(".")}: ${issue?.message}`)
    },
  })
  app.onError(answerError)
  app.use(plainTarget)
  app.use(observe(services.log, services.metrics))
  app.use(protect(services.config))
  app.use(refuseZeroBytes(services))

  const medusa = throughMedusa(services, ordersOfMedusa(services, passthrough))
  addOperations(app, services)
  addFiles(app, services)
  addDashboard(app, services)
  addDemo(app, services)
  addStoreLanes(app, services, medusa)
  addLive(app, services)
  addPos(app, services)
  addAgent(app, services)
  addAdmin(app, services)
  addHooks(app, services)
  addDocs(app, services)

  app.all("*", (c) => medusa(c))
  return app
}
