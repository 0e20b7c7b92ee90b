import { module } from "@omni/core"

import { approvalOperations } from "./approve.ts"
import { credit, crediting } from "./credit.ts"
import { defineAccount, removeBuyer, setBuyer } from "./define.ts"
import {
  AccountOrderPlaced,
  AccountOrders,
  Accounts,
  ApprovalEnded,
  ApprovalRequested,
  Buyers,
  CreditChanged,
  CreditEntries,
  CreditPayments,
  Credits,
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
    collections: [Accounts, AccountOrders, Buyers, Credits, CreditEntries, CreditPayments, OrderRequests],
    events: [ApprovalRequested, AccountOrderPlaced, ApprovalEnded, CreditChanged],
    operations: { defineAccount, setBuyer, removeBuyer, ...operations, settleCredit: credit.settleCredit },
    queries: { account, accountsOf, buyersOf, creditOf, creditEntries, orderRequest, requestsOf },
    internal: [expire],
    reactors: crediting
  })
}
