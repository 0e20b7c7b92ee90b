import type { CivilDate } from "@omni/core"
import * as Data from "effect/Data"

import { gtin14 } from "./gtin.ts"

/** A text has the form of a GS1 element string or Digital Link, but cannot be read as one: `ai` says which part is wrong. */
export class InvalidGs1 extends Data.TaggedError("InvalidGs1")<{
  readonly message: string
  /** The application identifier at fault, where it is known. */
  readonly ai?: string
}> {}

/** So much of a unit, as an exact decimal text: `{ value: "1.250", unit: "kg" }`. */
export interface CodeMeasure {
  readonly value: string
  readonly unit: string
}

/** What a GS1 code says beside which article it is. Each is there only when the code has it. */
export interface Gs1Data {
  /** 14 digits. */
  readonly gtin?: string
  readonly lot?: string
  readonly serial?: string
  /** Last day of use (AI 17), and the last day of full quality (AI 15). */
  readonly expiry?: CivilDate
  readonly bestBefore?: CivilDate
  readonly sellBy?: CivilDate
  readonly produced?: CivilDate
  readonly packed?: CivilDate
  /** How many pieces (AI 30), or how many of the article in a bigger unit (AI 37). */
  readonly count?: number
  readonly measure?: CodeMeasure
  /** What it costs, in major units (AI 392n), in the currency of where it is read. */
  readonly price?: string
  /** Every element as it stands: application identifier → text. */
  readonly elements: Readonly<Record<string, string>>
}

/** Dates by their application identifier. */
const DATES = { 11: "produced", 13: "packed", 15: "bestBefore", 16: "sellBy", 17: "expiry" } as const

/** Net measures of trade items by the first three digits of their identifier; the fourth says how many decimals. */
const MEASURES: ReadonlyMap<string, string> = /* @__PURE__ */ new Map([
  ["310", "kg"],
  ["311", "m"],
  ["314", "m2"],
  ["315", "l"],
  ["316", "m3"],
  ["320", "lb"],
  ["321", "in"],
  ["322", "ft"],
  ["357", "oz"]
])

/**
 * What elements mean. A date's two-digit year is the one next to `now` (section 7.12 of the General Specifications), and its day 00 the last
 * of the month. Throws `InvalidGs1`.
 */
export const gs1Data = (elements: ReadonlyMap<string, string>, now: number): Gs1Data => {
  const gtin = elements.get("01")
  const lot = elements.get("10")
  const serial = elements.get("21")
  const count = elements.get("30") ?? elements.get("37")
  return {
    ...(gtin === undefined ? {} : { gtin: checkedGtin(gtin) }),
    ...(lot === undefined ? {} : { lot }),
    ...(serial === undefined ? {} : { serial }),
    ...dates(elements, now),
    ...(count === undefined ? {} : { count: Number(digits(count, "30", 1, 8)) }),
    ...amounts(elements),
    elements: Object.fromEntries(elements)
  }
}

const checkedGtin = (text: string): string => {
  const gtin = gtin14(text)
  if (gtin === undefined) throw invalid(`"${text}" is not a GTIN: its check digit or its length is wrong.`, "01")
  return gtin
}

const dates = (elements: ReadonlyMap<string, string>, now: number): Partial<Record<(typeof DATES)[keyof typeof DATES], CivilDate>> => {
  const found: Partial<Record<(typeof DATES)[keyof typeof DATES], CivilDate>> = {}
  for (const [ai, name] of Object.entries(DATES)) {
    const text = elements.get(ai)
    if (text !== undefined) found[name] = civilDate(digits(text, ai, 6, 6), ai, now)
  }
  return found
}

const civilDate = (text: string, ai: string, now: number): CivilDate => {
  const thisYear = new Date(now).getUTCFullYear()
  const century = thisYear - (thisYear % 100)
  const ahead = Number(text.slice(0, 2)) - (thisYear % 100)
  const year = century + Number(text.slice(0, 2)) + (ahead > 50 ? -100 : ahead < -49 ? 100 : 0)
  const month = Number(text.slice(2, 4))
  const last = new Date(Date.UTC(year, month, 0)).getUTCDate()
  const day = Number(text.slice(4)) || last
  if (month < 1 || month > 12 || day > last) throw invalid(`"${text}" is not a date as YYMMDD.`, ai)
  return `${year}-${String(month).padStart(2, "0")}-${String(day).padStart(2, "0")}`
}

const amounts = (elements: ReadonlyMap<string, string>): Pick<Gs1Data, "measure" | "price"> => {
  let found: Pick<Gs1Data, "measure" | "price"> = {}
  for (const [ai, text] of elements) {
    if (ai.length !== 4) continue
    const unit = MEASURES.get(ai.slice(0, 3))
    if (unit !== undefined) found = { ...found, measure: { value: withDecimals(digits(text, ai, 6, 6), Number(ai[3])), unit } }
    else if (ai.startsWith("392")) found = { ...found, price: withDecimals(digits(text, ai, 1, 15), Number(ai[3])) }
  }
  return found
}

/** Digits with a point before the last so many of them: ("001250", 3) is "1.250". */
export const withDecimals = (text: string, decimals: number): string => {
  const padded = text.replace(/^0+/, "").padStart(decimals + 1, "0")
  return decimals === 0 ? padded : `${padded.slice(0, -decimals)}.${padded.slice(-decimals)}`
}

const digits = (text: string, ai: string, least: number, most: number): string => {
  if (/^\d+$/.test(text) && text.length >= least && text.length <= most) return text
  throw invalid(`"${text}" has to be ${least === most ? least : `${least} to ${most}`} digits.`, ai)
}

/** What is wrong with a GS1 code, and at which identifier. */
export const invalid = (message: string, ai?: string): InvalidGs1 =>
  new InvalidGs1(ai === undefined ? { message } : { message: `AI (${ai}): ${message}`, ai })
