import { type SearchSynonym, searchWords } from "@omni/catalog/search"

import { type Asked, stemmed } from "./lookup.ts"
import { lexeme, plainWord, tellingWords } from "./words.ts"

/** What stands in place of words that follow each other. */
export interface Rule {
  /** The stems of each of the words. */
  readonly from: ReadonlyArray<ReadonlyArray<string>>
  /** What is looked for too, as `tsquery`. */
  readonly to: ReadonlyArray<string>
}

/** By language: one list may be that of several. */
const known = new WeakMap<ReadonlyArray<SearchSynonym>, Map<string, ReadonlyArray<Rule>>>()

/** All synonyms of a language as rules, those of most words first; worked out once. */
export const rulesIn = async (asked: Asked, synonyms: ReadonlyArray<SearchSynonym>, language: string): Promise<ReadonlyArray<Rule>> => {
  if (synonyms.length === 0) return []
  const byLanguage = known.get(synonyms) ?? new Map<string, ReadonlyArray<Rule>>()
  const there = byLanguage.get(language)
  if (there !== undefined) return there
  const pairs = synonyms.flatMap((synonym) =>
    "word" in synonym
      ? [[synonym.word, synonym.also] as const]
      : synonym.words.map((word) => [word, synonym.words.filter((other) => other !== word)] as const)
  )
  const worded = pairs.map(([from, to]) => [wordsOf(from, language), to.map((one) => wordsOf(one, language))] as const)
  const stems = await stemmed(
    asked,
    language,
    worded.flatMap(([from, to]) => [...from, ...to.flat()])
  )
  const stemsOf = (word: string): ReadonlyArray<string> => stems.get(word)?.stems ?? []
  const rules = new Map<string, { readonly from: Rule["from"]; readonly to: Array<string> }>()
  for (const [from, to] of worded) {
    const of = from.map(stemsOf)
    if (of.length === 0 || of.some((each) => each.length === 0)) continue
    const key = JSON.stringify(of)
    const rule = rules.get(key) ?? { from: of, to: [] }
    for (const words of to) {
      const all = words.flatMap(stemsOf).map(lexeme)
      if (all.length > 0) rule.to.push(`(${all.join(" & ")})`)
    }
    rules.set(key, rule)
  }
  const made = [...rules.values()].sort((a, b) => b.from.length - a.from.length)
  known.set(synonyms, byLanguage.set(language, made))
  return made
}

const wordsOf = (text: string, language: string): ReadonlyArray<string> =>
  tellingWords(searchWords(text.slice(0, 500)), language).map((word) => plainWord(word.text))
