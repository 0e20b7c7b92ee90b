import { module } from "@omni/core"

import { AccountOrders } from "./account/model.ts"
import { fillBackorders, restocked } from "./backorder.ts"
import { cancelOperations } from "./cancel.ts"
import { editOperations } from "./edit.ts"
import {
  FulfilmentChanged,
  LinesChanged,
  OrderAcknowledged,
  OrderCancelled,
  OrderCollected,
  OrderDelivered,
  OrderEdited,
  OrderPlaced,
  OrderReady,
  OrderShipped,
  OrderTaskClosed,
  OrderTaskOpened,
  RefundDue,
  ReturnApproved,
  ReturnEnded,
  ReturnReceived,
  ReturnRequested
} from "./events.ts"
import { Fulfilments } from "./fulfilment.ts"
import { SentGoods } from "./goods.ts"
import { OrderInvoices } from "./invoice/model.ts"
import {
  assign,
  closeFulfilment,
  holdFulfilment,
  mergeFulfilments,
  moveFulfilment,
  releaseFulfilment,
  reschedule,
  splitFulfilment
} from "./manage.ts"
import { handlersOf, noticed, noticeFailed, WaitingNotices } from "./marketplace-outbox.ts"
import { marketplaceOperations } from "./marketplace.ts"
import { BackorderPages, Backorders, CartOrders, ExternalOrders, Orders, PickupCodes } from "./model.ts"
import { open, openDue } from "./open.ts"
import { collect, pickupOperations } from "./pickup.ts"
import { place } from "./place.ts"
import * as queries from "./queries.ts"
import { receivingOperations } from "./receive-return.ts"
import { Refunds, Returns } from "./refund-model.ts"
import { approveReturn, cancelReturn, rejectReturn, returnOperations } from "./returns.ts"
import { type OrdersOptions, settingsOf } from "./settings.ts"
import { deliver, ship } from "./ship.ts"
import { placeSourced } from "./sourced.ts"
import { closeTask, OrderTasks } from "./tasks.ts"
import { backorder, pack, pick, unassign } from "./work.ts"

/**
 * The module: orders, what locations do for them, and what comes back. The app brings the inventory module beside it, whose stock they
 * take. Its operations are to be had for others to call in their commits: `orders(options).operations.cancel`. Throws
 * `InvalidOptions`.
 */
export const orders = (options: OrdersOptions = {}) => {
  const settings = settingsOf(options)
  const { noShow, cancel } = cancelOperations(settings)
  const { ready, extendPickup } = pickupOperations({ noShow })
  const { requestReturn } = returnOperations(settings)
  const { receiveReturn, takeBack } = receivingOperations(settings)
  const { edit } = editOperations(settings)
  const { placeExternal, updateExternal, cancelExternal } = marketplaceOperations(settings)
  return module("orders", {
    collections: [
      Orders,
      ExternalOrders,
      CartOrders,
      PickupCodes,
      Fulfilments,
      Backorders,
      BackorderPages,
      Returns,
      Refunds,
      OrderTasks,
      SentGoods,
      WaitingNotices,
      AccountOrders,
      OrderInvoices
    ],
    events: [
      OrderPlaced,
      LinesChanged,
      OrderReady,
      OrderCollected,
      OrderShipped,
      OrderDelivered,
      OrderCancelled,
      OrderEdited,
      FulfilmentChanged,
      ReturnRequested,
      ReturnApproved,
      ReturnEnded,
      ReturnReceived,
      RefundDue,
      OrderAcknowledged,
      OrderTaskOpened,
      OrderTaskClosed
    ],
    operations: {
      place,
      placeSourced,
      assign,
      pick,
      pack,
      ready,
      extendPickup,
      collect,
      ship,
      deliver,
      cancel,
      edit,
      backorder,
      unassign,
      open,
      holdFulfilment,
      releaseFulfilment,
      moveFulfilment,
      splitFulfilment,
      mergeFulfilments,
      reschedule,
      closeFulfilment,
      requestReturn,
      approveReturn,
      rejectReturn,
      cancelReturn,
      receiveReturn,
      takeBack,
      placeExternal,
      updateExternal,
      cancelExternal,
      closeTask
    },
    queries: { ...queries },
    internal: [openDue, noShow, fillBackorders, noticed, noticeFailed],
    reactors: [restocked],
    handlers: handlersOf(settings.marketplaces),
    needs: [{ module: "inventory", add: "`inventory()` of @omni/inventory" }]
  })
}
