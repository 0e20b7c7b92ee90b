/** How an SMS is coded and what it costs. */
export interface SmsSegments {
  readonly encoding: "GSM-7" | "UCS-2"
  /** Septets of GSM-7 (an extension character takes two) or 16-bit units of UCS-2. */
  readonly units: number
  readonly segments: number
}

const BASIC = new Set(
  "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
const EXTENSION = new Set("\f^{}\\[~]|€")

const septets = (char: string): number => (EXTENSION.has(char) ? 2 : 1)

/**
 * What a text costs as SMS (3GPP TS 23.038 and 23.040): one segment of 160 septets or 70 units, else segments of 153 or 67, none of
 * which ends in the middle of a character. One character outside of the GSM alphabet puts the whole text into UCS-2.
 */
export const smsSegments = (text: string): SmsSegments => {
  const chars = [...text]
  const gsm = chars.every((char) => BASIC.has(char) || EXTENSION.has(char))
  const sizes = chars.map((char) => (gsm ? septets(char) : char.length))
  const units = sizes.reduce((sum, size) => sum + size, 0)
  const [alone, joined] = gsm ? [160, 153] : [70, 67]
  return { encoding: gsm ? "GSM-7" : "UCS-2", units, segments: units <= alone ? 1 : packed(sizes, joined) }
}

const packed = (sizes: ReadonlyArray<number>, room: number): number => {
  let segments = 1
  let used = 0
  for (const size of sizes) {
    if (used + size > room) {
      segments++
      used = 0
    }
    used += size
  }
  return segments
}
