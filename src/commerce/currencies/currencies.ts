import { asc, isNull } from "drizzle-orm"
import type { Filters } from "../../medusa/filters.ts"
import { currency } from "../../medusa/schema.ts"
import { type ChangeFeed, type HeldTable, holdTable } from "../../platform/changes/index.ts"
import type { Db } from "../../platform/db/index.ts"

type CurrencyRow = typeof currency.$inferSelect
export type Currency = Omit<CurrencyRow, "rounding" | "raw_rounding"> & { rounding: number }

const columns = {
  code: currency.code,
  name: currency.name,
  symbol: currency.symbol,
  symbol_native: currency.symbol_native,
  decimal_digits: currency.decimal_digits,
  rounding: currency.rounding,
  created_at: currency.created_at,
  updated_at: currency.updated_at,
}
export type CurrencyColumn = keyof typeof columns

/** Every currency that Medusa knows, out of memory. Codes are taken in any case. */
export type Currencies = Pick<HeldTable<Currency, CurrencyColumn>, "find" | "page">

/** @source Medusa 2.21 `currency/dist/services/currency-module-service.js` */
export async function loadCurrencies(db: Db, feed: ChangeFeed): Promise<Currencies> {
  const held = await holdTable<Currency, CurrencyColumn>(db, feed, "currency", {
    table: currency,
    key: "code",
    columns,
    searchable: [currency.code, currency.name],
    ties: "repeat",
    async read() {
      const rows = await db.select().from(currency).where(isNull(currency.deleted_at)).orderBy(asc(currency.code))
      return rows.map(({ raw_rounding: _, ...row }) => ({ ...row, rounding: Number(row.rounding) }))
    },
  })
  return {
    find: (code) => held.find(code.toLowerCase()),
    page: (question) => held.page({ ...question, filters: inLowerCase(question.filters) }),
  }
}

function inLowerCase({ code, $and, $or, ...rest }: Filters<CurrencyColumn>): Filters<CurrencyColumn> {
  return {
    ...rest,
    ...(typeof code === "string" ? { code: code.toLowerCase() } : {}),
    ...(Array.isArray(code) ? { code: code.map((it) => (typeof it === "string" ? it.toLowerCase() : it)) } : {}),
    ...($and ? { $and: $and.map(inLowerCase) } : {}),
    ...($or ? { $or: $or.map(inLowerCase) } : {}),
  }
}
