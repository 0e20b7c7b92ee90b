import type { Currency } from "@omni/core/values"
import { RuleError } from "@omni/rules"

import { zeros } from "./column.ts"
import { type Prepared, partOf, type Rule } from "./prepare.ts"
import type { Promotion, PromotionValue, SimpleValue } from "./promotion.ts"
import type { Scene, State } from "./scene.ts"
import { chargesOf, linesOf } from "./select.ts"
import type { Fraction } from "./share.ts"
import { drawsOf, type Draws } from "./units.ts"
import type { Remaining } from "./usage.ts"

/** Why a promotion gave nothing. */
export type Reason =
  | "coupon-missing"
  | "not-begun"
  | "over"
  | "other-currency"
  | "limit-reached"
  | "budget-spent"
  | "condition"
  | "customer"
  | "condition-failed"
  | "tier-not-reached"
  | "units-missing"
  | "nothing-to-discount"
  | "exclusive"
  | "group"
  | "combination"

/** A simple value in the currency of the cart. */
export type Cut =
  | { readonly type: "percentage"; readonly part: Fraction; readonly original: boolean }
  | { readonly type: "fixed"; readonly amount: number; readonly once: boolean }
  | { readonly type: "price"; readonly amount: number }

/** What is given: a cut, sets of units, or something beside the cart. */
export type Giving = Cut | { readonly type: "sets"; readonly draws: Draws } | { readonly type: "gift"; readonly worth: number }

/**
 * A promotion that this cart may get. `items`, `offs`, `used` and `worth` are what it took last: the places, what came off each, and for
 * sets how many units of it were taken and what was left to pay for them.
 */
export interface Candidate {
  readonly prepared: Prepared
  readonly promotion: Promotion
  readonly giving: Giving
  readonly most: number
  readonly floor: number
  readonly budget: number
  /** Whether it takes something off each whole line as it is left, and no floor holds it. */
  readonly whole: boolean
  /** Whether it depends on what others take; a search may find out that it does not. */
  liveCondition: boolean
  /** From which subtotal on its condition holds, where that can be told beforehand. */
  readonly least: number | undefined
  readonly liveItems: boolean
  /** From how much left on it is for each row of `wide`, where that can be told beforehand. */
  readonly from: Array<number> | undefined
  /** Set while combinations are compared, where it makes no difference to any other how this one is shared out. */
  rough: boolean
  /** All rows that it could ever touch, whatever a live rule says. */
  readonly wide: Int32Array
  items: Int32Array
  offs: Array<number>
  /** What is left to pay for what is meant of each place; made when it is first needed. */
  bases: Array<number> | undefined
  used: Array<number>
  worth: Array<number>
  /** Whether it gave something last: an amount, or a gift. */
  gives: boolean
  /** What it took off last in all. */
  total: number
  why: Reason
}

/** What a promotion is to a cart before any other is given: a candidate, or why it is none. */
export const candidateOf = (prepared: Prepared, scene: Scene, remaining: Remaining | undefined): Candidate | Reason => {
  const { promotion, condition, selector } = prepared
  if (promotion.coupon !== undefined && !scene.coupons.includes(promotion.coupon)) return "coupon-missing"
  if (promotion.from !== undefined && scene.now < promotion.from) return "not-begun"
  if (promotion.until !== undefined && scene.now >= promotion.until) return "over"
  const limits = boundsOf(promotion, scene.currency, remaining)
  if (typeof limits === "string") return limits
  try {
    const liveCondition = condition?.live === true
    if (condition !== undefined && !liveCondition && !condition.condition.test(scene.untouchedOrder()))
      return condition.ofCustomer ? "customer" : "condition"
    const items = targetsOf(prepared, scene)
    const giving = givingOf(prepared, scene, items)
    if (typeof giving === "string") return giving
    const liveItems = selector.rule?.live === true && giving.type !== "sets" && promotion.value.type !== "tiers"
    const wide = giving.type === "sets" ? giving.draws.places : liveItems ? targetsOf(withoutRule(prepared), scene) : items
    const from = liveItems ? thresholdsOf(selector.rule, wide, scene) : undefined
    const places = from === undefined ? (giving.type === "sets" ? wide : items) : wide
    const size = places.length
    if (size === 0 && giving.type !== "gift" && !liveItems) return "nothing-to-discount"
    const sets = giving.type === "sets" ? size : 0
    if (sets > 0) scene.hasSets = true
    return {
      prepared,
      promotion,
      giving,
      most: limits.most,
      floor: limits.floor,
      budget: limits.budget,
      whole: isWhole(promotion, giving, limits.floor, scene.rounding.level),
      liveCondition,
      least: liveCondition ? leastOf(condition, scene) : undefined,
      liveItems,
      from,
      rough: false,
      wide,
      items: places,
      offs: zeros(size),
      bases: undefined,
      used: zeros(sets),
      worth: zeros(sets),
      gives: false,
      total: 0,
      why: "nothing-to-discount"
    }
  } catch (error) {
    return reasonOf(error)
  }
}

