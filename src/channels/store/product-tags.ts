import { z } from "@hono/zod-openapi"
import type { Services } from "../counter.ts"
import { LABEL_COLUMNS, LABEL_DEFAULTS, LABEL_ORDERS, labelAnswer, labelFilters } from "./labels.ts"
import { getLane, listLane, noun } from "./listing.ts"
import { selectable } from "./selectable.ts"

/** @source Medusa 2.21 `medusa/dist/api/store/product-tags` */
const own = ({ tags }: Services) =>
  noun({
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

export const listTags = (services: Services) => listLane(own(services))
export const getTag = (services: Services) => getLane(own(services))
