import { isCurrency, notCurrency } from "@omni/core/values"

import { InvalidContext } from "./errors.ts"
import type { PricingContext, RoundingPolicy, TaxPolicy, TaxRelief } from "./model.ts"

const combinations: ReadonlyArray<unknown> = ["best", "ranked", undefined]
const entries: ReadonlyArray<unknown> = ["net", "gross"]
const shippings: ReadonlyArray<unknown> = ["own", "share", undefined]
const severalTaxes: ReadonlyArray<unknown> = ["together", "each", undefined]
const sharings: ReadonlyArray<unknown> = ["entered", "gross", undefined]
const levels: ReadonlyArray<unknown> = ["unit", "line", "rate", "document"]
const modes: ReadonlyArray<unknown> = ["half-up", "half-down", "half-even", "half-ceiling", "half-floor", "up", "down", "ceiling", "floor"]
const criteria: ReadonlyArray<unknown> = ["list", "priority", "specific", "lowest"]

/** A context is complete, and each of its choices is one that there is. Throws `InvalidContext`. */
export const checkContext = (context: PricingContext, rounding: RoundingPolicy): void => {
  const { now, currency, tax, priceOrder, combination, searchSteps } = context
  if (!isCurrency(currency)) throw new InvalidContext({ field: "currency", message: notCurrency(currency) })
  if (!Number.isFinite(now)) throw wrongContext("now", now, "epoch milliseconds")
  checkTax(tax)
  checkRounding(rounding)
  if (priceOrder !== undefined && !(Array.isArray(priceOrder) && priceOrder.every((criterion) => criteria.includes(criterion))))
    throw wrongContext("priceOrder", priceOrder, `a list of ${criteria.join(", ")}`)
  oneOf("combination", combination, combinations)
  if (searchSteps !== undefined && !(searchSteps >= 0)) throw wrongContext("searchSteps", searchSteps, "a number of zero or more")
}

const checkTax = (tax: TaxPolicy): void => {
  if (!isRecord(tax)) throw wrongContext("tax", tax, "a tax policy")
  oneOf("tax.entry", tax.entry, entries)
  if (!isRecord(tax.rates)) throw wrongContext("tax.rates", tax.rates, "rates by tax category")
  oneOf("tax.shipping", tax.shipping, shippings)
  if (tax.relief !== undefined) checkRelief(tax.relief, "tax.relief")
  if (tax.answer !== undefined && !isRecord(tax.answer?.items)) throw wrongContext("tax.answer.items", undefined, "taxes by id")
}

/** A relief is of a kind that there is. */
export const checkRelief = (relief: TaxRelief | undefined, field: string): void => {
  if (relief?.kind !== "exempt" && relief?.kind !== "reverse-charge") throw wrongContext(field, relief?.kind, "exempt or reverse-charge")
}

const checkRounding = ({ level, mode, taxes, sharing, cash }: RoundingPolicy): void => {
  oneOf("rounding.level", level, levels)
  oneOf("rounding.mode", mode, modes)
  oneOf("rounding.taxes", taxes, severalTaxes)
  oneOf("rounding.sharing", sharing, sharings)
  if (cash === undefined) return
  oneOf("rounding.cash.mode", cash.mode ?? mode, modes)
  if (!Number.isSafeInteger(cash.increment) || cash.increment < 1)
    throw wrongContext("rounding.cash.increment", cash.increment, "a whole number of minor units of at least one")
}

const isRecord = (value: unknown): boolean => typeof value === "object" && value !== null

/** What may be left out has `undefined` among what is known. */
const oneOf = (field: string, value: unknown, known: ReadonlyArray<unknown>): void => {
  if (!known.includes(value)) throw wrongContext(field, value, `one of ${known.filter((one) => one !== undefined).join(", ")}`)
}

/** The error of a field that is not what it has to be. */
export const wrongContext = (field: string, value: unknown, wanted: string): InvalidContext =>
  new InvalidContext({ field, message: `"${field}" is ${String(value).slice(0, 50)}; write ${wanted}.` })
