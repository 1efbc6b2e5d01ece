import { type OpenAPIHono, type RouteConfig, z } from "@hono/zod-openapi"
import type { Counter } from "./counter.ts"
import { ErrorBody } from "./errors.ts"

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
  answer: { description: string; schema: z.ZodType }
  /** What can go wrong, by status. */
  errors?: Record<number, string>
}

/** What the routes of a room have in common. */
export interface DocumentedRoom {
  /** What all their paths begin with. */
  path: string
  tag: string
  security: RouteConfig["security"]
  /** What parameters in paths are, by their names. */
  params?: Record<string, z.ZodType>
  errors: Record<number, string>
}

/** Puts routes into the OpenAPI document. */
export function documentRoutes(app: OpenAPIHono<Counter>, room: DocumentedRoom, routes: DocumentedRoute[]): void {
  const json = (schema: z.ZodType) => ({ content: { "application/json": { schema } } })
  for (const { method, path, operationId, summary, description, query, headers, body, answer, errors } of routes) {
    const params = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = ""]) => [name, room.params?.[name] ?? z.string()])
    const said = Object.entries({ ...room.errors, ...errors }).map(([status, text]) => [
      status,
      { description: text, ...json(ErrorBody) },
    ])
    app.openAPIRegistry.registerPath({
      ...{ method, path: room.path + path, operationId, summary, tags: [room.tag] },
      ...(room.security ? { security: room.security } : {}),
      ...(description ? { description } : {}),
      request: {
        ...(params.length > 0 ? { params: z.object(Object.fromEntries(params)) } : {}),
        ...(query ? { query } : {}),
        ...(headers ? { headers } : {}),
        ...(body ? { body: { ...json(body), required: true } } : {}),
      },
      responses: {
        200: { description: answer.description, ...json(answer.schema) },
        ...Object.fromEntries(said),
      },
    })
  }
}
