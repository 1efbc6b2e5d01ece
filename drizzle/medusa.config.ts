import { defineConfig } from "drizzle-kit"

/** The tables of Medusa's that lanes use; `npm run schema:pull` writes them to `src/medusa/schema.ts`. */
export const tables = [
  "region",
  "region_country",
  "api_key",
  "publishable_api_key_sales_channel",
  "product_category",
  "product_collection",
  "product_tag",
  "product_type",
  "currency",
]

export default defineConfig({
  dialect: "postgresql",
  out: process.env.SCHEMA_OUT ?? "./.data/schema",
  dbCredentials: { url: process.env.DATABASE_URL ?? "" },
  schemaFilter: ["public"],
  tablesFilter: tables,
  introspect: { casing: "preserve" },
})
