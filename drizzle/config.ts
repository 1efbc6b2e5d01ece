import { defineConfig } from "drizzle-kit"

/** `npm run schema:generate`: a migration for what changed in the `*.sql.ts` files of the schema `mostrador`. */
export default defineConfig({
  dialect: "postgresql",
  schema: "./src/**/*.sql.ts",
  out: "./drizzle",
  schemaFilter: ["mostrador"],
})
