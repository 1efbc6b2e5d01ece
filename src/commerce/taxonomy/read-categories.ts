import { and, asc, eq, inArray, isNotNull, isNull, sql } from "drizzle-orm"
import { product_category } from "../../medusa/schema.ts"
import type { Db, Tx } from "../../platform/db/index.ts"

type CategoryRow = typeof product_category.$inferSelect
export type CategoryColumn = keyof CategoryRow

/** A category with its family, whether visible to shoppers or not: so Medusa shows it. */
export interface Category extends CategoryRow {
  parent_category: Category | null
  category_children: Category[]
  /** Whether Medusa's order of the children is known for certain. */
  childrenInOrder: boolean
}

const table = product_category

/** All that are not deleted, in the order of their ids as the database sorts them. */
export async function readCategories(db: Db): Promise<Category[]> {
  return db.transaction(
    async (tx) => {
      const rows = await tx.select().from(table).where(isNull(table.deleted_at)).orderBy(asc(table.id))
      const categories: Category[] = rows.map((row) => ({
        ...row,
        parent_category: null,
        category_children: [],
        childrenInOrder: true,
      }))
      const byId = new Map(categories.map((it) => [it.id, it]))
      for (const id of await idsAsTheyLie(tx)) {
        const child = byId.get(id)
        const parent = byId.get(child?.parent_category_id ?? "")
        if (!child || !parent) continue
        child.parent_category = parent
        parent.category_children.push(child)
      }
      for (const [parent, ids] of await otherOrders(tx, categories)) {
        parent.childrenInOrder = parent.category_children.every((child, i) => child.id === ids[i])
      }
      return categories
    },
    { isolationLevel: "repeatable read", accessMode: "read only" },
  )
}

/** The children of these categories by Medusa's own statement, and so in the order in which Medusa gets them. */
export async function childrenAsFound(db: Db, parentIds: string[]): Promise<Map<string, string[]>> {
  const rows = await db
    .select()
    .from(table)
    .where(and(isNull(table.deleted_at), inArray(table.parent_category_id, parentIds)))
  const byParent = new Map<string, string[]>()
  for (const { id, parent_category_id: parent } of rows) {
    byParent.set(parent ?? "", [...(byParent.get(parent ?? "") ?? []), id])
  }
  return byParent
}

async function idsAsTheyLie(tx: Tx): Promise<string[]> {
  const rows = await tx.select({ id: table.id }).from(table).where(isNull(table.deleted_at)).orderBy(sql`ctid`)
  return rows.map((row) => row.id)
}

/**
 * Medusa asks for children in no order. It gets them as they lie in the table when Postgres reads the whole table, as
 * it does while that is small; else as they lie in the index of the parent, which is another order for those that were
 * written again on their page.
 *
 * @returns the order of the index for the children of each parent, where Postgres would take that
 */
async function otherOrders(tx: Tx, categories: Category[]): Promise<Map<Category, string[]>> {
  const parents = categories.filter((it) => it.category_children.length > 1)
  const [rarest] = [...parents].sort((a, b) => a.category_children.length - b.category_children.length)
  if (!rarest || (await readsWholeTable(tx, rarest.id))) return new Map()
  await tx.execute(sql`set local enable_seqscan = off`)
  await tx.execute(sql`set local enable_bitmapscan = off`)
  await tx.execute(sql`set local enable_sort = off`)
  const rows = await tx
    .select({ id: table.id, parent: table.parent_category_id })
    .from(table)
    .where(and(isNull(table.deleted_at), isNotNull(table.parent_category_id)))
    .orderBy(asc(table.parent_category_id))
  const byParent = new Map<string | null, string[]>()
  for (const { id, parent } of rows) byParent.set(parent, [...(byParent.get(parent) ?? []), id])
  return new Map(parents.map((it) => [it, byParent.get(it.id) ?? []]))
}

/** The children of the fewest rows are where an index is worth most: who asks for more reads no less of the table. */
async function readsWholeTable(tx: Tx, parentId: string): Promise<boolean> {
  const statement = tx
    .select()
    .from(table)
    .where(and(isNull(table.deleted_at), eq(table.parent_category_id, parentId)))
  const plan = await tx.execute<{ "QUERY PLAN": [{ Plan: { "Node Type": string } }] }>(
    sql`explain (format json) ${statement}`,
  )
  return plan[0]?.["QUERY PLAN"][0].Plan["Node Type"] === "Seq Scan"
}
