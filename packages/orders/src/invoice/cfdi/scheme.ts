import { currencyExponent } from "@omni/core"
import * as z from "zod"

import type { Party } from "../document.ts"
import { SchemeRefused } from "../errors.ts"
import { exact, minus, plus, textOf } from "../exact.ts"
import type { FiscalContext, FiscalRegistration, FiscalScheme, SchemeAnswer, Submission } from "../fiscal.ts"
import { localTime } from "../local-time.ts"
import type { IssuedDocument } from "../model.ts"
import { type Comprobante, comprobanteXml, originalString } from "./comprobante.ts"
import { type CfdiProduct, linesOf, sumsOf } from "./lines.ts"

/** Who got a document, as the SAT knows him; what is left out comes from the buyer. */
export interface CfdiReceiver {
  /** The RFC; the buyer's tax number, or VAT id without its "MX", unless told. */
  readonly rfc?: string
  /** As it is registered, without its kind of company; the buyer's name in capitals unless told. */
  readonly name?: string
  /** Of his tax domicile; that of the buyer's address unless told. */
  readonly postalCode?: string
  /** Of `c_RegimenFiscal`: "601". */
  readonly regime: string
  /** Of `c_UsoCFDI`: "G03" expenses in general. */
  readonly use: string
  readonly abroad?: { readonly country: string; readonly taxId: string }
  /** For a sale to everybody (RFC "XAXX010101000"): which time it sums up. */
  readonly global?: Comprobante["global"]
}

/** How a document is paid. */
export interface CfdiPayment {
  /** Of `c_FormaPago`: "03" transfer, "01" cash, "99" not known yet. */
  readonly form: string
  /** "PUE" in one payment, now; "PPD" later, or in parts. */
  readonly method: "PUE" | "PPD"
}

/** What an app says of its use of CFDI. */
export interface CfdiOptions {
  /** Of `c_RegimenFiscal`. */
  readonly regime: string
  /** The certificate of the seal (CSD): its number of twenty digits, and itself in base 64. */
  readonly certificate: { readonly number: string; readonly base64: string }
  /**
   * Seals a text: RSA over SHA-256 with the key of the certificate, in base 64. It runs in the commit: it is synchronous, and the same text is
   * sealed the same.
   */
  readonly seal: (text: string) => string
  readonly receiver: (document: IssuedDocument) => CfdiReceiver | undefined
  readonly product: (line: { readonly sku?: string; readonly name: string }) => CfdiProduct | undefined
  /** How it is paid; "PPD" and "99" when it is due later, else "PUE" by the first of its payment means, unless told. */
  readonly payment?: (document: IssuedDocument) => CfdiPayment | undefined
  /** Pesos for one unit of another currency. */
  readonly exchangeRate?: (document: IssuedDocument) => string | undefined
  /** Hands a document to a certification provider (PAC). What it accepts comes back with `stamp: { uuid, … }`. */
  readonly submit: (
    submission: Submission,
    delivery: { readonly key: string; readonly attempt: number; readonly signal: AbortSignal }
  ) => Promise<SchemeAnswer>
}

/** Codes of UNCL 4461 as `c_FormaPago` has them. */
const FORMS: Readonly<Record<string, string>> = {
  "10": "01",
  "20": "02",
  "30": "03",
  "31": "03",
  "42": "03",
  "58": "03",
  "48": "04",
  "54": "04",
  "55": "28"
}

const refuse = (field: string, expected: string, got: string | undefined): never => {
  throw SchemeRefused.of("cfdi", field, expected, got)
}

const RFC = /^[A-ZÑ&]{3,4}\d{6}[A-Z0-9]{2}[0-9A]$/

const rfcOf = (field: string, { taxNumber, vatId }: Pick<Party, "taxNumber" | "vatId">, told?: string): string => {
  const rfc = told ?? taxNumber ?? vatId?.replace(/^MX/, "")
  return rfc !== undefined && RFC.test(rfc) ? rfc : refuse(field, "an RFC", rfc)
}

const Stamp = z.looseObject({ uuid: z.string().regex(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i) })

/** The UUID that a document was stamped with; `undefined` as long as it is not. */
export const uuidOf = (registration: Pick<FiscalRegistration, "answers"> | undefined): string | undefined => {
  const stamp = registration?.answers.findLast(({ status }) => status === "accepted")?.stamp
  return Stamp.safeParse(stamp).data?.uuid
}

const receiverOf = (document: IssuedDocument, told: CfdiReceiver | undefined): Comprobante["receiver"] => {
  const { buyer } = document
  if (told === undefined || buyer === undefined) return refuse("Receptor", "told by `receiver`", undefined)
  const { rfc, name, postalCode = buyer.address.postalCode, regime, use, abroad } = told
  return {
    Rfc: rfcOf("Receptor/Rfc", buyer, rfc),
    Nombre: name ?? buyer.name.toUpperCase(),
    DomicilioFiscalReceptor: postalCode ?? refuse("Receptor/DomicilioFiscalReceptor", "a postal code", undefined),
    ...(abroad === undefined ? {} : { ResidenciaFiscal: abroad.country, NumRegIdTrib: abroad.taxId }),
    RegimenFiscalReceptor: regime,
    UsoCFDI: use
  }
}

