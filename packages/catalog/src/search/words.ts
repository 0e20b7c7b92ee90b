import { slipsBetween } from "@omni/core/values"

/** A word, a number or a measure of a text, in the form in which it is compared, and where it stands. */
export interface SearchWord {
  readonly kind: "word" | "number" | "measure"
  /** Words in small letters with their accents, numbers as "1.5", measures in one unit of their kind without a blank: "1500ml". */
  readonly text: string
  /** The number of a measure alone: "1.5". */
  readonly number?: string
  readonly start: number
  readonly end: number
}

/** The spellings of units: what they are in, and how many of that. Ounces, pounds and inches stay themselves, since nobody converts a label. */
const UNITS: ReadonlyMap<string, readonly [unit: string, factor: number]> = /* @__PURE__ */ new Map(
  (
    [
      ["ml", 1, "ml mililitro mililitros milliliter milliliters millilitre millilitres"],
      ["ml", 10, "cl"],
      ["ml", 100, "dl"],
      ["ml", 1000, "l lt ltr litro litros liter liters litre litres"],
      ["g", 0.001, "mg"],
      ["g", 1, "g gr grs gramo gramos gram grams"],
      ["g", 1000, "kg kgs kilo kilos kilogramo kilogramos kilogram kilograms"],
      ["mm", 1, "mm"],
      ["mm", 10, "cm cms"],
      ["mm", 1000, "m mt mts metro metros meter meters metre metres"],
      ["in", 1, "in inch inches pulgada pulgadas \" ″ ” ''"],
      ["oz", 1, "oz onza onzas ounce ounces"],
      ["lb", 1, "lb lbs libra libras pound pounds"],
      ["ct", 1, "ct count ud uds unidad unidades"],
      ["gb", 1, "gb"],
      ["gb", 1000, "tb"],
      ["w", 1, "w watt watts vatio vatios"],
      ["w", 1000, "kw"],
      ["v", 1, "v volt volts voltio voltios"],
      ["mah", 1, "mah"]
    ] as const
  ).flatMap(([unit, factor, spellings]) => spellings.split(" ").map((spelling) => [spelling, [unit, factor] as const] as const))
)

