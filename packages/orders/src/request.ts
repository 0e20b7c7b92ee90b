import { AmountOutOfRange, Currency, ExternalId, fail, Id, Money, PositiveCount } from "@omni/core"
import { Sku } from "@omni/inventory"
import * as z from "zod"

import { InvalidOrder, type OrderProblem } from "./errors.ts"
import { FulfilmentRequest } from "./fulfilment.ts"
import { SomeGoods } from "./goods.ts"
import { Adjustment, type Charge, LineTax, type OrderLine, type Totals } from "./model.ts"
import { ReturnPolicy } from "./policy.ts"
import { chargeTotals, foreignMoney, lineTotals, orderTotals } from "./totals.ts"
import { sharesOf, splitUnits } from "./units.ts"

/** A line as it is ordered. */
export const LineRequest = z.object({
  /** Unique in the order; the line's number, from "1", unless told. */
  id: Id.exactOptional(),
  sku: Sku,
  name: z.string().max(500).exactOptional(),
  quantity: PositiveCount.max(1_000_000_000),
  unitPrice: Money,
  /** Each is of the whole line, its part of a discount on the order among them. */
  adjustments: z.array(Adjustment).max(100).exactOptional(),
  taxes: z.array(LineTax).max(20).exactOptional(),
  /** `false` for what no stock is kept of: a service, a deposit. */
  stocked: z.boolean().exactOptional(),
  /** The promotion that gives it, which costs nothing: where it is not in stock the order is placed without it, and says so. */
  gift: Id.exactOptional()
})
export type LineRequest = z.infer<typeof LineRequest>

/** A charge as it is ordered. */
export const ChargeRequest = z.object({
  code: Id,
  label: z.string().max(500).exactOptional(),
  amount: Money,
  taxes: z.array(LineTax).max(20).exactOptional()
})
export type ChargeRequest = z.infer<typeof ChargeRequest>

/** All that an order is placed with. */
export const OrderRequest = z.object({
  /** Its id where it comes from; the same external id is the same order. */
  external: ExternalId.exactOptional(),
  cart: Id.exactOptional(),
  /** The customer's profile id; absent for a sale to somebody unknown. */
  customer: Id.exactOptional(),
  /** The company that it is for, who ordered for it, and the number of its purchase order: they come with it onto its invoices. */
  account: Id.exactOptional(),
  buyer: Id.exactOptional(),
  purchaseOrder: Id.exactOptional(),
  /** That of the actor unless told. */
  channel: Id.exactOptional(),
  currency: Currency,
  /** Whether prices, adjustments and charges include their taxes. */
  taxIncluded: z.boolean(),
  lines: z.array(LineRequest).min(1).max(1000),
  charges: z.array(ChargeRequest).max(100).exactOptional(),
  /** How all of it reaches the customer. Without this and `fulfilments` nobody has it to fulfil yet: see `assign`. */
  fulfilment: FulfilmentRequest.exactOptional(),
  /** How it reaches the customer from several places, or on several days. What no line of them names is not assigned yet. */
  fulfilments: z.array(FulfilmentRequest).min(1).max(200).exactOptional(),
  /** A hold of exactly the goods that are kept or taken now: the order takes it over. Without one the stock is taken now. */
  hold: Id.exactOptional(),
  /** What is not free waits for stock, instead of the order being refused. */
  backorder: z.boolean().exactOptional(),
  /** On what terms goods may come back: those of `orders()` unless told. */
  terms: ReturnPolicy.exactOptional(),
  /** Which lots or pieces of lines are handed over at once, where articles are tracked. */
  goods: SomeGoods.exactOptional(),
  /** What the customer was shown; the order is refused if it is not what it adds up to. */
  total: Money.exactOptional()
})
export type OrderRequest = z.infer<typeof OrderRequest>

/** A line with what it costs, before it is known where its units are. */
export type PricedDraft = Omit<OrderLine, "status" | "parts">

/** A request with what it costs. */
export interface Priced {
  readonly lines: ReadonlyArray<PricedDraft>
  readonly charges: Array<Charge>
  readonly totals: Totals
}

