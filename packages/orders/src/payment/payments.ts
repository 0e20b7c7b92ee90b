import { module } from "@omni/core"

import { checkoutOperations } from "./checkout.ts"
import { handlersOf } from "./command.ts"
import { DisputeClosed, DisputeOpened, Disputes, DisputeUpdated } from "./dispute-model.ts"
import { expiring } from "./expire.ts"
import { following } from "./follow.ts"
import { look, lookHandlers } from "./look.ts"
import {
  CartCheckouts,
  CheckoutClosed,
  CheckoutOpened,
  Checkouts,
  OrderPayments,
  PaymentAuthorisationExpired,
  PaymentAuthorised,
  PaymentCaptured,
  PaymentChargedBack,
  PaymentCommandFailed,
  PaymentEntries,
  PaymentFailed,
  PaymentReferences,
  PaymentRefunded,
  PaymentRefundReversed,
  PaymentReleased,
  Payments,
  RecordedMoney,
  UnknownPayments
} from "./model.ts"
import { moneyOperations } from "./money.ts"
import { payOrderOperations } from "./pay-order.ts"
import { payOutOperation } from "./pay-out.ts"
import { balance, checkout, disputesBy, disputesOf, entries, payment, paymentsBy, stuckPayments, unknownPayments } from "./queries.ts"
import { reporting } from "./report.ts"
import { type PaymentOptions, paymentSettings } from "./settings.ts"
import { troubles } from "./trouble.ts"
import { forgetUnknown, settleUnknown } from "./unknown.ts"

/** The module: checkouts that wait for their money, payments, and what an order has come to. It stands beside `orders()` and `inventory()`. */
export const payments = (options: PaymentOptions = {}) => {
  const settings = paymentSettings(options)
  const { operations, internal } = checkoutOperations(settings)
  const { expire, ...expiry } = expiring(settings)
  const { operations: reports, onAnswer } = reporting(settings, expiry)
  const { retry, onFailure, onSight } = troubles(settings)
  return module("payments", {
    collections: [
      Checkouts,
      CartCheckouts,
      Payments,
      PaymentReferences,
      RecordedMoney,
      OrderPayments,
      PaymentEntries,
      UnknownPayments,
      Disputes
    ],
    events: [
      CheckoutOpened,
      CheckoutClosed,
      PaymentAuthorised,
      PaymentAuthorisationExpired,
      PaymentCaptured,
      PaymentReleased,
      PaymentRefunded,
      PaymentRefundReversed,
      PaymentChargedBack,
      PaymentFailed,
      PaymentCommandFailed,
      DisputeOpened,
      DisputeUpdated,
      DisputeClosed
    ],
    operations: {
      ...operations,
      ...reports,
      ...moneyOperations(settings),
      ...payOrderOperations(settings),
      payOut: payOutOperation(settings),
      settleUnknown
    },
    queries: { balance, checkout, payment, paymentsBy, stuckPayments, entries, disputesBy, disputesOf, unknownPayments },
    internal: [...internal, expire, look, retry, forgetUnknown],
    reactors: [following(settings)],
    handlers: [
      ...handlersOf(settings, { onAnswer, onFailure }),
      ...lookHandlers(settings, (tx, row, seen) => {
        if (seen.report !== undefined) onAnswer(tx, row, { reference: seen.report.reference, report: seen.report })
        onSight(tx, tx.get(Payments, row.id)!, seen)
      })
    ],
    needs: [{ module: "orders", add: "`orders()` of @omni/orders" }]
  })
}
