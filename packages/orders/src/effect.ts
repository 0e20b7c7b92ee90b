import { moduleLayer, type OmniEngine, type Service } from "@omni/core/effect"
import * as Context from "effect/Context"
import type * as Layer from "effect/Layer"

import { invoices, type InvoicesOptions } from "./invoice/invoices.ts"
import { orders } from "./orders.ts"

/** Orders as an Effect service: each operation and query a method, its errors in the type. */
export class Orders extends Context.Service<Orders, Service<ReturnType<typeof orders>>>()("@omni/orders/Orders") {
  /** Over the engine that `OmniEngine.layer` opens; the app provides the inventory's layer from the same engine. */
  static readonly layer: Layer.Layer<Orders, never, OmniEngine> = moduleLayer(Orders, orders())
}

/** Invoices as an Effect service: each operation and query a method, its errors in the type. */
export class Invoices extends Context.Service<Invoices, Service<ReturnType<typeof invoices>>>()("@omni/orders/Invoices") {
  /** Over the engine that `OmniEngine.layer` opens, with the national schemes that legal entities name. */
  static readonly layer = (options: InvoicesOptions = {}): Layer.Layer<Invoices, never, OmniEngine> =>
    moduleLayer(Invoices, invoices(options))
}
