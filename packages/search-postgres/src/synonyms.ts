import { type SearchSettings, type SearchSynonym, searchWords, type SearchWord, unaccented } from "@omni/catalog/search"

import { lexeme, tellingWords } from "./words.ts"

/** A synonym in the notation of `to_tsquery`: what is looked for, and what in place of it. */
export type Rule = readonly [from: string, to: string]

interface Known {
  readonly rule: Rule
  /** What the words of `from` begin with. */
  readonly begins: ReadonlyArray<string>
}

const known = new WeakMap<ReadonlyArray<SearchSynonym>, ReadonlyArray<Known>>()

/** The synonyms that words may meet: stems begin as their words do. The database sees to the rest, so that of thousands it is given few. */
export const rulesFor = (
  words: ReadonlyArray<SearchWord>,
  { synonyms }: Pick<SearchSettings, "synonyms">,
  language: string
): ReadonlyArray<Rule> => {
  const there = new Set(words.map(beginning))
  return rulesOf((Object.hasOwn(synonyms, language) ? synonyms[language] : undefined) ?? [], language).flatMap(({ rule, begins }) =>
    begins.every((begin) => there.has(begin)) ? [rule] : []
  )
}

/** All rules; worked out once. */
const rulesOf = (synonyms: ReadonlyArray<SearchSynonym>, language: string): ReadonlyArray<Known> => {
  const there = known.get(synonyms)
  if (there !== undefined) return there
  const pairs = synonyms.flatMap((synonym) =>
    "word" in synonym
      ? [[synonym.word, [synonym.word, ...synonym.also]] as const]
      : synonym.words.map((word) => [word, synonym.words] as const)
  )
  const made = pairs.flatMap(([from, to]): ReadonlyArray<Known> => {
    const words = wordsOf(from, language)
    const others = to.map((one) => wordsOf(one, language)).filter((one) => one.length > 0)
    if (words.length === 0) return []
    return [{ rule: [allOf(words), others.map((one) => `(${allOf(one)})`).join(" | ")], begins: words.map(beginning) }]
  })
  known.set(synonyms, made)
  return made
}

const wordsOf = (text: string, language: string): ReadonlyArray<SearchWord> => tellingWords(searchWords(text.slice(0, 500)), language)

const beginning = ({ text }: SearchWord): string => unaccented(text).slice(0, 2)

const allOf = (words: ReadonlyArray<SearchWord>): string => words.map(({ text }) => lexeme(unaccented(text))).join(" & ")
