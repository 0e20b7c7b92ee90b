import { compareMoney, Money, type Locale } from "@omni/core"

import { isMeasure } from "../attributes/check.ts"
import type { AttributeDefinition, Attributes, AttributeValue, ProductType } from "../attributes/model.ts"
import { compareMeasure, dimensionOf } from "../attributes/units.ts"
import { localisedBy } from "../content/localise.ts"

/** Something that may be bought, as up-sell compares it: its price as a buyer sees it, in minor units, and what it is like. */
export interface Comparable {
  readonly id: string
  readonly price: number
  readonly attributes: Attributes
}

/** Why one is better: the attribute, both values, and what a shopper reads. */
export interface Benefit {
  readonly attribute: string
  readonly from: AttributeValue
  readonly to: AttributeValue
  /** "better camera", where the attribute says so; else its name. */
  readonly text: string
}

/** A better one, what it costs more, and why it is better. */
export interface UpSell<C extends Comparable = Comparable> {
  readonly offer: C
  readonly extra: number
  readonly reasons: ReadonlyArray<Benefit>
}

/** What counts as an up-sell. */
export interface UpSellRule {
  /** How much it may cost, in per cent of the price of the first: 100 to 150 unless told, both included. */
  readonly band?: { readonly from: number; readonly to: number }
  /** How many attributes may be worse; none unless told. There are always more that are better. */
  readonly worse?: number
  readonly limit?: number
  /** Languages for what a shopper reads, best first. */
  readonly locales?: ReadonlyArray<Locale>
}

/**
 * The offers that are better than one, by the attributes of its type that say which way is better, within a band of prices; and why. Those with the most
 * reasons come first, then the cheapest, then by id. An attribute that either of them lacks says nothing. Pure: the answer follows from its arguments.
 */
export const upSell = <C extends Comparable>(
  one: Comparable,
  others: ReadonlyArray<C>,
  type: Pick<ProductType, "attributes">,
  { band = { from: 100, to: 150 }, worse = 0, limit = 10, locales = [] }: UpSellRule = {}
): ReadonlyArray<UpSell<C>> =>
  others
    .filter(({ id, price }) => id !== one.id && price * 100 >= one.price * band.from && price * 100 <= one.price * band.to)
    .flatMap((offer) => {
      const compared = type.attributes.map((definition) => ({ definition, ...compare(definition, one.attributes, offer.attributes) }))
      const reasons = compared.flatMap(({ definition, order, from, to }) =>
        order > 0 ? [{ attribute: definition.code, from: from!, to: to!, text: textOf(definition, locales) }] : []
      )
      const losses = compared.filter(({ order }) => order < 0).length
      return reasons.length > losses && losses <= worse ? [{ offer, extra: offer.price - one.price, reasons }] : []
    })
    .sort((a, b) => b.reasons.length - a.reasons.length || a.offer.price - b.offer.price || (a.offer.id < b.offer.id ? -1 : 1))
    .slice(0, limit)

interface Compared {
  /** Above zero: the second is better; below: worse. */
  readonly order: number
  readonly from?: AttributeValue
  readonly to?: AttributeValue
}

const compare = ({ code, better, value }: AttributeDefinition, a: Attributes, b: Attributes): Compared => {
  if (better === undefined || !Object.hasOwn(a, code) || !Object.hasOwn(b, code)) return { order: 0 }
  const [from, to] = [a[code]!, b[code]!]
  const more = value.type === "enum" ? rankOrder(value.values, from, to) : moreOf(from, to)
  return { order: better === "more" ? more : -more, from, to }
}

/** Above zero when the second is more than the first; zero when they are equal, or not of one kind. */
const moreOf = (a: AttributeValue, b: AttributeValue): number => {
  if (typeof a === "number" && typeof b === "number") return b - a
  if (typeof a === "boolean" && typeof b === "boolean") return Number(b) - Number(a)
  if (typeof a === "string" && typeof b === "string") return a === b ? 0 : b > a ? 1 : -1
  if (Array.isArray(a) && Array.isArray(b)) return setOrder(a, b)
  if (isMeasure(a) && isMeasure(b)) return dimensionOf(a.unit) === dimensionOf(b.unit) ? compareMeasure(b, a) : 0
  const [left, right] = [Money.safeParse(a), Money.safeParse(b)]
  return left.success && right.success && left.data.currency === right.data.currency ? compareMoney(right.data, left.data) : 0
}

/** A set is more than another when it has all of it and something else. */
const setOrder = (a: ReadonlyArray<string>, b: ReadonlyArray<string>): number => {
  const [onlyA, onlyB] = [a.filter((one) => !b.includes(one)).length, b.filter((one) => !a.includes(one)).length]
  return onlyA === 0 ? onlyB : onlyB === 0 ? -onlyA : 0
}

const rankOrder = (values: ReadonlyArray<{ readonly id: string }>, a: AttributeValue, b: AttributeValue): number => {
  const [left, right] = [a, b].map((value) => values.findIndex(({ id }) => id === value)) as [number, number]
  return left === -1 || right === -1 ? 0 : right - left
}

const textOf = ({ code, name, benefit }: AttributeDefinition, locales: ReadonlyArray<Locale>): string =>
  localisedBy(locales, benefit)?.value ?? localisedBy(locales, name)?.value ?? Object.values(benefit ?? name)[0] ?? code
