import type { Tx } from "@omni/core"
import { Articles, Holds, Placements, Stock, stockId } from "@omni/inventory"

import { CartOrders, ExternalOrders, Orders } from "../model.ts"
import { externalKey } from "../place.ts"
import { Disputes } from "./dispute-model.ts"
import {
  CartCheckouts,
  type Checkout,
  Checkouts,
  OrderPayments,
  type Payment,
  PaymentReferences,
  Payments,
  referenceKey,
  UnknownPayments
} from "./model.ts"
import { tenderRequest } from "./move.ts"
import type { PaymentReport } from "./provider.ts"
import { type PaymentSettings, tenderOf } from "./settings.ts"
import { stateOf } from "./settle.ts"

/**
 * Loads what reports are about, however many they are, in a few round trips: their payments, what these pay, and what is needed to place it.
 * It changes nothing, and what it does not foresee is loaded when it is read.
 */
export const foresee = (tx: Tx, settings: PaymentSettings, provider: string, reports: ReadonlyArray<PaymentReport>): void => {
  const keys = reports.map(({ reference }) => referenceKey(provider, reference))
  tx.prefetch(UnknownPayments, keys)
  tx.prefetch(Payments, present(reports.map(({ payment }) => payment)))
  tx.prefetch(
    Disputes,
    reports.flatMap(({ disputes = [] }) => disputes.map(({ reference }) => referenceKey(provider, reference)))
  )
  const known = tx.getMany(PaymentReferences, keys)
  const paid = present(tx.getMany(Payments, present(reports.map(({ payment }, i) => known[i]?.payment ?? payment))))
  foreseePaid(tx, settings, paid)
}

const foreseePaid = (tx: Tx, settings: PaymentSettings, paid: ReadonlyArray<Payment>): void => {
  const orders = present(paid.map(({ order }) => order))
  tx.prefetch(Orders, orders)
  tx.prefetch(OrderPayments, orders)
  const checkouts = present(tx.getMany(Checkouts, present(paid.map(({ checkout }) => checkout))))
  foreseeCheckouts(tx, settings, checkouts, orders)
}

/** Loads what checkouts end with: their payments, what they keep, and what of others' they end. */
export const foreseeCheckouts = (
  tx: Tx,
  settings: PaymentSettings,
  checkouts: ReadonlyArray<Checkout>,
  orders: ReadonlyArray<string> = []
): void => {
  const open = checkouts.filter(({ request }) => request !== undefined)
  const carts = present(checkouts.map(({ cart }) => cart))
  tx.prefetch(CartCheckouts, carts)
  tx.prefetch(CartOrders, carts)
  tx.prefetch(ExternalOrders, present(open.map(({ request }) => request?.external)).map(externalKey))
  tx.prefetch(Holds, present(open.map(({ hold }) => hold)))
  for (const checkout of checkouts) settings.checkouts?.prefetch?.(tx, stateOf(checkout))
  const others = tx.getMany(OrderPayments, orders).flatMap((row) => row?.payments ?? [])
  const rows = present(tx.getMany(Payments, [...checkouts.flatMap((one) => one.payments), ...others]))
  for (const row of rows) tenderOf(settings, row)?.prefetch?.(tx, tenderRequest(row, 0))
  foreseeGoods(tx, open)
}

/** What a hold keeps is what an order takes. */
const foreseeGoods = (tx: Tx, checkouts: ReadonlyArray<Checkout>): void => {
  const lines = present(tx.getMany(Holds, present(checkouts.map(({ hold }) => hold)))).flatMap((row) => row.lines)
  const skus = [...new Set(lines.map(({ sku }) => sku))]
  tx.prefetch(Articles, skus)
  tx.prefetch(Placements, skus)
  tx.getMany(Stock, lines.map(stockId))
}

const present = <T>(all: ReadonlyArray<T | undefined>): ReadonlyArray<T> => all.filter((one) => one !== undefined)
