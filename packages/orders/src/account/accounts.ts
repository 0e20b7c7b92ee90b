import { module } from "@omni/core"

import { CompanyBalances, OrderInvoices } from "../invoice/model.ts"
import { OrderPayments, Payments } from "../payment/model.ts"
import { approvalOperations } from "./approve.ts"
import { credit, crediting } from "./credit.ts"
import { defineAccount } from "./define.ts"
import { removeBuyer, setApprovals, setBuyer } from "./members.ts"
import {
  AccountAdmins,
  AccountCheckouts,
  AccountOrderPlaced,
  AccountOrders,
  AccountPayments,
  Accounts,
  ApprovalEnded,
  ApprovalRequested,
  BuyerPeriods,
  Buyers,
  CreditChanged,
  CreditEntries,
  CreditPayments,
  Credits,
  MemberChanged,
  OrderRequests
} from "./model.ts"
import { account, accountsOf, buyersOf, creditEntries, creditOf, orderRequest, requestsOf } from "./queries.ts"
import { type AccountOptions, accountSettings } from "./settings.ts"

export type { AccountOptions } from "./settings.ts"

/** The module: companies that order, who may order and approve for them, and what they owe. It stands beside `orders()`. */
export const accounts = (options: AccountOptions = {}) => {
  const settings = accountSettings(options)
  const { operations, expire } = approvalOperations(settings)
  return module("accounts", {
    collections: [
      Accounts,
      AccountAdmins,
      Buyers,
      BuyerPeriods,
      OrderRequests,
      AccountOrders,
      AccountPayments,
      AccountCheckouts,
      Credits,
      CreditEntries,
      CreditPayments,
      CompanyBalances,
      OrderInvoices,
      OrderPayments,
      Payments
    ],
    events: [ApprovalRequested, AccountOrderPlaced, ApprovalEnded, CreditChanged, MemberChanged],
    operations: { defineAccount, setBuyer, removeBuyer, setApprovals, ...operations, settleCredit: credit.settleCredit },
    queries: { account, accountsOf, buyersOf, creditOf, creditEntries, orderRequest, requestsOf },
    internal: [expire],
    reactors: crediting,
    needs: [{ module: "orders", add: "`orders()` of @omni/orders" }]
  })
}
