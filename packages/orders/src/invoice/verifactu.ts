import type { CivilDate } from "@omni/core"
import { hexDigest, sha256 } from "@omni/core/values"

import { exact, negate, textOf } from "./exact.ts"
import type { FiscalScheme, SchemeAnswer, Submission } from "./fiscal.ts"
import { localTime } from "./local-time.ts"
import type { IssuedDocument } from "./model.ts"

/** What the fingerprint of an *alta* record is made of, each as the record writes it; `Huella` is that of the record before, or "". */
export interface VerifactuRecord {
  readonly IDEmisorFactura: string
  readonly NumSerieFactura: string
  /** Day-month-year: "01-01-2024". */
  readonly FechaExpedicionFactura: string
  /** "F1" invoice, "F2" one whose buyer is not identified by number; "R1" and "R5" correct the one and the other. */
  readonly TipoFactura: string
  readonly CuotaTotal: string
  readonly ImporteTotal: string
  readonly Huella: string
  /** With the offset of its zone: "2024-01-01T19:20:30+01:00". */
  readonly FechaHoraHusoGenRegistro: string
}

const FIELDS = [
  "IDEmisorFactura",
  "NumSerieFactura",
  "FechaExpedicionFactura",
  "TipoFactura",
  "CuotaTotal",
  "ImporteTotal",
  "Huella",
  "FechaHoraHusoGenRegistro"
] as const

/**
 * The fingerprint of an *alta* record of VERI*FACTU: SHA-256 over `name=value` of eight fields, joined by `&`, in UTF-8, as upper-case
 * hexadecimal. Source: Agencia Tributaria, *Detalle de las especificaciones técnicas para generación de la huella o hash de los registros
 * de facturación*, version 0.1.2, whose examples are the tests.
 */
export const verifactuFingerprint = (record: VerifactuRecord): string =>
  hexDigest(sha256(FIELDS.map((field) => `${field}=${record[field].trim()}`).join("&"))).toUpperCase()

/** What an app says of its use of VERI*FACTU. */
export interface VerifactuOptions {
  /** Where QR codes lead: the tax office's production system unless told `test`. */
  readonly environment?: "production" | "test"
  /** Hands a record to the tax office. The web service wants the app's certificate and its own XML, so this is the app's. */
  readonly submit: (
    submission: Submission,
    delivery: { readonly key: string; readonly attempt: number; readonly signal: AbortSignal }
  ) => Promise<SchemeAnswer>
}

const QR = {
  production: "https://www2.agenciatributaria.gob.es/wlpl/TIKE-CONT/ValidarQR",
  test: "https://prewww2.aeat.es/wlpl/TIKE-CONT/ValidarQR"
} as const

/**
 * VERI*FACTU (Spain, Real Decreto 1007/2023), as far as it is figures: the fingerprint that chains a document to the one before, and the
 * address of its QR code. Credit notes are corrective invoices "by differences", with amounts below zero. The issuer's NIF is the VAT id
 * of the legal entity without its "ES".
 */
export const verifactu = ({ environment = "production", submit }: VerifactuOptions): FiscalScheme => ({
  specVersion: 1,
  name: "verifactu",
  capabilities: { idempotent: true },
  register: (document, previous, { now, timeZone }) => {
    const record = recordOf(document, previous?.fingerprint ?? "", localTime(now, timeZone))
    const query = new URLSearchParams({
      nif: record.IDEmisorFactura,
      numserie: record.NumSerieFactura,
      fecha: record.FechaExpedicionFactura,
      importe: record.ImporteTotal
    })
    return { fingerprint: verifactuFingerprint(record), record: { ...record }, qr: `${QR[environment]}?${query.toString()}` }
  },
  submit
})

const recordOf = ({ document, kind, buyer }: IssuedDocument, before: string, at: string): VerifactuRecord => {
  const isCredit = kind === "credit-note"
  const isIdentified = [buyer?.vatId, buyer?.taxNumber, buyer?.legalId].some((id) => id !== undefined)
  const signed = (amount: string): string => (isCredit ? textOf(negate(exact(amount))) : amount)
  return {
    IDEmisorFactura: nifOf(document.seller.vatId ?? document.seller.taxNumber ?? ""),
    NumSerieFactura: document.number,
    FechaExpedicionFactura: dayMonthYear(document.issueDate),
    TipoFactura: isIdentified ? (isCredit ? "R1" : "F1") : isCredit ? "R5" : "F2",
    CuotaTotal: signed(document.taxTotals[0]!.amount),
    ImporteTotal: signed(document.totals.taxInclusive),
    Huella: before,
    FechaHoraHusoGenRegistro: at
  }
}

const nifOf = (id: string): string => id.replace(/^ES/, "")

const dayMonthYear = (date: CivilDate): string => date.split("-").reverse().join("-")
