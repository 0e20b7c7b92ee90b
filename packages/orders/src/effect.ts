import { moduleLayer, type OmniEngine, type Service } from "@omni/core/effect"
import * as Context from "effect/Context"
import type * as Layer from "effect/Layer"

import { accounts as companies } from "./account/accounts.ts"
import type { AccountOptions } from "./account/settings.ts"
import { invoices, type InvoicesOptions } from "./invoice/invoices.ts"
import { orders } from "./orders.ts"
import { payments as paid } from "./payment/payments.ts"
import type { PaymentOptions } from "./payment/settings.ts"
import type { OrdersOptions } from "./settings.ts"
import { shipping as sending, type ShippingModuleOptions } from "./shipping/shipping.ts"

/** Orders as an Effect service: each operation and query a method, its errors in the type. */
export class Orders extends Context.Service<Orders, Service<ReturnType<typeof orders>>>()("@omni/orders/Orders") {
  /** Over the engine that `OmniEngine.layer` opens; the app provides the inventory's layer from the same engine. */
  static readonly layer: Layer.Layer<Orders, never, OmniEngine> = moduleLayer(Orders, orders())
  /** The same with options. */
  static readonly layerWith = (options: OrdersOptions): Layer.Layer<Orders, never, OmniEngine> => moduleLayer(Orders, orders(options))
}

/** Checkouts and payments as an Effect service. */
export class Payments extends Context.Service<Payments, Service<ReturnType<typeof paid>>>()("@omni/orders/Payments") {
  /** With its providers, over an `OmniEngine`. */
  static readonly layer = (options: PaymentOptions = {}): Layer.Layer<Payments, never, OmniEngine> => moduleLayer(Payments, paid(options))
}

/** Companies that order, as an Effect service. */
export class Accounts extends Context.Service<Accounts, Service<ReturnType<typeof companies>>>()("@omni/orders/Accounts") {
  /** Over an `OmniEngine`. */
  static readonly layer = (options: AccountOptions = {}): Layer.Layer<Accounts, never, OmniEngine> =>
    moduleLayer(Accounts, companies(options))
}

/** Methods, slots and shipments, as an Effect service. */
export class Shipping extends Context.Service<Shipping, Service<ReturnType<typeof sending>>>()("@omni/orders/Shipping") {
  /** With its methods and carriers, over an `OmniEngine`. */
  static readonly layer = (options: ShippingModuleOptions = {}): Layer.Layer<Shipping, never, OmniEngine> =>
    moduleLayer(Shipping, sending(options))
}

/** Invoices as an Effect service: each operation and query a method, its errors in the type. */
export class Invoices extends Context.Service<Invoices, Service<ReturnType<typeof invoices>>>()("@omni/orders/Invoices") {
  /** Over the engine that `OmniEngine.layer` opens, with the national schemes that legal entities name. */
  static readonly layer = (options: InvoicesOptions = {}): Layer.Layer<Invoices, never, OmniEngine> =>
    moduleLayer(Invoices, invoices(options))
}
