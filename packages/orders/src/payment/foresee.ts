import type { Tx } from "@omni/core"
import { Articles, Holds, Placements, Stock, stockId } from "@omni/inventory"

import { Backorders, CartOrders, ExternalOrders, Orders } from "../model.ts"
import { externalKey } from "../place.ts"
import type { OrderRequest } from "../request.ts"
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
import { type PaymentSettings, tenderOf, type TenderRequest } from "./settings.ts"
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

/** Says which rows a checkout of a cart is opened or called off with, where the cart has one open: they are loaded with the next one that is missing. */
export const foreseeCart = (tx: Pick<Tx, "prefetch">, cart: string, checkout: string | undefined): void => {
  tx.prefetch(CartOrders, [cart])
  tx.prefetch(CartCheckouts, [cart])
  tx.prefetch(Checkouts, present([checkout]))
}

/** The same of what is ordered and paid with: goods of the locations that are named, and the accounts of tenders. */
export const foreseeOpening = (
  tx: Tx,
  settings: PaymentSettings,
  { cart, lines, fulfilment, fulfilments = [], hold }: OrderRequest,
  begun: ReadonlyArray<{ readonly provider: string; readonly request: TenderRequest }>
): void => {
  if (cart !== undefined) foreseeCart(tx, cart, undefined)
  tx.prefetch(Holds, present([hold]))
  const locations = new Set(present([fulfilment, ...fulfilments].map((plan) => plan?.location)))
  const skus = [...new Set(lines.flatMap(({ sku, stocked }) => (stocked === false ? [] : [sku])))]
  const stocks = [...locations].flatMap((location) => skus.map((sku) => stockId({ sku, location })))
  tx.prefetch(Articles, skus)
  tx.prefetch(Placements, skus)
  tx.prefetch(Stock, stocks)
  tx.prefetch(Backorders, stocks)
  for (const { provider, request } of begun) settings.tenders.get(provider)?.prefetch?.(tx, request)
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
