import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi"
import type { Context } from "hono"
import {
  applyOperations,
  OnlyMedusa,
  type Operation,
  PaymentInTheWay,
  REASONS,
  type Result,
  readPast,
} from "../../../commerce/carts/index.ts"
import type { Counter, Services } from "../../counter.ts"
import { error, json } from "../../described.ts"
import { WireError } from "../../errors.ts"
import { IdempotencyErrors, IdempotencyHeaders } from "../../idempotency.ts"
import { allowOrigin, answerPreflight, originRule } from "../../origins.ts"
import { refusal } from "../../refusals.ts"
import { withCart } from "../../security.ts"
import { requireShallow, wholeBody } from "../../whole-body.ts"
import { requirePublishableKey } from "../lane.ts"
import { requireSalesChannel } from "../own.ts"
import { byWhom } from "./by-whom.ts"
import { address, email } from "./changes/bodies.ts"
import { changeCart } from "./changes/change.ts"
import { selectCart } from "./fields.ts"
import { asPresented, CART_TOKEN_HEADER, cartIn } from "./presented.ts"
import { CartAnswer } from "./schema.ts"

/** So many at a time: they are applied in one transaction, while nobody else can change the cart. */
const MOST = 500
/** A quantity is an `integer`. */
const MOST_QUANTITY = 2_147_483_647

const id = z
  .string()
  .regex(
    // Without a flag, which the document's pattern cannot have.
    /^([0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}|[0-7][0-9A-HJKMNP-TV-Za-hjkmnp-tv-z]{25})$/,
    "must be a UUID or a ULID",
  )
  .openapi({
    description:
      "The device's own: a UUID or a ULID. Its letters' case says nothing: in whatever case it comes, it is one operation. It is answered as it was sent.",
    example: "0197a2f0-6c1e-7cc3-98c4-dc0c0c07398f",
  })
const common = {
  id,
  base_version: z
    .int()
    .gte(0)
    .openapi({ description: "The version (`ETag`) of the cart that the device had a copy of.", example: 7 }),
  done_at: z.iso
    .datetime({ offset: true })
    .optional()
    .openapi({ description: "By the device's clock. It is told in the cart's history; nothing hangs on it." }),
}
const metadata = z.record(z.string(), z.unknown())
const line = {
  line_id: z.string().min(1).optional().openapi({ example: "cali_01M7ZRVFH8HMMAP027Z42YKK0G" }),
  line: z
    .strictObject({ operation_id: id })
    .optional()
    .openapi({ description: "In the place of `line_id`: the line that this operation has made." }),
}
const code = z.string().min(1).max(200)

const OperationBody = z
  .discriminatedUnion("type", [
    z.strictObject({
      ...{ type: z.literal("add_line"), ...common, variant_id: z.string().min(1), metadata: metadata.nullish() },
      quantity: z.int().gte(1).lte(MOST_QUANTITY),
    }),
    z.strictObject({
      ...{ type: z.literal("set_quantity"), ...common, ...line, quantity: z.int().gte(0).lte(MOST_QUANTITY) },
    }),
    z.strictObject({ type: z.literal("remove_line"), ...common, ...line }),
    z.strictObject({ type: z.literal("add_promotion"), ...common, code }),
    z.strictObject({ type: z.literal("remove_promotion"), ...common, code }),
    z.strictObject({
      ...{ type: z.literal("update_cart"), ...common, email: email.nullish(), metadata: metadata.optional() },
      shipping_address: z.strictObject(address).optional(),
      billing_address: z.strictObject(address).optional(),
    }),
  ])
  .openapi("CartOperation")

const Body = z.strictObject({ operations: z.array(OperationBody).min(1).max(MOST) })

const OperationResult = z
  .object({
    id: z.string(),
    outcome: z.enum(["applied", "merged", "rejected"]),
    reason: z.enum(REASONS).optional(),
    message: z.string().optional(),
    line_id: z.string().optional(),
    quantity: z.number().optional().openapi({
      description: "Of an addition, how many of it could be had; else how many the line has now.",
    }),
    order_id: z.string().optional(),
    version: z.number(),
    replayed: z.literal(true).optional().openapi({ description: "It was done before; this was answered then." }),
  })
  .openapi("CartOperationResult")

