import { putProduct, putVariant } from "@omni/catalog"
import { fail, Id, module, money, operation } from "@omni/core"
import { LocationId, Sku } from "@omni/inventory"
import { type LineRequest, place } from "@omni/orders"
import * as Data from "effect/Data"
import * as z from "zod"

import { CURRENCY } from "./tables.ts"

/** The basket is an order already, of another time or with other lines. */
class BasketTaken extends Data.TaggedError("BasketTaken")<{ readonly message: string; readonly basket: string }> {}

/** The code of what a manufacturer's coupon took off. */
const COUPON = "manufacturer-coupon"

const Name = z.string().min(1).max(200)

/** Something that was sold, as the history names it: one variant, whose SKU is the product's number there. */
const importArticle = operation(
  "omnishop.importArticle",
  z.object({
    product: Sku,
    name: Name,
    brand: Name.exactOptional(),
    categories: z.array(Id),
    attributes: z.record(z.string(), z.string()),
    options: z.record(z.string(), z.string())
  }),
  function* (tx, { product, name, options, ...about }) {
    yield* putProduct(tx, { id: product, name: { en: name }, taxCategory: "standard", ...about })
    yield* putVariant(tx, { id: product, product, sku: product, options, codes: [], prices: [] })
  }
)

/** A line of a receipt, in cents: what the shop got for it, and what was taken off before and after. */
const SaleLine = z.object({
  sku: Sku,
  quantity: z.int().positive(),
  sales: z.int(),
  loyalty: z.int(),
  match: z.int(),
  coupon: z.int()
})
export type SaleLine = z.infer<typeof SaleLine>

/** A receipt as an order, as of its own time: what it sold has left the shop's stock. It is the same order however often it is told. */
const importSale = operation(
  "omnishop.importSale",
  {
    input: z.object({ basket: Id, customer: Id, location: LocationId, channel: Id, lines: z.array(SaleLine).min(1) }),
    fact: true
  },
  function* (tx, { basket, customer, location, channel, lines }) {
    const order = yield* place(tx, {
      external: { source: "complete-journey", id: basket },
      customer,
      channel,
      currency: CURRENCY,
      taxIncluded: true,
      lines: lines.map(lineRequest),
      charges: overageOf(lines),
      fulfilment: { kind: "carry-out", location }
    })
    const same =
      order.placedAt === tx.now && order.lines.length === lines.length && order.lines.every(({ sku }, i) => sku === lines[i]?.sku)
    if (!same) yield* fail(new BasketTaken({ basket, message: `The basket "${basket}" is an order already, with other lines.` }))
    return order.id
  }
)

/**
 * The list price is what the shop got and what it took off itself; the manufacturer's coupon was paid by somebody else. Amounts are kept
 * to the cent: where one piece has no whole number of cents (fuel by the hundredth of a gallon), a rounding makes up the difference.
 */
const lineRequest = ({ sku, quantity, sales, loyalty, match, coupon }: SaleLine): LineRequest => {
  const list = sales + loyalty + match
  const unit = Math.round(list / quantity)
  const off = { loyalty: -loyalty, "coupon-match": -match, [COUPON]: -Math.min(coupon, sales), rounding: list - unit * quantity }
  const adjustments = Object.entries(off)
    .filter(([, amount]) => amount !== 0)
    .map(([code, amount]) => ({ code, amount: money(amount, CURRENCY) }))
  return { sku, quantity, unitPrice: money(unit, CURRENCY), adjustments }
}

/** What coupons were worth beyond the price of their lines: a line costs nothing at least, the receipt as a whole less. */
const overageOf = (lines: ReadonlyArray<SaleLine>) => {
  const over = lines.reduce((sum, { coupon, sales }) => sum + Math.max(0, coupon - sales), 0)
  return over === 0 ? [] : [{ code: COUPON, amount: money(-over, CURRENCY) }]
}

/** What an import calls beside the operations of the packages: each is several of them in one commit. */
export const history = () => module("history", { operations: { importArticle, importSale } })