/** The lines and charges of a request with their taxes, totals and splits worked out. Errors: `InvalidOrder`, with all that is wrong. */
export function* priced(
  request: Pick<OrderRequest, "currency" | "taxIncluded" | "lines" | "charges">,
  before = 0
): Generator<InvalidOrder, Priced, unknown> {
  const { currency, taxIncluded } = request
  const drafts = request.lines.map(({ adjustments = [], taxes = [], stocked = true, ...line }, i) => ({
    ...line,
    id: line.id ?? String(before + i + 1),
    adjustments,
    taxes,
    stocked
  }))
  const extras = (request.charges ?? []).map(({ taxes = [], ...charge }) => ({ ...charge, taxes }))
  const wrong = [...duplicates(drafts), ...foreignMoney(drafts, extras, currency), ...paidGifts(drafts)]
  if (wrong.length > 0) return yield* fail(InvalidOrder.of(wrong))
  try {
    const plain = drafts.map((line) => ({ ...line, ...lineTotals(line, taxIncluded) }))
    const charges = extras.map((charge): Charge => ({ ...charge, ...chargeTotals(charge, taxIncluded) }))
    const totals = orderTotals(plain, charges, currency)
    const below = belowZero(plain, totals)
    if (below.length > 0) return yield* fail(InvalidOrder.of(below.map((at) => ({ code: "negative-total", at }))))
    return { lines: split(plain, charges, taxIncluded), charges, totals }
  } catch (error) {
    if (!(error instanceof AmountOutOfRange)) throw error
    return yield* fail(InvalidOrder.of([{ code: "out-of-range", at: "order" }]))
  }
}

/** Lines with their shares in the charges, and with what each unit has of all of it. */
const split = (lines: ReadonlyArray<PricedDraft>, charges: ReadonlyArray<Charge>, taxIncluded: boolean): ReadonlyArray<PricedDraft> => {
  const shares = charges.length === 0 ? undefined : sharesOf(weightsOf(lines), charges)
  return lines.map((line, i) => {
    const whole = shares === undefined ? line : { ...line, shares: [...shares[i]!] }
    const units = splitUnits(whole, charges, taxIncluded)
    return units === undefined ? whole : { ...whole, units: [...units] }
  })
}

/** What lines cost; where all of it was taken off, what they would cost: a gift has no part in a charge, and gives back none. */
const weightsOf = (lines: ReadonlyArray<PricedDraft>): ReadonlyArray<number> => {
  const totals = lines.map(({ total }) => total.amount)
  return totals.some((total) => total > 0) ? totals : lines.map(({ unitPrice, quantity }) => Math.max(0, unitPrice.amount) * quantity)
}

/** What costs less than nothing: lines by id, or else the order. */
const belowZero = (lines: ReadonlyArray<PricedDraft>, totals: Totals): ReadonlyArray<string> => {
  const below = lines.filter(({ total }) => total.amount < 0).map(({ id }) => id)
  return below.length > 0 || totals.total.amount >= 0 ? below : ["order"]
}

/** Gifts that cost something, tax included. */
const paidGifts = (
  lines: ReadonlyArray<Pick<PricedDraft, "id" | "gift" | "unitPrice" | "adjustments" | "taxes">>
): ReadonlyArray<OrderProblem> =>
  lines.flatMap(({ id: at, gift, unitPrice, adjustments, taxes }) => {
    const isFree = [unitPrice, ...[...adjustments, ...taxes].map(({ amount }) => amount)].every(({ amount }) => amount === 0)
    return gift === undefined || isFree ? [] : [{ code: "paid-gift", at }]
  })

const duplicates = (lines: ReadonlyArray<{ readonly id: string }>): ReadonlyArray<OrderProblem> => {
  const seen = new Set<string>()
  return lines.flatMap(({ id }) => {
    const again = seen.has(id)
    seen.add(id)
    return again ? [{ code: "duplicate-line", at: id }] : []
  })
}
