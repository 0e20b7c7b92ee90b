import { NoTaxRate, TaxAnswerExpired } from "../errors.ts"
import type { ItemTax, PricingContext, TaxRate, TaxRelief } from "../model.ts"
import { fractionOf, small } from "../money/percent.ts"

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
  if (typeof tax !== "object") return combined([{ percent: tax }], relief, field)
  return "rates" in tax ? combined(tax.rates, relief ?? tax.relief, field) : combined(tax, relief, field)
}

/** Several rates as one, over a common denominator. A compound one weighs what it takes of the amount and of the taxes before it. */
const combined = (rates: ReadonlyArray<TaxRate>, relief: TaxRelief | undefined, field: string): Rates => {
  const fractions = rates.map(({ percent }) => fractionOf(percent, field))
  let denominator = 1n
  let numerator = 0n
  let weights: Array<bigint> = []
  for (const [at, fraction] of fractions.entries()) {
    const base = rates[at]!.compound === true ? denominator + numerator : denominator
    weights = [...weights.map((weight) => weight * fraction.denominator), base * fraction.numerator]
    denominator *= fraction.denominator
    numerator = weights.reduce((sum, weight) => sum + weight, 0n)
  }
  const divisor = gcd(denominator, numerator === 0n ? denominator : numerator)
  const parts = rates.map(({ code, percent }, at) => ({
    code,
    text: canonical(String(percent)),
    weight: relief === undefined ? weights[at]! : 0n
  }))
  const text = parts.length === 1 ? parts[0]!.text : percentText(numerator, denominator)
  const key = `${relief === undefined ? "" : `${relief.kind} `}${parts.map(({ code, text: own }, at) => `${code ?? ""}:${own}${rates[at]!.compound ? "c" : ""}`).join("+")}`
  return {
    key,
    text: relief === undefined ? text : "0",
    parts: relief === undefined ? parts : [],
    numerator: relief === undefined ? small(numerator / divisor) : 0,
    denominator: small(denominator / divisor),
    gross: small((denominator + (relief === undefined ? numerator : 0n)) / divisor),
    whole: denominator,
    weights: numerator,
    relief,
    forgone: small(numerator / divisor)
  }
}

const gcd = (a: bigint, b: bigint): bigint => (b === 0n ? a : gcd(b, a % b))

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
