import * as z from "zod"

import { type CodeMeasure, withDecimals } from "./gs1.ts"
import { checkDigit, gtin14 } from "./gtin.ts"

/**
 * How a shop's own labels of 13 digits are made, for what is weighed or priced in the shop. Letters say what digits mean: `I` the item, `W` a
 * measure, `P` a price, `N` a number of pieces, `V` a check digit of its own that is passed over, `C` the check digit. The digits before
 * them are the prefix, 02 or 20 to 29 (General Specifications, section 2.1.12): `22IIIIIWWWWWC`.
 */
export const InStoreScheme = z
  .object({
    pattern: z.string().regex(/^(?=.{13}$)(?:02|2\d)\d*V?I+V?(?:W+|P+|N+)C$/, {
      error: 'Write 13 places, such as "22IIIIIWWWWWC": prefix 02 or 20 to 29, I for the item, W, P or N for the value, C last'
    }),
    /** Of the measure or the price. */
    decimals: z.int().min(0).max(6).default(0),
    /** Of the measure. */
    unit: z.string().min(1).max(20).default("kg")
  })
  .readonly()
export type InStoreScheme = z.infer<typeof InStoreScheme>

/** What a label of the shop's own says. `item` is the prefix with the item's number: a variant that is sold so has it among its codes. */
export interface InStoreLabel {
  readonly item: string
  readonly measure?: CodeMeasure
  /** In major units of the currency of the till. */
  readonly price?: string
  readonly count?: number
}

/** Reads a label by the first scheme whose prefix it has; UPC labels of 12 digits count as 13. `undefined` when it is none, or its check digit is wrong. */
export const parseInStoreCode = (text: string, schemes: ReadonlyArray<InStoreScheme>): InStoreLabel | undefined => {
  if (!/^\d{12,13}$/.test(text) || gtin14(text) === undefined) return undefined
  const digits = text.padStart(13, "0")
  const scheme = schemes.find(({ pattern }) => digits.startsWith(prefixOf(pattern)))
  if (scheme === undefined) return undefined
  const { pattern, decimals, unit } = scheme
  const of = (letter: string) => [...digits].filter((_, at) => pattern[at] === letter).join("")
  const item = prefixOf(pattern) + of("I")
  if (pattern.includes("W")) return { item, measure: { value: withDecimals(of("W"), decimals), unit } }
  return pattern.includes("P") ? { item, price: withDecimals(of("P"), decimals) } : { item, count: Number(of("N")) }
}

/** The 13 digits of a label: for `item` (prefix and number, as among the variant's codes) and a value in the scheme's smallest parts. Throws `RangeError`. */
export const inStoreCode = ({ pattern }: InStoreScheme, item: string, value: number): string => {
  const prefix = prefixOf(pattern)
  const places = (letter: string) => [...pattern].filter((one) => one === letter).length
  const letter = (/[WPN]/.exec(pattern) ?? ["W"])[0]
  const number = item.slice(prefix.length)
  const text = String(value).padStart(places(letter), "0")
  if (!item.startsWith(prefix) || !/^\d+$/.test(number) || number.length !== places("I"))
    throw new RangeError(`The item of a label "${pattern}" is ${prefix} and ${places("I")} digits, not "${item}".`)
  if (!Number.isSafeInteger(value) || value < 0 || text.length !== places(letter))
    throw new RangeError(`The value of a label "${pattern}" is a whole number of at most ${places(letter)} digits, not ${value}.`)
  const queues: Record<string, Array<string>> = { I: [...number], [letter]: [...text] }
  const body = Array.from(pattern.slice(0, -1), (place) => (/\d/.test(place) ? place : (queues[place]?.shift() ?? "0"))).join("")
  return body + String(checkDigit(body))
}

const prefixOf = (pattern: string): string => (/^\d+/.exec(pattern) ?? [""])[0]
