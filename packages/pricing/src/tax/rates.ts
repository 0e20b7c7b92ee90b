import { checkRelief, wrongContext } from "../check-context.ts"
import { NoTaxRate, TaxAnswerExpired } from "../errors.ts"
import type { ItemTax, Percent, PricingContext, TaxRate, TaxRelief } from "../model.ts"
import { fractionOf } from "../money/percent.ts"
import { gcd, small } from "../money/whole.ts"

/** One rate of several. `text` is the same for equal rates: "19" for 19, "19.0" and "019". `weight` is its part of the tax. */
export interface Rate {
  readonly code: string | undefined
  readonly text: string
  readonly weight: bigint
}

/**
 * How a row is taxed: on a net amount, `numerator / denominator` of it, its rates together; `key` is the same for rows taxed alike.
 * In numbers where they are exact. Where relief is given, `numerator` is 0, and `forgone` is the tax that there would be.
 */
export interface Rates {
  readonly key: string
  /** The rates together, in per cent. */
  readonly text: string
  readonly parts: ReadonlyArray<Rate>
  /** The weights of the parts, for sharing a tax out. */
  readonly shares: ReadonlyArray<number>
  readonly numerator: number | bigint
  readonly denominator: number | bigint
  /** What a gross amount is divided by for the tax in it: `denominator + numerator`. */
  readonly gross: number | bigint
  /** The denominator and the sum of the weights of the parts. */
  readonly whole: bigint
  readonly weights: bigint
  readonly relief: TaxRelief | undefined
  readonly forgone: number | bigint
}

/** Shipping that is taxed like the goods: what its shares are taxed with is not its own. */
export const likeTheGoods: Rates = {
  key: "",
  text: "",
  parts: [],
  shares: [],
  numerator: 0,
  denominator: 1,
  gross: 1,
  whole: 1n,
  weights: 0n,
  relief: undefined,
  forgone: 0
}

/** How each item is taxed: as the tax port has answered for it, else as its category is. Throws `NoTaxRate`, `InvalidContext`, `TaxAnswerExpired`. */
export const ratesIn = ({ now, tax }: PricingContext): ((id: string, category: string) => Rates) => {
  const { answer, relief, rates: categories } = tax
  const known = new Map<string, Rates>()
  if (answer?.until !== undefined && now >= answer.until) throw expired(answer.source, answer.until)
  const ofCategory = (category: string): Rates => {
    const made = known.get(category)
    if (made !== undefined) return made
    if (!Object.hasOwn(categories, category)) throw noRate(category, Object.keys(categories))
    const rates = ratesOf(categories[category]!, relief, `tax.rates.${category}`)
    known.set(category, rates)
    return rates
  }
  if (answer === undefined) return (_, category) => ofCategory(category)
  const { items } = answer
  return (id, category) => (Object.hasOwn(items, id) ? ratesOf(items[id]!, relief, `tax.answer.items.${id}`) : ofCategory(category))
}

const ratesOf = (tax: ItemTax, relief: TaxRelief | undefined, field: string): Rates => {
  if (typeof tax !== "object") {
    const due = singleRate(tax, field)
    return relief === undefined ? due : relieved(due, relief)
  }
  const { rates: list, relief: given } = isList(tax) ? { rates: tax, relief: undefined } : (tax ?? {})
  if (!isList(list)) throw wrongContext(field, tax, "per cent, or a list of rates")
  if (!isList(tax)) checkRelief(given, `${field}.relief`)
  const own = relief ?? given
  const due = severalRates(list, field)
  return own === undefined ? due : relieved(due, own)
}

const isList = (value: unknown): value is ReadonlyArray<TaxRate> => Array.isArray(value)

/** The rates of a shop come again with every cart: what was made of them is kept, for the most recent ones. */
const singles = /* @__PURE__ */ new Map<Percent, Rates>()

