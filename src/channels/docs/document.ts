import type { OpenAPIHono } from "@hono/zod-openapi"
import type { Counter } from "../counter.ts"
import { SECURITY_SCHEMES } from "../security.ts"
import { codesAsExamples, errorExamples } from "./errors.ts"
import { exampleOf, type JsonSchema, type Schemas } from "./examples.ts"
import { SECTIONS, sectionOf } from "./sections.ts"
import { idOf, WORDS } from "./words.ts"

const DESCRIPTION = `One catalog, one stock and one cart for every channel of a shop: web, app, till and telephone.

This is what the counter answers itself. Everything else under \`/store\`, \`/admin\` and \`/auth\` it hands to Medusa, and is
as Medusa's own reference says.

Amounts are in the major unit (\`24.9\` euros), times in UTC. An error is \`{type, code?, message}\`: \`type\` is Medusa's,
\`code\` is for programs, and \`message\` says what to do next. With 429 and 503 comes \`Retry-After\`.`

/** As much of an OpenAPI document as is completed here. */
interface Document {
  tags?: { name: string; description: string }[]
  components?: { schemas?: Schemas; responses?: Record<string, unknown> }
  paths?: Record<string, Record<string, Operation>>
}
interface Operation {
  operationId?: string
  tags?: string[]
  description?: string
  summary?: string
  security?: Record<string, string[]>[]
  parameters?: Parameter[]
  requestBody?: { required?: boolean; content: Content }
  responses: Record<string, { description?: string; content?: Content; $ref?: string }>
}
interface Parameter {
  in: string
  name: string
  required?: boolean
  description?: string
  example?: unknown
  schema?: JsonSchema
}
type Content = Record<string, { schema?: JsonSchema; example?: unknown; examples?: object }>

/**
 * The OpenAPI document of all routes that the app has by now. What follows from the rest is worked out here: the ids of
 * operations, their sections, what parameters of the same name mean everywhere, examples of bodies, answers and errors.
 *
 * @param url  where the counter is reached
 */
export function describe(app: OpenAPIHono<Counter>, url: string): Document {
  for (const [name, scheme] of Object.entries(SECURITY_SCHEMES)) {
    app.openAPIRegistry.registerComponent("securitySchemes", name, scheme)
  }
  const document = app.getOpenAPI31Document({
    openapi: "3.1.0",
    info: { title: "Mostrador", version: "0.1.0", description: DESCRIPTION },
    servers: [{ url }],
  }) as Document
  const schemas = document.components?.schemas ?? {}
  document.components = {
    ...document.components,
    responses: { UnknownError: UNKNOWN_ERROR, ChannelRefused: CHANNEL_REFUSED },
  }
  const operations = Object.entries(document.paths ?? {}).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  )
  for (const { path, method, operation } of operations) complete(operation, method, path, schemas)
  const used = new Set(operations.flatMap(({ operation }) => operation.tags))
  document.tags = SECTIONS.filter(({ name }) => used.has(name)).map(({ name, description }) => ({ name, description }))
  return document
}

const UNKNOWN_ERROR = {
  description: "Something is wrong with the shop itself: `request_id` is what to ask it about.",
  content: {
    "application/json": {
      schema: { $ref: "#/components/schemas/Error" },
      example: {
        ...{ code: "unknown_error", type: "unknown_error", message: "An unknown error occurred." },
        request_id: "8e03978e-40d5-43e8-bc93-6894a57f9324",
      },
    },
  },
}

const CHANNEL_REFUSED = {
  description: "The key is of a channel that is closed (`channel_inactive`), or not for that (`channel_not_allowed`).",
  content: {
    "application/json": {
      schema: { $ref: "#/components/schemas/Error" },
      examples: codesAsExamples("channel_inactive", "channel_not_allowed"),
    },
  },
}

function complete(operation: Operation, method: string, path: string, schemas: Schemas): void {
  operation.operationId ??= operationId(method, path)
  const section = sectionOf(path)
  if (section) operation.tags = [section]
  operation.description ??= `${operation.summary}.`
  operation.security ??= []
  operation.parameters = [...missingParameters(operation, path), ...(operation.parameters ?? [])]
  for (const parameter of operation.parameters) explain(parameter, path)
  const { requestBody, responses } = operation
  if (requestBody) {
    // A body of which nothing must be there need not be there either.
    requestBody.required ??= Object.values(requestBody.content).some(({ schema }) => !takesNothing(schema, schemas))
    illustrate(requestBody.content, schemas, "")
  }
  const needsKey = operation.security.some((it) => "publishableKey" in it)
  for (const [status, response] of Object.entries(responses)) {
    const { content, description = "" } = response
    if (!content) continue
    const error = content["application/json"]
    const isError = Number(status) >= 400 && !error?.example && error?.schema?.$ref?.match(/\/(Error|Unauthorized)$/)
    if (error && isError) {
      const saysType = error.schema?.$ref?.endsWith("/Error") ?? false
      error.examples = errorExamples(path, Number(status), description, { needsKey, saysType })
    } else illustrate(content, schemas, nounOf(path))
  }
  if (needsKey) responses[403] ??= { $ref: "#/components/responses/ChannelRefused" }
  responses[500] ??= { $ref: "#/components/responses/UnknownError" }
}

/** `GET /store/carts/{id}` is `getStoreCartsId`. */
function operationId(method: string, path: string): string {
  const words = path.match(/\w+/g) ?? []
  return method + words.map((it) => `${it.charAt(0).toUpperCase()}${it.slice(1)}`).join("")
}

/** What stands in the path, where the route does not describe it itself. */
function missingParameters({ parameters = [] }: Operation, path: string): Parameter[] {
  const known = parameters.filter((it) => it.in === "path").map(({ name }) => name)
  const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = ""]) => name).filter((it) => !known.includes(it))
  return names.map((name) => ({ in: "path", name, required: true, schema: { type: "string" } }))
}

function explain(parameter: Parameter, path: string): void {
  const word = WORDS[parameter.name]
  parameter.description ??= parameter.in === "path" && parameter.name === "id" ? "Its id." : word?.description
  if (parameter.in !== "path" || parameter.schema?.example !== undefined) return
  const noun = path.split(`/{${parameter.name}}`)[0]?.split("/").at(-1) ?? ""
  parameter.example ??=
    parameter.name === "id" ? idOf(noun) : (word?.example ?? idOf(parameter.name.replace(/_id$/, "")))
}

function illustrate(content: Content, schemas: Schemas, noun: string): void {
  for (const media of Object.values(content)) {
    if (media.schema && !media.examples) media.example ??= exampleOf(media.schema, schemas, noun, noun)
  }
}

function takesNothing(schema: JsonSchema | undefined, schemas: Schemas): boolean {
  const { $ref, ...own } = schema ?? {}
  const { type, required = [] } = $ref ? (schemas[$ref.split("/").at(-1) ?? ""] ?? {}) : own
  return type === "object" && required.length === 0
}

/** What a path is about: the last of its words before an id, or at its end. */
const nounOf = (path: string) => path.split("/").findLast((it) => /^[a-z-]+$/.test(it)) ?? ""
