import { moduleLayer, type OmniEngine, type Service } from "@omni/core/effect"
import * as Context from "effect/Context"
import type * as Layer from "effect/Layer"

import { inventory } from "./inventory.ts"

/** The inventory as an Effect service: each operation and query a method, its errors in the type. */
export class Inventory extends Context.Service<Inventory, Service<ReturnType<typeof inventory>>>()("@omni/inventory/Inventory") {
  /** Over the engine that `OmniEngine.layer` opens. */
  static readonly layer: Layer.Layer<Inventory, never, OmniEngine> = moduleLayer(Inventory, inventory())
}
