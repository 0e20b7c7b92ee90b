import type { Rounding } from "@omni/core/values"

import type { RoundingPolicy, TaxPolicy } from "../model.ts"
import { scaled } from "../money/divide.ts"
import { roundTogether } from "../money/round-together.ts"
import { lcm } from "../money/whole.ts"
import { lineOf, type Rest, type Sheet } from "../sheet.ts"
import { type TaxItems, itemsOf } from "./items.ts"
import type { Rates } from "./rates.ts"

/** The tax on each item; and on each row, in it or on top of it, as amounts are entered. */
export interface Taxed {
  readonly items: TaxItems
  readonly taxes: ReadonlyArray<number>
  readonly byRow: ReadonlyArray<number>
}

/** The tax on everything, rounded as the policy says. */
export const taxed = (sheet: Sheet): Taxed => {
  const items = itemsOf(sheet)
  const taxes = taxesOf(sheet, items)
  if (items.rows === undefined) return { items, taxes, byRow: taxes }
  const byRow = new Array<number>(sheet.rows).fill(0)
  for (let at = 0; at < taxes.length; at++) byRow[items.rows[at]!]! += taxes[at]!
  return { items, taxes, byRow }
}

const taxesOf = (sheet: Sheet, items: TaxItems): ReadonlyArray<number> => {
  const { rounding, context } = sheet
  const { entry } = context.tax
  if (rounding.level === "rate" || rounding.level === "document") return taxedTogether(items, entry, rounding)
  const { amount, quantity, rates } = items
  const taxes = new Array<number>(rates.length)
  const byPiece = rounding.level === "unit"
  for (let at = 0; at < taxes.length; at++) {
    const cost = amount[at]!
    const own = rates[at]!
    const pieces = byPiece && !isWeighed(sheet, items.rows?.[at] ?? at) ? quantity[at]! : 1
    taxes[at] = pieces === 1 ? taxOn(cost, own, entry, rounding) : taxByPiece(cost, pieces, own, entry, rounding)
  }
  return taxes
}

/** What is cut or weighed has no pieces: it is rounded as a whole. */
const isWeighed = (sheet: Sheet, row: number): boolean => (lineOf(sheet, row)?.unit?.precision ?? 0) > 0

/** The tax on an amount of one line. */
export const taxOn = (amount: number, rates: Rates, entry: TaxPolicy["entry"], { mode, taxes }: RoundingPolicy): number => {
  if (rates.numerator === 0 || amount === 0) return 0
  if (taxes === "each" && rates.parts.length > 1) return taxesOn(amount, rates, entry, mode).reduce((sum, tax) => sum + tax, 0)
  return scaled(amount, rates.numerator, entry === "net" ? rates.denominator : rates.gross, mode)
}

/** The tax on an amount at each of its rates, every one rounded for itself. */
export const taxesOn = (amount: number, rates: Rates, entry: TaxPolicy["entry"], mode: Rounding): ReadonlyArray<number> =>
  rates.parts.map(({ weight }) => scaled(amount, weight, entry === "net" ? rates.whole : rates.whole + rates.weights, mode))

/** The sum of the taxes on the pieces; where the amount does not divide by them, some pieces cost one minor unit more. */
const taxByPiece = (amount: number, pieces: number, rates: Rates, entry: TaxPolicy["entry"], rounding: RoundingPolicy): number => {
  const dearer = amount % pieces
  const each = (amount - dearer) / pieces
  const tax = (pieces - dearer) * taxOn(each, rates, entry, rounding)
  return dearer === 0 ? tax : tax + dearer * taxOn(each + 1, rates, entry, rounding)
}

/** Rounds once for all items of a rate, or for all there are, and shares the tax out by what each of them exactly owes. */
const taxedTogether = (items: TaxItems, entry: TaxPolicy["entry"], { level, mode }: RoundingPolicy): ReadonlyArray<number> => {
  const taxes = new Array<number>(items.rates.length)
  const groups = new Map<string, Array<number>>()
  for (let at = 0; at < taxes.length; at++) {
    const key = level === "rate" ? items.rates[at]!.key : ""
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [at])
    else group.push(at)
  }
  for (const group of groups.values()) {
    const { owed, denominator } = owedBy(items, group, entry)
    const ids = group.map((at) => items.ids[at]!)
    const shares = roundTogether(owed, denominator, ids, mode)
    for (let next = 0; next < group.length; next++) taxes[group[next]!] = shares[next]!
  }
  return taxes
}

interface Owed {
  readonly owed: ReadonlyArray<number> | ReadonlyArray<bigint>
  readonly denominator: number | bigint
}

/** What each item of a group exactly owes, over one denominator. */
const owedBy = (items: TaxItems, group: ReadonlyArray<number>, entry: TaxPolicy["entry"]): Owed => {
  const first = items.rates[group[0]!]!
  const { numerator } = first
  if (items.rests !== undefined || typeof numerator !== "number") return exactlyOwed(items, group, entry)
  const isExact = (at: number): boolean => items.rates[at] === first && Number.isSafeInteger(items.amount[at]! * numerator)
  if (!group.every(isExact)) return exactlyOwed(items, group, entry)
  return { owed: group.map((at) => items.amount[at]! * numerator), denominator: entry === "net" ? first.denominator : first.gross }
}

const exactlyOwed = (items: TaxItems, group: ReadonlyArray<number>, entry: TaxPolicy["entry"]): Owed => {
  const divisors = group.map(
    (at) => BigInt(entry === "net" ? items.rates[at]!.denominator : items.rates[at]!.gross) * (restOf(items, at)?.denominator ?? 1n)
  )
  const denominator = lcm(new Set(divisors))
  const owed = group.map((at, next) => {
    const rest = restOf(items, at)
    const exact = BigInt(items.amount[at]!) * (rest?.denominator ?? 1n) + (rest?.numerator ?? 0n)
    return exact * BigInt(items.rates[at]!.numerator) * (denominator / divisors[next]!)
  })
  return { owed, denominator }
}

/** A row that costs nothing any more has no rest. */
const restOf = ({ rests, amount, rows }: TaxItems, at: number): Rest | undefined =>
  amount[at] === 0 ? undefined : rests?.get(rows?.[at] ?? at)
