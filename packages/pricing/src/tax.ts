import { allocateMoney, type Currency, divideRounded, money } from "@omni/core"

import { type Draft, share } from "./draft.ts"
import type { RoundingPolicy, TaxPolicy } from "./model.ts"
import type { Rate } from "./rate.ts"

/** How tax is worked out: the side on which amounts are entered, what is rounded and how. */
export interface TaxTerms {
  readonly entry: TaxPolicy["entry"]
  readonly rounding: RoundingPolicy
  readonly currency: Currency
}

/** The tax on each draft, aligned with them; in it, or on top of it, as amounts are entered. */
export const taxesOf = (drafts: ReadonlyArray<Draft>, terms: TaxTerms): ReadonlyArray<number> => {
  switch (terms.rounding.level) {
    case "unit":
      return drafts.map((draft) => unitTax(draft, terms))
    case "line":
      return drafts.map(({ amount, rate }) => taxOn(amount, rate, terms))
    case "rate":
      return together(drafts, terms, ({ rate }) => rate.text)
    case "document":
      return together(drafts, terms, () => "")
  }
}

const taxOn = (amount: number, rate: Rate, { entry, rounding: { mode } }: TaxTerms): number =>
  share(amount, rate.numerator, divisor(rate, entry), mode)

const divisor = ({ numerator, denominator }: Rate, entry: TaxPolicy["entry"]): bigint =>
  entry === "net" ? denominator : denominator + numerator

/** The sum of the taxes on the pieces; where the amount does not divide by them, some pieces cost one minor unit more. */
const unitTax = ({ amount, quantity, rate }: Draft, terms: TaxTerms): number => {
  const dearer = amount % quantity
  const each = (amount - dearer) / quantity
  const tax = (quantity - dearer) * taxOn(each, rate, terms)
  return dearer === 0 ? tax : tax + dearer * taxOn(each + 1, rate, terms)
}

/** Rounds once for all drafts of a group, and shares the tax out by what each of them exactly owes. */
const together = (drafts: ReadonlyArray<Draft>, terms: TaxTerms, groupOf: (draft: Draft) => string): ReadonlyArray<number> => {
  const taxes = new Map<Draft, number>()
  for (const group of Map.groupBy(drafts, groupOf).values()) {
    const { owed, denominator } = exactTaxes(group, terms)
    const tax = Number(
      divideRounded(
        owed.reduce((sum, one) => sum + one, 0n),
        denominator,
        terms.rounding.mode
      )
    )
    const shares = allocateMoney(money(tax, terms.currency), owed.map(String))
    for (const [at, draft] of group.entries()) taxes.set(draft, shares[at]?.amount ?? 0)
  }
  return drafts.map((draft) => taxes.get(draft) ?? 0)
}

/** What each draft owes before any rounding, over one denominator. */
const exactTaxes = (drafts: ReadonlyArray<Draft>, { entry }: TaxTerms) => {
  const denominators = new Set(drafts.map(({ rate }) => divisor(rate, entry)))
  const denominator = [...denominators].reduce((product, next) => product * next, 1n)
  const owed = drafts.map(({ amount, rate }) => BigInt(amount) * rate.numerator * (denominator / divisor(rate, entry)))
  return { owed, denominator }
}
