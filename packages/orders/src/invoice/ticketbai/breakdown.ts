import type { Invoice, TaxSubtotal } from "../document.ts"
import { SchemeRefused } from "../errors.ts"
import { exact, negate, percentOf, plus, minus, round, textOf } from "../exact.ts"
import { element, textElement, type Xml } from "../xml.ts"

/** Rates with a surcharge for retailers (recargo de equivalencia), which a document shows as one: which two they are. */
const SURCHARGED: Readonly<Record<string, readonly [rate: string, surcharge: string]>> = {
  "26.2": ["21", "5.2"],
  "22.75": ["21", "1.75"],
  "11.4": ["10", "1.4"],
  "4.5": ["4", "0.5"]
}

/** Why a row is exempt: by the article of the law on VAT. */
const EXEMPTIONS: Readonly<Record<string, string>> = { E: "E1", G: "E2", K: "E5" }

/** An amount with two decimals, as the document's kind has it: what a credit note takes away is below zero. */
export const amountOf = (amount: string, isCredit: boolean): string => {
  const value = round(exact(amount), 2, "half-up")
  return textOf(isCredit ? negate(value) : value)
}

const rateText = (percent: string): string => textOf(round(exact(percent), 2, "half-up"))

const taxedRow = (row: TaxSubtotal, isCredit: boolean): Xml => {
  const percent = String(Number(row.percent ?? "0"))
  const both = SURCHARGED[percent]
  const base = exact(row.taxable)
  const tax = both === undefined ? exact(row.tax) : round(percentOf(exact(both[0]), base), 2, "half-up")
  return element("DetalleIVA", [
    textElement("BaseImponible", amountOf(row.taxable, isCredit)),
    textElement("TipoImpositivo", rateText(both?.[0] ?? percent)),
    textElement("CuotaImpuesto", amountOf(textOf(tax), isCredit)),
    both === undefined ? undefined : textElement("TipoRecargoEquivalencia", rateText(both[1])),
    // The two add up to the tax of the row.
    both === undefined ? undefined : textElement("CuotaRecargoEquivalencia", amountOf(textOf(minus(exact(row.tax), tax)), isCredit))
  ])
}

const notExempt = (type: "S1" | "S2", rows: ReadonlyArray<TaxSubtotal>, isCredit: boolean): Xml =>
  rows.length === 0
    ? undefined
    : element("DetalleNoExenta", [
        textElement("TipoNoExenta", type),
        element(
          "DesgloseIVA",
          rows.map((row) => taxedRow(row, isCredit))
        )
      ])

const exempt = (rows: ReadonlyArray<TaxSubtotal>, isCredit: boolean, causeOf: (row: TaxSubtotal) => string | undefined): Xml => {
  const causes = new Map<string, string>()
  for (const row of rows) {
    const cause = causeOf(row) ?? EXEMPTIONS[row.category]!
    causes.set(cause, textOf(plus(exact(causes.get(cause) ?? "0"), exact(row.taxable))))
  }
  return element(
    "Exenta",
    [...causes].map(([cause, base]) =>
      element("DetalleExenta", [textElement("CausaExencion", cause), textElement("BaseImponible", amountOf(base, isCredit))])
    )
  )
}

/** How the breakdown is laid out. */
export interface BreakdownOptions {
  readonly isCredit: boolean
  /** Whether the buyer is abroad: then it is by kind of operation. */
  readonly isAbroad: boolean
  readonly kind: "goods" | "services"
  /** Why a row is exempt (E1 to E6), where it is not as its category says. */
  readonly exemption: (row: TaxSubtotal) => string | undefined
}

/** The breakdown of the tax. Throws `SchemeRefused` for taxes that are not of the Basque tax offices (IGIC, IPSI). */
export const breakdown = ({ taxTotals }: Pick<Invoice, "taxTotals">, options: BreakdownOptions): Xml => {
  const { isCredit, isAbroad, kind, exemption } = options
  const rows = taxTotals[0]!.subtotals
  const foreign = rows.find(({ category }) => category === "L" || category === "M")
  if (foreign !== undefined) throw SchemeRefused.of("ticketbai", "TipoDesglose", "VAT", foreign.category)
  const of = (...categories: ReadonlyArray<string>) => rows.filter(({ category }) => categories.includes(category))
  const outside = of("O")
  const parts = [
    element("Sujeta", [
      exempt(of("E", "G", "K"), isCredit, exemption),
      element("NoExenta", [notExempt("S1", of("S", "Z"), isCredit), notExempt("S2", of("AE"), isCredit)])
    ]),
    element(
      "NoSujeta",
      outside.map(({ taxable }) =>
        element("DetalleNoSujeta", [textElement("Causa", isAbroad ? "RL" : "OT"), textElement("Importe", amountOf(taxable, isCredit))])
      )
    )
  ]
  if (!isAbroad) return element("TipoDesglose", [element("DesgloseFactura", parts)])
  return element("TipoDesglose", [element("DesgloseTipoOperacion", [element(kind === "goods" ? "Entrega" : "PrestacionServicios", parts)])])
}
