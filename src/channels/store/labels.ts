import { z } from "@hono/zod-openapi"
import { freeText, instantFilter, keyFilter, textFilter, withGroups } from "../../medusa/filter-parameters.ts"

/** What product tags and product types have in common: one value that products are labelled with. */
export const LABEL_ORDERS = ["id", "value", "external_id", "created_at", "updated_at"] as const
export const LABEL_COLUMNS = [...LABEL_ORDERS, "metadata"]

/** @source Medusa 2.21 `medusa/dist/api/store/product-tags/query-config.js`, `product-types/query-config.js` */
export const LABEL_DEFAULTS = [...LABEL_COLUMNS, "*products"]

/** @source Medusa 2.21 `medusa/dist/api/store/product-tags/validators.js`, `product-types/validators.js` */
export const labelFilters = {
  q: freeText.optional(),
  ...withGroups({
    id: keyFilter.optional(),
    value: textFilter.optional(),
    external_id: textFilter.optional(),
    created_at: instantFilter.optional(),
    updated_at: instantFilter.optional(),
    deleted_at: instantFilter.optional(),
  }),
}

export const labelAnswer = (value: z.ZodString) =>
  z
    .object({
      id: z.string(),
      value,
      external_id: z.string().nullable(),
      created_at: z.iso.datetime(),
      updated_at: z.iso.datetime(),
      metadata: z.record(z.string(), z.unknown()).nullable(),
    })
    .partial()
