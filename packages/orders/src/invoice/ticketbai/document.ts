import type { CivilDate } from "@omni/core"

import type { Invoice, Party } from "../document.ts"
import { SchemeRefused } from "../errors.ts"
import { exact, negate, plus, quotient, round, sum, textOf } from "../exact.ts"
import type { Registered } from "../fiscal.ts"
import type { IssuedDocument } from "../model.ts"
import { element, textElement, type Xml } from "../xml.ts"
import { amountOf, breakdown, type BreakdownOptions } from "./breakdown.ts"

/** Who made the software, and what its licence is. */
export interface TbaiSoftware {
  /** As the tax office gave it (`LicenciaTBAI`). */
  readonly license: string
  /** Of who made it. */
  readonly nif: string
  readonly name: string
  readonly version: string
}

/** All that a file is made of. */
export interface TbaiFile extends Pick<BreakdownOptions, "kind" | "exemption"> {
  readonly document: IssuedDocument
  readonly previous: Registered | undefined
  readonly software: TbaiSoftware
  readonly device?: string
  /** "12:30:00", where the legal entity is. */
  readonly time: string
  /** Of the operation as a whole; the names of its lines unless told. */
  readonly description?: string
  /** Key of the VAT regime: "01", the general one, or "02" for exports, unless told. */
  readonly regime?: string
}

const MOST_LINES = 1000

/** Day-month-year. */
export const dayMonthYear = (date: CivilDate): string => date.split("-").reverse().join("-")

const within = (field: string, text: string, most: number): string => {
  if (text.trim() === "" || text.length > most) throw SchemeRefused.of("ticketbai", field, `1 to ${most} characters`, text)
  return text
}

const NIF = /^([A-Z]\d{7}[A-Z]|\d{8}[A-Z]|[A-Z]\d{8})$/

/** The NIF of a party, if it has one. */
const nifOf = ({ vatId, taxNumber, legalId }: Party): string | undefined =>
  [vatId?.replace(/^ES/, ""), taxNumber, legalId?.id].find((id) => id !== undefined && NIF.test(id))

/** The NIF of who issues. Throws `SchemeRefused` when there is none. */
export const issuerNif = ({ seller }: Pick<Invoice, "seller">): string => {
  const nif = nifOf(seller)
  if (nif === undefined) throw SchemeRefused.of("ticketbai", "Emisor/NIF", "a Spanish NIF", seller.vatId ?? seller.taxNumber)
  return nif
}

const EUROPE = /^(AT|BE|BG|CY|CZ|DE|DK|EE|EL|FI|FR|HR|HU|IE|IT|LT|LU|LV|MT|NL|PL|PT|RO|SE|SI|SK|XI)/

/** How a buyer is identified: by NIF, by the VAT id of another member state (02), or by an official id of its country (04). */
const identity = (buyer: Party): Xml => {
  const nif = nifOf(buyer)
  if (nif !== undefined) return textElement("NIF", nif)
  const { vatId, taxNumber, legalId } = buyer
  const id = vatId ?? taxNumber ?? legalId?.id
  if (id === undefined) return undefined
  const isEuropean = vatId !== undefined && EUROPE.test(vatId)
  return element("IDOtro", [
    isEuropean ? undefined : textElement("CodigoPais", buyer.address.country),
    textElement("IDType", isEuropean ? "02" : "04"),
    textElement("ID", within("IDOtro/ID", id, 20))
  ])
}

const recipient = (buyer: Party, who: Xml): Xml =>
  element("Destinatarios", [
    element("IDDestinatario", [
      who,
      textElement("ApellidosNombreRazonSocial", buyer.name.slice(0, 120)),
      textElement("CodigoPostal", buyer.address.postalCode?.slice(0, 20)),
      textElement(
        "Direccion",
        [...buyer.address.lines, buyer.address.locality]
          .filter((one) => one !== undefined)
          .join(", ")
          .slice(0, 250)
      )
    ])
  ])

const detail = (text: string, quantity: string, price: string, discount: string, total: string): Xml =>
  element("IDDetalleFactura", [
    textElement("DescripcionDetalle", text.slice(0, 250)),
    textElement("Cantidad", quantity),
    textElement("ImporteUnitario", price),
    textElement("Descuento", discount),
    textElement("ImporteTotal", total)
  ])

const toEight = (text: string): string => textOf(round(exact(text), Math.min(8, exact(text).scale), "half-up"))

/** Lines, then allowances and charges of the document, each with what it comes to with tax. */
const details = ({ document, lineTaxes, partTaxes }: IssuedDocument, isCredit: boolean): Xml => {
  const { lines, allowancesAndCharges: parts } = document
  if (lines.length + parts.length > MOST_LINES)
    throw SchemeRefused.of("ticketbai", "DetallesFactura", `${MOST_LINES} lines at most`, String(lines.length + parts.length))
  const signed = (text: string, turn: boolean): string => textOf(turn ? negate(exact(text)) : exact(text))
  return element("DetallesFactura", [
    ...lines.map(({ name, quantity, price, priceBase, allowancesAndCharges, net }, i) => {
      const unit = priceBase === undefined ? price : textOf(quotient(exact(price), exact(priceBase), 8, "half-up"))
      const off = sum(allowancesAndCharges.map(({ charge, amount }) => (charge ? negate(exact(amount)) : exact(amount))))
      const total = textOf(plus(exact(net), exact(lineTaxes[i]!)))
      return detail(name, signed(toEight(quantity), isCredit), toEight(unit), amountOf(textOf(off), isCredit), amountOf(total, isCredit))
    }),
    ...parts.map(({ charge, amount, reason, reasonCode }, i) => {
      const total = textOf(plus(exact(amount), exact(partTaxes[i]!)))
      const turn = charge === isCredit
      return detail(reason ?? reasonCode ?? "-", turn ? "-1" : "1", amount, "0.00", amountOf(total, turn))
    })
  ])
}

