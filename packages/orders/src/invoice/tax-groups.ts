import type { Rounding } from "@omni/core"

import type { TaxSubtotal } from "./document.ts"
import type { DraftTax, FixedAmounts } from "./draft.ts"
import { type Exact, exact, minus, negate, nothing, percentOf, plus, quotient, round, share, sum, textOf, widen } from "./exact.ts"

/** A line, allowance or charge, as far as its tax is concerned. */
export interface Item {
  readonly tax: DraftTax
  /** -1 for an allowance of the document. */
  readonly sign: 1 | -1
  /** As it was entered: with tax where prices include it. */
  readonly entered: Exact
  readonly fixed: FixedAmounts | undefined
}

/** What an item is without tax, and the tax on it. */
interface Split {
  readonly net: Exact
  readonly tax: Exact
}

interface Scale {
  readonly cents: number
  readonly mode: Rounding
}

/** The rate that a document shows: none outside the scope, zero where none falls due, else rate and surcharge together. */
export const percentText = ({ category, percent, surcharge }: DraftTax): string | undefined => {
  if (category === "O") return undefined
  if (category !== "S" && category !== "L" && category !== "M") return "0"
  return surcharge === undefined ? (percent ?? "0") : textOf(plus(exact(percent ?? "0"), exact(surcharge)))
}

/** What makes one row: category and rate, however the rate is written; what is not taxed has one row for each category. */
const groupKey = (tax: DraftTax): string => {
  const { units, scale } = exact(percentText(tax) ?? "0")
  return `${tax.category} ${widen({ units, scale }, 60).units}`
}

/** The rows of the breakdown, in the order in which they first occur, and what each item is without its tax. */
export const taxGroups = (items: ReadonlyArray<Item>, taxIncluded: boolean, scale: Scale) => {
  const groups = new Map<string, Array<Item>>()
  for (const item of items) {
    const key = groupKey(item.tax)
    groups.set(key, [...(groups.get(key) ?? []), item])
  }
  const splits = new Map<Item, Split>()
  const rows = [...groups.values()].map((group) => rowOf(group, splits, taxIncluded, scale))
  return { rows, of: (item: Item): Split => splits.get(item) ?? { net: nothing, tax: nothing } }
}

const rowOf = (group: ReadonlyArray<Item>, splits: Map<Item, Split>, taxIncluded: boolean, scale: Scale): TaxSubtotal => {
  for (const item of group) if (item.fixed !== undefined) splits.set(item, { net: exact(item.fixed.net), tax: exact(item.fixed.tax) })
  const open = group.filter(({ fixed }) => fixed === undefined)
  if (taxIncluded) splitGross(open, splits, scale)
  else splitNet(open, splits, scale)
  const total = (field: keyof Split): string => textOf(widen(sum(group.map((item) => signed(item, splits.get(item)![field]))), scale.cents))
  const percent = percentText(group[0]!.tax)
  const reasons = [...new Set(group.flatMap(({ tax }) => tax.exemptionReason ?? []))]
  const codes = [...new Set(group.flatMap(({ tax }) => tax.exemptionCode ?? []))]
  return {
    taxable: total("net"),
    tax: total("tax"),
    scheme: "VAT",
    category: group[0]!.tax.category,
    ...(percent === undefined ? {} : { percent }),
    ...(reasons.length === 0 ? {} : { exemptionReason: reasons.join("; ") }),
    ...(codes.length === 1 ? { exemptionCode: codes[0]! } : {})
  }
}

const signed = ({ sign }: Item, value: Exact): Exact => (sign === 1 ? value : negate(value))

const rateOf = (group: ReadonlyArray<Item>): Exact => exact((group[0] === undefined ? undefined : percentText(group[0].tax)) ?? "0")

/** Prices are without tax: the tax of the row is worked out from its base, and shared out over its items. */
const splitNet = (open: ReadonlyArray<Item>, splits: Map<Item, Split>, { cents, mode }: Scale): void => {
  const base = sum(open.map((item) => signed(item, item.entered)))
  const tax = round(percentOf(rateOf(open), base), cents, mode)
  const shares = sharedOut(tax, open, base, { cents, mode }, (entered) => round(percentOf(rateOf(open), entered), cents, mode))
  for (const [i, item] of open.entries()) splits.set(item, { net: item.entered, tax: signed(item, shares[i]!) })
}

/** Prices include the tax: it is taken out of the sum of the row, and what is left is shared out over its items. */
const splitGross = (open: ReadonlyArray<Item>, splits: Map<Item, Split>, { cents, mode }: Scale): void => {
  const rate = plus(exact("1"), percentOf(rateOf(open), exact("1")))
  const gross = sum(open.map((item) => signed(item, item.entered)))
  const net = (entered: Exact): Exact => quotient(entered, rate, cents, mode)
  const nets = sharedOut(net(gross), open, gross, { cents, mode }, net)
  for (const [i, item] of open.entries()) {
    const without = signed(item, nets[i]!)
    splits.set(item, { net: without, tax: minus(item.entered, without) })
  }
}

/**
 * An amount in proportion to the items, each the difference of two rounded sums: so that the shares add up to it, whatever their signs.
 * Where the items come to nothing together there is no proportion: each gets its own, and the last what is left.
 */
const sharedOut = (
  amount: Exact,
  items: ReadonlyArray<Item>,
  whole: Exact,
  { cents, mode }: Scale,
  own: (entered: Exact) => Exact
): ReadonlyArray<Exact> => {
  let entered = nothing
  let given = nothing
  return items.map((item, i) => {
    entered = plus(entered, signed(item, item.entered))
    if (whole.units !== 0n) {
      const upto = share(amount, entered, whole, cents, mode)
      const part = minus(upto, given)
      given = upto
      return part
    }
    const part = i === items.length - 1 ? minus(amount, given) : own(signed(item, item.entered))
    given = plus(given, part)
    return part
  })
}
