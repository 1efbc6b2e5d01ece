import { type OpenAPIHono, z } from "@hono/zod-openapi"
import type { Counter } from "./counter.ts"
import { errorsOf, json } from "./described.ts"
import type { Security } from "./security.ts"

/** A route of ours, as the OpenAPI document has it. */
export interface DocumentedRoute {
  method: "get" | "post" | "delete"
  /** As OpenAPI writes it, after the room's own: `/{id}`. */
  path: string
  operationId: string
  summary: string
  description?: string
  query?: z.ZodObject
  headers?: z.ZodObject
  body?: z.ZodType
  /** What it takes, where it is not what the room takes. */
  security?: Security
  /** Of JSON, unless it says what else. */
  answer: { description: string; schema: z.ZodType; media?: "text/event-stream" }
  /** What can go wrong, by status. */
  errors?: Record<number, string>
}

/** What the routes of a room have in common. */
export interface DocumentedRoom {
  /** What all their paths begin with. */
  path: string
  security: Security
  /** What parameters in paths are, by their names. */
  params?: Record<string, z.ZodType>
  /** Headers that all its routes read. */
  headers?: z.ZodObject
  errors: Record<number, string>
}

/** Puts routes into the OpenAPI document. */
export function documentRoutes(app: OpenAPIHono<Counter>, room: DocumentedRoom, routes: DocumentedRoute[]): void {
  for (const route of routes) {
    const { method, path, operationId, summary, description, query, body, answer, errors } = route
    const headers = z.object({ ...room.headers?.shape, ...route.headers?.shape })
    const { security = room.security } = route
    const params = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = ""]) => [name, room.params?.[name] ?? z.string()])
    app.openAPIRegistry.registerPath({
      ...{ method, path: room.path + path, operationId, summary, security },
      ...(description ? { description } : {}),
      request: {
        ...(params.length > 0 ? { params: z.object(Object.fromEntries(params)) } : {}),
        ...(query ? { query } : {}),
        ...(Object.keys(headers.shape).length > 0 ? { headers } : {}),
        ...(body ? { body: { ...json(body), required: true } } : {}),
      },
      responses: {
        200: {
          description: answer.description,
          content: { [answer.media ?? "application/json"]: { schema: answer.schema } },
        },
        ...errorsOf({ ...room.errors, ...errors }),
      },
    })
  }
}