const header = ({ document, kind }: IssuedDocument, time: string, isSimplified: boolean): Xml =>
  element("CabeceraFactura", [
    textElement("NumFactura", within("NumFactura", document.number, 20)),
    textElement("FechaExpedicionFactura", dayMonthYear(document.issueDate)),
    textElement("HoraExpedicionFactura", time),
    textElement("FacturaSimplificada", isSimplified ? "S" : "N"),
    kind === "credit-note"
      ? element("FacturaRectificativa", [textElement("Codigo", isSimplified ? "R5" : "R1"), textElement("Tipo", "I")])
      : undefined,
    element(
      "FacturasRectificadasSustituidas",
      document.preceding.map(({ number, issueDate }) =>
        element("IDFacturaRectificadaSustituida", [
          textElement("NumFactura", number),
          textElement("FechaExpedicionFactura", dayMonthYear(issueDate ?? document.issueDate))
        ])
      )
    )
  ])

const chained = (previous: Registered | undefined): Xml =>
  previous === undefined
    ? undefined
    : element("EncadenamientoFacturaAnterior", [
        textElement("NumFacturaAnterior", previous.number),
        textElement("FechaExpedicionFacturaAnterior", dayMonthYear(previous.issueDate)),
        textElement("SignatureValueFirmaFacturaAnterior", previous.fingerprint)
      ])

/**
 * The file of a document, as it is before it is signed: `TicketBai` 1.2, without spaces between elements. Numbers stand in `NumFactura` whole,
 * without a series of their own. A credit note is corrective "by differences", with amounts below zero. A buyer without any id is not
 * named, and the invoice is a simplified one. Throws `SchemeRefused` for what the scheme has no form for.
 */
export const tbaiFile = (file: TbaiFile): string => {
  const { document: issued, previous, software, device, time, kind } = file
  const { document, buyer } = issued
  if (document.documentCurrency !== "EUR") throw SchemeRefused.of("ticketbai", "ImporteTotalFactura", "in EUR", document.documentCurrency)
  const isCredit = issued.kind === "credit-note"
  const who = buyer === undefined ? undefined : identity(buyer)
  const isAbroad = who !== undefined && !who.startsWith("<NIF>")
  const withheld = sum((document.withheld ?? []).map(({ amount }) => exact(amount)))
  const operation = issued.delivery?.date ?? document.taxPointDate
  const isExport = document.taxTotals[0]!.subtotals.some(({ category }) => category === "G")
  const data = element("DatosFactura", [
    textElement("FechaOperacion", operation === undefined ? undefined : dayMonthYear(operation)),
    textElement("DescripcionFactura", (file.description ?? document.lines.map(({ name }) => name).join(", ")).slice(0, 250)),
    details(issued, isCredit),
    textElement("ImporteTotalFactura", tbaiTotal(issued)),
    withheld.units === 0n ? undefined : textElement("RetencionSoportada", amountOf(textOf(withheld), isCredit)),
    element("Claves", [element("IDClave", [textElement("ClaveRegimenIvaOpTrascendencia", file.regime ?? (isExport ? "02" : "01"))])])
  ])
  const body = [
    element("Cabecera", [textElement("IDVersionTBAI", "1.2")]),
    element("Sujetos", [
      element("Emisor", [
        textElement("NIF", issuerNif(document)),
        textElement("ApellidosNombreRazonSocial", document.seller.name.slice(0, 120))
      ]),
      who === undefined ? undefined : recipient(buyer!, who),
      textElement("EmitidaPorTercerosODestinatario", "N")
    ]),
    element("Factura", [
      header(issued, time, who === undefined),
      data,
      breakdown(document, { isCredit, isAbroad, kind, exemption: file.exemption })
    ]),
    element("HuellaTBAI", [
      chained(previous),
      element("Software", [
        textElement("LicenciaTBAI", within("LicenciaTBAI", software.license, 20)),
        element("EntidadDesarrolladora", [textElement("NIF", software.nif)]),
        textElement("Nombre", within("Software/Nombre", software.name, 120)),
        textElement("Version", within("Software/Version", software.version, 20))
      ]),
      textElement("NumSerieDispositivo", device === undefined ? undefined : within("NumSerieDispositivo", device, 30))
    ])
  ]
  const content = body.filter((part) => part !== undefined).join("")
  return `<?xml version="1.0" encoding="UTF-8"?><T:TicketBai xmlns:T="urn:ticketbai:emision">${content}</T:TicketBai>`
}

/** What the document comes to with tax, below zero for a credit note. */
export const tbaiTotal = ({ document, kind }: IssuedDocument): string => amountOf(document.totals.taxInclusive, kind === "credit-note")
