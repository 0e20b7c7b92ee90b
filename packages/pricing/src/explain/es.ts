import type { Language, Said } from "./language.ts"

const levels: Readonly<Record<string, string>> = {
  unit: "por unidad",
  line: "por línea",
  rate: "por tipo",
  document: "para el conjunto"
}

const price = (said: Said): string =>
  [
    `${said.quantity} × ${said.unit} son ${said.amount}`,
    said.has("list") ? `, según «${said.text("list")}»` : "",
    said.has("tiers") ? ", el precio para esta cantidad" : "",
    said.has("was") ? `, en lugar de ${said.money("was")} cada uno` : "",
    said.has("lowest30") ? `, precio más bajo de los últimos 30 días ${said.money("lowest30")}` : ""
  ].join("")

const tax = (said: Said): string => {
  if (said.has("relief")) return said.text("relief") === "exempt" ? "exento de impuestos" : "inversión del sujeto pasivo"
  if (!said.has("percent")) return said.isNegative ? `menos el impuesto incluido, ${said.minus}` : `más el impuesto, ${said.amount}`
  const source = said.has("source") ? `, según ${said.text("source")}` : ""
  return `${said.text("percent")} % de impuesto ${said.text("entry") === "net" ? "sobre" : "incluido en"} ${said.money("of")}${source}, redondeado (${said.text("mode")}) ${levels[said.text("level")]}`
}

const charged = (said: Said, what: string): string =>
  said.has("unit")
    ? `${said.quantity} × ${said.unit} de ${said.has("name") ? said.text("name") : what} son ${said.amount}`
    : `${said.has("name") ? said.text("name") : what}: ${said.amount}`

/** Spanish. */
export const es: Language = {
  nothing: "no hay nada que pagar",
  parts: {
    price,
    shipping: (said) => charged(said, "envío"),
    fee: (said) => charged(said, "recargo"),
    deposit: (said) => charged(said, "depósito"),
    conversion: (said) =>
      `${said.text("percent")} % de impuesto, ${said.text("to") === "gross" ? `se suman ${said.amount}` : `se restan ${said.minus}`}`,
    relief: (said) => `el impuesto incluido no se debe y se resta, ${said.minus}`,
    promotion: (said) => `«${said.has("name") ? said.text("name") : said.ref}» descuenta ${said.minus}`,
    net: (said) => `neto ${said.amount}`,
    gross: (said) => `bruto ${said.amount}`,
    tax,
    line: (said) => `línea ${said.ref} ${said.amount}`,
    charge: (said) => `cargo ${said.ref} ${said.amount}`,
    cash: (said) => `redondeado a la moneda más pequeña, ${said.amount}`
  },
  notGiven: (name, reason) => `«${name}» no se aplica: ${reason}.`,
  more: (name, missing) => `Faltan ${missing} para «${name}».`,
  short: (missing, what) => `${missing} ${what}`,
  ofSpend: "de compra",
  ofUnits: (count) => (count === 1 ? "artículo" : "artículos"),
  reasons: {
    "coupon-missing": "falta el cupón",
    "not-begun": "todavía no ha empezado",
    over: "ya ha terminado",
    "other-currency": "es en otra moneda",
    "limit-reached": "ya se ha usado tantas veces como se puede",
    "budget-spent": "lo que queda de su presupuesto no alcanza",
    condition: "no se cumple su condición",
    customer: "no es para este cliente",
    "condition-failed": "su condición no se pudo comprobar con este carrito",
    "tier-not-reached": "no se alcanza el primer tramo",
    "units-missing": "faltan unidades para un conjunto entero",
    "nothing-to-discount": "no había nada que descontar",
    exclusive: "no se combina con otra que da más",
    group: "otra de su grupo da más",
    combination: "las demás dan más sin ella"
  }
}
