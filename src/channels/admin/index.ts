import type { OpenAPIHono } from "@hono/zod-openapi"
import type { Counter, Services } from "../counter.ts"
import { allowOrigin, answerPreflight, originRule } from "../origins.ts"
import { addAudit } from "./audit.ts"
import { addCartHistory } from "./cart-history.ts"
import { addChannels } from "./channels.ts"
import { addOrderLinks } from "./order-links.ts"
import { addPaymentRepairs } from "./payment-repairs.ts"
import { addPolicies } from "./policies.ts"
import { requireAdmin } from "./require-admin.ts"
import { addSafetyStock } from "./safety-stock.ts"
import { addSearchSettings } from "./search-settings.ts"
import { addStaff } from "./staff.ts"
import { addStock } from "./stock.ts"
import { addTills } from "./tills.ts"
import { addWebhooks } from "./webhooks/index.ts"

const PREFIX = "/admin/omnichannel/*"

/** What a merchant decides of the counter's own, beside Medusa's admin and with its log-ins. */
export function addAdmin(app: OpenAPIHono<Counter>, services: Services): void {
  const origins = originRule(services.config.cors.admin)
  app.options(PREFIX, (c) => answerPreflight(c, origins))
  app.use(PREFIX, async (c, next) => {
    c.set("way", "own")
    allowOrigin(c, origins)
    await next()
  })
  app.use(PREFIX, requireAdmin(services))
  addSearchSettings(app, services)
  addSafetyStock(app, services)
  addStock(app, services)
  addPaymentRepairs(app, services)
  addWebhooks(app, services)
  addPolicies(app, services)
  addOrderLinks(app, services)
  addChannels(app, services)
  addStaff(app, services)
  addTills(app, services)
  addAudit(app, services)
  addCartHistory(app, services)
}
