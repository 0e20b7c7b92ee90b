export { postgres } from "./driver.ts"
export { MigrationPending } from "./errors.ts"
export type { PostgresOptions, PostgresPool } from "./options.ts"
