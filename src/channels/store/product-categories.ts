import { z } from "@hono/zod-openapi"
import type { CategoryColumn, CategoryQuestion } from "../../commerce/taxonomy/index.ts"
import {
  booleanText,
  freeText,
  instantFilter,
  keyFilter,
  textFilter,
  withGroups,
} from "../../medusa/filter-parameters.ts"
import type { Services } from "../counter.ts"
import type { FieldSelection } from "./fields.ts"
import { lane } from "./lane.ts"
import { fieldsParameter } from "./listing.ts"
import { orderOf, pageAnswer, pageOf, pageParameters } from "./page.ts"
import { compileProjection, type Shape } from "./project.ts"
import { selectable } from "./selectable.ts"

/** @source Medusa 2.21 `medusa/dist/api/store/product-categories/query-config.js` */
const DEFAULT_FIELDS = [
  ...["id", "name", "description", "handle", "rank", "external_id", "parent_category_id", "created_at", "updated_at"],
  ...["metadata", "*parent_category", "*category_children"],
]
const ORDERS = [
  ...(["id", "name", "description", "handle", "rank", "external_id", "parent_category_id"] as const),
  ...(["created_at", "updated_at"] as const),
] satisfies CategoryColumn[]
const RELATION_COLUMNS = [...ORDERS, "deleted_at"]
const COLUMNS = [...RELATION_COLUMNS, "metadata"]

/** A relation asked for whole has more than may be asked for by name. */
const WHOLE = [
  ...["id", "name", "description", "handle", "mpath", "is_active", "is_internal", "rank", "external_id", "metadata"],
  ...["parent_category_id", "created_at", "updated_at", "deleted_at"],
]
const SHAPE: Shape = {
  columns: COLUMNS,
  relations: { parent_category: { columns: WHOLE }, category_children: { columns: WHOLE } },
}

const select = selectable({
  defaults: DEFAULT_FIELDS,
  columns: COLUMNS,
  relations: { parent_category: RELATION_COLUMNS, category_children: RELATION_COLUMNS },
  elsewhere: ["products"],
})

const Related = z.record(z.string(), z.unknown()).openapi({ description: "A category, with its own in a tree." })
const CategoryAnswer = z
  .object({
    id: z.string().openapi({ example: "pcat_01M802T155EJE7DVB0NZ3XZ20R" }),
    name: z.string().openapi({ example: "Hogar" }),
    description: z.string(),
    handle: z.string().openapi({ example: "hogar" }),
    rank: z.number().int(),
    external_id: z.string().nullable(),
    parent_category_id: z.string().nullable(),
    created_at: z.iso.datetime(),
    updated_at: z.iso.datetime(),
    deleted_at: z.iso.datetime().nullable(),
    metadata: z.record(z.string(), z.unknown()).nullable(),
    parent_category: Related.nullable(),
    category_children: z.array(Related),
  })
  .partial()
  .openapi("StoreProductCategory")

const trees = {
  include_ancestors_tree: booleanText
    .optional()
    .openapi({ type: "boolean", description: "All parents, up to the root." }),
  include_descendants_tree: booleanText.optional().openapi({ type: "boolean", description: "All that is below." }),
}

export const listCategories = ({ categories }: Services) =>
  lane({
    method: "get",
    path: "/store/product-categories",
    summary: "List product categories",
    description: "The active categories, each with its parent and its children.",
    shared: true,
    query: z.object({
      fields: fieldsParameter,
      ...pageParameters(ORDERS),
      ...trees,
      q: freeText.optional(),
      /** @source Medusa 2.21 `medusa/dist/api/store/product-categories/validators.js` */
      ...withGroups({
        id: keyFilter.optional(),
        name: textFilter.optional(),
        description: textFilter.optional(),
        handle: keyFilter.optional(),
        parent_category_id: textFilter.optional(),
        external_id: textFilter.optional(),
        created_at: instantFilter.optional(),
        updated_at: instantFilter.optional(),
        deleted_at: instantFilter.optional(),
      }),
    }),
    answer: pageAnswer("product_categories", CategoryAnswer),
    async handle(_, query) {
      const {
        fields,
        limit,
        offset,
        order,
        q: words,
        include_ancestors_tree,
        include_descendants_tree,
        ...filters
      } = query
      const view = viewOf(fields, { ancestors: !!include_ancestors_tree, descendants: !!include_descendants_tree })
      const page = pageOf({ limit, offset }, 50)
      const found =
        view && (await categories.page({ filters, words, order: order && orderOf(order), ...page, ...view.question }))
      if (!found) return undefined
      return { product_categories: found.rows.map((it) => view.project(it) ?? null), count: found.count, ...page }
    },
  })

export const getCategory = ({ categories }: Services) =>
  lane({
    method: "get",
    path: "/store/product-categories/{id}",
    summary: "Get a product category",
    description: "An active category; the answer is empty when there is none with this id.",
    shared: true,
    params: z.object({ id: z.string().openapi({ example: "pcat_01M802T155EJE7DVB0NZ3XZ20R" }) }),
    query: z.object({ fields: fieldsParameter }),
    answer: z.object({ product_category: CategoryAnswer.optional() }),
    // With a tree Medusa shows of each part of it what it happens to have loaded: see `find` in its repository.
    async handle(c, { fields }) {
      const view = viewOf(fields, { ancestors: false, descendants: false })
      const filters = { id: c.req.param("id") ?? "" }
      const found = view && (await categories.page({ filters, offset: 0, limit: 1, ...view.question }))
      if (!found) return undefined
      // Medusa forgets to look whether it has found one, and answers `{}`.
      return { product_category: found.rows[0] && view.project(found.rows[0]) }
    },
  })

type Trees = Pick<CategoryQuestion, "ancestors" | "descendants">

/** What a selection shows of categories, and how; undefined when only Medusa can tell. */
function viewOf(fields: string | undefined, trees: Trees) {
  const selection = select(fields)
  if (!selection) return undefined
  const shows = { parent: has(selection, "parent_category"), children: has(selection, "category_children") }
  const question = { ...trees, shows }
  if (!trees.ancestors && !trees.descendants) return { question, project: compileProjection(selection, SHAPE) }
  // Medusa sorts a tree by the ranks that it has loaded for the answer, and shows of a part what it has loaded.
  const complete = selection.fields.has("rank") && [...selection.fields].every((field) => !field.includes("."))
  return complete ? { question, project: compileProjection(selection) } : undefined
}

function has({ fields, relations }: FieldSelection, relation: string): boolean {
  return relations.has(relation) || [...fields].some((field) => field.startsWith(`${relation}.`))
}
