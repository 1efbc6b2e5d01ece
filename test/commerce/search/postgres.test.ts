import { postgresSearch } from "../../../src/commerce/search/postgres/index.ts"
import { describeSearch } from "./suite.ts"

describeSearch("Postgres", {
  async open({ database, catalog, search }) {
    return {
      engine: postgresSearch({ database, documents: catalog.documents, settings: search.settings }),
      async settle() {},
      async close() {},
    }
  },
})
