import { element, type Xml } from "../xml.ts"

type Attributes = Readonly<Record<string, string | undefined>>

/** A tax that is added (`traslado`) or kept back (`retencion`); without a rate when exempt. Of a line, it has its base. */
export interface CfdiTax {
  readonly Base?: string
  /** "001" ISR, "002" IVA, "003" IEPS. */
  readonly Impuesto: string
  readonly TipoFactor?: "Tasa" | "Cuota" | "Exento"
  readonly TasaOCuota?: string
  readonly Importe?: string
}

/** A line (`Concepto`). */
export interface CfdiLine {
  readonly ClaveProdServ: string
  readonly NoIdentificacion?: string
  readonly Cantidad: string
  readonly ClaveUnidad: string
  readonly Unidad?: string
  readonly Descripcion: string
  readonly ValorUnitario: string
  readonly Importe: string
  readonly Descuento?: string
  /** "01" no object of tax, "02" taxed. */
  readonly ObjetoImp: string
  readonly traslados: ReadonlyArray<CfdiTax>
  readonly retenciones: ReadonlyArray<CfdiTax>
}

/** A document of CFDI 4.0, named as *Anexo 20* names it: `Comprobante`, without complements. */
export interface Comprobante {
  readonly Serie?: string
  readonly Folio?: string
  /** Where it is issued, without an offset: "2026-07-15T12:00:00". */
  readonly Fecha: string
  readonly FormaPago?: string
  readonly NoCertificado: string
  readonly CondicionesDePago?: string
  readonly SubTotal: string
  readonly Descuento?: string
  readonly Moneda: string
  readonly TipoCambio?: string
  readonly Total: string
  /** "I" income, "E" a credit note. */
  readonly TipoDeComprobante: "I" | "E"
  readonly Exportacion: string
  readonly MetodoPago?: string
  readonly LugarExpedicion: string
  readonly global?: { readonly Periodicidad: string; readonly Meses: string; readonly Año: string }
  readonly related?: { readonly TipoRelacion: string; readonly uuids: ReadonlyArray<string> }
  readonly issuer: { readonly Rfc: string; readonly Nombre: string; readonly RegimenFiscal: string }
  readonly receiver: {
    readonly Rfc: string
    readonly Nombre: string
    readonly DomicilioFiscalReceptor: string
    readonly ResidenciaFiscal?: string
    readonly NumRegIdTrib?: string
    readonly RegimenFiscalReceptor: string
    readonly UsoCFDI: string
  }
  readonly lines: ReadonlyArray<CfdiLine>
  readonly taxes: {
    readonly TotalImpuestosRetenidos?: string
    readonly TotalImpuestosTrasladados?: string
    readonly retenciones: ReadonlyArray<CfdiTax>
    readonly traslados: ReadonlyArray<CfdiTax>
  }
}

/** The order in which attributes stand in the text that is sealed, which is not that of the schema. */
const HEAD = [
  "Serie",
  "Folio",
  "Fecha",
  "FormaPago",
  "NoCertificado",
  "CondicionesDePago",
  "SubTotal",
  "Descuento",
  "Moneda",
  "TipoCambio",
  "Total",
  "TipoDeComprobante",
  "Exportacion",
  "MetodoPago",
  "LugarExpedicion"
] as const
const RECEIVER = [
  "Rfc",
  "Nombre",
  "DomicilioFiscalReceptor",
  "ResidenciaFiscal",
  "NumRegIdTrib",
  "RegimenFiscalReceptor",
  "UsoCFDI"
] as const
const LINE = [
  "ClaveProdServ",
  "NoIdentificacion",
  "Cantidad",
  "ClaveUnidad",
  "Unidad",
  "Descripcion",
  "ValorUnitario",
  "Importe",
  "Descuento",
  "ObjetoImp"
] as const
const TAX = ["Base", "Impuesto", "TipoFactor", "TasaOCuota", "Importe"] as const

type Texts = ReadonlyArray<string | undefined>

/** Values in an order; what is not there leaves no place. */
const inOrder = <K extends string>(of: { readonly [P in K]?: string | undefined }, names: ReadonlyArray<K>): Texts =>
  names.map((name) => of[name])

/** Spaces at the ends go, and several become one, as `normalize-space` of XPath has it. */
const collapsed = (text: string): string => text.replaceAll(/[\t\n\r ]+/g, " ").trim()

/**
 * The text that is sealed (*cadena original*): the values of the document in a fixed order, those that are not there left out, between `|`,
 * and `||` at both ends. Source: SAT, *Anexo 20*, version 4.0, and its `cadenaoriginal_4_0.xslt`.
 */
