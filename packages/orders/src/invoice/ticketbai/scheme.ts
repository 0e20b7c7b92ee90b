import type { Instant } from "@omni/core"

import type { TaxSubtotal } from "../document.ts"
import { SchemeRefused } from "../errors.ts"
import type { FiscalScheme, SchemeAnswer, Submission } from "../fiscal.ts"
import { localTime } from "../local-time.ts"
import type { IssuedDocument } from "../model.ts"
import { QR_ADDRESS, tbaiIdentifier, tbaiQr } from "./code.ts"
import { dayMonthYear, issuerNif, tbaiFile, type TbaiSoftware, tbaiTotal } from "./document.ts"

/** A signed file, and the text of its `ds:SignatureValue`. */
export interface TbaiSigned {
  readonly xml: string
  readonly signatureValue: string
}

/** What an app says of its use of TicketBAI. */
export interface TicketbaiOptions {
  /** Whose tax office it is. */
  readonly territory: keyof typeof QR_ADDRESS
  readonly software: TbaiSoftware
  /** The serial number of the till or machine. */
  readonly device?: string
  /**
   * Signs a file (XAdES enveloped, with the app's certificate and the policy of the territory). It runs in the commit, since the next document
   * is chained to the signature: it is synchronous, and the same file at the same instant is signed the same, as RSA does it.
   */
  readonly sign: (xml: string, at: Instant) => TbaiSigned
  /** Hands a file to the tax office: to Bizkaia within LROE, to the others as it is. The web services want the app's certificate. */
  readonly submit: (
    submission: Submission,
    delivery: { readonly key: string; readonly attempt: number; readonly signal: AbortSignal }
  ) => Promise<SchemeAnswer>
  /** Where QR codes lead; the territory's production system unless told. */
  readonly qrAddress?: string
  /** Whether goods or services were sold to somebody abroad; goods unless told. */
  readonly kind?: (document: IssuedDocument) => "goods" | "services"
  /** Why a row is exempt, "E1" to "E6", where it is not as its category says: E by article 20 (E1), G by 21 (E2), K by 25 (E5). */
  readonly exemption?: (row: TaxSubtotal) => string | undefined
  /** Key of the VAT regime, where it is not "01", or "02" for exports. */
  readonly regime?: (document: IssuedDocument) => string | undefined
  /** What was sold, in a sentence; the names of the lines unless told. */
  readonly description?: (document: IssuedDocument) => string | undefined
}

/** So much of the signature before goes into the next file. */
const CHAINED = 100

/**
 * TicketBAI (Araba, Bizkaia, Gipuzkoa): the file of a document, chained to the signature of the one before, its identifier and its QR code.
 * The record is `{ identifier, xml }`, signed. Source: *Especificaciones funcionales y técnicas del sistema TicketBAI* 1.2, and its schema.
 */
export const ticketbai = ({ territory, software, device, sign, submit, ...options }: TicketbaiOptions): FiscalScheme => ({
  specVersion: 1,
  name: "ticketbai",
  capabilities: { idempotent: true },
  register: (document, previous, { now, timeZone }) => {
    const [description, regime] = [options.description?.(document), options.regime?.(document)]
    const unsigned = tbaiFile({
      document,
      previous,
      software,
      time: localTime(now, timeZone).slice(11, 19),
      kind: options.kind?.(document) ?? "goods",
      exemption: options.exemption ?? (() => undefined),
      ...(device === undefined ? {} : { device }),
      ...(description === undefined ? {} : { description }),
      ...(regime === undefined ? {} : { regime })
    })
    const { xml, signatureValue } = sign(unsigned, now)
    const signature = signatureValue.replaceAll(/\s/g, "")
    if (signature.length < 13) throw SchemeRefused.of("ticketbai", "SignatureValue", "a signature in base 64", signatureValue)
    const date = dayMonthYear(document.issueDate)
    const identifier = tbaiIdentifier({ nif: issuerNif(document.document), date, signature })
    const qr = tbaiQr(options.qrAddress ?? QR_ADDRESS[territory], { identifier, number: document.number, total: tbaiTotal(document) })
    return { fingerprint: signature.slice(0, CHAINED), record: { identifier, xml }, qr }
  },
  submit
})
