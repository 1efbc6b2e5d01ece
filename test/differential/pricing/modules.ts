import { MedusaApp } from "@medusajs/framework/modules-sdk"
import type { IPricingModuleService, ITaxModuleService } from "@medusajs/framework/types"
import { cloneDatabase, type TestDatabase } from "../../support/database.ts"

/** Medusa's own modules in this process, on a database of their own: thousands of questions without HTTP between. */
export interface Modules {
  database: TestDatabase
  pricing: IPricingModuleService
  tax: ITaxModuleService
  close(): Promise<void>
}

export async function openModules(): Promise<Modules> {
  const database = await cloneDatabase()
  const app = await MedusaApp({
    modulesConfig: { pricing: { resolve: "@medusajs/pricing" }, tax: { resolve: "@medusajs/tax" } },
    sharedResourcesConfig: { database: { clientUrl: database.url } },
    // What they fail at is part of what is tested; failures come as exceptions all the same.
    injectedDependencies: {
      logger: Object.fromEntries(["error", "warn", "info", "debug"].map((it) => [it, () => {}])),
    },
  })
  return {
    database,
    pricing: app.modules.pricing as unknown as IPricingModuleService,
    tax: app.modules.tax as unknown as ITaxModuleService,
    async close() {
      await app.onApplicationPrepareShutdown()
      await app.onApplicationShutdown()
      await database.drop()
    },
  }
}

/** Inserts rows of one table in one statement; columns that are left out get their defaults. */
export async function insertRows({ sql }: TestDatabase, table: string, rows: Record<string, unknown>[]): Promise<void> {
  const [first] = rows
  if (!first) return
  const columns = sql(Object.keys(first))
  await sql`insert into ${sql(table)} (${columns})
    select ${columns} from jsonb_populate_recordset(null::${sql(table)}, ${JSON.stringify(rows)}::text::jsonb)`
}