const Answer = z.object({ results: z.array(OperationResult), cart: CartAnswer, version: z.number() })

const Headers = z.object({
  ...IdempotencyHeaders.shape,
  "If-Match": z.string().optional().openapi({ description: "The only version in which anything is to be applied." }),
  "X-Device-Id": z.string().max(200).optional().openapi({
    description:
      "What the device calls itself, always the same: what it did itself it has seen. Without it, it is known by the first operation of the list.",
    example: "phone-of-ana",
  }),
  [CART_TOKEN_HEADER]: z.string().optional().openapi({ description: "Of who has redeemed a code for the cart." }),
})

export const operateOnCart = createRoute({
  ...{ method: "post", path: "/store/carts/{id}/operations", security: withCart },
  summary: "Apply what was done offline",
  description:
    "Each operation is applied once, in the order of the list; whatever cannot be applied is answered with the reason, and stops nothing else. A list may be sent again, whole or in parts: what was answered is answered again. Several devices come to the same cart, whichever of them is heard first.",
  request: {
    params: z.object({ id: z.string().openapi({ example: "cart_01M7ZRVFH8HMMAP027Z42YKK0G" }) }),
    headers: Headers,
    body: { required: true, ...json(Body) },
  },
  responses: {
    200: {
      description: "What came of each, and the cart as it is then; its version is the `ETag`, too.",
      ...json(Answer),
    },
    400: error("The publishable key is missing, or the list is wrong: the message says where. Nothing was applied."),
    404: error("There is no cart with this id, or it does not answer to who asks."),
    412: error("The cart is not in the version of `If-Match`; `cart` is what it is now."),
    ...IdempotencyErrors,
    409: error(
      "Only Medusa can change this cart (`left_to_medusa`), or the `Idempotency-Key` is in use (`idempotency_key_in_use`).",
    ),
    503: error(
      "Others are changing the cart (`counter_busy`), or Stripe does not say whether a payment that was begun is closed (`payment_uncertain`). Nothing was applied.",
    ),
  },
})

/** What a device has done to a cart while it was offline. */
export function addCartOperations(app: OpenAPIHono<Counter>, services: Services): void {
  const path = "/store/carts/:id/operations"
  const origins = originRule(services.config.cors.store)
  app.options(path, (c) => answerPreflight(c, origins))
  app.post(path, async (c) => {
    c.set("way", "own")
    c.set("route", path)
    allowOrigin(c, origins)
    requirePublishableKey(c, services.publishableKeys)
    requireSalesChannel(c)
    const operations = await readOperations(c)
    try {
      return await asPresented(c, services, () => apply(c, services, operations))
    } catch (cause) {
      throw cause instanceof OnlyMedusa ? leftToMedusa() : cause
    }
  })
  app.openAPIRegistry.registerPath(operateOnCart)
}

async function apply(c: Context<Counter>, services: Services, operations: Operation[]): Promise<Response> {
  const cartId = cartIn(c)
  const show = selectCart(undefined)
  if (!show) throw new Error("The fields of a cart are known")
  const by = await byWhom(c, services.config)
  const knownAs = c.req.param("id") ?? cartId
  const device = by.device ?? operations[0]?.id ?? ""
  let done: { results: Result[]; version: number } | undefined
  const attempt = (isLast: boolean) =>
    changeCart(c, services, {
      ...{ cartId, show, by, isLocking: true, closesCards: !isLast },
      read: (tx) => readPast(tx, cartId, operations),
      async work(tx, draft, shop, past) {
        const { change, ...answer } = await applyOperations(tx, draft, shop, { device, knownAs, operations, past })
        done = answer
        return change
      },
      answer: (cart) => ({ results: done?.results, cart, version: done?.version }),
    })
  return await attempt(false).catch((error: unknown) => {
    if (!(error instanceof PaymentInTheWay)) throw error
    // It is paid just now, or somebody else's to close: what it is in the way of is answered one by one.
    return attempt(true)
  })
}

