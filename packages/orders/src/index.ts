export { DeliveryFailed } from "@omni/core"
export { restocked } from "./backorder.ts"
export { pickupQr, readPickupQr } from "./code.ts"
export {
  FulfilmentNotFound,
  FulfilmentsDiffer,
  HoldMismatch,
  IllegalFulfilmentChange,
  IllegalReturnChange,
  IllegalTransition,
  InvalidOrder,
  LineNotFound,
  NotReturnable,
  OrderExists,
  OrderNotFound,
  type OrderProblem,
  PickupCodeTaken,
  ReturnNotFound,
  type ReturnProblem,
  TotalMismatch,
  WrongGoods,
  WrongPickupCode
} from "./errors.ts"
export {
  Fee,
  FulfilmentChanged,
  LineFacts,
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
  RefundReason,
  ReturnApproved,
  ReturnEnded,
  ReturnReceived,
  ReturnRequested
} from "./events.ts"
export {
  type Fulfilment,
  FulfilmentHold,
  FulfilmentLine,
  FulfilmentRequest,
  Fulfilments,
  PlannedLines,
  SentParcel,
  SlotRequest
} from "./fulfilment.ts"
export { LineGoods, SentGoods } from "./goods.ts"
export {
  allowedFrom,
  changesFrom,
  type FulfilmentChange,
  fulfilmentMachine,
  isAllowed,
  machine,
  statusOf,
  type Transition,
  type TransitionRule,
  type Whereabouts
} from "./machine.ts"
export {
  assign,
  closeFulfilment,
  holdFulfilment,
  mergeFulfilments,
  moveFulfilment,
  releaseFulfilment,
  reschedule,
  splitFulfilment
} from "./manage.ts"
export { ExternalOrder } from "./marketplace.ts"
export {
  type MarketplaceDriver,
  MarketplaceNotice,
  type MarketplaceRecorder,
  marketplaceRecorder,
  type NoticeOptions
} from "./marketplace-driver.ts"
export {
  Adjustment,
  Backorders,
  Charge,
  ExternalOrders,
  HistoryEntry,
  LineQuantity,
  LineTax,
  MissingGift,
  type Order,
  OrderLine,
  Orders,
  Part,
  PickupCodes,
  RefundSum,
  Totals,
  UnitRun
} from "./model.ts"
export { open } from "./open.ts"
export { orders } from "./orders.ts"
export { type Move, unitsWhere } from "./parts.ts"
export { collect, PickupCode } from "./pickup.ts"
export { place } from "./place.ts"
export { RETURN_WINDOW, ReturnFees, ReturnPolicy } from "./policy.ts"
export {
  backorders,
  byExternalId,
  byPickupCode,
  fulfilment,
  fulfilmentsAt,
  fulfilmentsOf,
  history,
  order,
  ordersAt,
  ordersFor,
  ordersOf,
  pickList,
  type PickListLine,
  refundsOf,
  returnById,
  returns,
  returnsOf,
  sentGoods,
  tasks,
  tasksOf
} from "./queries.ts"
export { ReceivedLine, Replacement, type TakenBack } from "./receive-return.ts"
export { owedOf } from "./refund.ts"
export { type Refund, Refunds, type Return, type ReturnChange, ReturnLine, returnMachine, Returns, ReturnStatus } from "./refund-model.ts"
export { ChargeRequest, LineRequest, OrderRequest } from "./request.ts"
export { approveReturn, cancelReturn, rejectReturn, ReturnRequest } from "./returns.ts"
export type { OrdersOptions } from "./settings.ts"
export { deliver, ship } from "./ship.ts"
export { fulfilmentsFrom, placeSourced, SourcedBy } from "./sourced.ts"
export { Change, FulfilmentKind, FulfilmentStatus, LineStatus } from "./states.ts"
export { type Condition, type PutAway, shelve } from "./stock.ts"
export { closeTask, type OrderTask, OrderTasks, TaskIsClosed, TaskKind, TaskNotFound } from "./tasks.ts"
export { chargeTotals, lineTotals, orderTotals, type PricedLine } from "./totals.ts"
export { SomeLines } from "./transition.ts"
export { splitUnits, type Splittable, type Units } from "./units.ts"
export { backorder, pack, pick, unassign } from "./work.ts"
export { type LineUnits, type LineWorth, type Worth, worthOf } from "./worth.ts"
export * from "./account/index.ts"
export * from "./invoice/index.ts"
export * from "./payment/index.ts"
export * from "./shipping/index.ts"
