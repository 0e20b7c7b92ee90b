import { moduleLayer, type OmniEngine, type Service } from "@omni/core/effect"
import * as Context from "effect/Context"
import type * as Layer from "effect/Layer"

import { orders } from "./orders.ts"
import type { OrdersOptions } from "./settings.ts"

/** Orders as an Effect service: each operation and query a method, its errors in the type. */
export class Orders extends Context.Service<Orders, Service<ReturnType<typeof orders>>>()("@omni/orders/Orders") {
  /** Over the engine that `OmniEngine.layer` opens; the app provides the inventory's layer from the same engine. */
  static readonly layer: Layer.Layer<Orders, never, OmniEngine> = moduleLayer(Orders, orders())
  /** The same with options. */
  static readonly layerWith = (options: OrdersOptions): Layer.Layer<Orders, never, OmniEngine> => moduleLayer(Orders, orders(options))
}
