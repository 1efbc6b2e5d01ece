import { type OpenAPIHono, z } from "@hono/zod-openapi"
import { AUDIT_ACTIONS, AUDIT_ACTORS, AUDIT_DAYS, AUDIT_OUTCOMES, listAudit } from "../../platform/audit/index.ts"
import type { Counter, Services } from "../counter.ts"
import { routesOf } from "../document.ts"
import { readParameters } from "../parameters.ts"
import { ids, page, paged, time } from "./parameters.ts"
import { adminRoom } from "./room.ts"

const PATH = "/admin/omnichannel/audit"

const action = z.enum(AUDIT_ACTIONS)
const Filter = z
  .object({
    ...page,
    action: z
      .union([action, z.array(action).min(1)])
      .transform((it) => (typeof it === "string" ? [it] : it))
      .optional()
      .openapi({ example: "pin.wrong" }),
    outcome: z.enum(AUDIT_OUTCOMES).optional().openapi({ example: "refused" }),
    ...{ actor_id: ids, channel_id: ids, till_id: ids, subject_id: ids },
    since: time.optional().openapi({ example: "2026-11-23T00:00:00Z" }),
    until: time.optional().openapi({ description: "Before that.", example: "2026-11-24T00:00:00Z" }),
  })
  .strict()
const Shown = z
  .object({
    id: z.string().openapi({ example: "aud_01M7ZRVFH8HMMAP027Z42YKK0G" }),
    at: z.iso.datetime().openapi({ example: "2026-11-23T09:00:00.000Z" }),
    action: action.openapi({ example: "pin.wrong" }),
    outcome: z.enum(AUDIT_OUTCOMES).openapi({ example: "refused" }),
    actor: z
      .object({ type: z.enum(AUDIT_ACTORS), id: z.string().nullable() })
      .openapi({ example: { type: "till", id: "till_01M7ZRVFH8HMMAP027Z42YKK0G" } }),
    ...{ channel_id: z.string().nullable(), till_id: z.string().nullable() },
    subject_id: z
      .string()
      .nullable()
      .openapi({ description: "The member of staff, or the till, that it was done to." }),
    details: z.looseObject({}).openapi({ example: { locked: false } }),
  })
  .openapi("AuditEntry")

/** What staff and devices have done, and were refused. */
export function addAudit(app: OpenAPIHono<Counter>, { database }: Services): void {
  app.get(PATH, async (c) => {
    c.set("route", PATH)
    const { limit = 50, offset = 0, ...filter } = readParameters(Filter, c.req.url)
    const { rows, count } = await listAudit(database.sql, filter, { limit, offset })
    return c.json({ audit_entries: rows, count, offset, limit })
  })
}

export const auditRoutes = routesOf(adminRoom(PATH), [
  {
    ...{ method: "get", path: "", operationId: "listAudit", summary: "List the audit", query: Filter },
    description: `Wrong PINs, revoked tills and sessions that were shown, roles that were refused (the same refusal once a minute), and changes of staff, tills, PINs and roles. Kept for ${AUDIT_DAYS} days.`,
    answer: { description: "The newest first.", schema: z.object({ audit_entries: z.array(Shown), ...paged }) },
  },
])
