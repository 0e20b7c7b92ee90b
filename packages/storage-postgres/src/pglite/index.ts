export { pglite, type PGliteDriver, type PGliteOptions } from "./driver.ts"
