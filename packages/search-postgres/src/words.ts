import { searchWords, type SearchWord, stopWords, unaccented } from "@omni/catalog/search"

const MOST_WORDS = 16
const MOST_LETTERS = 200
/** Longer ones cannot be typed. */
export const MOST_CODE = 500
/** So much of a text is looked at: what all texts of a product come to has to fit into a megabyte. */
const MOST_TEXT = 60_000

/** A word as it is looked for. PostgreSQL takes none of more than 2,046 bytes. */
export const plainWord = (word: string): string => unaccented(word).slice(0, MOST_CODE)

/** What was typed, word by word, as it is looked for; without words that say nothing, unless there is nothing else. Each once. */
export const typedWords = (text: string, language: string): ReadonlyArray<SearchWord> => {
  const words = tellingWords(searchWords(text).slice(0, MOST_WORDS), language)
  return [...new Map(words.map((word) => [word.text, word])).values()]
}

/** Words without those that say nothing, unless there are no others. */
export const tellingWords = (words: ReadonlyArray<SearchWord>, language: string): ReadonlyArray<SearchWord> => {
  const telling = words.filter((word) => !stopWords(language).has(word.text))
  return telling.length > 0 ? telling : words
}

/** A text as it is kept: each word in every form that it is found by. Whoever writes without accents is understood; a plural in -ces is one of -z. */
export const keptWords = (text: string, language: string): string =>
  wordsOf(text)
    .flatMap(({ word, joined }) => [
      ...(word.kind === "measure" ? [word.text, word.number!] : formsOf(word.text, language)),
      ...(joined === undefined ? [] : [joined])
    ])
    .join(" ")

/** Words, and what each is with the next: what is written with a hyphen is also written without. */
const wordsOf = (text: string): ReadonlyArray<{ readonly word: SearchWord; readonly joined: string | undefined }> => {
  const cut = text.slice(0, MOST_TEXT)
  return searchWords(cut).map((word, at, all) => {
    const next = all[at + 1]
    const isOne = next !== undefined && cut[word.end] === "-" && next.start === word.end + 1
    return { word, joined: isOne ? unaccented(word.text + next.text) : undefined }
  })
}

const formsOf = (word: string, language: string): ReadonlyArray<string> => {
  const plain = unaccented(word)
  const forms = [word, plain, withoutTilde(plain)]
  return [...new Set([...forms, ...(language === "es" ? otherNumber(plain) : [])])]
}

/** Plurals whose stems are not those of their singulars: luces, luz; collares, collar, which looks like a verb; jerséis and jerseys, jersey. */
const SPANISH: ReadonlyArray<readonly [plural: RegExp, singular: string, back: RegExp, plurals: ReadonlyArray<string>]> = [
  [/ces$/, "z", /z$/, ["ces"]],
  [/(?<=[aei]r)es$/, "", /(?<=[aei]r)$/, ["es"]],
  [/(?<=[aeo])[iy]s$/, "y", /(?<=[aeo])y$/, ["is", "ys"]]
]

const otherNumber = (word: string): ReadonlyArray<string> =>
  SPANISH.flatMap(([plural, singular, back, plurals]) => {
    const one = plural.test(word) ? word.replace(plural, singular) : word
    return back.test(one) ? [one, ...plurals.map((ending) => one.replace(back, ending))] : []
  })

const withoutTilde = (text: string): string => text.replaceAll("ñ", "n")

/** The words of texts as they may be typed: for what is begun, and for what is mistyped. */
export const plainWords = (text: string): ReadonlyArray<string> =>
  wordsOf(text).flatMap(({ word, joined }) => {
    const plain = unaccented(word.text)
    const all = [plain, withoutTilde(plain), ...(joined === undefined ? [] : [joined]), ...(word.number === undefined ? [] : [word.number])]
    // Longer ones do not fit into an index, and nobody types them.
    return all.filter(({ length }) => length <= MOST_LETTERS)
  })

/** A lexeme as it is written in a `tsquery`: in quotes nothing of it is an operator. */
export const lexeme = (word: string): string => `'${word.replaceAll("\\", "\\\\").replaceAll("'", "''")}'`

/** One word as two that it may have been meant as, the earliest parting first: "icecream", "ps5". */
export const partsOf = (word: SearchWord): ReadonlyArray<ReadonlyArray<string>> => {
  const plain = plainWord(word.text)
  const model = /^(\p{L}+)(\d+)$/u.exec(plain)
  if (model !== null) return [searchWords(`${model[1]} ${model[2]}`).map(({ text }) => plainWord(text))]
  const letters = [...plain]
  if (word.kind !== "word") return []
  return Array.from({ length: Math.max(0, Math.min(letters.length - 3, 40) - 2) }, (_, at) => [
    letters.slice(0, at + 3).join(""),
    letters.slice(at + 3).join("")
  ])
}