/** @throws WireError 400 which says what is wrong, and with which of them */
async function readOperations(c: Context<Counter>): Promise<Operation[]> {
  const text = (await bytesOf(c)).toString()
  requireShallow(text)
  const json = parse(text)
  const list = (json as { operations?: unknown } | null)?.operations
  if (Array.isArray(list) && list.length > MOST) throw tooMany(`${list.length} operations`)
  const read = Body.safeParse(json)
  if (!read.success) throw wrong(read.error, json)
  requireText(json)
  const operations = read.data.operations.map(asOne)
  requireOrder(operations)
  return operations
}

/** One and the same operation has one id, in whatever case its letters come: by it its repetition is told. */
function asOne(sent: z.infer<typeof OperationBody>): Operation {
  const named = { ...sent, id: sent.id.toLowerCase(), sent_as: sent.id }
  if (!("line" in named) || !named.line) return named
  return { ...named, line: { operation_id: named.line.operation_id.toLowerCase() } }
}

async function bytesOf(c: Context<Counter>): Promise<Buffer> {
  try {
    return await wholeBody(c)
  } catch (cause) {
    throw cause instanceof WireError && cause.status === 413 ? tooMany("more than a megabyte") : cause
  }
}

const tooMany = (what: string) =>
  new WireError(400, "invalid_data", `There are ${what}. Send at most ${MOST} operations at a time, in their order.`, {
    code: "too_many_operations",
  })

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new WireError(400, "invalid_data", "The body is no JSON")
  }
}

/** The place of a mistake matters in a list; else it is said as everywhere. */
function wrong(cause: z.ZodError, body: unknown): WireError {
  const [issue] = cause.issues
  const at = issue?.path[1]
  if (issue?.path[0] !== "operations" || typeof at !== "number") return refusal(cause, body)
  const field = issue.path.slice(2).join(".")
  return new WireError(
    400,
    "invalid_data",
    `Invalid request: operations[${at}]${field ? `.${field}` : ""}: ${issue.message}`,
  )
}

/** No column holds a zero byte or half a character; and amounts are read out of what is called `raw_`. */
function requireText(value: unknown): void {
  if (typeof value === "string") {
    if (value.includes("\u0000") || /\p{Surrogate}/u.test(value)) {
      throw new WireError(400, "invalid_data", "A zero byte, or half a character, is in no text")
    }
    return
  }
  if (typeof value !== "object" || value === null) return
  for (const [name, it] of Object.entries(value)) {
    if (name.startsWith("raw_") || name === "__proto__") {
      throw new WireError(400, "invalid_data", `Nothing can be called ${name}`)
    }
    requireText(name)
    requireText(it)
  }
}

/** @throws WireError for what cannot be an order in which a device did things */
function requireOrder(operations: readonly Operation[]): void {
  const places = new Map(operations.map((it, at) => [it.id, at]))
  const refuse = (at: number, why: string) => {
    throw new WireError(400, "invalid_data", `Invalid request: operations[${at}]: ${why}`, {
      code: "operations_out_of_order",
    })
  }
  let base = 0
  operations.forEach((it, at) => {
    if (places.get(it.id) !== at) refuse(at, `its id stands in the list twice`)
    if (it.base_version < base) refuse(at, "it is based on an older version than the one before it")
    base = it.base_version
    if (it.type !== "set_quantity" && it.type !== "remove_line") return
    if ((it.line_id === undefined) === (it.line === undefined)) refuse(at, "it names its line by line_id or by line")
    const maker = places.get(it.line?.operation_id ?? "")
    if (maker !== undefined && maker >= at) refuse(at, `its line is made by operations[${maker}], which comes later`)
  })
}

const leftToMedusa = () =>
  new WireError(409, "not_allowed", "Only Medusa can change this cart: send the changes one by one.", {
    code: "left_to_medusa",
  })