const TOKEN = /[\p{L}\p{N}\p{M}]+(?:[.,](?=\d)[\p{L}\p{N}\p{M}]+)*/gu
const MARK = /^\s?(?:"|″|”|'')/
const NUMBER = /^\d+(?:[.,]\d+)*$/
const JOINED = /^(\d+(?:[.,]\d+)*)(\p{L}+)$/u

/** The words of a text in order. Runs in time that is linear in the text. */
export const searchWords = (text: string): ReadonlyArray<SearchWord> => {
  const words: Array<SearchWord> = []
  const tokens = [...text.matchAll(TOKEN)]
  for (let at = 0; at < tokens.length; at++) {
    const token = tokens[at]!
    const start = token.index
    const raw = token[0]
    const end = start + raw.length
    if (NUMBER.test(raw)) {
      const number = decimal(raw)
      const mark = MARK.exec(text.slice(end, end + 3))
      const next = tokens[at + 1]
      const unit =
        mark !== null
          ? UNITS.get('"')
          : next !== undefined && isBeside(text, end, next.index)
            ? UNITS.get(next[0].toLowerCase())
            : undefined
      if (unit === undefined) words.push({ kind: "number", text: number, start, end })
      else {
        if (mark === null) at++
        words.push({
          kind: "measure",
          text: measure(number, unit),
          number,
          start,
          end: mark === null ? next!.index + next![0].length : end + mark[0].length
        })
      }
      continue
    }
    const joined = JOINED.exec(raw)
    const unit = joined === null ? undefined : UNITS.get(joined[2]!.toLowerCase())
    if (joined !== null && unit !== undefined) {
      const number = decimal(joined[1]!)
      words.push({ kind: "measure", text: measure(number, unit), number, start, end })
    } else words.push({ kind: "word", text: raw.normalize("NFC").toLowerCase(), start, end })
  }
  return words
}

/** Whether nothing but a blank, a point or a hyphen stands between. */
const isBeside = (text: string, from: number, to: number): boolean => to - from <= 2 && /^[\s.-]*$/.test(text.slice(from, to))

/** "1,5" and "1.5" are one and a half; three digits behind a separator are thousands, unless there is nothing before it but 0. */
const decimal = (raw: string): string => {
  const parts = raw.split(/[.,]/)
  const last = parts.at(-1)!
  if (parts.length === 1) return plain(Number(raw), raw)
  const isGrouped = parts.slice(1).every((part) => part.length === 3) && !/^0+$/.test(parts[0]!)
  return plain(Number(isGrouped ? parts.join("") : `${parts.slice(0, -1).join("")}.${last}`), raw)
}

const measure = (number: string, [unit, factor]: readonly [string, number]): string => `${plain(Number(number) * factor, number)}${unit}`

/** Long numbers, with which one does not count, stay as they are written. */
const plain = (number: number, raw: string): string =>
  Number.isSafeInteger(Math.trunc(number)) && Math.abs(number) < 1e12 ? String(Math.round(number * 1e6) / 1e6) : raw

/** A word without its accents. The tilde of ñ stays: `unaccented("champú")` is "champu", `unaccented("caña")` is "caña". */
export const unaccented = (word: string): string => {
  // eslint-disable-next-line no-control-regex
  if (/^[\u0000-\u007f]*$/.test(word)) return word
  return word
    .normalize("NFD")
    .replaceAll(/(?<!n(?=\u0303))[\u0300-\u036f]/g, "")
    .normalize("NFC")
    .replaceAll(/[ßæøœłđ]/g, (letter) => LIGATURES[letter]!)
}

/** A word as `typed` is held against it: who types n may mean ñ. */
export const asTyped = (word: string, typed: string): string => {
  const plain = unaccented(word)
  return typed.includes("ñ") ? plain : plain.replaceAll("ñ", "n")
}

const LIGATURES: Readonly<Record<string, string>> = { ß: "ss", æ: "ae", ø: "o", œ: "oe", ł: "l", đ: "d" }

/**
 * How many letters of a word may be wrong: one from four letters on, two from eight on; none of one with digits in it, as models have. A wrong first letter counts
 * as two.
 */
export const typosIn = (word: string): 0 | 1 | 2 => (word.length < 4 || /\d/.test(word) ? 0 : word.length < 8 ? 1 : 2)

/** How many letters differ, where two that changed places count as one and a wrong first letter as two; more than `most` is `most + 1`. */
export const wordDistance = (a: string, b: string, most: number): number => {
  const first = a[0] === b[0] ? 0 : 1
  return Math.min(slipsBetween(a, b, most - first) + first, most + 1)
}

/** The least of how many letters the beginnings of a word differ from what was typed, to which a letter may be missing, or be too much. */
export const beginningDistance = (typed: string, word: string, most: number): number =>
  Math.min(...[-1, 0, 1].map((more) => wordDistance(typed, word.slice(0, typed.length + more), most)))

/** Whether a word begins with what was typed, without its accents; `corrected`: but for a letter or two. */
export const isBegunBy = (word: string, begun: string, corrected: boolean): boolean => {
  const plain = asTyped(word, begun)
  if (plain.startsWith(begun)) return true
  const most = corrected ? typosIn(begun) : 0
  return most > 0 && beginningDistance(begun, plain, most) <= most
}

/** Words that say nothing about what is looked for, by language. They are left out of what was typed, unless there is nothing else. */
export const stopWords = (language: string): ReadonlySet<string> => STOP_WORDS[language] ?? NO_WORDS

const NO_WORDS: ReadonlySet<string> = /* @__PURE__ */ new Set<string>()
const STOP_WORDS: Readonly<Record<string, ReadonlySet<string>>> = /* @__PURE__ */ Object.fromEntries(
  Object.entries({
    en: "a an and at by for from in is of on or the to with without",
    es: "a al con de del e el en la las lo los o para por que se sin su sus u un una unas unos y",
    de: "am an auf aus bei das dem den der des die ein eine einem einen einer fur für im in mit oder ohne und von zu zum zur",
    fr: "a à au aux avec d de des du en et l la le les ou par pour sans sur un une"
  }).map(([language, words]) => [language, new Set(words.split(" "))])
)
