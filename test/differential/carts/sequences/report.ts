/** What differs between two values, a line for each place: `items.cali#1.quantity: 3 | 4`. */
export function differences(theirs: unknown, ours: unknown, place = ""): string[] {
  const [a, b] = [JSON.stringify(theirs), JSON.stringify(ours)]
  if (a === b) return []
  if (!isTree(theirs) || !isTree(ours)) return [`${place || "."}: ${short(a)} | ${short(b)}`]
  const [left, right] = [entriesOf(theirs), entriesOf(ours)]
  return [...new Set([...left.keys(), ...right.keys()])].flatMap((key) =>
    differences(left.get(key), right.get(key), place ? `${place}.${key}` : key),
  )
}

const isTree = (value: unknown): value is object => value !== null && typeof value === "object"

/** Entries of a list go by their ids, where all have one. */
function entriesOf(value: object): Map<string, unknown> {
  if (!Array.isArray(value)) return new Map(Object.entries(value))
  const ids = value.map((it) => (isTree(it) && "id" in it ? String(it.id) : undefined))
  const isKeyed = ids.every((id) => id !== undefined) && new Set(ids).size === ids.length
  return new Map(value.map((it, i) => [isKeyed ? String(ids[i]) : String(i), it]))
}

const short = (text: string | undefined) => (text && text.length > 400 ? `${text.slice(0, 400)}...` : text)

/** What was asked, as a person would type it. */
export function readable(asked: { name: string; method: string; path: string; body?: unknown; note?: string }): string {
  const { name, method, path, body, note } = asked
  const said = body === undefined ? "" : ` ${typeof body === "string" ? body : JSON.stringify(body)}`
  return `${name.padEnd(9)} ${method} ${path}${said}${note ? `  (${note})` : ""}`
}
