export { OmniEngine, moduleLayer } from "./kernel/layer.ts"
export type { Service } from "./kernel/service.ts"
