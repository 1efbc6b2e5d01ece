import { z } from "@hono/zod-openapi"
import type { LabelColumn } from "../../commerce/taxonomy/index.ts"
import type { Services } from "../counter.ts"
import { LABEL_COLUMNS, LABEL_DEFAULTS, LABEL_ORDERS, labelAnswer, labelFilters } from "./labels.ts"
import { getLane, listLane, type Noun } from "./listing.ts"
import { selectable } from "./selectable.ts"

/** @source Medusa 2.21 `medusa/dist/api/store/product-types` */
const noun = ({ types }: Services): Noun<LabelColumn> => ({
  one: "product_type",
  many: "product_types",
  title: "Product type",
  path: "/store/product-types",
  key: "id",
  table: types,
  orders: LABEL_ORDERS,
  defaultLimit: 50,
  select: selectable({ defaults: LABEL_DEFAULTS, columns: LABEL_COLUMNS, elsewhere: ["products"] }),
  shape: { columns: LABEL_COLUMNS },
  filters: labelFilters,
  answer: labelAnswer(z.string().openapi({ example: "Textil" })).openapi("StoreProductType"),
})

export const listTypes = (services: Services) => listLane(noun(services))
export const getType = (services: Services) => getLane(noun(services))
