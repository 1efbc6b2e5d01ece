import { type OpenAPIHono, z } from "@hono/zod-openapi"
import type { Counter } from "./counter.ts"
import { errorsOf, json } from "./described.ts"
import { IdempotencyErrors, IdempotencyHeaders } from "./idempotency.ts"
import type { Security } from "./security.ts"

/** A route of ours, as the OpenAPI document and the typed client have it. */
export interface DocumentedRoute {
  method: "get" | "post" | "delete"
  /**
   * As OpenAPI writes it, after the room's own: `/{id}`. No mere string: so TypeScript keeps each route's own as its type.
   */
  path: "" | `/${string}`
  /** Where none is given, it is made of the method and the path. */
  operationId?: string
  summary: string
  description?: string
  query?: z.ZodObject
  headers?: z.ZodObject
  /** One that need not be there is `optional()`. */
  body?: z.ZodType
  /** What it takes, where it is not what the room takes. */
  security?: Readonly<Security>
  /** With 200 and of JSON, unless it says what else. */
  answer: { description: string; schema: z.ZodType; status?: 202; media?: "text/event-stream" }
  /** What can go wrong, by status. */
  errors?: Record<number, string>
}

/** What the routes of a room have in common. */
export interface DocumentedRoom<Path extends string = string> {
  /** What all their paths begin with. */
  path: Path
  security: Security
  /** What parameters in paths are, by their names. */
  params?: Record<string, z.ZodType>
  /** Headers that all its routes read. */
  headers?: z.ZodObject
  /** Whether each of its changes is done once under an `Idempotency-Key`. */
  isOnce?: boolean
  errors: Record<number, string>
}

/** A room with its routes. */
export interface RoutesOf<
  Path extends string = string,
  Routes extends readonly DocumentedRoute[] = readonly DocumentedRoute[],
> {
  room: DocumentedRoom<Path>
  routes: Routes
}

/** Routes of a room as they are, with their types followed: for the OpenAPI document, and for the typed client. */
export const routesOf = <const Path extends string, const Routes extends readonly DocumentedRoute[]>(
  room: DocumentedRoom<Path>,
  routes: Routes,
): RoutesOf<Path, Routes> => ({ room, routes })

/** Puts the routes of rooms into the OpenAPI document. */
export function documentRoutes(app: OpenAPIHono<Counter>, ...rooms: RoutesOf[]): void {
  for (const { room, routes } of rooms) for (const it of routes) documentRoute(app, room, it)
}

function documentRoute(app: OpenAPIHono<Counter>, room: DocumentedRoom, route: DocumentedRoute): void {
  const { method, path, operationId, summary, description, query, body, answer, security = room.security } = route
  const isKeyed = room.isOnce && method !== "get"
  const keyed = isKeyed ? IdempotencyHeaders.shape : {}
  const headers = z.object({ ...room.headers?.shape, ...keyed, ...route.headers?.shape })
  const params = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = ""]) => [name, room.params?.[name] ?? z.string()])
  app.openAPIRegistry.registerPath({
    ...{ method, path: room.path + path },
    ...(operationId ? { operationId } : {}),
    ...{ summary, security: [...security] },
    ...(description ? { description } : {}),
    request: {
      ...(params.length > 0 ? { params: z.object(Object.fromEntries(params)) } : {}),
      ...(query ? { query } : {}),
      ...(Object.keys(headers.shape).length > 0 ? { headers } : {}),
      ...(body ? { body: { ...json(body), required: !body.safeParse(undefined).success } } : {}),
    },
    responses: {
      [answer.status ?? 200]: {
        description: answer.description,
        content: { [answer.media ?? "application/json"]: { schema: answer.schema } },
      },
      ...errorsOf({ ...room.errors, ...(isKeyed ? keyedErrors(route.errors) : route.errors) }),
    },
  })
}

/** With what can go wrong by the key. A text that speaks of the key itself says all that there is to say. */
function keyedErrors(errors: Record<number, string> = {}): Record<number, string> {
  const keyed = Object.entries(IdempotencyErrors).map(([status, { description }]) => {
    const own = errors[Number(status)]
    if (own === undefined) return [status, description]
    return [status, own.includes("`Idempotency-Key`") ? own : `${own} ${description}`]
  })
  return { ...errors, ...Object.fromEntries(keyed) }
}
