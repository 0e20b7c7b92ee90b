import {
  beginningDistance,
  searchWords,
  type SearchSynonym,
  type SearchWord,
  stopWords,
  typosIn,
  unaccented,
  wordDistance
} from "@omni/catalog/search"

import { nearTo } from "./near.ts"
import type { Vocabulary } from "./vocabulary.ts"

/** Terms of which one is enough, and how much each counts. */
export type AnyOf = ReadonlyMap<number, number>

/** Rows of terms that all have to be met. */
export type AllOf = ReadonlyArray<AnyOf>

/** What was typed, for one vocabulary: every group has to be met, by one of its alternatives. */
export type Plan = ReadonlyArray<ReadonlyArray<AllOf>>

/** Of the words that begin with what was typed, so many are looked for: the most frequent. */
const MOST_BEGUN = 500
const MOST_WORDS = 16

export interface Typed {
  readonly text: string
  readonly language: string
  readonly prefix: boolean
  /** Whether words may differ by letters. */
  readonly typos: boolean
  readonly synonyms: ReadonlyArray<SearchSynonym>
}

/** Brings what was typed into terms of a vocabulary; `undefined`: some word is in no text. */
export const planFor = (vocabulary: Vocabulary, { text, language, prefix, typos, synonyms }: Typed): Plan | undefined => {
  const all = searchWords(text).slice(0, MOST_WORDS)
  const words = tellingWords(all, language)
  const last = all.at(-1)
  const termsOf = (word: SearchWord): AnyOf => termsFor(vocabulary, word, { prefix: prefix && word === last, typos })
  const rules = rulesOf(vocabulary, synonyms, language)
  const groups: Array<ReadonlyArray<AllOf>> = []
  for (let at = 0; at < words.length;) {
    const rule = rules.find(({ from }) =>
      from.every((terms, i) => words[at + i] !== undefined && isSameWord(vocabulary, words[at + i]!, terms))
    )
    const joined = rule === undefined ? joinedAt(vocabulary, words, at) : undefined
    const length = rule?.from.length ?? (joined === undefined ? 1 : 2)
    const asTyped = words.slice(at, at + length).map(termsOf)
    const others = (rule?.to ?? []).map((phrase) =>
      phrase.map((word) => weighted(termsFor(vocabulary, word, { prefix: false, typos: false }), SYNONYM))
    )
    const parted = length === 1 && asTyped[0]!.size === 0 ? [partsOf(vocabulary, words[at]!)] : []
    const alternatives = [asTyped, ...others, ...(joined === undefined ? [] : [joined]), ...parted].filter(
      (terms) => terms.length > 0 && terms.every((any) => any.size > 0)
    )
    if (alternatives.length === 0) return undefined
    groups.push(alternatives)
    at += length
  }
  return groups
}

/** Words without those that say nothing, unless there are no others. */
const tellingWords = (words: ReadonlyArray<SearchWord>, language: string): ReadonlyArray<SearchWord> => {
  const telling = words.filter((word) => !stopWords(language).has(word.text))
  return telling.length > 0 ? telling : words
}

const exactly = { prefix: false, typos: false } as const

/** Two words that are one in some text: "tooth brush", "ps 5". A stem that has nothing of the second word is the first one's alone: "toothed" is one of "tooth". */
const joinedAt = (vocabulary: Vocabulary, words: ReadonlyArray<SearchWord>, at: number): AllOf | undefined => {
  const [one, next] = [words[at]!, words[at + 1]]
  if (next === undefined || one.kind !== "word" || next.kind === "measure") return undefined
  const word: SearchWord = { ...one, text: one.text + next.text }
  if (vocabulary.stems.of(word, true).some((stem) => stem.length <= one.text.length)) return undefined
  const terms = termsFor(vocabulary, word, exactly)
  return terms.size === 0 ? undefined : [terms]
}

/** One word that no text has, as two that some have: "icecream", "ps5". */
const partsOf = (vocabulary: Vocabulary, word: SearchWord): AllOf => {
  const model = /^(\p{L}+)(\d+)$/u.exec(word.text)
  if (model !== null) {
    const parts = searchWords(`${model[1]} ${model[2]}`).map((part) => termsFor(vocabulary, part, exactly))
    return parts.every(({ size }) => size > 0) ? parts : []
  }
  const letters = [...word.text]
  for (let at = 3; word.kind === "word" && at <= Math.min(letters.length - 3, 40); at++) {
    const parts = [letters.slice(0, at), letters.slice(at)].map((part) => termsFor(vocabulary, { ...word, text: part.join("") }, exactly))
    if (parts.every(({ size }) => size > 0)) return parts
  }
  return []
}

