import { z } from "@hono/zod-openapi"
import type { LabelColumn } from "../../commerce/taxonomy/index.ts"
import type { Services } from "../counter.ts"
import { LABEL_COLUMNS, LABEL_DEFAULTS, LABEL_ORDERS, labelAnswer, labelFilters } from "./labels.ts"
import { getLane, listLane, type Noun } from "./listing.ts"
import { selectable } from "./selectable.ts"

/** @source Medusa 2.21 `medusa/dist/api/store/product-tags` */
const noun = ({ tags }: Services): Noun<LabelColumn> => ({
  one: "product_tag",
  many: "product_tags",
  title: "Product tag",
  path: "/store/product-tags",
  key: "id",
  table: tags,
  orders: LABEL_ORDERS,
  defaultLimit: 50,
  select: selectable({ defaults: LABEL_DEFAULTS, columns: LABEL_COLUMNS, elsewhere: ["products"] }),
  shape: { columns: LABEL_COLUMNS },
  filters: labelFilters,
  answer: labelAnswer(z.string().openapi({ example: "vegano" })).openapi("StoreProductTag"),
})

export const listTags = (services: Services) => listLane(noun(services))
export const getTag = (services: Services) => getLane(noun(services))
