export { OmniEngine, moduleLayer } from "./client/layer.ts"
export type { Service } from "./client/service.ts"
export type { EngineService } from "./client/upkeep.ts"
