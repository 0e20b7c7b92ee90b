import { parseDigitalLink } from "./digital-link.ts"
import { parseElementString } from "./element-string.ts"
import { type Gs1Data, InvalidGs1 } from "./gs1.ts"
import { gtin14, upcE } from "./gtin.ts"
import { type InStoreLabel, type InStoreScheme, parseInStoreCode } from "./in-store.ts"

/** Symbology identifiers (ISO/IEC 15424) of what is no GS1 element string: EAN and UPC, ITF-14, Code 128 and 39, QR, DataMatrix, whatever a scanner is told to send. */
const PLAIN = /^\](?!C1|e\d|d2|Q3|J1)[A-Za-z]\d(?=.)/

/** A number as it is printed below its bars, "4 006381 333931", or as an ISBN: "978-3-16-148410-0". */
const PRINTED = /^\d+(?: \d+)+$|^97[89](?:-\d+)+$/

/** What a scanner has read, made sense of. `keys` are what the catalog may know it by, the likeliest first. */
export interface ReadCode extends Partial<Gs1Data>, Partial<InStoreLabel> {
  readonly form: "gtin" | "digital-link" | "element-string" | "in-store" | "text"
  readonly keys: ReadonlyArray<string>
}

/**
 * What a code is kept and found by: the 14 digits of a GTIN, bare, as UPC-E, in a GS1 Digital Link or in an element string, else the text itself without
 * blanks around it and without the symbology identifier of a scanner. All codes share one space, because a scanner does not say what kind of code it has read.
 */
export const canonicalCode = (text: string): string => readCode(text, { now: 0 }).keys[0]!

/**
 * Makes sense of a code in any form. It never throws: what looks like a GS1 code and is wrong is a text like any other. Labels of the shop's
 * own are known by their `schemes`; the whole number comes before them, for somebody may have given it to a variant.
 */
export const readCode = (
  text: string,
  { now, schemes = [] }: { readonly now: number; readonly schemes?: ReadonlyArray<InStoreScheme> }
): ReadCode => {
  const code = text.trim().replace(PLAIN, "")
  const digits = PRINTED.test(code) ? code.replaceAll(/[ -]/g, "") : code
  const [gtin, upc] = [gtin14(digits), upcE(digits)]
  if (gtin !== undefined) {
    const label = parseInStoreCode(digits, schemes)
    return label === undefined
      ? { form: "gtin", keys: [gtin, ...(upc === undefined ? [] : [upc])], gtin }
      : { form: "in-store", keys: [gtin, gtin14(label.item) ?? label.item], ...label }
  }
  if (upc !== undefined) return { form: "gtin", keys: [upc], gtin: upc }
  try {
    const link = parseDigitalLink(code, now)
    if (link?.gtin !== undefined) return { form: "digital-link", keys: [link.gtin], ...link }
    const data = parseElementString(code, now)
    if (data?.gtin !== undefined) return { form: "element-string", keys: [data.gtin], ...data }
  } catch (error) {
    if (!(error instanceof InvalidGs1)) throw error
  }
  return { form: "text", keys: [code] }
}
