import { money } from "@omni/core"
import type { LineRequest, OrderRequest } from "@omni/orders"
import type { PricedCart, PricedCharge, PricedLine } from "@omni/pricing"

import type { Cart } from "./model.ts"
import { plain } from "./priced-cart.ts"

/** The adjustment of a line whose price for all pieces is not that of one times their number, to the cent. */
const ROUNDING = "rounding"

/** How an order of a cart is to be had, and what it is told for. */
type How = Pick<OrderRequest, "fulfilment" | "fulfilments" | "backorder" | "goods" | "purchaseOrder">

/** What an order has that neither cart nor prices know. */
interface Beside {
  /** What lines are called, by their ids: see documents. */
  readonly names?: ReadonlyMap<string, string>
  /** What it is given: it goes with the first of its fulfilments, unless one takes what is left. */
  readonly gifts?: ReadonlyArray<LineRequest>
}

/** What a cart is ordered with: the same lines, discounts and taxes, to the cent. */
export const orderRequest = (cart: Cart, priced: PricedCart, how: How, { names, gifts = [] }: Beside = {}): OrderRequest => {
  const { currency, entry, totals } = priced
  return {
    cart: cart.id,
    ...(cart.customer === undefined ? {} : { customer: cart.customer }),
    channel: cart.lastChannel,
    currency,
    taxIncluded: entry === "gross",
    lines: [
      ...priced.lines.map((line) => ({
        id: line.id,
        sku: line.sku ?? line.id,
        ...nameIn(names, line.id),
        quantity: line.quantity,
        unitPrice: line.unitPrice,
        adjustments: adjustments(line, priced),
        taxes: taxesOf(line)
      })),
      ...gifts
    ],
    charges: [...priced.shipping, ...priced.fees].map((charge) => ({
      code: charge.id,
      ...(charge.name === undefined ? {} : { label: charge.name }),
      amount: plain(charge[entry]),
      taxes: taxesOf(charge)
    })),
    ...withGifts(ofLines(how, cart, priced), gifts),
    total: plain(totals.gross)
  }
}

/** What promotions take off a line; and by how much pieces at their price would miss what it costs, where that was entered on the other side of the tax. */
const adjustments = (line: PricedLine, { entry, currency, discounts }: PricedCart) => {
  const given = line[entry].trace.flatMap(({ code, ref, amount }) => {
    if (code !== "promotion" || ref === undefined) return []
    const discount = discounts.find(({ promotion }) => promotion === ref)
    const coupon = discount?.coupon === undefined ? {} : { coupon: discount.coupon }
    return [{ code: ref, ...(discount === undefined ? {} : { label: discount.name }), ...coupon, amount: money(amount, currency) }]
  })
  const pieces = line.unitPrice.amount * line.quantity
  const missing = line[entry].amount - given.reduce((sum, { amount }) => sum + amount.amount, pieces)
  return missing === 0 ? given : [{ code: ROUNDING, amount: money(missing, currency) }, ...given]
}

const nameIn = (names: Beside["names"], line: string) => {
  const name = names?.get(line)
  return name === undefined ? {} : { name }
}

/** Fulfilments without the lines of the cart that cannot be bought. */
const ofLines = <H extends How>(how: H, { lines }: Cart, priced: PricedCart): H => {
  const { fulfilment, fulfilments } = how
  const sold = new Set(priced.lines.map(({ id }) => id))
  const gone = new Set(lines.flatMap(({ id }) => (sold.has(id) ? [] : [id])))
  if (gone.size === 0) return how
  const left = (all: NonNullable<How["fulfilments"]>) =>
    all.map((plan) => (plan.lines === undefined ? plan : { ...plan, lines: plan.lines.filter(({ line }) => !gone.has(line)) }))
  return {
    ...how,
    ...(fulfilment === undefined ? {} : { fulfilment: left([fulfilment])[0] }),
    ...(fulfilments === undefined ? {} : { fulfilments: left(fulfilments) })
  }
}

/** Fulfilments that each name their lines, with the gifts in the first. */
const withGifts = <H extends How>(how: H, gifts: ReadonlyArray<LineRequest>): H => {
  const { fulfilment, fulfilments } = how
  const [first, ...others] = fulfilments ?? (fulfilment === undefined ? [] : [fulfilment])
  if (first?.lines === undefined || gifts.length === 0 || others.some(({ lines }) => lines === undefined)) return how
  const one = { ...first, lines: [...first.lines, ...gifts.flatMap(({ id }) => (id === undefined ? [] : [{ line: id }]))] }
  return fulfilments === undefined ? { ...how, fulfilment: one } : { ...how, fulfilments: [one, ...others] }
}

/** The taxes of what was priced, as an order has them. */
export const taxesOf = ({ taxCategory, taxes: each, tax, relief }: PricedLine | PricedCharge) =>
  relief === undefined
    ? each.map(({ code, percent, amount }) => ({
        code: code ?? taxCategory,
        rate: hundredth(percent),
        amount: money(amount, tax.currency)
      }))
    : [{ code: relief.kind, rate: "0", amount: money(0, tax.currency) }]

/** Per cent as a decimal text of one: "8.875" is "0.08875". */
const hundredth = (percent: string): string => {
  const [whole = "0", decimals = ""] = percent.split(".")
  const digits = whole.padStart(3, "0")
  const rest = (digits.slice(-2) + decimals).replace(/0+$/, "")
  return digits.slice(0, -2) + (rest === "" ? "" : `.${rest}`)
}
