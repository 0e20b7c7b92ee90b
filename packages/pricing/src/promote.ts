import type { Json } from "@omni/core"

import { InvalidContext } from "./errors.ts"
import { lineFacts, orderFacts } from "./facts.ts"
import { scaled } from "./money/divide.ts"
import { fractionOf } from "./money/percent.ts"
import { shareWithin } from "./money/share-out.ts"
import type { SkippedPromotion } from "./priced.ts"
import type { ConditionTest, Promotion } from "./promotion.ts"
import { give, kindOf, mark, type Sheet, takeOff, undo } from "./sheet.ts"
import { shareWeights } from "./tax/share-weights.ts"

type Refusal = SkippedPromotion["code"]

const targets = ["line", "order", "shipping"] as const

/**
 * Takes the promotions off the sheet: first those for lines, then those for the order, then those for shipping, each in its order. Says
 * of every other one why it gave nothing.
 */
export const promote = (sheet: Sheet): ReadonlyArray<SkippedPromotion> => {
  const skipped: Array<SkippedPromotion> = []
  const { promotions } = sheet.context
  if (promotions === undefined || promotions.length === 0) return skipped
  for (const target of targets) {
    for (const promotion of promotions) {
      if (promotion.target !== target) continue
      const refusal = apply(sheet, promotion)
      if (refusal !== undefined) skipped.push({ promotion: promotion.id, name: promotion.name, code: refusal })
    }
  }
  return skipped
}

const apply = (sheet: Sheet, promotion: Promotion): Refusal | undefined => {
  const { cart, context } = sheet
  if (promotion.coupon !== undefined && !(cart.coupons ?? []).includes(promotion.coupon)) return "coupon-missing"
  if (promotion.from !== undefined && context.now < promotion.from) return "not-begun"
  if (promotion.until !== undefined && context.now >= promotion.until) return "over"
  if (promotion.value.type !== "percentage") {
    if (promotion.value.currency !== context.currency) return "other-currency"
    if (!Number.isSafeInteger(promotion.value.amount) || promotion.value.amount < 0) throw noAmount(promotion.id, promotion.value.amount)
  }
  try {
    if (promotion.condition !== undefined && !compiled(promotion.condition, sheet).test(orderFacts(sheet))) return "condition"
    const rows = eligibleRows(sheet, promotion)
    const off = promotion.target === "order" ? offAll(sheet, rows, promotion) : offEach(sheet, rows, promotion)
    return takeAll(sheet, rows, off, promotion) ? undefined : "nothing-to-discount"
  } catch (error) {
    if (isRuleError(error)) return "condition-failed"
    throw error
  }
}

const eligibleRows = (sheet: Sheet, { target, lines: rule, products }: Promotion): ReadonlyArray<number> => {
  const rows: Array<number> = []
  if (target === "shipping") {
    for (let row = sheet.lines; row < sheet.rows; row++) if (kindOf(sheet, row) === "shipping") rows.push(row)
    return rows
  }
  const named = products === undefined ? undefined : setOf(products)
  const condition = rule === undefined ? undefined : compiled(rule, sheet)
  for (let row = 0; row < sheet.lines; row++) {
    const { product } = sheet.cart.lines[row]!
    if (named !== undefined && (product === undefined || !named.has(product))) continue
    if (condition === undefined || condition.test(lineFacts(sheet, row))) rows.push(row)
  }
  return rows
}

/** So much off each line or charge by itself. */
const offEach = (sheet: Sheet, rows: ReadonlyArray<number>, { value, target }: Promotion): ArrayLike<number> => {
  const { level, mode } = sheet.rounding
  if (value.type === "fixed") return rows.map((row) => value.amount * sheet.quantity[row]!)
  if (value.type === "price") return rows.map((row) => sheet.amount[row]! - value.amount * sheet.quantity[row]!)
  const { over, under } = fractionOf(value.percent, "promotions.value.percent")
  const byPiece = level === "unit" && target === "line"
  const off = new Array<number>(rows.length)
  for (let at = 0; at < rows.length; at++) {
    const row = rows[at]!
    const amount = sheet.amount[row]!
    const pieces = sheet.quantity[row]!
    off[at] = byPiece && amount % pieces === 0 ? -scaled(-amount / pieces, over, under, mode) * pieces : -scaled(-amount, over, under, mode)
  }
  return off
}

/** So much off all lines together, shared out by what they cost. */
const offAll = (sheet: Sheet, rows: ReadonlyArray<number>, { value }: Promotion): ArrayLike<number> => {
  const sum = rows.reduce((sofar, row) => sofar + sheet.amount[row]!, 0)
  const off = Math.min(sum, offSum(sum, value, sheet))
  if (off <= 0) return rows.map(() => 0)
  const caps = rows.map((row) => sheet.amount[row]!)
  const ids = rows.map((row) => sheet.ids[row]!)
  return shareWithin(off, shareWeights(sheet, rows, caps), caps, ids)
}

const offSum = (sum: number, value: Promotion["value"], { rounding }: Sheet): number => {
  if (value.type === "fixed") return value.amount
  if (value.type === "price") return sum - value.amount
  const { over, under } = fractionOf(value.percent, "promotions.value.percent")
  return -scaled(-sum, over, under, rounding.mode)
}

const takeAll = (sheet: Sheet, rows: ReadonlyArray<number>, off: ArrayLike<number>, { id, name, coupon, value }: Promotion): boolean => {
  const before = mark(sheet)
  const given = give(sheet, {
    id,
    name,
    ...(coupon === undefined ? {} : { coupon }),
    facts: { name, ...(coupon === undefined ? {} : { coupon }), ...(value.type === "percentage" ? { percent: value.percent } : {}) }
  })
  let taken = 0
  for (let at = 0; at < rows.length; at++) taken += takeOff(sheet, given, rows[at]!, off[at]!)
  if (taken === 0) undo(sheet, before)
  return taken > 0
}

/** Rules and lists of products are frozen data that come again with every cart: what is made of them is kept as long as they are. */
const tests = /* @__PURE__ */ new WeakMap<object, ConditionTest>()
const sets = /* @__PURE__ */ new WeakMap<object, ReadonlySet<string>>()

const compiled = (rule: Json, { context: { conditions } }: Sheet): ConditionTest => {
  const known = typeof rule === "object" && rule !== null ? tests.get(rule) : undefined
  if (known !== undefined) return known
  if (conditions === undefined) throw noConditions()
  const made = conditions(rule)
  if (typeof rule === "object" && rule !== null) tests.set(rule, made)
  return made
}

/** Errors of the rule language are told by their tag: the language is a port. */
const isRuleError = (error: unknown): boolean => error instanceof Error && "_tag" in error && error._tag === "RuleError"

const noAmount = (id: string, amount: unknown): InvalidContext =>
  new InvalidContext({
    field: `promotions.${id}.value.amount`,
    message: `The promotion "${id}" is of ${String(amount)}; amounts are whole numbers of minor units, zero or more.`
  })

const noConditions = (): InvalidContext =>
  new InvalidContext({
    field: "conditions",
    message:
      'A promotion has a condition. Pass `conditions` of "@omni/pricing/conditions" with the context: it is apart, so that a bundle without conditions need not carry it.'
  })

const setOf = (products: ReadonlyArray<string>): ReadonlySet<string> => {
  const known = sets.get(products) ?? new Set(products)
  sets.set(products, known)
  return known
}
