import { type Gs1Data, gs1Data, invalid, InvalidGs1 } from "./gs1.ts"
import { gtin14 } from "./gtin.ts"

/** The separator that a scanner sends for FNC1. */
const FNC1 = "\u001d"

/** Symbology identifiers that say that the content is a GS1 element string: GS1-128, DataBar and composite, DataMatrix, QR, DotCode. */
const SYMBOLOGY = /^\](?:C1|e[0-9]|d2|Q3|J1)/

/** Elements whose length, identifier included, follows from their first two digits (General Specifications, figure 7.8.5-2); others end at FNC1. */
const PREDEFINED: Readonly<Record<string, number>> = {
  "00": 20,
  "01": 16,
  "02": 16,
  "03": 16,
  "04": 18,
  "20": 4,
  "41": 16,
  ...Object.fromEntries(["11", "12", "13", "14", "15", "16", "17", "18", "19"].map((prefix) => [prefix, 8])),
  ...Object.fromEntries(["31", "32", "33", "34", "35", "36"].map((prefix) => [prefix, 10]))
}

/** What a value may be made of (character set 82), and how long the longest is. */
const VALUE = /^[!"%&'()*+,\-./0-9:;<=>?A-Z_a-z]{1,90}$/

/**
 * Reads a GS1 element string, as a scanner sends it for GS1-128, GS1 DataMatrix or GS1 QR (with or without its symbology identifier), or as
 * people write it: `(01)09506000134352(17)270100(10)ABC`. `undefined` for a text that does not look like one; `InvalidGs1` is thrown for one
 * that does and is wrong. `now` decides the century of its dates.
 */
export const parseElementString = (text: string, now: number): Gs1Data | undefined => {
  const told = SYMBOLOGY.test(text) || text.startsWith(FNC1)
  const raw = text.replace(SYMBOLOGY, "").replace(/^\u001d/, "")
  if (told) return gs1Data(rawElements(raw), now)
  if (/^\(\d{2,4}\)/.test(raw)) return gs1Data(writtenElements(raw), now)
  // A number of 16 digits or more may be anything: without a word from the scanner it has to begin with a GTIN, and be right to its end.
  if (!/^01\d{14}/.test(raw) || gtin14(raw.slice(2, 16)) === undefined) return undefined
  try {
    return gs1Data(rawElements(raw), now)
  } catch (error) {
    if (error instanceof InvalidGs1) return undefined
    throw error
  }
}

/** Elements as an element string for a symbol: those of predefined length first, FNC1 after each other one but the last. */
export const elementString = (elements: Readonly<Record<string, string>>): string => {
  const all = Object.entries(elements)
  for (const [ai, value] of all) checkElement(ai, value)
  const fixed = all.filter(([ai]) => isPredefined(ai))
  const open = all.filter(([ai]) => !isPredefined(ai))
  // Integer-like keys of an object come in numeric order, so 01 has to be brought to the front.
  fixed.sort(([a], [b]) => Number(b === "01") - Number(a === "01"))
  return fixed.map(([ai, value]) => ai + value).join("") + open.map(([ai, value]) => ai + value).join(FNC1)
}

const isPredefined = (ai: string): boolean => PREDEFINED[ai.slice(0, 2)] !== undefined

/** How many digits an identifier has, by its first two. */
const identifierLength = (prefix: string): number => {
  if (/^(?:2[345]|4[012])$/.test(prefix)) return 3
  return /^(?:3[1-69]|43|7\d|8\d)$/.test(prefix) ? 4 : 2
}

const rawElements = (raw: string): ReadonlyMap<string, string> => {
  const elements = new Map<string, string>()
  for (let at = 0; at < raw.length;) {
    if (raw[at] === FNC1) {
      at++
      continue
    }
    const prefix = raw.slice(at, at + 2)
    const ai = raw.slice(at, at + identifierLength(prefix))
    const end = raw.indexOf(FNC1, at)
    const until = isPredefined(ai) ? at + PREDEFINED[prefix]! : end === -1 ? raw.length : end
    add(elements, ai, raw.slice(at + ai.length, until))
    at = until
  }
  return some(elements)
}

const writtenElements = (text: string): ReadonlyMap<string, string> => {
  const elements = new Map<string, string>()
  for (const [, ai = "", value = ""] of text.matchAll(/\((\d{2,4})\)([^(]*(?:\((?!\d{2,4}\))[^(]*)*)/g)) add(elements, ai, value.trim())
  return some(elements)
}

const add = (elements: Map<string, string>, ai: string, value: string): void => {
  checkElement(ai, value)
  if ((elements.get(ai) ?? value) !== value) throw invalid(`It stands there twice, as "${elements.get(ai)}" and as "${value}".`, ai)
  elements.set(ai, value)
}

const checkElement = (ai: string, value: string): void => {
  if (!/^\d{2,4}$/.test(ai) || ai.length !== identifierLength(ai.slice(0, 2)))
    throw invalid(`"${ai.slice(0, 4)}" is not an application identifier.`)
  const length = PREDEFINED[ai.slice(0, 2)]
  if (length !== undefined && value.length !== length - ai.length)
    throw invalid(`"${value}" has ${value.length} characters instead of ${length - ai.length}.`, ai)
  if (!VALUE.test(value)) throw invalid(`"${value.slice(0, 90)}" is empty, too long or has characters that GS1 codes cannot hold.`, ai)
}

const some = (elements: ReadonlyMap<string, string>): ReadonlyMap<string, string> => {
  if (elements.size === 0) throw invalid("There is no element in it.")
  return elements
}
