import type { Order, OrderLine } from "./model.ts"

/** What every event of an order says: whose it is, where, its total, and the lines that the event is about. */
export const factsOf = ({ id, customer, channel, location, totals }: Order, lines: ReadonlyArray<OrderLine>) => ({
  order: id,
  ...(customer === undefined ? {} : { customer }),
  ...(channel === undefined ? {} : { channel }),
  ...(location === undefined ? {} : { location }),
  total: totals.total,
  lines: lines.map((line) => ({
    line: line.id,
    sku: line.sku,
    quantity: line.quantity,
    unitPrice: line.unitPrice,
    total: line.total,
    coupons: [...new Set(line.adjustments.flatMap(({ coupon }) => coupon ?? []))]
  }))
})