const SYNONYM = 0.8

const weighted = (terms: AnyOf, by: number): AnyOf => new Map([...terms].map(([term, weight]) => [term, weight * by]))

interface Rule {
  readonly from: ReadonlyArray<ReadonlyArray<string>>
  readonly to: ReadonlyArray<ReadonlyArray<SearchWord>>
}

const rules = new WeakMap<ReadonlyArray<SearchSynonym>, WeakMap<Vocabulary, ReadonlyArray<Rule>>>()

/** Synonyms as rules, the longest first; worked out once. */
const rulesOf = (vocabulary: Vocabulary, synonyms: ReadonlyArray<SearchSynonym>, language: string): ReadonlyArray<Rule> => {
  const known = rules.get(synonyms)?.get(vocabulary)
  if (known !== undefined) return known
  const to = new Map<string, { readonly from: Rule["from"]; readonly to: Array<ReadonlyArray<SearchWord>> }>()
  const add = (from: string, others: ReadonlyArray<string>): void => {
    const stems = tellingWords(searchWords(from), language).map((word) => vocabulary.stems.of(word, true))
    const key = JSON.stringify(stems)
    const rule = to.get(key) ?? { from: stems, to: [] }
    rule.to.push(...others.map((other) => tellingWords(searchWords(other), language)).filter((words) => words.length > 0))
    to.set(key, rule)
  }
  for (const synonym of synonyms) {
    if ("word" in synonym) add(synonym.word, synonym.also)
    else
      for (const word of synonym.words)
        add(
          word,
          synonym.words.filter((other) => other !== word)
        )
  }
  const made = [...to.values()].filter(({ from }) => from.length > 0).sort((a, b) => b.from.length - a.from.length)
  if (!rules.has(synonyms)) rules.set(synonyms, new WeakMap())
  rules.get(synonyms)!.set(vocabulary, made)
  return made
}

const isSameWord = (vocabulary: Vocabulary, word: SearchWord, stems: ReadonlyArray<string>): boolean =>
  vocabulary.stems.of(word, true).some((stem) => stems.includes(stem))

/** The terms that a word is found by: its own, those of words that it begins, and of words that differ by a letter or two. */
const termsFor = (vocabulary: Vocabulary, word: SearchWord, how: { readonly prefix: boolean; readonly typos: boolean }): AnyOf => {
  const terms = new Map<number, number>()
  const add = (term: number, weight: number): void => void (weight > (terms.get(term) ?? 0) && terms.set(term, weight))
  for (const stem of vocabulary.stems.of(word, true)) {
    const term = vocabulary.term(stem)
    if (term !== undefined) add(term, 1)
  }
  const plain = unaccented(word.text)
  if (how.prefix) for (const [term, weight] of begunBy(vocabulary, plain)) add(term, weight)
  if (how.typos && word.kind === "word") {
    const most = typosIn(plain)
    if (most === 0) return terms
    for (const [written, found] of nearTo(vocabulary.words, plain, most)) {
      const distance = wordDistance(plain, written, most)
      if (distance > 0 && distance <= most) for (const term of found) add(term, WRONG[distance]!)
    }
    if (how.prefix) {
      for (const [written, found] of vocabulary.words.atPrefix(plain[0]!)) {
        if (written.length <= plain.length) continue
        const distance = beginningDistance(plain, written, most)
        if (distance <= most) for (const term of found) add(term, WRONG[distance]! * 0.5)
      }
    }
  }
  return terms
}

const WRONG: ReadonlyArray<number> = [1, 0.7, 0.4]

const begunBy = (vocabulary: Vocabulary, plain: string): ReadonlyMap<number, number> => {
  const begun = new Map<number, number>()
  for (const [written, terms] of vocabulary.words.atPrefix(plain)) {
    const weight = 0.3 + 0.5 * (plain.length / written.length)
    for (const term of terms) if (weight > (begun.get(term) ?? 0)) begun.set(term, weight)
  }
  if (begun.size <= MOST_BEGUN) return begun
  const size = (term: number): number => vocabulary.postings[term]!.texts.length
  return new Map([...begun].sort(([a], [b]) => size(b) - size(a)).slice(0, MOST_BEGUN))
}
