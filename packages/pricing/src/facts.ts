import type { LineFacts, OrderFacts } from "./promotion.ts"
import { lineOf, type Sheet } from "./sheet.ts"

/** What a condition reads of a line. */
export const lineFacts = (sheet: Sheet, row: number): LineFacts => {
  const line = lineOf(sheet, row)
  return {
    ...line?.facts,
    id: sheet.ids[row]!,
    product: line?.product ?? null,
    sku: line?.sku ?? null,
    quantity: sheet.quantity[row]!,
    unitPrice: sheet.unitPrice[row]!,
    amount: sheet.amount[row]!,
    discounted: sheet.amount[row]! < sheet.listed[row]!,
    taxCategory: line?.taxCategory ?? ""
  }
}

/** What a condition reads of the order. */
export const orderFacts = (sheet: Sheet): OrderFacts => {
  const { cart, context, lines } = sheet
  const rows = Array.from({ length: lines }, (_, row) => row)
  return {
    now: context.now,
    currency: context.currency,
    channel: context.channel ?? null,
    subtotal: rows.reduce((sum, row) => sum + sheet.amount[row]!, 0),
    quantity: rows.reduce((sum, row) => sum + sheet.quantity[row]!, 0),
    coupons: cart.coupons ?? [],
    lines: rows.map((row) => lineFacts(sheet, row)),
    customer: context.customer ?? null
  }
}
