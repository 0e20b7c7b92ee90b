export { nats } from "./driver.ts"
export type { NatsOptions } from "./options.ts"
