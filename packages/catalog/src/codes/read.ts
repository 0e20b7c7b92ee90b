import { parseDigitalLink } from "./digital-link.ts"
import { parseElementString } from "./element-string.ts"
import { type Gs1Data, InvalidGs1 } from "./gs1.ts"
import { gtin14 } from "./gtin.ts"
import { type InStoreLabel, type InStoreScheme, parseInStoreCode } from "./in-store.ts"

/** What a scanner has read, made sense of. `keys` are what the catalog may know it by, the likeliest first. */
export interface ReadCode extends Partial<Gs1Data>, Partial<InStoreLabel> {
  readonly form: "gtin" | "digital-link" | "element-string" | "in-store" | "text"
  readonly keys: ReadonlyArray<string>
}

/**
 * What a code is kept and found by: the 14 digits of a GTIN, bare, in a GS1 Digital Link or in an element string, else the text itself without
 * blanks around it. All codes share one space, because a scanner does not say what kind of code it has read.
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
  const code = text.trim()
  const gtin = gtin14(code)
  if (gtin !== undefined) {
    const label = parseInStoreCode(code, schemes)
    return label === undefined
      ? { form: "gtin", keys: [gtin], gtin }
      : { form: "in-store", keys: [gtin, gtin14(label.item) ?? label.item], ...label }
  }
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
