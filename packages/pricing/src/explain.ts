import { formatMoney, money } from "@omni/core"

import type { Part, SkippedPromotion, TracedAmount } from "./priced.ts"

/** Where an amount comes from, in an English sentence with the money as a reader of `locale` writes it. Not to be parsed. */
export const explain = ({ amount, currency, trace }: TracedAmount, locale = "en"): string => {
  const say = (value: number) => formatMoney(money(value, currency), locale)
  if (trace.length === 0) return `${say(amount)}: there is nothing to pay for.`
  return `${say(amount)}: ${trace.map((part) => sentenceOf(part, say)).join("; ")}.`
}

/** Why a promotion was not given, in an English sentence. Not to be parsed. */
export const explainSkipped = ({ name, code }: SkippedPromotion): string => `“${name}” was not given: ${reasons[code]}.`

const reasons: Readonly<Record<SkippedPromotion["code"], string>> = {
  "coupon-missing": "its coupon was not brought",
  "not-begun": "it has not begun",
  over: "it is over",
  "other-currency": "it is in another currency",
  condition: "its condition does not hold",
  "condition-failed": "its condition could not be worked out for this cart",
  "nothing-to-discount": "there was nothing to take anything off"
}

const levels: Readonly<Record<string, string>> = {
  unit: "for each piece",
  line: "for each line",
  rate: "for each rate",
  document: "for the whole"
}

const sentenceOf = ({ code, amount, ref, facts = {} }: Part, say: (value: number) => string): string => {
  switch (code) {
    case "price":
      return `${facts["quantity"]} × ${say(Number(facts["unit"]))} is ${say(amount)}`
    case "shipping":
      return `${facts["name"] ?? "shipping"} is ${say(amount)}`
    case "promotion":
      return `“${facts["name"] ?? ref}” takes off ${say(-amount)}`
    case "tax":
      if (facts["percent"] === undefined) return amount < 0 ? `less the tax in it, ${say(-amount)}` : `plus the tax on it, ${say(amount)}`
      return `${facts["percent"]} % tax ${facts["entry"] === "net" ? "on" : "in"} ${say(Number(facts["of"]))}, rounded ${facts["mode"]} ${levels[String(facts["level"])]}`
    case "net":
    case "gross":
      return `${code} ${say(amount)}`
    case "line":
    case "charge":
      return `${code} ${ref} ${say(amount)}`
  }
}
