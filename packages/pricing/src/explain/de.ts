import type { Language, Said } from "./language.ts"

const levels: Readonly<Record<string, string>> = {
  unit: "je Stück",
  line: "je Position",
  rate: "je Steuersatz",
  document: "für das Ganze"
}

const price = (said: Said): string =>
  [
    `${said.quantity} × ${said.unit} ergibt ${said.amount}`,
    said.has("list") ? `, laut „${said.text("list")}“` : "",
    said.has("tiers") ? ", der Preis für diese Menge" : "",
    said.has("was") ? `, statt je ${said.money("was")}` : "",
    said.has("lowest30") ? `, niedrigster Preis der letzten 30 Tage ${said.money("lowest30")}` : ""
  ].join("")

const tax = (said: Said): string => {
  if (said.has("relief")) return said.text("relief") === "exempt" ? "steuerfrei" : "Steuerschuldnerschaft des Leistungsempfängers"
  if (!said.has("percent"))
    return said.isNegative ? `abzüglich der enthaltenen Steuer von ${said.minus}` : `zuzüglich Steuer von ${said.amount}`
  const source = said.has("source") ? `, laut ${said.text("source")}` : ""
  const mode = said.text("mode") === "half-up" ? "kaufmännisch gerundet" : `gerundet (${said.text("mode")})`
  return `${said.text("percent")} % Steuer ${said.text("entry") === "net" ? "auf" : "in"} ${said.money("of")}${source}, ${mode} ${levels[said.text("level")]}`
}

const charged = (said: Said, what: string): string =>
  said.has("unit")
    ? `${said.quantity} × ${said.unit} ${said.has("name") ? said.text("name") : what} ergibt ${said.amount}`
    : `${said.has("name") ? said.text("name") : what} kostet ${said.amount}`

/** German. */
export const de: Language = {
  nothing: "es ist nichts zu zahlen",
  parts: {
    price,
    shipping: (said) => charged(said, "Versand"),
    fee: (said) => charged(said, "Gebühr"),
    deposit: (said) => charged(said, "Pfand"),
    conversion: (said) =>
      `${said.text("percent")} % Steuer ${said.text("to") === "gross" ? `kommen hinzu, ${said.amount}` : `werden herausgerechnet, ${said.minus}`}`,
    relief: (said) => `die enthaltene Steuer fällt nicht an und wird abgezogen, ${said.minus}`,
    promotion: (said) => `„${said.has("name") ? said.text("name") : said.ref}“ spart ${said.minus}`,
    net: (said) => `netto ${said.amount}`,
    gross: (said) => `brutto ${said.amount}`,
    tax,
    line: (said) => `Position ${said.ref} ${said.amount}`,
    charge: (said) => `Nebenkosten ${said.ref} ${said.amount}`,
    cash: (said) => `auf die kleinste Münze gerundet, ${said.amount}`
  },
  notGiven: (name, reason) => `„${name}“ gilt nicht: ${reason}.`,
  more: (name, missing) => `Es fehlen ${missing} für „${name}“.`,
  short: (missing, what) => `${missing} ${what}`,
  ofSpend: "Einkaufswert",
  ofUnits: () => "Artikel",
  reasons: {
    "coupon-missing": "der Gutschein fehlt",
    "not-begun": "die Aktion hat noch nicht begonnen",
    over: "die Aktion ist vorbei",
    "other-currency": "die Aktion gilt in einer anderen Währung",
    "limit-reached": "die Aktion ist so oft genutzt worden, wie es geht",
    "budget-spent": "der Rest ihres Budgets reicht nicht",
    condition: "die Bedingung ist nicht erfüllt",
    customer: "sie gilt nicht für dieses Kundenkonto",
    "condition-failed": "die Bedingung ließ sich für diesen Warenkorb nicht prüfen",
    "tier-not-reached": "die erste Stufe ist nicht erreicht",
    "units-missing": "für einen ganzen Satz fehlen Stücke",
    "nothing-to-discount": "es gab nichts zu ermäßigen",
    exclusive: "sie lässt sich nicht mit einer anderen verbinden, die mehr bringt",
    group: "eine andere ihrer Gruppe bringt mehr",
    combination: "die anderen bringen ohne sie mehr"
  }
}
