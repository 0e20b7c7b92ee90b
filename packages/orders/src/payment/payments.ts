import { module } from "@omni/core"

import { checkoutOperations } from "./checkout.ts"
import { handlersOf } from "./command.ts"
import { following } from "./follow.ts"
import {
  CheckoutClosed,
  CheckoutOpened,
  Checkouts,
  OrderPayments,
  PaymentAuthorised,
  PaymentCaptured,
  PaymentCommandFailed,
  PaymentEntries,
  PaymentFailed,
  PaymentReferences,
  PaymentRefunded,
  PaymentReleased,
  Payments,
  UnknownPayments
} from "./model.ts"
import { moneyOperations } from "./money.ts"
import { balance, checkout, entries, paymentsBy, unknownPayments } from "./queries.ts"
import { reporting } from "./report.ts"
import { type PaymentOptions, paymentSettings } from "./settings.ts"

/** The module: checkouts that wait for their money, payments, and what an order has come to. It stands beside `orders()` and `inventory()`. */
export const payments = (options: PaymentOptions = {}) => {
  const settings = paymentSettings(options)
  const { operations, lapse } = checkoutOperations(settings)
  const { report, onAnswer } = reporting(settings)
  return module("payments", {
    collections: [Checkouts, Payments, PaymentReferences, OrderPayments, PaymentEntries, UnknownPayments],
    events: [
      CheckoutOpened,
      CheckoutClosed,
      PaymentAuthorised,
      PaymentCaptured,
      PaymentReleased,
      PaymentRefunded,
      PaymentFailed,
      PaymentCommandFailed
    ],
    operations: { ...operations, report, ...moneyOperations(settings) },
    queries: { balance, checkout, paymentsBy, entries, unknownPayments },
    internal: [lapse],
    reactors: [following(settings)],
    handlers: handlersOf(settings, onAnswer)
  })
}
