import { asc, getTableColumns, getTableName, isNull } from "drizzle-orm"
import type { AnyPgColumn } from "drizzle-orm/pg-core"
import { product_collection, product_tag, product_type } from "../../medusa/schema.ts"
import { type ChangeFeed, type HeldTable, holdTable } from "../../platform/changes/index.ts"
import type { Db } from "../../platform/db/index.ts"

export type Collection = typeof product_collection.$inferSelect
export type Tag = typeof product_tag.$inferSelect
export type Type = typeof product_type.$inferSelect

type Common = "id" | "external_id" | "created_at" | "updated_at" | "deleted_at"
export type CollectionColumn = Common | "title" | "handle"
export type LabelColumn = Common | "value"
export type Collections = HeldTable<Collection, CollectionColumn>
export type Tags = HeldTable<Tag, LabelColumn>
export type Types = HeldTable<Type, LabelColumn>

/** The shop's collections. @source Medusa 2.21 `product/dist/models/product-collection.js` */
export function loadCollections(db: Db, feed: ChangeFeed): Promise<Collections> {
  const columns = getTableColumns(product_collection)
  return loadLabels<Collection, CollectionColumn>(db, feed, product_collection, columns, columns.title)
}

/** The shop's product tags. @source Medusa 2.21 `product/dist/models/product-tag.js` */
export function loadTags(db: Db, feed: ChangeFeed): Promise<Tags> {
  const columns = getTableColumns(product_tag)
  return loadLabels<Tag, LabelColumn>(db, feed, product_tag, columns, columns.value)
}

/** The shop's product types. @source Medusa 2.21 `product/dist/models/product-type.js` */
export function loadTypes(db: Db, feed: ChangeFeed): Promise<Types> {
  const columns = getTableColumns(product_type)
  return loadLabels<Type, LabelColumn>(db, feed, product_type, columns, columns.value)
}

function loadLabels<Row extends Record<Name, unknown>, Name extends string>(
  db: Db,
  feed: ChangeFeed,
  table: typeof product_collection | typeof product_tag | typeof product_type,
  columns: Record<Name | "id", AnyPgColumn>,
  searchable: AnyPgColumn,
): Promise<HeldTable<Row, Name | "id">> {
  return holdTable<Row & { id: string }, Name | "id">(db, feed, getTableName(table), {
    ...{ table, key: "id", columns, searchable: [searchable], ties: "repeat" },
    read: async () =>
      (await db.select().from(table).where(isNull(table.deleted_at)).orderBy(asc(table.id))) as (Row & {
        id: string
      })[],
  })
}
