import { searchWords, type SearchWord, stopWords, typosIn, unaccented, wordDistance } from "@omni/catalog/search"

const MOST_WORDS = 16
const MOST_LETTERS = 200
/** So much of a text is looked at: what all texts of a product come to has to fit into a megabyte. */
const MOST_TEXT = 60_000

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
  searchWords(text.slice(0, MOST_TEXT))
    .flatMap((word, at, all) => {
      if (word.kind === "measure") return [word.text, word.number!]
      const next = all[at + 1]
      const joined = next !== undefined && text[word.end] === "-" && next.start === word.end + 1 ? [unaccented(word.text + next.text)] : []
      return [...formsOf(word.text, language), ...joined]
    })
    .join(" ")

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
  searchWords(text.slice(0, MOST_TEXT)).flatMap((word) => {
    const plain = unaccented(word.text)
    // Longer ones do not fit into an index, and nobody types them.
    return [plain, withoutTilde(plain), ...(word.number === undefined ? [] : [word.number])].filter(({ length }) => length <= MOST_LETTERS)
  })

/** A lexeme in the notation of `to_tsquery`. */
export const lexeme = (word: string): string => `'${word.replaceAll("\\", "\\\\").replaceAll("'", "''")}'`

/** Of words of the index those that one may have been meant as. */
export const nearest = (word: string, candidates: ReadonlyArray<string>): ReadonlyArray<string> => {
  const most = typosIn(word)
  const near = candidates
    .map((candidate) => ({ candidate, distance: wordDistance(word, candidate, most) }))
    .filter(({ distance }) => distance <= most)
  return near
    .sort((a, b) => a.distance - b.distance)
    .slice(0, 30)
    .map(({ candidate }) => candidate)
}
