import { asc, type Column, count, desc, type SQL, sql } from "drizzle-orm"
import type { PgColumn, PgTable } from "drizzle-orm/pg-core"
import type { Db } from "../../platform/db/index.ts"
import type { Follower } from "./follow.ts"

/** Which part of a list, and in which order. */
export interface PageOf<Order extends string> {
  order: { by: Order; descending: boolean }
  offset: number
  limit: number
}

/** A row of a page, and the product that it belongs to. */
export interface Listed {
  id: string
  product_id: string
}

/** One page, and how many there are in all. */
export interface Page {
  rows: Listed[]
  count: number
}

/** Pages that are kept, of any list. */
const MOST_PAGES = 5_000

/** Reads pages, and keeps them until a product changes. */
export interface Pages {
  /**
   * @param list.key       stands for its condition
   * @param list.filtered  whether more than who may see a product decides what is in it
   * @returns undefined when rows of the page come in an order that Postgres is free to choose
   */
  read<Order extends string>(
    list: {
      key: string
      filtered: boolean
      table: PgTable
      columns: Record<Order | "id", PgColumn>
      product_id: PgColumn
      condition: () => SQL | undefined
    },
    page: PageOf<Order>,
  ): Promise<Page | undefined>
}

/**
 * Asks Medusa's own tables, and keeps the answers until a product changes: in its content, or, for a list without
 * filters, in who may see it.
 */
export function openPages(db: Db, follower: Pick<Follower, "listen">): Pages {
  const unfiltered = new Map<string, Promise<unknown>>()
  const filtered = new Map<string, Promise<unknown>>()
  follower.listen((changes) => {
    if (changes.some((it) => it.visibility)) unfiltered.clear()
    if (changes.some((it) => it.visibility || it.content)) filtered.clear()
  })

  /** What is asked for while it is being read is read once; what failed is not kept. */
  function kept<T>(pages: Map<string, Promise<unknown>>, key: string, read: () => Promise<T>): Promise<T> {
    const known = pages.get(key)
    if (known) return known as Promise<T>
    if (pages.size >= MOST_PAGES) pages.clear()
    const reading = read()
    pages.set(key, reading)
    reading.catch(() => {
      if (pages.get(key) === reading) pages.delete(key)
    })
    return reading
  }

  return {
    async read(list, page) {
      const { order, offset, limit } = page
      const pages = list.filtered || order.by !== "id" ? filtered : unfiltered
      const [rows, all] = await Promise.all([
        kept(pages, `${list.key} ${order.by} ${order.descending} ${offset} ${limit}`, () =>
          readRows(db, list.table, list.columns.id, list.product_id, list.columns[order.by], list.condition(), page),
        ),
        kept(pages, list.key, async () => {
          const [row] = await db.select({ all: count() }).from(list.table).where(list.condition())
          return row?.all ?? 0
        }),
      ])
      return rows && { rows, count: all }
    },
  }
}

async function readRows(
  db: Db,
  table: PgTable,
  id: PgColumn,
  product_id: PgColumn,
  column: Column,
  condition: SQL | undefined,
  { order, offset, limit }: PageOf<string>,
): Promise<Listed[] | undefined> {
  // One more at either end: a tie across the page's edge is one too.
  const before = offset > 0 ? 1 : 0
  const rows = await db
    .select({
      id: sql<string>`${id}`,
      product_id: sql<string>`${product_id}`,
      value: sql<string | null>`${column}::text`,
    })
    .from(table)
    .where(condition)
    .orderBy(order.descending ? desc(column) : asc(column))
    .limit(limit + before + 1)
    .offset(offset - before)
  const isTied = rows.some((row, index) => index > 0 && row.value === rows[index - 1]?.value)
  if (isTied) return undefined
  return rows.slice(before, before + limit).map((row) => ({ id: row.id, product_id: row.product_id }))
}
