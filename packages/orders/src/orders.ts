import { module } from "@omni/core"

import { cancel } from "./cancel.ts"
import { ExternalOrders, OrderCancelled, OrderCollected, OrderPlaced, OrderReady, Orders, PickupCodes } from "./model.ts"
import { collect, ready } from "./pickup.ts"
import { place } from "./place.ts"
import { byExternalId, byPickupCode, history, order, ordersAt, ordersOf } from "./queries.ts"

/** The module: orders and their pickup. The app brings the inventory module beside it, whose stock they take. */
export const orders = () =>
  module("orders", {
    collections: [Orders, ExternalOrders, PickupCodes],
    events: [OrderPlaced, OrderReady, OrderCollected, OrderCancelled],
    operations: { place, ready, collect, cancel },
    queries: { order, ordersOf, ordersAt, byExternalId, byPickupCode, history }
  })
