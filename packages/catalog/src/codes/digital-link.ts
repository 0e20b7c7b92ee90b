import { type Gs1Data, gs1Data, invalid } from "./gs1.ts"
import { gtin14 } from "./gtin.ts"

/** The part after `/01/` of a GS1 Digital Link: the GTIN, qualifiers in pairs, a query. */
const LINK = /^https?:\/\/[^/?#]+\/(?:[^?#]*?\/)?01\/(\d{8}|\d{12,14})((?:\/(?:22|10|21)\/[^/?#]+)*)\/?(?:\?([^#]*))?(?:#.*)?$/i

/**
 * Reads a GS1 Digital Link (not compressed): `https://shop.example/01/09506000134352/10/ABC?17=270100`. `undefined` for a text that is
 * none; throws `InvalidGs1` for one whose GTIN or dates are wrong. `now` decides the century of its dates.
 */
export const parseDigitalLink = (text: string, now: number): Gs1Data | undefined => {
  const match = LINK.exec(text)
  if (match === null) return undefined
  const [, gtin = "", path = "", query = ""] = match
  const elements = new Map([["01", gtin.padStart(14, "0")]])
  const parts = path.split("/").slice(1)
  for (let at = 0; at + 1 < parts.length; at += 2) elements.set(parts[at]!, decoded(parts[at + 1]!))
  for (const pair of query.split("&")) {
    const [name = "", value = ""] = pair.split("=")
    if (/^\d{2,4}$/.test(name) && value !== "" && !elements.has(name)) elements.set(name, decoded(value))
  }
  return gs1Data(elements, now)
}

/**
 * The Digital Link of an article, as a QR code carries it: `digitalLink("https://shop.example", "9506000134352", { lot: "ABC" })`. `expiry`
 * is six digits, YYMMDD. Throws `InvalidGs1` when the GTIN is none.
 */
export const digitalLink = (
  domain: string,
  gtin: string,
  about: { readonly lot?: string; readonly serial?: string; readonly expiry?: string } = {}
): string => {
  const full = gtin14(gtin)
  if (full === undefined) throw invalid(`"${gtin}" is not a GTIN: its check digit or its length is wrong.`, "01")
  const { lot, serial, expiry } = about
  const part = (ai: string, value: string | undefined) => (value === undefined ? "" : `/${ai}/${encodeURIComponent(value)}`)
  return `${domain.replace(/\/+$/, "")}/01/${full}${part("10", lot)}${part("21", serial)}${expiry === undefined ? "" : `?17=${expiry}`}`
}

const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text)
  } catch {
    throw invalid(`"${text.slice(0, 90)}" is not percent-encoded text.`)
  }
}
