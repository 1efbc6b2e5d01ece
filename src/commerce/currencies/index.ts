export { type Currencies, type Currency, type CurrencyColumn, loadCurrencies } from "./currencies.ts"
