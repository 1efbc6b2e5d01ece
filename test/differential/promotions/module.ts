import { MedusaApp } from "@medusajs/framework/modules-sdk"
import type { IPromotionModuleService } from "@medusajs/framework/types"
import { cloneDatabase, type TestDatabase } from "../../support/database.ts"

/** Medusa's own promotion module in this process, on a database of its own. */
export interface PromotionModule {
  database: TestDatabase
  promotion: IPromotionModuleService
  close(): Promise<void>
}

export async function openPromotionModule(): Promise<PromotionModule> {
  const database = await cloneDatabase()
  const app = await MedusaApp({
    modulesConfig: { promotion: { resolve: "@medusajs/promotion" } },
    sharedResourcesConfig: { database: { clientUrl: database.url } },
    // What it refuses is part of what is tested; it comes as an exception all the same.
    injectedDependencies: {
      logger: Object.fromEntries(["error", "warn", "info", "debug"].map((it) => [it, () => {}])),
    },
  })
  return {
    database,
    promotion: app.modules.promotion as unknown as IPromotionModuleService,
    async close() {
      await app.onApplicationPrepareShutdown()
      await app.onApplicationShutdown()
      await database.drop()
    },
  }
}