/** The threshold of a condition. What fails, or compares with no number, is tried as it stands. */
const leastOf = ({ threshold }: Rule, scene: Scene): number | undefined => {
  const least = threshold === undefined ? NaN : unlessFailing(() => threshold(scene.untouchedOrder(), NaN))
  return Number.isNaN(least) ? undefined : least
}

/** The same of a rule on rows. */
const thresholdsOf = (rule: Rule | undefined, rows: Int32Array, scene: Scene): Array<number> | undefined => {
  const threshold = rule?.threshold
  if (threshold === undefined) return undefined
  const from = zeros(rows.length)
  for (const [index, row] of rows.entries()) {
    from[index] = unlessFailing(() => threshold(scene.untouched(row), scene.listed[row]!))
    if (Number.isNaN(from[index])) return undefined
  }
  return from
}

const unlessFailing = (threshold: () => number): number => {
  try {
    return threshold()
  } catch (error) {
    reasonOf(error)
    return NaN
  }
}

const isWhole = ({ target, maxQuantity }: Promotion, giving: Giving, floor: number, level: string): boolean =>
  floor === 0 &&
  maxQuantity === undefined &&
  (giving.type !== "percentage" || (!giving.original && (level !== "unit" || target !== "line")))

/** What an error of a rule says about the promotion. */
export const reasonOf = (error: unknown): Reason => {
  if (error instanceof RuleError) return error.type === "Other Currency" ? "other-currency" : "condition-failed"
  throw error
}

const withoutRule = (prepared: Prepared): Prepared => ({ ...prepared, selector: { ...prepared.selector, rule: undefined } })

/** The lines or charges that it is for; as they stand, when a state is given. */
export const targetsOf = ({ promotion, selector }: Prepared, scene: Scene, state?: State): Int32Array =>
  promotion.target === "shipping" ? chargesOf(scene, selector, state) : linesOf(scene, selector, state)

const boundsOf = ({ cap, floor, limits }: Promotion, currency: Currency, { uses, customer, coupon, budget }: Remaining = {}) => {
  const capped = cap === undefined ? Infinity : cap[currency]
  const floored = floor === undefined ? 0 : floor[currency]
  if (capped === undefined || floored === undefined) return "other-currency"
  if ([uses, customer, coupon].some((left) => left !== undefined && !(left >= 1))) return "limit-reached"
  if (budget === undefined) return { most: capped, floor: floored, budget: Infinity }
  if (!(budget >= 1)) return "budget-spent"
  return limits?.short === "part"
    ? { most: Math.min(capped, Math.floor(budget)), floor: floored, budget: Infinity }
    : { most: capped, floor: floored, budget }
}

const givingOf = (prepared: Prepared, scene: Scene, items: Int32Array): Giving | Reason => {
  const { value } = prepared.promotion
  const { currency } = scene
  switch (value.type) {
    case "percentage":
    case "fixed":
    case "price":
      return cutOf(value, currency) ?? "other-currency"
    case "tiers": {
      const reached = reachedStep(value, scene, items)
      return reached === undefined ? "tier-not-reached" : (cutOf(reached, currency) ?? "other-currency")
    }
    case "buy-get":
    case "bundle": {
      const draws = drawsOf(prepared, scene, items)
      return draws === undefined ? "other-currency" : { type: "sets", draws }
    }
    case "gift":
      return { type: "gift", worth: value.worth?.[currency] ?? 0 }
  }
}

/** A simple value in a currency. */
const cutOf = (value: SimpleValue, currency: Currency): Cut | undefined => {
  if (value.type === "percentage") return { type: "percentage", part: partOf(value.percent), original: value.of === "original" }
  const amount = value.currency === currency ? value.amount : value.amounts?.[currency]
  if (amount === undefined) return undefined
  return value.type === "fixed" ? { type: "fixed", amount, once: value.per === "line" } : { type: "price", amount }
}

type Tiers = Extract<PromotionValue, { readonly type: "tiers" }>

/** What the steps of tiers measure: what the lines cost as listed, or how many units they are. */
export const measured = ({ by }: Tiers, { listed, quantities }: Scene, items: Int32Array): number => {
  const of = by === "spend" ? listed : quantities
  return items.reduce((sum, at) => sum + of[at]!, 0)
}

/** From where a step is reached, in a currency. */
export const startOf = (from: Tiers["steps"][number]["from"], currency: Currency): number =>
  typeof from === "object" ? (from[currency] ?? Infinity) : from

const reachedStep = (value: Tiers, scene: Scene, items: Int32Array): SimpleValue | undefined => {
  const measure = measured(value, scene, items)
  let best: { readonly start: number; readonly value: SimpleValue } | undefined
  for (const step of value.steps) {
    const start = startOf(step.from, scene.currency)
    if (start <= measure && (best === undefined || start > best.start)) best = { start, value: step.value }
  }
  return best?.value
}