export const originalString = ({ global, related, issuer, receiver, lines, taxes, ...head }: Comprobante): string => {
  const values: Texts = [
    "4.0",
    ...inOrder(head, HEAD),
    ...(global === undefined ? [] : [global.Periodicidad, global.Meses, global.Año]),
    ...(related === undefined ? [] : [related.TipoRelacion, ...related.uuids]),
    ...inOrder(issuer, ["Rfc", "Nombre", "RegimenFiscal"]),
    ...inOrder(receiver, RECEIVER),
    ...lines.flatMap((line) => [...inOrder(line, LINE), ...[...line.traslados, ...line.retenciones].flatMap((tax) => inOrder(tax, TAX))]),
    ...taxes.retenciones.flatMap((tax) => inOrder(tax, ["Impuesto", "Importe"])),
    taxes.TotalImpuestosRetenidos,
    ...taxes.traslados.flatMap((tax) => inOrder(tax, TAX)),
    taxes.TotalImpuestosTrasladados
  ]
  const there = values.flatMap((value) => (value === undefined || collapsed(value) === "" ? [] : [collapsed(value)]))
  return `||${there.join("|")}||`
}

const attributes = <K extends string>(of: { readonly [P in K]?: string | undefined }, names: ReadonlyArray<K>): Attributes =>
  Object.fromEntries(names.map((name) => [name, of[name]]))

const taxElements = (name: "Traslado" | "Retencion", list: ReadonlyArray<CfdiTax>, names: ReadonlyArray<keyof CfdiTax>): Xml =>
  element(
    name === "Traslado" ? "cfdi:Traslados" : "cfdi:Retenciones",
    list.map((tax) => element(`cfdi:${name}`, [], attributes(tax, names)))
  )

const lineElement = (line: CfdiLine): Xml =>
  element(
    "cfdi:Concepto",
    [element("cfdi:Impuestos", [taxElements("Traslado", line.traslados, TAX), taxElements("Retencion", line.retenciones, TAX)])],
    attributes(line, LINE)
  )

/** What seals a document: the seal, and the certificate, both in base 64. */
export interface CfdiSeal {
  readonly Sello: string
  readonly Certificado: string
}

/** The document with its seal, as it goes to be stamped. */
export const comprobanteXml = ({ global, related, issuer, receiver, lines, taxes, ...head }: Comprobante, seal: CfdiSeal): string => {
  const { TotalImpuestosRetenidos, TotalImpuestosTrasladados } = taxes
  const root = element(
    "cfdi:Comprobante",
    [
      global === undefined ? undefined : element("cfdi:InformacionGlobal", [], { ...global }),
      related === undefined
        ? undefined
        : element(
            "cfdi:CfdiRelacionados",
            related.uuids.map((UUID) => element("cfdi:CfdiRelacionado", [], { UUID })),
            { TipoRelacion: related.TipoRelacion }
          ),
      element("cfdi:Emisor", [], { ...issuer }),
      element("cfdi:Receptor", [], attributes(receiver, RECEIVER)),
      element("cfdi:Conceptos", lines.map(lineElement)),
      element(
        "cfdi:Impuestos",
        [taxElements("Retencion", taxes.retenciones, ["Impuesto", "Importe"]), taxElements("Traslado", taxes.traslados, TAX)],
        { TotalImpuestosRetenidos, TotalImpuestosTrasladados }
      )
    ],
    {
      "xmlns:cfdi": "http://www.sat.gob.mx/cfd/4",
      "xmlns:xsi": "http://www.w3.org/2001/XMLSchema-instance",
      "xsi:schemaLocation": "http://www.sat.gob.mx/cfd/4 http://www.sat.gob.mx/sitio_internet/cfd/4/cfdv40.xsd",
      Version: "4.0",
      ...attributes(head, HEAD),
      ...seal
    }
  )
  return `<?xml version="1.0" encoding="UTF-8"?>${root ?? ""}`
}

/** What the QR code of a stamped document says. */
export interface CfdiQrParts {
  /** Of the stamp (`TimbreFiscalDigital`). */
  readonly uuid: string
  readonly issuer: string
  readonly receiver: string
  readonly total: string
  readonly seal: string
}

/**
 * The address in the QR code of a document that is stamped: its UUID, who issued and who got it, the total, and the last eight characters of the
 * seal. Source: SAT, *Anexo 20*, I.D.
 */
export const cfdiQr = ({ uuid, issuer, receiver, total, seal }: CfdiQrParts): string => {
  const query = [
    ["id", uuid],
    ["re", issuer],
    ["rr", receiver],
    ["tt", total],
    ["fe", seal.slice(-8)]
  ] as const
  const text = query.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join("&")
  return `https://verificacfdi.facturaelectronica.sat.gob.mx/default.aspx?${text}`
}
