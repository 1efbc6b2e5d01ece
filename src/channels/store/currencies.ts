import { z } from "@hono/zod-openapi"
import { freeText, keyFilter, withGroups } from "../../medusa/filter-parameters.ts"
import type { Services } from "../counter.ts"
import { getLane, listLane, noun } from "./listing.ts"
import { selectable } from "./selectable.ts"

/** @source Medusa 2.21 `medusa/dist/api/store/currencies/query-config.js` */
const DEFAULT_FIELDS = ["code", "name", "symbol", "symbol_native", "decimal_digits", "rounding"] as const
const ORDERS = [...DEFAULT_FIELDS, "created_at", "updated_at"] as const
const COLUMNS = [...ORDERS, "deleted_at"]

const CurrencyAnswer = z
  .object({
    code: z.string().openapi({ example: "eur" }),
    name: z.string().openapi({ example: "Euro" }),
    symbol: z.string().openapi({ example: "€" }),
    symbol_native: z.string().openapi({ example: "€" }),
    decimal_digits: z.number().int().openapi({ example: 2 }),
    rounding: z.number().openapi({ example: 0 }),
    created_at: z.iso.datetime(),
    updated_at: z.iso.datetime(),
    deleted_at: z.iso.datetime().nullable(),
  })
  .partial()
  .openapi("StoreCurrency")

const own = ({ currencies }: Services) =>
  noun({
    one: "currency",
    many: "currencies",
    title: "Currency",
    path: "/store/currencies",
    key: "code",
    table: currencies,
    orders: ORDERS,
    defaultLimit: 50,
    select: selectable({ defaults: DEFAULT_FIELDS, columns: COLUMNS, elsewhere: [] }),
    shape: { columns: COLUMNS },
    /** @source Medusa 2.21 `medusa/dist/api/store/currencies/validators.js` */
    filters: { q: freeText.optional(), ...withGroups({ code: keyFilter.optional() }) },
    answer: CurrencyAnswer,
  })

export const listCurrencies = (services: Services) => listLane(own(services))
export const getCurrency = (services: Services) => getLane(own(services))
