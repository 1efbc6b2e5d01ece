/** What a `fields` parameter asks for: names of columns, and relations with all of their columns. */
export interface FieldSelection {
  fields: Set<string>
  /** Relations that were asked for whole: `*countries` or `countries.*`. */
  relations: Set<string>
}

/**
 * Reads a `fields` parameter: names replace the defaults unless every one has a modifier (`+name` adds, `-name` takes
 * away, `*relation` adds a relation). `id` is always there.
 *
 * @param fields    the parameter, or undefined when it was not given
 * @param defaults  Medusa's defaults of the route, in its notation
 * @source Medusa 2.21 `framework/dist/http/utils/field-filtering/field-parser.js`
 */
export function parseFields(fields: string | undefined, defaults: readonly string[]): FieldSelection {
  const selected = fields === undefined ? new Set(defaults) : select(fields.split(",").filter(Boolean), defaults)
  if (fields !== undefined) selected.add("id")
  const whole = [...selected].filter(isWholeRelation)
  return {
    fields: new Set([...selected].filter((field) => !isWholeRelation(field))),
    relations: new Set(whole.map((field) => field.replace(/^\*|\.\*$/, ""))),
  }
}

function select(asked: string[], defaults: readonly string[]): Set<string> {
  const replaces = asked.length === 0 || asked.some((field) => !/^[-+ *]/.test(field) && !field.endsWith(".*"))
  if (replaces) return new Set(asked.map(withoutModifier))
  const selected = new Set(defaults)
  for (const field of asked) {
    if (/^[+ ]/.test(field)) selected.add(withoutModifier(field))
    else if (!field.startsWith("-")) selected.add(field)
    else {
      const name = withoutModifier(field)
      for (const present of selected) {
        const bare = present.replace(/^\*/, "")
        if (bare === name || bare.startsWith(`${name}.`)) selected.delete(present)
      }
    }
  }
  return selected
}

const withoutModifier = (field: string) => field.replace(/^[+ \t-]+/, "").trim()
const isWholeRelation = (field: string) => field.startsWith("*") || field.endsWith(".*")
