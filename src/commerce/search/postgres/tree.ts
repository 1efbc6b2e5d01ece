import type { Leaf } from "./word-index.ts"

/** What a product must have to be found. */
export type Tree =
  | ({ kind: "word" } & Leaf)
  /** A whole SKU or barcode, with the mark of its field; see `row.ts`. */
  | { kind: "code"; code: string }
  | { kind: "any" | "all"; of: Tree[] }

/** No product has it. */
export const NOTHING: Tree = { kind: "any", of: [] }

/** @returns undefined when nothing is asked for */
export const anyOf = (trees: (Tree | undefined)[]) => join("any", trees)
export const allOf = (trees: (Tree | undefined)[]) => join("all", trees)

function join(kind: "any" | "all", trees: (Tree | undefined)[]): Tree | undefined {
  const some = new Map(trees.flatMap((it) => (it ? [[JSON.stringify(it), it] as const] : [])))
  return some.size > 1 ? { kind, of: [...some.values()] } : [...some.values()][0]
}

export const isSame = (a: Tree | undefined, b: Tree | undefined) => JSON.stringify(a) === JSON.stringify(b)

/** @returns every word that is asked for, once; one that is also asked for as a beginning, as that only */
export function leavesOf(tree: Tree | undefined): Leaf[] {
  const leaves = new Map<string, Leaf>()
  const visit = (it: Tree) => {
    if (it.kind === "code") return
    if (it.kind !== "word") return it.of.forEach(visit)
    const key = `${it.weights} ${it.word}`
    if (it.begins || !leaves.has(key)) leaves.set(key, it)
  }
  if (tree) visit(tree)
  return [...leaves.values()]
}

/** @returns every code that is asked for, once */
export function codesOf(tree: Tree | undefined): string[] {
  if (!tree || tree.kind === "word") return []
  return tree.kind === "code" ? [tree.code] : [...new Set(tree.of.flatMap(codesOf))]
}
