export { type PostgresSearchOptions, postgresSearch } from "./engine.ts"
export { SEARCH_FORMAT, writeSearchRows } from "./write.ts"
