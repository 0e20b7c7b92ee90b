import type { Json } from "@omni/core"
import { compile, type Condition, InvalidRule } from "@omni/rules"

import { fractionOf } from "../money/percent.ts"
import type { Called } from "../sheet.ts"
import { refuse } from "./errors.ts"
import { inOrder } from "./order.ts"
import type { Promotion, Selection, SimpleValue } from "./promotion.ts"
import { readsCustomerOnly, readsWhatIsLeft, type Threshold, thresholdOf } from "./reads.ts"
import type { Fraction } from "./share.ts"

/** A rule that is ready to run; `live` when it reads what promotions change. */
export interface Rule {
  readonly condition: Condition
  readonly live: boolean
  /** Whether all that it asks is who the customer is. */
  readonly ofCustomer: boolean
  /** From how much left on it holds, of a live one of which that can be told beforehand. */
  readonly threshold: Threshold | undefined
}

/** What a selection of lines asks for. */
export interface Selector {
  readonly rule: Rule | undefined
  readonly products: ReadonlyArray<string> | undefined
  readonly categories: ReadonlySet<string> | undefined
}

/** A promotion that has been checked and compiled, for any cart. */
export interface Prepared {
  readonly promotion: Promotion
  readonly called: Called
  readonly condition: Rule | undefined
  readonly selector: Selector
  /** Of what has to be bought, or of each part of a bundle. */
  readonly others: ReadonlyArray<Selector>
  readonly across: boolean
}

const most = 5_000

/** Promotions are frozen data that come again with every cart: what is made of them is kept as long as they are. */
const known = /* @__PURE__ */ new WeakMap<object, Prepared>()

/** Checks and compiles a promotion. Throws `InvalidPromotion`. */
const prepare = (promotion: Promotion): Prepared => {
  const made = known.get(promotion) ?? check(promotion)
  known.set(promotion, made)
  return made
}

/**
 * Checks and compiles promotions, each with an id of its own, in the order in which they are given: those for lines, then for the order, then
 * for shipping; in each by rank, then by id. Throws `InvalidPromotion`.
 */
export const prepareAll = (promotions: ReadonlyArray<Promotion>): ReadonlyArray<Prepared> => {
  if (promotions.length > most) refuse(promotions[most]?.id, "id", `one of at most ${most} promotions at a time`)
  const prepared = promotions.map(prepare).sort((a, b) => inOrder(a.promotion, b.promotion))
  if (new Set(promotions.map(({ id }) => id)).size === promotions.length) return prepared
  const seen = new Set<string>()
  for (const { id } of promotions) {
    if (seen.has(id)) refuse(id, "id", "used once")
    seen.add(id)
  }
  return prepared
}

const check = (promotion: Promotion): Prepared => {
  if (typeof promotion !== "object" || promotion === null) return refuse(undefined, "promotion", "an object")
  const { id, name, target, value, allocation } = promotion
  const wrong = (field: string, expected: string): never => refuse(id, field, expected)
  if (typeof id !== "string" || id === "") wrong("id", "a text")
  if (typeof name !== "string" || name === "") wrong("name", "a text")
  if (target !== "line" && target !== "order" && target !== "shipping") wrong("target", "line, order or shipping")
  if (!Number.isSafeInteger(promotion.rank ?? 0)) wrong("rank", "a whole number")
  if (!isCount(promotion.maxQuantity ?? 1)) wrong("maxQuantity", "a whole number of at least one")
  for (const field of ["cap", "floor"] as const) amounts(promotion[field], field, wrong)
  checkLimits(promotion, wrong)
  checkValue(promotion, wrong)
  const selected = (selection: Selection, field: string) => selectorOf(selection, field, wrong)
  const others =
    value.type === "buy-get"
      ? [hasSelection(value.buy) ? selected(value.buy, "value.buy.") : selected(promotion, "")]
      : value.type === "bundle"
        ? value.parts.map((part, at) => selected(part, `value.parts.${at}.`))
        : []
  return {
    promotion,
    called: calledOf(promotion),
    condition: ruleOf(promotion.condition, "condition", wrong),
    selector: selected(promotion, ""),
    others,
    across: (allocation ?? (target === "order" ? "across" : "each")) === "across"
  }
}

const calledOf = ({ id, name, coupon, value }: Promotion): Called => {
  const known = { name, ...(coupon === undefined ? {} : { coupon }) }
  return { id, ...known, facts: { ...known, ...(value.type === "percentage" ? { percent: value.percent } : {}) } }
}

type Wrong = (field: string, expected: string) => never

const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && Number(value) >= 1

const isAmount = (value: unknown): boolean => Number.isSafeInteger(value) && Number(value) >= 0

const amounts = (value: unknown, field: string, wrong: Wrong): void => {
  if (value === undefined) return
  if (typeof value !== "object" || value === null) wrong(field, "amounts by currency")
  for (const [currency, amount] of Object.entries(value ?? {})) {
    if (!/^[A-Z]{3}$/.test(currency)) wrong(`${field}.${currency.slice(0, 20)}`, "named by a currency")
    if (!isAmount(amount)) wrong(`${field}.${currency}`, "a whole number of minor units, zero or more")
  }
}

