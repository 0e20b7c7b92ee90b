export { invoiceTotals } from "./totals.ts"
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
} from "./totals-model.ts"
export {
  Invoice,
  type InvoiceFragment,
  type InvoiceLine,
  type LineAllowanceCharge,
  Party,
  SchemedId,
  TaxCategory,
  type TaxSubtotal
} from "./document.ts"
export { type BrokenRule, checkInvoice, invoiceRules } from "./rules/check.ts"
export type { Finding, InvoiceRule } from "./rules/rule.ts"
export { ageing, type AgeingBucket, type StatementLine } from "./statement.ts"
export { assemble, type Assembled } from "./assemble.ts"
export { type Draft, DraftLine, DraftLinePart, DraftPart, DraftTax, type FixedAmounts, Withholding } from "./draft.ts"
export {
  BuyerErased,
  BuyerUnknown,
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
  SchemeRefused,
  SeriesNotFound,
  StatementTooLong,
  WrongCurrency
} from "./errors.ts"
export {
  type FiscalContext,
  type FiscalRegistration,
  FiscalRegistrations,
  type FiscalScheme,
  InvoiceRegistered,
  type Registered,
  type Registration,
  RegistrationAnswered,
  type SchemeAnswer,
  type Submission
} from "./fiscal.ts"
export { CreditRequest, IssueRequest } from "./issue-input.ts"
export { invoices, type InvoicesOptions } from "./invoices.ts"
export { EN16931, LegalEntities, type LegalEntity, peppolBilling, SeriesRule } from "./legal-entity.ts"
export {
  AccountEntries,
  CreditNoteIssued,
  type InvoiceAccount,
  InvoiceAccounts,
  InvoiceIssued,
  InvoiceOverdue,
  InvoicePaid,
  Invoices,
  type IssuedDocument
} from "./model.ts"
export type { Uninvoiced } from "./queries.ts"
export { dueDate, PaymentTerms } from "./terms.ts"
export { toUbl } from "./ubl/ubl.ts"
export { verifactu, verifactuFingerprint, type VerifactuOptions, type VerifactuRecord } from "./verifactu.ts"
export { invoiceOf } from "./write-document.ts"
