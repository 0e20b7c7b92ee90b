export { DeliveryFailed } from "@omni/core"
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
export {
  AmountExceeded,
  CheckoutNotFound,
  CheckoutOver,
  ProviderNotFound,
  TenderDeclined,
  TendersMismatch,
  WebhookRejected
} from "./payment/errors.ts"
export {
  type Checkout,
  CheckoutClosed,
  CheckoutOpened,
  CheckoutStatus,
  type Payment,
  PaymentAction,
  PaymentAuthorised,
  PaymentCaptured,
  PaymentCommandFailed,
  type PaymentEntry,
  PaymentFailed,
  PaymentFailure,
  PaymentFigures,
  PaymentRefunded,
  PaymentReleased,
  PaymentStatus
} from "./payment/model.ts"
export { type CheckoutDeclined, TenderInput } from "./payment/checkout.ts"
export { payments } from "./payment/payments.ts"
export {
  type CommandOptions,
  PaymentAnswer,
  PaymentCommand,
  type PaymentProvider,
  PaymentReport,
  type RawRequest
} from "./payment/provider.ts"
export { type CheckoutView, type OrderBalance } from "./payment/queries.ts"
export { recordedProvider, type RecordedProvider } from "./payment/recorded.ts"
export { type PaymentOptions, type Tender, type TenderRequest } from "./payment/settings.ts"
export { accounts } from "./account/accounts.ts"
export { onAccount } from "./account/credit.ts"
export {
  AccountBlocked,
  AccountCurrency,
  AccountCycle,
  AccountNotFound,
  CreditExceeded,
  NotAllowed,
  PurchaseOrderMissing,
  RequestClosed,
  RequestNotFound
} from "./account/errors.ts"
export {
  type Account,
  type AccountOrder,
  AccountOrderPlaced,
  ApprovalEnded,
  ApprovalReason,
  ApprovalRequested,
  type Buyer,
  BuyerRole,
  CreditChanged,
  type CreditEntry,
  RequestStatus
} from "./account/model.ts"
export { type CreditState } from "./account/queries.ts"
export { type AccountOptions } from "./account/settings.ts"
