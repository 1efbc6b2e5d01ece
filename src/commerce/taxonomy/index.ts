export { type Categories, type CategoryQuestion, loadCategories } from "./categories.ts"
export type { CategoryNode } from "./category-trees.ts"
export {
  type Collection,
  type CollectionColumn,
  type Collections,
  type LabelColumn,
  loadCollections,
  loadTags,
  loadTypes,
  type Tag,
  type Tags,
  type Type,
  type Types,
} from "./labels.ts"
export type { Category, CategoryColumn } from "./read-categories.ts"
