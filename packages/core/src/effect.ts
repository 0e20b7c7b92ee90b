export { OmniEngine, moduleLayer } from "./client/layer.ts"
export type { Service } from "./client/service.ts"
