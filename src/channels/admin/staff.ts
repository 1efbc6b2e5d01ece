import { type OpenAPIHono, z } from "@hono/zod-openapi"
import type { Context } from "hono"
import type { TransactionSql } from "postgres"
import {
  addStaff as addMember,
  findStaff,
  isGuessable,
  listStaff,
  lockStaff,
  ROLES,
  type Role,
  removeStaff,
  StaffRefused,
  setPin,
  standingOf,
  updateStaff,
} from "../../commerce/staff/index.ts"
import type { Counter, Services } from "../counter.ts"
import { routesOf } from "../document.ts"
import { WireError } from "../errors.ts"
import { readParameters } from "../parameters.ts"
import { pin as digits, StaffShown } from "../pos/index.ts"
import { readAs } from "../read-as.ts"
import { changeOnce } from "./once.ts"
import { flag, id, ids, page, paged } from "./parameters.ts"
import { adminRoom, byAdmin, idIn, notFound, taken } from "./room.ts"

const PATH = "/admin/omnichannel/staff"
const NOUN = "Member of staff"
const MOST_PLACES = 100

const isGood = (it: unknown) => typeof it !== "string" || !isGuessable(it)
const pin = digits.refine(isGood, "This PIN is guessed first: take another")
/** Not a union: what that says of a wrong one shows it. */
const pinOrNone = z
  .custom<string | null>((it) => it === null || digits.safeParse(it).success, "A PIN has 4 to 8 digits, or is null")
  .refine(isGood, "This PIN is guessed first: take another")
const settings = {
  role: z.enum(ROLES).openapi({
    description: "`cashier`: at tills; `agent`: on the telephone; `supervisor`: both.",
    example: "cashier",
  }),
  is_active: z.boolean().openapi({ example: true }),
  stock_location_ids: z
    .array(id)
    .max(MOST_PLACES)
    .transform((it) => [...new Set(it)])
    .openapi({ description: "At whose tills he may sign in.", example: ["sloc_01M7ZRVFH8HMMAP027Z42YKK0G"] }),
}
const NewMember = z
  .object({
    user_id: id.openapi({ description: "A user of Medusa's.", example: "user_01M7ZRVFH8HMMAP027Z42YKK0G" }),
    role: settings.role,
    is_active: settings.is_active.default(true),
    stock_location_ids: settings.stock_location_ids.default([]),
    pin: pin.optional(),
  })
  .strict()
const Change = z.object(settings).partial().strict()
const Pin = z
  .object({
    pin: pinOrNone.openapi({
      ...{ type: ["string", "null"], pattern: "^\\d{4,8}$", description: "Null takes it from him.", example: "4917" },
    }),
  })
  .strict()
const role = z.enum(ROLES)
const Filter = z
  .object({
    ...page,
    user_id: ids,
    role: z
      .union([role, z.array(role).min(1)])
      .transform((it) => (typeof it === "string" ? [it] : it))
      .optional()
      .openapi({ example: "cashier" }),
    stock_location_id: ids,
    is_active: flag,
  })
  .strict()
const Removal = z
  .object({
    makes_administrator: flag.openapi({
      description: "That his user in Medusa, if there is one, is an administrator.",
    }),
  })
  .strict()
const time = z.iso.datetime().openapi({ example: "2026-11-23T09:00:00.000Z" })
const Shown = StaffShown.extend({
  is_active: settings.is_active,
  stock_location_ids: z.array(z.string()).openapi({ example: ["sloc_01M7ZRVFH8HMMAP027Z42YKK0G"] }),
  has_pin: z.boolean().openapi({ example: true }),
  locked_until: time.nullable().openapi({ description: "After wrong PINs. A new PIN ends it.", example: null }),
  ...{ created_at: time, updated_at: time },
}).openapi("StaffMember")

/** Who works at the tills and at the telephone. */
export function addStaff(app: OpenAPIHono<Counter>, services: Services): void {
  const { sql } = services.database
  const refusing = (error: unknown): never => {
    throw error instanceof StaffRefused ? wireError(error) : error
  }

  app.get(PATH, async (c) => {
    c.set("route", PATH)
    const { limit = 50, offset = 0, ...filter } = readParameters(Filter, c.req.url)
    const { rows, count } = await listStaff(sql, filter, { limit, offset })
    return c.json({ staff: rows, count, offset, limit })
  })
  app.post(PATH, async (c) => {
    c.set("route", PATH)
    return await changeOnce(
      c,
      services,
      () => readAs(c, NewMember),
      async (tx, { user_id, pin = null, ...given }) => {
        requireAdministrator(c)
        if (user_id === c.get("adminId")) throw ownRole()
        return c.json({ staff_member: await addMember(tx, user_id, given, pin, byAdmin(c)).catch(refusing) })
      },
    )
  })
  app.get(`${PATH}/:user_id`, async (c) => {
    c.set("route", `${PATH}/:user_id`)
    const userId = idIn(c, NOUN, "user_id")
    const staff_member = await findStaff(sql, userId)
    if (!staff_member) throw notFound(NOUN, userId)
    return c.json({ staff_member })
  })
  app.post(`${PATH}/:user_id`, async (c) => {
    c.set("route", `${PATH}/:user_id`)
    return await changeOnce(
      c,
      services,
      async () => ({ userId: idIn(c, NOUN, "user_id"), change: await readAs(c, Change) }),
      async (tx, { userId, change }) => {
        await requireRank(c, tx, userId, change.role)
        const staff_member = await updateStaff(tx, userId, change, byAdmin(c)).catch(refusing)
        if (!staff_member) throw notFound(NOUN, userId)
        return c.json({ staff_member })
      },
    )
  })
  app.delete(`${PATH}/:user_id`, async (c) => {
    c.set("route", `${PATH}/:user_id`)
    return await changeOnce(
      c,
      services,
      async () => ({ id: idIn(c, NOUN, "user_id"), ...readParameters(Removal, c.req.url) }),
      async (tx, { id, makes_administrator = false }) => {
        if (await standingOf(tx, id)) requireAdministrator(c)
        if (!(await removeStaff(tx, id, makes_administrator, byAdmin(c)).catch(refusing))) throw notFound(NOUN, id)
        return c.json({ id, object: "staff_member", deleted: true })
      },
    )
  })
  app.post(`${PATH}/:user_id/pin`, async (c) => {
    c.set("route", `${PATH}/:user_id/pin`)
    return await changeOnce(
      c,
      services,
      async () => ({ userId: idIn(c, NOUN, "user_id"), ...(await readAs(c, Pin)) }),
      async (tx, { userId, pin }) => {
        if (userId !== c.get("adminId")) await requireRank(c, tx, userId)
        const staff_member = await setPin(tx, userId, pin, byAdmin(c))
        if (!staff_member) throw notFound(NOUN, userId)
        return c.json({ staff_member })
      },
    )
  })
}

