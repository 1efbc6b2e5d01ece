import { afterAll, beforeAll } from "vitest"
import { markUnsent, openMeilisearch } from "../../../src/commerce/search/meilisearch/index.ts"
import { createLog } from "../../../src/platform/log.ts"
import { isReal, openTarget, type Target } from "../../support/meilisearch/target.ts"
import { describeSearch } from "./suite.ts"

let target: Target
beforeAll(async () => {
  target = await openTarget()
})
afterAll(() => target.close())

describeSearch(isReal ? "Meilisearch" : "Meilisearch's stand-in", {
  writers: () => [markUnsent],
  async open({ database, search }) {
    const engine = await openMeilisearch(database, createLog("silent"), target, search.settings)
    return { engine, settle: engine.catchUp, close: engine.close }
  },
})