const singleRate = (percent: Percent, field: string): Rates => {
  const known = singles.get(percent)
  if (known !== undefined) return known
  const made = combined([{ percent }], field)
  if (singles.size >= 500) singles.clear()
  singles.set(percent, made)
  return made
}

/** What was made of a list, with a copy of it: it holds as long as the list says the same. */
interface Kept {
  readonly copy: ReadonlyArray<TaxRate>
  readonly rates: Rates
}

const lists = /* @__PURE__ */ new WeakMap<ReadonlyArray<TaxRate>, Kept>()

const severalRates = (list: ReadonlyArray<TaxRate>, field: string): Rates => {
  const known = lists.get(list)
  if (known !== undefined && saysTheSame(known.copy, list)) return known.rates
  const rates = combined(list, field)
  lists.set(list, { copy: list.map((rate) => ({ ...rate })), rates })
  return rates
}

const saysTheSame = (copy: ReadonlyArray<TaxRate>, list: ReadonlyArray<TaxRate>): boolean => {
  if (copy.length !== list.length) return false
  for (let at = 0; at < list.length; at++) {
    const [a, b] = [copy[at]!, list[at]!]
    if (a.percent !== b.percent || a.code !== b.code || a.compound !== b.compound) return false
  }
  return true
}

/** Several rates as one, over a common denominator. A compound one weighs what it takes of the amount and of the taxes before it. */
const combined = (rates: ReadonlyArray<TaxRate>, field: string): Rates => {
  let denominator = 1n
  let numerator = 0n
  let weights: Array<bigint> = []
  for (const { percent, compound } of rates.map((rate) => rate ?? {})) {
    const fraction = fractionOf(percent, field)
    const base = compound === true ? denominator + numerator : denominator
    weights = [...weights.map((weight) => weight * fraction.denominator), base * fraction.numerator]
    denominator *= fraction.denominator
    numerator = weights.reduce((sum, weight) => sum + weight, 0n)
  }
  const divisor = gcd(denominator, numerator)
  const parts = rates.map(({ code, percent }, at) => ({ code, text: canonical(String(percent)), weight: weights[at]! }))
  const key = parts.map(({ code = "", text }, at) => `${code}:${text}${rates[at]!.compound === true ? "c" : ""}`).join("+")
  return {
    key,
    text: parts.length === 1 ? parts[0]!.text : percentText(numerator, denominator),
    parts,
    shares: weights.map(Number),
    numerator: small(numerator / divisor),
    denominator: small(denominator / divisor),
    gross: small((denominator + numerator) / divisor),
    whole: denominator,
    weights: numerator,
    relief: undefined,
    forgone: 0
  }
}

const relieved = (due: Rates, relief: TaxRelief): Rates => ({
  ...due,
  key: `${relief.kind} ${due.key}`,
  text: "0",
  parts: [],
  shares: [],
  numerator: 0,
  gross: due.denominator,
  relief,
  forgone: due.numerator
})

const canonical = (text: string): string => {
  const [whole = "", decimals = ""] = text.split(".")
  const rest = decimals.replace(/0+$/, "")
  return `${whole.replace(/^0+(?=\d)/, "")}${rest === "" ? "" : `.${rest}`}`
}

/** A fraction in per cent; its denominator is a power of ten, so that the text is exact. */
const percentText = (numerator: bigint, denominator: bigint): string => {
  const decimals = String(denominator).length - 1
  const digits = String(numerator * 100n).padStart(decimals + 1, "0")
  return canonical(`${digits.slice(0, digits.length - decimals)}.${digits.slice(digits.length - decimals)}`)
}

const noRate = (category: string, known: ReadonlyArray<string>) =>
  new NoTaxRate({
    taxCategory: category,
    message: `The tax policy has no rate for "${category}"; it has: ${known.join(", ") || "none"}. Add one, if need be of 0 %.`
  })

const expired = (source: string, until: number) =>
  new TaxAnswerExpired({
    source,
    until,
    message: `What "${source}" said of taxes was good until ${until} only. Ask it again before pricing.`
  })
