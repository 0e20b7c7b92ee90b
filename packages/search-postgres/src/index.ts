export type { SearchConnection, SearchPool } from "./database.ts"
export { postgresSearch, type PostgresSearchOptions } from "./driver.ts"
export { SearchTimeout } from "./index-of.ts"
