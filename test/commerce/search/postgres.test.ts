import { openPostgresSearch } from "../../../src/commerce/search/postgres/index.ts"
import { createLog } from "../../../src/platform/log.ts"
import { describeSearch } from "./suite.ts"

describeSearch("Postgres", {
  async open({ database, catalog, search }) {
    const engine = await openPostgresSearch({
      ...{ database, documents: catalog.documents, settings: search.settings, log: createLog("silent") },
    })
    return { engine, async settle() {}, close: () => engine.close() }
  },
})
