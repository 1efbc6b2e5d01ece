import { openSearchedShop } from "./shop.ts"

/** One counter process's part of the search, to be killed: `node --import tsx process.ts`. */
const { DATABASE_URL = "", TARGET = "{}" } = process.env
await openSearchedShop(DATABASE_URL, JSON.parse(TARGET))
process.stdout.write("open\n")
