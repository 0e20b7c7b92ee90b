export { type AccountOptions, accounts } from "./accounts.ts"
export { type AccountOrderState } from "./approve.ts"
export { onAccount } from "./credit.ts"
export {
  AccountBlocked,
  AccountCurrency,
  AccountCycle,
  AccountNotFound,
  CreditExceeded,
  LastAdmin,
  NotAllowed,
  type NotAllowedReason,
  PurchaseOrderMissing,
  RequestClosed,
  RequestNotFound
} from "./errors.ts"
export {
  type Account,
  type AccountOrder,
  AccountOrderPlaced,
  ApprovalEnded,
  ApprovalLevels,
  ApprovalReason,
  ApprovalRequested,
  type Buyer,
  BuyerRole,
  CreditChanged,
  type CreditEntry,
  CreditReason,
  MemberChanged,
  RequestStatus
} from "./model.ts"
export { periodStart } from "./approvals.ts"
export { type CreditState } from "./queries.ts"
