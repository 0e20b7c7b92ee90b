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
export * from "./payment/index.ts"
export { type AccountOptions, accounts } from "./account/accounts.ts"
export { type AccountOrderState } from "./account/approve.ts"
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
export * from "./shipping/index.ts"
export { invoiceTotals } from "./invoice/totals.ts"
export {
  type AmountOrPercent,
  en16931Rounding,
  type InvoiceRounding,
  type InvoiceTotals,
  type LineFigures,
  type TaxOn,
  type TaxRow,
  type TotalsLine,
  type TotalsRequest
} from "./invoice/totals-model.ts"
export {
  Invoice,
  type InvoiceFragment,
  type InvoiceLine,
  type LineAllowanceCharge,
  Party,
  SchemedId,
  TaxCategory,
  type TaxSubtotal
} from "./invoice/document.ts"
export { type BrokenRule, checkInvoice, invoiceRules } from "./invoice/rules/check.ts"
export type { Finding, InvoiceRule } from "./invoice/rules/rule.ts"
export { ageing, type AgeingBucket } from "./invoice/statement.ts"
export { assemble, type Assembled } from "./invoice/assemble.ts"
export { type Draft, DraftLine, DraftLinePart, DraftPart, DraftTax, type FixedAmounts, Withholding } from "./invoice/draft.ts"
export {
  BuyerErased,
  CreditExceedsInvoice,
  DeliveryInvoiced,
  InvalidInvoice,
  InvoiceNotFound,
  IssueDateOutOfOrder,
  LegalEntityNotFound,
  NotAnInvoice,
  NothingToInvoice,
  NotResubmittable,
  NumberTaken,
  PaymentMismatch,
  SchemeNotFound,
  SeriesNotFound,
  WrongCurrency
} from "./invoice/errors.ts"
export {
  type FiscalRegistration,
  FiscalRegistrations,
  type FiscalScheme,
  InvoiceRegistered,
  type Registered,
  type Registration,
  RegistrationAnswered,
  type SchemeAnswer,
  type Submission
} from "./invoice/fiscal.ts"
export { CreditRequest, IssueRequest } from "./invoice/issue-input.ts"
export { invoices, type InvoicesOptions } from "./invoice/invoices.ts"
export { EN16931, LegalEntities, type LegalEntity, peppolBilling, SeriesRule } from "./invoice/legal-entity.ts"
export {
  AccountEntries,
  CreditNoteIssued,
  type InvoiceAccount,
  InvoiceAccounts,
  InvoiceIssued,
  InvoicePaid,
  Invoices,
  type IssuedDocument
} from "./invoice/model.ts"
export { dueDate, PaymentTerms } from "./invoice/terms.ts"
export { toUbl } from "./invoice/ubl/ubl.ts"
export { verifactu, verifactuFingerprint, type VerifactuOptions, type VerifactuRecord } from "./invoice/verifactu.ts"
export { invoiceOf } from "./invoice/write-document.ts"
