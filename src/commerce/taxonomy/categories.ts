import { getTableColumns } from "drizzle-orm"
import type { Filters } from "../../medusa/filters.ts"
import { product_category } from "../../medusa/schema.ts"
import { type ChangeFeed, holdTable, type Page, type Question } from "../../platform/changes/index.ts"
import type { Db } from "../../platform/db/index.ts"
import { type CategoryNode, categoryTrees } from "./category-trees.ts"
import { type Category, type CategoryColumn, childrenAsFound, readCategories } from "./read-categories.ts"

export interface CategoryQuestion extends Question<CategoryColumn> {
  /** The chain of parents of each, up to the root. */
  ancestors: boolean
  /** All that is below each. */
  descendants: boolean
  /** What of its family the answer shows of a category. */
  shows: { parent: boolean; children: boolean }
}

/** The shop's categories as a storefront sees them: active ones that are not internal. */
export interface Categories {
  /** @returns undefined when only Medusa can tell; categories without trees are shared, and not to be changed */
  page(question: CategoryQuestion): Promise<Page<Category | CategoryNode> | undefined>
}

/**
 * Loads the categories and follows their changes.
 *
 * @source Medusa 2.21 `product/dist/repositories/product-category.js`, `medusa/dist/api/store/product-categories`
 */
export async function loadCategories(db: Db, feed: ChangeFeed): Promise<Categories> {
  const table = product_category
  const held = await holdTable<Category, CategoryColumn>(db, feed, "product_category", {
    table,
    key: "id",
    columns: getTableColumns(table),
    searchable: [table.name, table.description, table.handle],
    ties: "refuse",
    read: () => readCategories(db),
  })

  return {
    async page({ ancestors, descendants, shows, ...question }) {
      const withTrees = ancestors || descendants
      if (withTrees && (question.words !== undefined || !onlyFamily(question.filters))) return undefined
      // In a search Medusa's condition for the words stands also in the join of the parent, with odd results.
      if (question.words?.trim() && shows.parent) return undefined
      const all = held.rows
      const page = await held.page({ ...question, filters: { ...question.filters, ...VISIBLE } })
      if (!page) return undefined
      if (withTrees) {
        const rows = categoryTrees(page.rows, all, { ancestors, descendants, withChildren: shows.children })
        return rows && { rows, count: page.count }
      }
      if (!shows.children || page.rows.every((it) => it.childrenInOrder)) return page
      const children = await childrenAsFound(
        db,
        page.rows.map((it) => it.id),
      )
      const rows = page.rows.map((it) => withChildren(it, children.get(it.id) ?? []))
      return rows.every((it) => it !== undefined) ? { rows, count: page.count } : undefined
    },
  }
}

const VISIBLE = { is_active: true, is_internal: false } as const

/**
 * Medusa looks for trees among all categories that pass the same filters but these; what the others do to a tree is
 * left to it.
 */
function onlyFamily(filters: Filters<CategoryColumn>): boolean {
  return Object.entries(filters).every(
    ([name, filter]) => filter === undefined || ["id", "handle", "parent_category_id"].includes(name),
  )
}

/** @returns undefined when these are not the children that are in memory: it is just being renewed */
function withChildren(category: Category, ids: string[]): Category | undefined {
  const children = ids.flatMap((id) => category.category_children.find((it) => it.id === id) ?? [])
  const same = children.length === ids.length && ids.length === category.category_children.length
  return same ? { ...category, category_children: children } : undefined
}
