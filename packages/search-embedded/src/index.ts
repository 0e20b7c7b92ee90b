export { embedded, type EmbeddedOptions } from "./driver.ts"
export type { Stemmer } from "./stems.ts"
