import { type FieldSelection, parseFields } from "./fields.ts"

/** What may be selected on a route with Medusa's list of allowed fields, as far as a lane can answer it. */
export interface Selectable {
  /** Medusa's defaults of the route, in its notation. */
  defaults: readonly string[]
  /** Its own allowed columns. */
  columns: readonly string[]
  /** Relations that the lane has, with their allowed columns. */
  relations?: Readonly<Record<string, readonly string[]>>
  /** Relations that Medusa allows and the lane leaves to it. */
  elsewhere: readonly string[]
}

/**
 * Makes the function that reads a `fields` parameter and drops what Medusa drops: every field that it does not allow
 * there by its full name, silently.
 *
 * @returns the selection; undefined when it has what only Medusa can answer: a relation of another kind, one within a
 *   relation, or one by its bare name (which Medusa takes for a column)
 * @source Medusa 2.21 `framework/dist/http/utils/get-query-config.js`, `field-filtering/field-validator.js`
 */
export function selectable(options: Selectable): (fields: string | undefined) => FieldSelection | undefined {
  const relations = new Set(Object.keys(options.relations ?? {}))
  const columns = new Set([
    ...options.columns,
    ...Object.entries(options.relations ?? {}).flatMap(([name, own]) => own.map((column) => `${name}.${column}`)),
  ])
  const foreign = new Set([...relations, ...options.elsewhere])
  const mayBeAllowed = (field: string) => {
    const path = field.split(".")
    return path.length > 2 || foreign.has(path.at(-1) ?? "") || options.elsewhere.includes(path[0] ?? "")
  }
  return (text) => {
    const asked = parseFields(text, options.defaults)
    const fields = [...asked.fields].filter((it) => columns.has(it) || mayBeAllowed(it))
    const whole = [...asked.relations].filter((it) => relations.has(it) || columns.has(it) || mayBeAllowed(it))
    if (!fields.every((it) => columns.has(it)) || !whole.every((it) => relations.has(it))) return undefined
    return { fields: new Set(fields), relations: new Set(whole) }
  }
}
