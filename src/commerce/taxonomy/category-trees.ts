import type { Category, CategoryColumn } from "./read-categories.ts"

/** A category as Medusa's tree has it; of parents and children nothing is there that Medusa leaves out. */
export type CategoryNode = Partial<Pick<Category, CategoryColumn>> & {
  id: string
  parent_category?: CategoryNode | null | undefined
  category_children?: CategoryNode[] | undefined
}

export interface TreeOptions {
  ancestors: boolean
  descendants: boolean
  /** Whether children are asked for, also outside of the tree. */
  withChildren: boolean
}

/**
 * The page with its trees, by Medusa's own steps: all categories of the trees are nodes, each one object, which is
 * linked and stripped wherever it stands. So what a node shows depends on what else is on the page; that is Medusa's,
 * and kept.
 *
 * @param all  in the order of their ids; of them only visible ones get into a tree
 * @returns undefined when children would be shown whose order only Medusa can tell
 * @source Medusa 2.21 `product/dist/repositories/product-category.js` `buildProductCategoriesWithTree`
 */
export function categoryTrees(
  page: Category[],
  all: readonly Category[],
  options: TreeOptions,
): CategoryNode[] | undefined {
  const { ancestors, descendants } = options
  const inTree = membersOf(page, all, options)
  if (options.withChildren && ancestors && !inTree.every((it) => it.childrenInOrder)) return undefined
  const nodes = new Map(inTree.map((it) => [it.id, nodeOf(it, options)]))
  if (ancestors) {
    for (const node of nodes.values()) {
      if (!node.parent_category_id) continue
      node.parent_category = nodes.get(node.parent_category_id)
      node.parent_category_id = node.parent_category?.id
    }
  }
  const children = new Map<string, CategoryNode[]>()
  for (const node of nodes.values()) {
    const parent = node.parent_category_id ?? ""
    children.set(parent, [...(children.get(parent) ?? []), node])
  }

  const populate = (node: CategoryNode, level: number): CategoryNode => {
    if (descendants) node.category_children = (children.get(node.id) ?? []).map((it) => populate(it, level + 1))
    if (level === 0) {
      if (!ancestors) delete node.parent_category
      return node
    }
    if (ancestors) delete node.category_children
    if (descendants) delete node.parent_category
    return node
  }
  return sortByRank(page.flatMap((it) => nodes.get(it.id) ?? []).map((it) => populate(it, 0)))
}

/** Those whose path begins as one on the page does, and those that its path leads through. */
function membersOf(page: Category[], all: readonly Category[], { ancestors, descendants }: TreeOptions): Category[] {
  const above = new Set<string>()
  for (const { mpath } of ancestors ? page : []) {
    const steps = mpath.split(".")
    for (let i = 1; i <= steps.length; i++) above.add(steps.slice(0, i).join("."))
  }
  const below = descendants ? page.map((it) => it.mpath) : []
  return all.filter(
    (it) =>
      it.is_active && !it.is_internal && (above.has(it.mpath) || below.some((mpath) => it.mpath.startsWith(mpath))),
  )
}

function nodeOf(category: Category, { ancestors, descendants, withChildren }: TreeOptions): CategoryNode {
  return {
    ...rowOf(category),
    ...(ancestors ? { parent_category: category.parent_category && rowOf(category.parent_category) } : {}),
    ...(withChildren || descendants ? { category_children: category.category_children.map(rowOf) } : {}),
  }
}

/** The columns alone: inside of itself Medusa shows no relation of a category. */
function rowOf({ parent_category: _, category_children: __, childrenInOrder: ___, ...row }: Category): CategoryNode {
  return row
}

/** In place, all the way down, as Medusa does: a list that stands in several places is sorted in all. */
function sortByRank(nodes: CategoryNode[]): CategoryNode[] {
  nodes.sort((a, b) => Number(a.rank) - Number(b.rank))
  for (const node of nodes) if (node.category_children) sortByRank(node.category_children)
  return nodes
}
