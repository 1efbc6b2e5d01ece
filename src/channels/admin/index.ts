import type { OpenAPIHono } from "@hono/zod-openapi"
import type { Counter, Services } from "../counter.ts"
import { documentRoutes } from "../document.ts"
import { openRoom } from "../room.ts"
import { addAudit, auditRoutes } from "./audit.ts"
import { addCartHistory, cartHistoryRoutes } from "./cart-history.ts"
import { addChannels, channelRoutes } from "./channels.ts"
import { addOrderLinks, orderLinkRoutes } from "./order-links.ts"
import { addPaymentRepairs, paymentRepairRoutes } from "./payment-repairs.ts"
import { addPolicies, policyRoutes } from "./policies.ts"
import { requireAdmin } from "./require-admin.ts"
import { addSafetyStock, safetyStockRoutes } from "./safety-stock.ts"
import { addSearchSettings, searchSettingRoutes } from "./search-settings.ts"
import { addStaff, staffRoutes } from "./staff.ts"
import { addStock, stockRoutes } from "./stock.ts"
import { addTills, tillRoutes } from "./tills.ts"
import { addWebhooks, webhookRoutes } from "./webhooks/index.ts"

const PREFIX = "/admin/omnichannel"

const ROUTES = [
  ...[searchSettingRoutes, safetyStockRoutes, stockRoutes, paymentRepairRoutes, webhookRoutes, policyRoutes],
  ...[orderLinkRoutes, channelRoutes, staffRoutes, tillRoutes, auditRoutes, cartHistoryRoutes],
]

/** All of them, for the typed client. */
export type AdminRoutes = (typeof ROUTES)[number]

/** What a merchant decides of the counter's own, beside Medusa's admin and with its log-ins. */
export function addAdmin(app: OpenAPIHono<Counter>, services: Services): void {
  openRoom(app, PREFIX, services.config.cors.admin)
  app.use(`${PREFIX}/*`, requireAdmin(services))
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
  documentRoutes(app, ...ROUTES)
}
