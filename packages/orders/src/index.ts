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