/** A limit that counts nothing would be none at all. */
const checkLimits = ({ limits, coupon }: Promotion, wrong: Wrong): void => {
  for (const field of ["uses", "perCustomer", "perCoupon"] as const)
    if (!isCount(limits?.[field] ?? 1)) wrong(`limits.${field}`, "a whole number of at least one")
  if (limits?.perCoupon !== undefined && coupon === undefined) wrong("limits.perCoupon", "for a promotion that names a coupon")
  amounts(limits?.budget, "limits.budget", wrong)
}

const checkValue = ({ value, target }: Promotion, wrong: Wrong): void => {
  if (typeof value !== "object" || value === null) return wrong("value", "an object")
  const ofLines = () => (target === "shipping" ? wrong("target", `line or order for ${value.type}`) : undefined)
  switch (value.type) {
    case "percentage":
    case "fixed":
    case "price":
      return simple(value, "value", wrong)
    case "buy-get":
      ofLines()
      if (!isCount(value.buy?.quantity)) wrong("value.buy.quantity", "a whole number of at least one")
      if (!isCount(value.get?.quantity)) wrong("value.get.quantity", "a whole number of at least one")
      if (!isCount(value.times ?? 1)) wrong("value.times", "a whole number of at least one")
      if (value.percent !== undefined) fraction(value.percent, "value.percent", wrong)
      return
    case "tiers":
      if (!Array.isArray(value.steps) || value.steps.length === 0) return wrong("value.steps", "a list of steps")
      for (const [at, step] of value.steps.entries()) {
        if (typeof step.from === "object") amounts(step.from, `value.steps.${at}.from`, wrong)
        else if (!isCount(step.from)) wrong(`value.steps.${at}.from`, "a whole number of at least one, or amounts by currency")
        if ((typeof step.from === "object") !== (value.by === "spend"))
          wrong(`value.steps.${at}.from`, value.by === "spend" ? "amounts by currency" : "a number of units")
        simple(step.value, `value.steps.${at}.value`, wrong)
      }
      return
    case "bundle":
      ofLines()
      if (!Array.isArray(value.parts) || value.parts.length === 0 || value.parts.length > 20)
        return wrong("value.parts", "a list of 1 to 20 parts")
      for (const [at, part] of value.parts.entries())
        if (!isCount(part.quantity)) wrong(`value.parts.${at}.quantity`, "a whole number of at least one")
      if (!isCount(value.times ?? 1)) wrong("value.times", "a whole number of at least one")
      return amounts(value.price ?? null, "value.price", wrong)
    case "gift":
      if (!isCount(value.quantity)) wrong("value.quantity", "a whole number of at least one")
      return amounts(value.worth, "value.worth", wrong)
    default:
      return wrong("value.type", "percentage, fixed, price, buy-get, tiers, bundle or gift")
  }
}

const simple = (value: SimpleValue, field: string, wrong: Wrong): void => {
  if (value.type === "percentage") fraction(value.percent, `${field}.percent`, wrong)
  else if (value.type === "fixed" || value.type === "price") {
    if (!isAmount(value.amount)) wrong(`${field}.amount`, "a whole number of minor units, zero or more")
    if (!/^[A-Z]{3}$/.test(value.currency)) wrong(`${field}.currency`, "a currency")
    amounts(value.amounts, `${field}.amounts`, wrong)
  } else wrong(`${field}.type`, "percentage, fixed or price")
}

const fraction = (percent: number | string, field: string, wrong: Wrong): void => {
  try {
    partOf(percent)
  } catch {
    wrong(field, 'per cent, zero or more, with at most 12 decimals: 20, "12.5"')
  }
}

/** Per cent as a part of one. Throws for what is none, or too fine to be counted with. */
export const partOf = (percent: number | string): Fraction => {
  const { over, under } = fractionOf(percent, "percent")
  if (typeof over === "number" && typeof under === "number") return { numerator: over, denominator: under }
  throw new RangeError("too fine")
}

const hasSelection = ({ lines, products, categories }: Selection): boolean =>
  lines !== undefined || products !== undefined || categories !== undefined

const selectorOf = ({ lines, products, categories }: Selection, field: string, wrong: Wrong): Selector => {
  for (const [name, list] of [
    ["products", products],
    ["categories", categories]
  ] as const) {
    if (list !== undefined && (!Array.isArray(list) || list.length > 100_000)) wrong(`${field}${name}`, "a list of at most 100,000 ids")
  }
  return { rule: ruleOf(lines, `${field}lines`, wrong), products, categories: categories === undefined ? undefined : new Set(categories) }
}

const ruleOf = (rule: Json | undefined, field: string, wrong: Wrong): Rule | undefined => {
  if (rule === undefined) return undefined
  try {
    const condition = compile(rule)
    const live = readsWhatIsLeft(rule)
    const threshold = live ? thresholdOf(rule, field === "condition" ? "subtotal" : "amount") : undefined
    return { condition, live, ofCustomer: readsCustomerOnly(rule), threshold }
  } catch (error) {
    if (error instanceof InvalidRule) return wrong([field, ...error.path].join("/"), `${error.expected}, not ${error.found}`)
    throw error
  }
}
