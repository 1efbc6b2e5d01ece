import { z } from "@hono/zod-openapi"
import { freeText, instantFilter, keyFilter, textFilter, withGroups } from "../../medusa/filter-parameters.ts"
import type { Services } from "../counter.ts"
import { getLane, listLane, noun } from "./listing.ts"
import { selectable } from "./selectable.ts"

/** @source Medusa 2.21 `medusa/dist/api/store/collections/query-config.js` */
const DEFAULT_FIELDS = ["id", "title", "handle", "external_id", "created_at", "updated_at"] as const
const COLUMNS = [...DEFAULT_FIELDS, "metadata", "deleted_at"]

const CollectionAnswer = z
  .object({
    id: z.string().openapi({ example: "pcol_01M802T16CTJSMV44WJ3HWEYF7" }),
    title: z.string().openapi({ example: "Brisa de verano" }),
    handle: z.string().openapi({ example: "brisa" }),
    external_id: z.string().nullable(),
    created_at: z.iso.datetime(),
    updated_at: z.iso.datetime(),
    deleted_at: z.iso.datetime().nullable(),
    metadata: z.record(z.string(), z.unknown()).nullable(),
  })
  .partial()
  .openapi("StoreCollection")

const own = ({ collections }: Services) =>
  noun({
    one: "collection",
    many: "collections",
    title: "Collection",
    path: "/store/collections",
    key: "id",
    table: collections,
    orders: DEFAULT_FIELDS,
    defaultLimit: 10,
    defaultOrder: "-created_at",
    select: selectable({ defaults: DEFAULT_FIELDS, columns: COLUMNS, elsewhere: ["products"] }),
    shape: { columns: COLUMNS },
    /** @source Medusa 2.21 `medusa/dist/api/store/collections/validators.js` */
    filters: {
      q: freeText.optional(),
      ...withGroups({
        id: keyFilter.optional(),
        title: textFilter.optional(),
        handle: keyFilter.optional(),
        external_id: textFilter.optional(),
        created_at: instantFilter.optional(),
        updated_at: instantFilter.optional(),
      }),
    },
    answer: CollectionAnswer,
  })

export const listCollections = (services: Services) => listLane(own(services))
export const getCollection = (services: Services) => getLane(own(services))