/**
 * A supervisor decides about agents and cashiers. Who is a supervisor, himself too, and where, is for administrators to say.
 *
 * @param role  that somebody is to have
 */
async function requireRank(c: Context<Counter>, tx: TransactionSql, userId: string, role?: Role): Promise<void> {
  if (c.get("adminRole") === undefined) return
  const member = await lockStaff(tx, userId)
  if (role !== "supervisor" && member?.role !== "supervisor") return
  throw new WireError(403, "forbidden", "Only an administrator decides about supervisors.", {
    code: "role_not_allowed",
  })
}

/** Whoever has no role here is an administrator: who puts somebody on the staff, or takes him off it, decides about one. */
function requireAdministrator(c: Context<Counter>): void {
  if (c.get("adminRole") === undefined) return
  const message =
    "Only an administrator puts somebody on the staff, or takes him off it; a supervisor makes him inactive."
  throw new WireError(403, "forbidden", message, { code: "role_not_allowed" })
}

/** The last administrator would leave the shop to nobody. */
const ownRole = () =>
  new WireError(400, "not_allowed", "You would be no administrator any more: another one has to do it.", {
    code: "own_role",
  })

function wireError({ code, ids }: StaffRefused): WireError {
  const wrong = (message: string) => new WireError(400, "invalid_data", `Invalid request: ${message}`)
  switch (code) {
    case "unknown_user":
      return wrong("user_id: there is no such user")
    case "unknown_location":
      return wrong(`stock_location_ids: there is no stock location ${ids.join(", ")}`)
    case "is_staff":
      return taken(code, "The user is a member of staff already.")
    case "would_be_administrator":
      return new WireError(
        ...([400, "not_allowed"] as const),
        "He is a user of Medusa's still, and would be an administrator. Who leaves is made inactive, or deleted in Medusa first; who is to be one is removed with makes_administrator=true.",
        { code },
      )
  }
}

const room = adminRoom(PATH, {
  user_id: z.string().openapi({ description: "Of the user in Medusa.", example: "user_01M7ZRVFH8HMMAP027Z42YKK0G" }),
})
const one = { description: "The member, as he is now.", schema: z.object({ staff_member: Shown }) }
const missing = { 404: "There is no such member of staff." }
const rank = {
  403: "The caller is staff here, and no supervisor; or a supervisor, who decides about agents and cashiers and his own PIN alone (`role_not_allowed`).",
}
export const staffRoutes = routesOf(room, [
  {
    ...{ method: "get", path: "", operationId: "listStaff", summary: "List staff", query: Filter },
    answer: { description: "The oldest first.", schema: z.object({ staff: z.array(Shown), ...paged }) },
  },
  {
    ...{ method: "post", path: "", operationId: "addStaffMember", summary: "Make a user staff", body: NewMember },
    description:
      "A PIN has 4 to 8 digits and is not one that everybody tries first; without it he signs in at no till.",
    ...{ answer: one, errors: { ...rank, 422: "The user is staff already (`is_staff`)." } },
  },
  {
    ...{ method: "get", path: "/{user_id}", operationId: "getStaffMember", summary: "Get a member of staff" },
    ...{ answer: one, errors: missing },
  },
  {
    ...{
      method: "post",
      path: "/{user_id}",
      operationId: "updateStaffMember",
      summary: "Change a member of staff",
    },
    ...{ body: Change, description: "What is given. Who is signed in at a till has to sign in anew." },
    ...{ answer: one, errors: { ...missing, ...rank } },
  },
  {
    ...{ method: "delete", path: "/{user_id}", operationId: "removeStaffMember", summary: "Remove from staff" },
    ...{ query: Removal },
    description:
      "Who is a user of Medusa's and no staff is an administrator. So who leaves the shop is deleted in Medusa first, or made inactive; who becomes an administrator is removed with `makes_administrator=true`.",
    answer: {
      description: "He is none any more.",
      schema: z.object({ id: z.string(), object: z.literal("staff_member"), deleted: z.literal(true) }),
    },
    errors: {
      ...{ 400: "He would be an administrator, and that was not asked for (`would_be_administrator`).", ...missing },
      ...rank,
    },
  },
  {
    ...{ method: "post", path: "/{user_id}/pin", operationId: "setPin", summary: "Give a new PIN", body: Pin },
    description: "It ends a lock, and his session at a till.",
    ...{ answer: one, errors: { ...missing, ...rank } },
  },
])
