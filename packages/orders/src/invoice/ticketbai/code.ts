/** Bit by bit: the polynomial x⁸ + x² + x + 1 (0x07), from zero, as TicketBAI has it. */
const crc8 = (text: string): string => {
  let crc = 0
  for (const byte of new TextEncoder().encode(text)) {
    crc ^= byte
    for (let bit = 0; bit < 8; bit++) crc = (crc & 0x80) === 0 ? (crc << 1) & 0xff : ((crc << 1) ^ 0x07) & 0xff
  }
  return String(crc).padStart(3, "0")
}

/** What a TBAI identifier is made of. */
export interface TbaiParts {
  /** Of who issues. */
  readonly nif: string
  /** Day-month-year: "25-10-2019". */
  readonly date: string
  /** The `SignatureValue` of the signed file. */
  readonly signature: string
}

/**
 * The code that links a printed invoice with its file: `TBAI-<NIF>-<DDMMYY>-<13 characters of the signature>-<CRC-8>`, 39 characters.
 * Source: *Especificaciones funcionales y técnicas del sistema TicketBAI* 1.2, 4.3.2, whose example is the test.
 */
export const tbaiIdentifier = ({ nif, date, signature }: TbaiParts): string => {
  const [day = "", month = "", year = ""] = date.split("-")
  const code = `TBAI-${nif}-${day}${month}${year.slice(-2)}-${signature.slice(0, 13)}-`
  return code + crc8(code)
}

/** Where QR codes lead, by the tax office. */
export const QR_ADDRESS = {
  araba: "https://ticketbai.araba.eus/tbai/qrtbai/",
  bizkaia: "https://batuz.eus/QRTBAI/",
  gipuzkoa: "https://tbai.egoitza.gipuzkoa.eus/qr/"
} as const

/** What a QR code says. */
export interface TbaiQrParts {
  readonly identifier: string
  readonly series?: string
  readonly number: string
  readonly total: string
}

/** The address in an invoice's QR code, which ends in the CRC-8 of what stands before it. Source: as above, 4.3.3. */
export const tbaiQr = (address: string, { identifier, series, number, total }: TbaiQrParts): string => {
  const query = [["id", identifier], ...(series === undefined ? [] : [["s", series] as const]), ["nf", number], ["i", total]] as const
  const url = `${address}?${query.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join("&")}`
  return `${url}&cr=${crc8(url)}`
}
