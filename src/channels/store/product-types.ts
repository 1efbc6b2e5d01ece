import { z } from "@hono/zod-openapi"
import type { Services } from "../counter.ts"
import { LABEL_COLUMNS, LABEL_DEFAULTS, LABEL_ORDERS, labelAnswer, labelFilters } from "./labels.ts"
import { getLane, listLane, noun } from "./listing.ts"
import { selectable } from "./selectable.ts"

/** @source Medusa 2.21 `medusa/dist/api/store/product-types` */
const own = ({ types }: Services) =>
  noun({
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

export const listTypes = (services: Services) => listLane(own(services))
export const getType = (services: Services) => getLane(own(services))
