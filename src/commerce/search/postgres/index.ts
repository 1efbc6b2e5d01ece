export { openPostgresSearch, type PostgresSearchOptions } from "./engine.ts"
export { pruneSets, SEARCH_FORMAT, writeSearchRows } from "./write.ts"
