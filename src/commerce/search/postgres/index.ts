export { type PostgresSearchOptions, postgresSearch } from "./engine.ts"
export { pruneSets, SEARCH_FORMAT, writeSearchRows } from "./write.ts"
