import { asc, getTableColumns, isNull } from "drizzle-orm"
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
  const table = product_collection
  return holdTable<Collection, CollectionColumn>(db, feed, "product_collection", {
    table,
    key: "id",
    columns: getTableColumns(table),
    searchable: [table.title],
    ties: "repeat",
    read: () => db.select().from(table).where(isNull(table.deleted_at)).orderBy(asc(table.id)),
  })
}

/** The shop's product tags. @source Medusa 2.21 `product/dist/models/product-tag.js` */
export function loadTags(db: Db, feed: ChangeFeed): Promise<Tags> {
  const table = product_tag
  return holdTable<Tag, LabelColumn>(db, feed, "product_tag", {
    table,
    key: "id",
    columns: getTableColumns(table),
    searchable: [table.value],
    ties: "repeat",
    read: () => db.select().from(table).where(isNull(table.deleted_at)).orderBy(asc(table.id)),
  })
}

/** The shop's product types. @source Medusa 2.21 `product/dist/models/product-type.js` */
export function loadTypes(db: Db, feed: ChangeFeed): Promise<Types> {
  const table = product_type
  return holdTable<Type, LabelColumn>(db, feed, "product_type", {
    table,
    key: "id",
    columns: getTableColumns(table),
    searchable: [table.value],
    ties: "repeat",
    read: () => db.select().from(table).where(isNull(table.deleted_at)).orderBy(asc(table.id)),
  })
}
