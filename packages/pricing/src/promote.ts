import type { Json } from "@omni/core"
import { compile, type Condition, RuleError } from "@omni/rules"

import { lineFacts, orderFacts } from "./facts.ts"
import { scaled } from "./money/divide.ts"
import { fractionOf, small } from "./money/percent.ts"
import { shareOut } from "./money/share-out.ts"
import type { SkippedPromotion } from "./priced.ts"
import type { Promotion } from "./promotion.ts"
import { give, kindOf, type Sheet, takeOff } from "./sheet.ts"

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
  if (promotion.value.type !== "percentage" && promotion.value.currency !== context.currency) return "other-currency"
  try {
    if (promotion.condition !== undefined && !compiled(promotion.condition).test(orderFacts(sheet))) return "condition"
    const rows = eligibleRows(sheet, promotion)
    const off = promotion.target === "order" ? offAll(sheet, rows, promotion) : offEach(sheet, rows, promotion)
    return takeAll(sheet, rows, off, promotion) ? undefined : "nothing-to-discount"
  } catch (error) {
    if (error instanceof RuleError) return "condition-failed"
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
  const condition = rule === undefined ? undefined : compiled(rule)
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
  const { numerator, denominator } = percent(value)
  const byPiece = level === "unit" && target === "line"
  const off = new Float64Array(rows.length)
  for (let at = 0; at < off.length; at++) {
    const row = rows[at]!
    const amount = sheet.amount[row]!
    const pieces = sheet.quantity[row]!
    off[at] =
      byPiece && amount % pieces === 0
        ? -scaled(-amount / pieces, numerator, denominator, mode) * pieces
        : -scaled(-amount, numerator, denominator, mode)
  }
  return off
}

/** So much off all lines together, shared out by what they cost. */
const offAll = (sheet: Sheet, rows: ReadonlyArray<number>, { value }: Promotion): ArrayLike<number> => {
  const weights = rows.map((row) => sheet.amount[row]!)
  const sum = weights.reduce((sofar, amount) => sofar + amount, 0)
  const off = Math.min(sum, offSum(sum, value, sheet))
  const ids = rows.map((row) => sheet.ids[row]!)
  return off <= 0 ? new Float64Array(rows.length) : shareOut(off, weights, ids)
}

const offSum = (sum: number, value: Promotion["value"], { rounding }: Sheet): number => {
  if (value.type === "fixed") return value.amount
  if (value.type === "price") return sum - value.amount
  const { numerator, denominator } = percent(value)
  return -scaled(-sum, numerator, denominator, rounding.mode)
}

const percent = ({ percent: written }: Extract<Promotion["value"], { type: "percentage" }>) => {
  const { numerator, denominator } = fractionOf(written, "promotions.value.percent")
  return { numerator: small(numerator), denominator: small(denominator) }
}

const takeAll = (sheet: Sheet, rows: ReadonlyArray<number>, off: ArrayLike<number>, { id, name, coupon, value }: Promotion): boolean => {
  const given = give(sheet, {
    id,
    name,
    ...(coupon === undefined ? {} : { coupon }),
    facts: { name, ...(coupon === undefined ? {} : { coupon }), ...(value.type === "percentage" ? { percent: value.percent } : {}) }
  })
  let taken = 0
  for (let at = 0; at < rows.length; at++) taken += takeOff(sheet, given, rows[at]!, off[at]!)
  if (taken === 0) sheet.given.pop()
  return taken > 0
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
