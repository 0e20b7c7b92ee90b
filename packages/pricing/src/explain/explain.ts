import { type Currency, currencyExponent, decimalText, formatMoney, formatQuantity } from "@omni/core/values"

import type { Part, SkippedPromotion, TracedAmount } from "../priced.ts"
import { de } from "./de.ts"
import { en } from "./en.ts"
import { es } from "./es.ts"
import type { Language, Said } from "./language.ts"

const languages: Readonly<Record<string, Language>> = { de, en, es }

/** The language of a locale; English where there is none of ours. */
const languageOf = (locale: string): Language => {
  const code = locale.split("-")[0]!.toLowerCase()
  return Object.hasOwn(languages, code) ? languages[code]! : en
}

/**
 * Where an amount comes from, in a sentence for the customer, with money and quantities as a reader of `locale` writes them: in English,
 * German and Spanish, other languages in English. Lines and charges that a total adds up are called by `names`, by their id, and by the id itself where
 * there is none. Not to be parsed.
 */
export const explain = ({ amount, currency, trace }: TracedAmount, locale = "en", names?: ReadonlyMap<string, string>): string => {
  const language = languageOf(locale)
  const money = (value: number): string => formatMoney({ amount: value, currency }, locale)
  const said = trace.map((part) => {
    const name = part.code === "line" || part.code === "charge" ? names?.get(part.ref!) : undefined
    return name === undefined ? language.parts[part.code](saidOf(part, currency, locale)) : `${name} ${money(part.amount)}`
  })
  return `${money(amount)}: ${said.length === 0 ? language.nothing : said.join("; ")}.`
}

/**
 * Why a promotion was not given, in a sentence for the customer: "€5.00 more of goods for “Free shipping”." where that is all that is in
 * its way, with money in `currency`. Not to be parsed.
 */
export const explainSkipped = ({ name, code, short = [] }: SkippedPromotion, locale = "en", currency?: Currency): string => {
  const { notGiven, reasons, more, short: missing, ofSpend, ofUnits } = languageOf(locale)
  const readable = short.filter(({ money, fact }) => (money ? currency !== undefined : unitFacts.has(fact)))
  if (short.length === 0 || readable.length < short.length) return notGiven(name, reasons[code])
  const said = short.map(({ money, missing: amount }) =>
    money && currency !== undefined ? missing(formatMoney({ amount, currency }, locale), ofSpend) : missing(String(amount), ofUnits(amount))
  )
  return more(name, said.join(", "))
}

/** The facts that count things in the cart. */
const unitFacts: ReadonlySet<string> = new Set(["quantity", "units"])

const saidOf = ({ amount, ref = "", facts = {} }: Part, currency: Currency, locale: string): Said => {
  const money = (value: number): string => formatMoney({ amount: value, currency }, locale)
  const has = (fact: string): boolean => Object.hasOwn(facts, fact)
  const text = (fact: string): string => (has(fact) ? String(facts[fact]) : "")
  const number = (fact: string): number => Number(facts[fact] ?? 0)
  const measure = has("measure") ? { code: text("measure"), precision: number("precision") } : undefined
  const finer = currencyExponent(currency) + number("decimals")
  const one = has("exact") ? `${decimalText(number("exact"), finer)} ${currency}` : money(number("unit"))
  return {
    amount: money(amount),
    minus: money(0 - amount),
    ref,
    isNegative: amount < 0,
    has,
    text,
    money: (fact) => money(number(fact)),
    quantity: measure === undefined ? text("quantity") : formatQuantity({ amount: number("quantity"), unit: measure }, locale),
    unit: measure === undefined ? one : `${one}/${measure.code}`
  }
}