const paymentOf = ({ document, issueDate, dueDate, kind }: IssuedDocument): CfdiPayment => {
  if (kind === "invoice" && dueDate !== undefined && dueDate > issueDate) return { form: "99", method: "PPD" }
  const code = document.paymentMeans[0]?.code
  return {
    form: (code === undefined ? undefined : FORMS[code]) ?? (kind === "invoice" ? refuse("FormaPago", "told by `payment`", code) : "99"),
    method: "PUE"
  }
}

const comprobanteOf = (issued: IssuedDocument, options: CfdiOptions, { now, timeZone, credits }: FiscalContext): Comprobante => {
  const { document, kind } = issued
  const cents = currencyExponent(document.documentCurrency)
  const told = options.receiver(issued)
  const { form, method } = options.payment?.(issued) ?? paymentOf(issued)
  const lines = linesOf(issued, options.product, cents)
  const { traslados, retenciones, transferred, kept, subtotal, discount, hasRates } = sumsOf(lines)
  const total = minus(plus(minus(subtotal, discount), transferred), kept)
  const isPeso = document.documentCurrency === "MXN"
  const rate = isPeso
    ? undefined
    : (options.exchangeRate?.(issued) ?? refuse("TipoCambio", "told by `exchangeRate`", document.documentCurrency))
  const uuid = kind === "invoice" ? undefined : (uuidOf(credits) ?? refuse("CfdiRelacionado/UUID", "the stamp of the invoice", undefined))
  const isExport = document.lines.some(({ category }) => category === "G")
  return {
    Folio: document.number,
    Fecha: localTime(now, timeZone).slice(0, 19),
    FormaPago: form,
    NoCertificado: options.certificate.number,
    ...(document.paymentTerms === undefined ? {} : { CondicionesDePago: document.paymentTerms.slice(0, 1000) }),
    SubTotal: textOf(subtotal),
    ...(discount.units === 0n ? {} : { Descuento: textOf(discount) }),
    Moneda: document.documentCurrency,
    ...(rate === undefined ? {} : { TipoCambio: rate }),
    Total: textOf(total),
    TipoDeComprobante: kind === "invoice" ? "I" : "E",
    Exportacion: isExport ? "02" : "01",
    MetodoPago: method,
    LugarExpedicion: document.seller.address.postalCode ?? refuse("LugarExpedicion", "a postal code", undefined),
    ...(told?.global === undefined ? {} : { global: told.global }),
    ...(uuid === undefined ? {} : { related: { TipoRelacion: "01", uuids: [uuid] } }),
    issuer: { Rfc: rfcOf("Emisor/Rfc", document.seller), Nombre: document.seller.name.toUpperCase(), RegimenFiscal: options.regime },
    receiver: receiverOf(issued, told),
    lines,
    taxes: {
      ...(retenciones.length === 0 ? {} : { TotalImpuestosRetenidos: textOf(kept) }),
      ...(hasRates ? { TotalImpuestosTrasladados: textOf(transferred) } : {}),
      retenciones,
      traslados
    }
  }
}

/**
 * CFDI 4.0 (Mexico): the document and the text that its seal is of. It is no chain: the fingerprint is the seal. The record is `{ xml, text,
 * total, issuer, receiver }`; it counts once a certification provider has stamped it, and its QR code, `cfdiQr`, is made of the stamp. A credit
 * note names the stamp of its invoice, so it is refused until there is one.
 *
 * Source: SAT, *Anexo 20*, version 4.0, and its schema. Complements (payments, foreign trade, waybills) are not made.
 */
export const cfdi = (options: CfdiOptions): FiscalScheme => ({
  specVersion: 1,
  name: "cfdi",
  capabilities: { idempotent: true },
  register: (document, _previous, context) => {
    const comprobante = comprobanteOf(document, options, context)
    const stated = minus(exact(document.document.totals.taxInclusive), exact(comprobante.Total))
    const withheld = document.document.withheld ?? []
    const expected = withheld.reduce((sum, { amount }) => plus(sum, exact(amount)), exact("0"))
    if (minus(stated, expected).units !== 0n) refuse("Total", document.document.totals.taxInclusive, comprobante.Total)
    const text = originalString(comprobante)
    const seal = options.seal(text)
    const xml = comprobanteXml(comprobante, { Sello: seal, Certificado: options.certificate.base64 })
    const { Total: total, issuer, receiver } = comprobante
    return { fingerprint: seal, record: { xml, text, total, issuer: issuer.Rfc, receiver: receiver.Rfc } }
  },
  submit: options.submit
})
