import { idOf, WORDS } from "./words.ts"

/** As much of a JSON schema as our own schemas use. */
export interface JsonSchema {
  $ref?: string
  type?: string | string[]
  format?: string
  properties?: Record<string, JsonSchema>
  required?: string[]
  items?: JsonSchema
  additionalProperties?: boolean | JsonSchema
  anyOf?: JsonSchema[]
  oneOf?: JsonSchema[]
  allOf?: JsonSchema[]
  enum?: unknown[]
  const?: unknown
  default?: unknown
  example?: unknown
  description?: string
}
export type Schemas = Record<string, JsonSchema>

const MOMENT = "2026-11-20T08:00:00.000Z"
/** A tree within itself is shown as deep as this. */
const MOST_DEEP = 16

/**
 * A value that a schema takes: of the examples of its parts, and where one has none, of what its name usually means.
 *
 * @param name   of the property that it is the schema of
 * @param owner  what the property belongs to, by which an `id` is known
 */
export function exampleOf(schema: JsonSchema, schemas: Schemas, name = "", owner = "", depth = 0): unknown {
  const go = (it: JsonSchema, as = name, of = owner) => exampleOf(it, schemas, as, of, depth + 1)
  if (schema.example !== undefined) return schema.example
  if (schema.const !== undefined) return schema.const
  if (depth > MOST_DEEP) return {}
  if (schema.$ref) {
    const component = schema.$ref.split("/").at(-1) ?? ""
    return go(schemas[component] ?? {}, component)
  }
  const types = [schema.type ?? []].flat()
  if (schema.enum)
    return WORDS[name] && schema.enum.includes(WORDS[name].example) ? WORDS[name].example : schema.enum[0]
  if (schema.allOf) return Object.assign({}, ...schema.allOf.map((it) => go(it)))
  const choice = (schema.anyOf ?? schema.oneOf)?.find((it) => it.type !== "null")
  if (choice) return go(choice)
  if (types.includes("array")) return [go(schema.items ?? {}, name)]
  if (types.includes("object")) return objectOf(schema, name, go)
  return scalarOf(types, schema, name, owner)
}

function objectOf(
  { properties = {}, additionalProperties }: JsonSchema,
  name: string,
  go: (schema: JsonSchema, name: string, owner: string) => unknown,
): object {
  const own = Object.entries(properties).map(([key, it]) => [key, go(it, key, name)])
  const isRecord = own.length === 0 && typeof additionalProperties === "object" && isTyped(additionalProperties)
  return Object.fromEntries(isRecord ? [[keyOf(name), go(additionalProperties, name, name)]] : own)
}

const isTyped = (schema: JsonSchema) => Object.keys(schema).length > 0
/** Of what is sorted by something: what it may be sorted by. */
const keyOf = (name: string) => (name === "order" ? "created_at" : name === "highlights" ? "title" : "tag")

function scalarOf(types: string[], { format, default: usual }: JsonSchema, name: string, owner: string): unknown {
  const is = (...names: string[]) => types.length === 0 || types.some((it) => names.includes(it))
  const known = name === "id" ? undefined : WORDS[name]?.example
  if (usual !== undefined) return usual
  if (known === null && types.includes("null")) return null
  if (known !== undefined && is(typeof known, typeof known === "number" ? "integer" : "") && known !== null)
    return known
  if (types.length === 0) return {}
  if (is("boolean")) return true
  if (is("integer", "number")) return 1
  if (format === "date-time") return MOMENT
  if (format === "uri") return "https://shop.example/"
  if (name === "id") return idOf(owner)
  if (name.endsWith("_id")) return idOf(name.slice(0, -"_id".length))
  if (name.endsWith("_ids")) return idOf(name.slice(0, -"_ids".length))
  return typeof known === "number" ? String(known) : name.replaceAll("_", " ")
}
