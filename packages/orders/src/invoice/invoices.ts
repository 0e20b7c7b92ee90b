import { checkOptions, module } from "@omni/core"

import { AccountOrders, Accounts, CreditChanged, CreditEntries, Credits } from "../account/model.ts"
import { OrderPayments, Payments } from "../payment/model.ts"
import { creditOperations } from "./credit.ts"
import { FiscalChains, FiscalRegistrations, type FiscalScheme, InvoiceRegistered, RegistrationAnswered } from "./fiscal.ts"
import { issueOperations, payingInvoices } from "./issue.ts"
import { LegalEntities, saveLegalEntity, Series } from "./legal-entity.ts"
import {
  AccountEntries,
  CompanyAccounts,
  CompanyBalances,
  CreditNoteIssued,
  InvoiceAccounts,
  InvoiceIssued,
  InvoiceNumbers,
  InvoiceOverdue,
  InvoicePaid,
  InvoicePayments,
  Invoices,
  OrderInvoices
} from "./model.ts"
import { fallDue } from "./overdue.ts"
import { recordPayment } from "./payments.ts"
import {
  account,
  byNumber,
  documents,
  expiredBuyers,
  invoice,
  legalEntity,
  registration,
  registrations,
  ubl,
  uninvoicedOf
} from "./queries.ts"
import { registration as registrationWith, registrationInternal } from "./register.ts"
import { accountEntries, overdue, statement } from "./statement.ts"

/** What an app says about its invoices. */
export interface InvoicesOptions {
  /** The national schemes that legal entities name. */
  readonly schemes?: ReadonlyArray<FiscalScheme>
}

/** The module of invoices and credit notes. Where it invoices orders, the app brings the module orders beside it; lines that are told need none. */
export const invoices = (options: InvoicesOptions = {}) => {
  checkOptions<InvoicesOptions>("invoices()", options, { schemes: true })
  const { schemes = [] } = options
  const { register, resubmit, handlers } = registrationWith(schemes)
  return module("invoices", {
    collections: [
      LegalEntities,
      Series,
      Invoices,
      InvoiceNumbers,
      InvoiceAccounts,
      CompanyAccounts,
      CompanyBalances,
      AccountEntries,
      InvoicePayments,
      OrderInvoices,
      Accounts,
      AccountOrders,
      Credits,
      CreditEntries,
      OrderPayments,
      Payments,
      FiscalChains,
      FiscalRegistrations
    ],
    events: [InvoiceIssued, CreditNoteIssued, InvoicePaid, InvoiceOverdue, InvoiceRegistered, RegistrationAnswered, CreditChanged],
    operations: { saveLegalEntity, ...issueOperations(register), ...creditOperations(register), recordPayment, resubmit },
    queries: {
      invoice,
      byNumber,
      ubl,
      account,
      documents,
      uninvoicedOf,
      legalEntity,
      statement,
      accountEntries,
      overdue,
      registration,
      registrations,
      expiredBuyers
    },
    internal: [...registrationInternal, fallDue],
    reactors: [payingInvoices],
    handlers
  })
}
