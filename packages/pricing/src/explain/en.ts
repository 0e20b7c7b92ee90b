import type { Language, Said } from "./language.ts"

const levels: Readonly<Record<string, string>> = {
  unit: "for each piece",
  line: "for each line",
  rate: "for each rate",
  document: "for the whole"
}

const price = (said: Said): string =>
  [
    `${said.quantity} × ${said.unit} is ${said.amount}`,
    said.has("list") ? `, as “${said.text("list")}” has it` : "",
    said.has("tiers") ? ", the price for this quantity" : "",
    said.has("was") ? `, instead of ${said.money("was")} each` : "",
    said.has("lowest30") ? `, lowest price of the last 30 days ${said.money("lowest30")}` : ""
  ].join("")

const tax = (said: Said): string => {
  if (said.has("relief"))
    return `no tax is due, ${said.text("relief") === "exempt" ? "the customer or the goods being exempt" : "for the customer pays it (reverse charge)"}`
  if (!said.has("percent")) return said.isNegative ? `less the tax in it, ${said.minus}` : `plus the tax on it, ${said.amount}`
  const source = said.has("source") ? `, as ${said.text("source")} says` : ""
  return `${said.text("percent")} % tax ${said.text("entry") === "net" ? "on" : "in"} ${said.money("of")}${source}, rounded ${said.text("mode")} ${levels[said.text("level")]}`
}

const charged = (said: Said, what: string): string =>
  said.has("unit")
    ? `${said.quantity} × ${said.unit} ${said.has("name") ? said.text("name") : what} is ${said.amount}`
    : `${said.has("name") ? said.text("name") : what} is ${said.amount}`

/** English. */
export const en: Language = {
  nothing: "there is nothing to pay for",
  parts: {
    price,
    shipping: (said) => charged(said, "shipping"),
    fee: (said) => charged(said, "fee"),
    deposit: (said) => charged(said, "deposit"),
    conversion: (said) =>
      `${said.text("percent")} % tax ${said.text("to") === "gross" ? `is added, ${said.amount}` : `is taken out, ${said.minus}`}`,
    relief: (said) => `the tax in it is not due and taken out, ${said.minus}`,
    promotion: (said) => `“${said.has("name") ? said.text("name") : said.ref}” takes off ${said.minus}`,
    net: (said) => `net ${said.amount}`,
    gross: (said) => `gross ${said.amount}`,
    tax,
    line: (said) => `line ${said.ref} ${said.amount}`,
    charge: (said) => `charge ${said.ref} ${said.amount}`,
    cash: (said) => `rounded to the smallest coin, ${said.amount}`
  },
  notGiven: (name, reason) => `“${name}” was not given: ${reason}.`,
  more: (name, missing) => `${missing} for “${name}”.`,
  short: (missing, what) => `${missing} more ${what}`,
  ofSpend: "of goods",
  ofUnits: (count) => (count === 1 ? "item" : "items"),
  reasons: {
    "coupon-missing": "its coupon was not brought",
    "not-begun": "it has not begun",
    over: "it is over",
    "other-currency": "it is in another currency",
    "limit-reached": "it has been used as often as it may be",
    "budget-spent": "what is left of its budget is not enough",
    condition: "its condition does not hold",
    customer: "it is not for this customer",
    "condition-failed": "its condition could not be worked out for this cart",
    "tier-not-reached": "its first step is not reached",
    "units-missing": "there are not enough units for a whole set",
    "nothing-to-discount": "there was nothing to take anything off",
    exclusive: "another promotion that stands alone, or that it does not stand beside, gives more",
    group: "another of its group gives more",
    combination: "the others give more without it"
  }
}
