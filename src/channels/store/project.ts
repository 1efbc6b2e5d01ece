import type { FieldSelection } from "./fields.ts"

/** What a value has, where it has more than Medusa shows of it when it is asked for whole (`*relation`). */
export interface Shape {
  columns: readonly string[]
  relations?: Readonly<Record<string, Shape>>
}

/** Picks what was asked for; undefined when nothing of that is there. */
export type Projection = (value: object) => Record<string, unknown> | undefined

interface Node {
  fields: string[]
  whole: boolean
  relations: Map<string, Node>
}

/**
 * Makes the function that picks the selected fields of a nested value, of a relation and of relations in it.
 *
 * As in Medusa: what was not asked for by name is not there, not even the id of a relation (`options.title` gives
 * `options: [{ title }]`); a relation that is null stays null; one of which nothing is found is left out, and in a list
 * is null; a relation asked for whole (`*tags`) has all its columns, and relations only where they are asked for too.
 *
 * @param selection  what Medusa would have let through (see `selectable`)
 * @param shape      what stands for "all columns"; without it the value itself does, as deep as it is
 * @source Medusa 2.21 `query/dist/joiner/execute.js` `filterFields`
 */
export function compileProjection(selection: FieldSelection, shape?: Shape): Projection {
  const root: Node = { fields: [], whole: false, relations: new Map() }
  for (const field of selection.fields) {
    const path = field.split(".")
    const name = path.pop() ?? ""
    at(root, path).fields.push(name)
  }
  for (const relation of selection.relations) at(root, relation.split(".")).whole = true
  return compile(root, shape)
}

function at(root: Node, path: string[]): Node {
  let node = root
  for (const step of path) {
    let next = node.relations.get(step)
    if (!next) {
      next = { fields: [], whole: false, relations: new Map() }
      node.relations.set(step, next)
    }
    node = next
  }
  return node
}

function compile(node: Node, shape: Shape | undefined): Projection {
  const columns = node.whole ? shape?.columns : shape ? node.fields.filter(among(shape.columns)) : node.fields
  const relations = [...node.relations].map(
    ([name, child]) => [name, compile(child, shape?.relations?.[name])] as const,
  )
  return (value) => {
    const source = value as Record<string, unknown>
    const picked: Record<string, unknown> = columns ? {} : { ...source }
    for (const column of columns ?? []) {
      const it = source[column]
      if (it !== undefined) picked[column] = it
    }
    for (const [name, project] of relations) {
      const it = source[name]
      if (it === null) picked[name] = null
      else if (Array.isArray(it)) picked[name] = it.map((item) => project(item) ?? null)
      else if (it !== undefined) {
        const inner = project(it as object)
        if (inner !== undefined) picked[name] = inner
      }
    }
    for (const _ in picked) return picked
    return undefined
  }
}

const among = (columns: readonly string[]) => {
  const known = new Set(columns)
  return (field: string) => known.has(field)
}
