export { isKeyPart, type Limits, problemOf } from "./limits.ts"
export { Lock } from "./lock.ts"
