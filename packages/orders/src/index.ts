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
export {
  CarrierAnswer,
  CarrierCommand,
  type CarrierDriver,
  type CarrierRate,
  type RatesRequest,
  TrackingReport
} from "./shipping/carrier.ts"
export { CarrierNotFound, MethodNotFound, ShipmentNotFound, ShipmentUnderWay, SlotFull, SlotNotFound } from "./shipping/errors.ts"
export { Dispatch, Rate, ShippingMethod, SlotPlan, Zone } from "./shipping/method.ts"
export {
  Label,
  Parcel,
  type Shipment,
  ShipmentFailed,
  ShipmentLabelled,
  ShipmentMoved,
  ShipmentStatus,
  SlotRef,
  TrackingEntry
} from "./shipping/model.ts"
export { type ShippingCode, type ShippingOption, shippingOptions, ShippingRequest } from "./shipping/options.ts"
export { recordedCarrier, type RecordedCarrier } from "./shipping/recorded.ts"
export { shipping, type ShippingModuleOptions } from "./shipping/shipping.ts"
export { type Slot } from "./shipping/slots.ts"
export { type Destination } from "./shipping/zone.ts"
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
