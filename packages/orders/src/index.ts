export { cancel } from "./cancel.ts"
export {
  HoldMismatch,
  IllegalTransition,
  InvalidOrder,
  LineNotFound,
  OrderExists,
  OrderNotFound,
  type OrderProblem,
  PickupCodeTaken,
  TotalMismatch,
  type Transition,
  WrongPickupCode
} from "./errors.ts"
export {
  Adjustment,
  Charge,
  ExternalOrders,
  Fulfilment,
  HistoryEntry,
  LineStatus,
  LineTax,
  type Order,
  OrderCancelled,
  OrderCollected,
  OrderLine,
  OrderPlaced,
  OrderReady,
  Orders,
  PickupCodes,
  Totals
} from "./model.ts"
export { orders } from "./orders.ts"
export { collect, PickupCode, ready } from "./pickup.ts"
export { place } from "./place.ts"
export { byExternalId, byPickupCode, history, order, ordersAt, ordersOf } from "./queries.ts"
export { ChargeRequest, LineRequest, OrderRequest } from "./request.ts"
export { chargeTotals, lineTotals, orderTotals, type PricedLine } from "./totals.ts"
export { allowedFrom, statusOf } from "./transition.ts"
