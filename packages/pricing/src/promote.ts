import { allocateMoney, type Currency, type Json, money } from "@omni/core"
import { compile, type Condition, RuleError } from "@omni/rules"

import { type Draft, share } from "./draft.ts"
import { lineFacts, orderFacts } from "./facts.ts"
import type { CartToPrice, PricingContext, Promotion, RoundingPolicy } from "./model.ts"
import type { Discount, SkippedPromotion } from "./priced.ts"
import { fractionOf } from "./rate.ts"

/** What promotions did. */
export interface Promoted {
  readonly discounts: ReadonlyArray<Discount>
  readonly skipped: ReadonlyArray<SkippedPromotion>
}

interface Scene {
  readonly cart: CartToPrice
  readonly context: PricingContext
  readonly rounding: RoundingPolicy
  readonly drafts: ReadonlyArray<Draft>
}

interface Taken {
  readonly draft: Draft
  readonly amount: number
}

const targets = ["line", "order", "shipping"] as const

/** Takes the promotions off the drafts: first those for lines, then those for the order, then those for shipping, each in its order. */
export const promote = (scene: Scene): Promoted => {
  const discounts: Array<Discount> = []
  const skipped: Array<SkippedPromotion> = []
  const promotions = scene.context.promotions ?? []
  for (const target of targets) {
    for (const promotion of promotions) {
      if (promotion.target !== target) continue
      const outcome = apply(scene, promotion)
      if (typeof outcome === "string") skipped.push({ promotion: promotion.id, name: promotion.name, code: outcome })
      else discounts.push(outcome)
    }
  }
  return { discounts, skipped }
}

const apply = (scene: Scene, promotion: Promotion): Discount | SkippedPromotion["code"] => {
  const { cart, context, drafts } = scene
  if (promotion.coupon !== undefined && !(cart.coupons ?? []).includes(promotion.coupon)) return "coupon-missing"
  if (promotion.from !== undefined && context.now < promotion.from) return "not-begun"
  if (promotion.until !== undefined && context.now >= promotion.until) return "over"
  if (promotion.value.type !== "percentage" && promotion.value.currency !== context.currency) return "other-currency"
  try {
    const lines = drafts.filter((draft) => draft.line !== undefined)
    if (promotion.condition !== undefined && !compiled(promotion.condition).test(orderFacts(lines, cart, context))) return "condition"
    const eligible = promotion.target === "shipping" ? drafts.filter((draft) => draft.charge !== undefined) : eligibleOf(lines, promotion)
    const taken = promotion.target === "order" ? fromAll(eligible, promotion, scene) : fromEach(eligible, promotion, scene)
    return taken.length === 0 ? "nothing-to-discount" : record(taken, promotion, context.currency)
  } catch (error) {
    if (error instanceof RuleError) return "condition-failed"
    throw error
  }
}

const eligibleOf = (lines: ReadonlyArray<Draft>, { lines: rule, products }: Promotion): ReadonlyArray<Draft> => {
  const named =
    products === undefined ? lines : lines.filter(({ line }) => line?.product !== undefined && setOf(products).has(line.product))
  return rule === undefined ? named : named.filter((draft) => compiled(rule).test(lineFacts(draft)))
}

/** So much off each line or charge by itself, and never more than it costs. */
const fromEach = (drafts: ReadonlyArray<Draft>, promotion: Promotion, { rounding }: Scene): ReadonlyArray<Taken> =>
  drafts.map((draft) => ({ draft, amount: Math.min(draft.amount, eachOff(draft, promotion, rounding)) })).filter(({ amount }) => amount > 0)

const eachOff = (draft: Draft, { value, target }: Promotion, { level, mode }: RoundingPolicy): number => {
  if (value.type === "fixed") return value.amount * draft.quantity
  if (value.type === "price") return Math.max(0, draft.amount - value.amount * draft.quantity)
  const { numerator, denominator } = fractionOf(value.percent)
  if (level !== "unit" || target !== "line") return -share(-draft.amount, numerator, denominator, mode)
  return -share(-draft.amount / draft.quantity, numerator, denominator, mode) * draft.quantity
}

/** So much off all lines together, shared out by what they cost. */
const fromAll = (drafts: ReadonlyArray<Draft>, { value }: Promotion, { rounding, context }: Scene): ReadonlyArray<Taken> => {
  const sum = drafts.reduce((sofar, { amount }) => sofar + amount, 0)
  const off = Math.min(sum, allOff(sum, value, rounding))
  if (off <= 0) return []
  const shares = allocateMoney(
    money(off, context.currency),
    drafts.map(({ amount }) => amount)
  )
  return drafts.map((draft, at) => ({ draft, amount: shares[at]?.amount ?? 0 })).filter(({ amount }) => amount > 0)
}

const allOff = (sum: number, value: Promotion["value"], { mode }: RoundingPolicy): number => {
  if (value.type === "fixed") return value.amount
  if (value.type === "price") return sum - value.amount
  const { numerator, denominator } = fractionOf(value.percent)
  return -share(-sum, numerator, denominator, mode)
}

const record = (taken: ReadonlyArray<Taken>, { id, name, coupon, value }: Promotion, currency: Currency): Discount => {
  const facts = { name, ...(coupon === undefined ? {} : { coupon }), ...(value.type === "percentage" ? { percent: value.percent } : {}) }
  for (const { draft, amount } of taken) {
    draft.amount -= amount
    draft.parts.push({ code: "promotion", amount: -amount, ref: id, facts })
  }
  return {
    promotion: id,
    name,
    ...(coupon === undefined ? {} : { coupon }),
    amount: -taken.reduce((sum, { amount }) => sum + amount, 0),
    currency,
    shares: taken.map(({ draft, amount }) => ({ ref: draft.id, amount: -amount }))
  }
}

/** Rules and lists of products are frozen data that come again with every cart: what is made of them is kept as long as they are. */
const conditions = /* @__PURE__ */ new WeakMap<object, Condition>()
const sets = /* @__PURE__ */ new WeakMap<object, ReadonlySet<string>>()

const compiled = (rule: Json): Condition => {
  if (typeof rule !== "object" || rule === null) return compile(rule)
  const known = conditions.get(rule) ?? compile(rule)
  conditions.set(rule, known)
  return known
}

const setOf = (products: ReadonlyArray<string>): ReadonlySet<string> => {
  const known = sets.get(products) ?? new Set(products)
  sets.set(products, known)
  return known
}
