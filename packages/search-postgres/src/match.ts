import { beginningDistance, type SearchSynonym, searchWords, type SearchWord, typosIn, wordDistance } from "@omni/catalog/search"

import { type Asked, begunBy, likeWord, type Stemmed, stemmed } from "./lookup.ts"
import { rulesIn } from "./synonyms.ts"
import { lexeme, partsOf, plainWord, typedWords } from "./words.ts"

/** What a text of a language has to have, as a `tsquery`. */
export interface Worded {
  readonly language: string
  readonly words: string
}

/** Brings what was typed into a `tsquery` for each language. `near`: words may differ by a letter or two. */
export const wordedFor = async (asked: Asked, text: string, near: boolean): Promise<ReadonlyArray<Worded>> => {
  const all: Array<Worded> = []
  for (const language of asked.request.languages) {
    const words = await queryIn(asked, text, language, near)
    if (words !== undefined) all.push({ language, words })
  }
  return all
}

const queryIn = async (asked: Asked, text: string, language: string, near: boolean): Promise<string | undefined> => {
  const words = typedWords(text, language)
  if (words.length === 0) return undefined
  const plain = words.map((word) => plainWord(word.text))
  const joined = words.map((_, at) => joinedAt(words, at))
  const stems = await stemmed(asked, language, [...plain, ...joined.flatMap((one) => one?.text ?? [])])
  const synonyms = Object.hasOwn(asked.settings.synonyms, language) ? asked.settings.synonyms[language]! : NONE
  const rules = await rulesIn(asked, synonyms, language)
  const all = searchWords(text)
  const last = all.at(-1)?.text
  // Said twice, it has been typed in full.
  const begun = asked.request.prefix && all.filter((word) => word.text === last).length === 1 ? last : undefined
  const options: Array<ReadonlyArray<string>> = []
  for (const word of words) options.push(await optionsOf(asked, language, word, { stems, near, begun: word.text === begun }))
  const groups: Array<string> = []
  for (let at = 0; at < words.length;) {
    const rule = rules.find(({ from }) => from.every((of, i) => plain[at + i] !== undefined && shares(stems.get(plain[at + i]!), of)))
    const length = rule?.from.length ?? 1
    if (rule !== undefined) groups.push(anyOf([allOf(options.slice(at, at + length).map(anyOf)), ...rule.to]))
    else groups.push(anyOf([...options[at]!, ...[joined[at - 1], joined[at]].flatMap((one) => joinedTerm(stems, one))]))
    at += length
  }
  const asTsquery = allOf(groups.filter((group) => group !== ""))
  return asTsquery === "" ? undefined : asTsquery
}

const NONE: ReadonlyArray<SearchSynonym> = []

const shares = (word: Stemmed | undefined, stems: ReadonlyArray<string>): boolean =>
  word?.stems.some((stem) => stems.includes(stem)) ?? false

/** Two words that may be written as one: "tooth brush", "ps 5". */
const joinedAt = (words: ReadonlyArray<SearchWord>, at: number): { readonly text: string; readonly first: number } | undefined => {
  const [one, next] = [words[at]!, words[at + 1]]
  if (next === undefined || one.kind !== "word" || next.kind === "measure") return undefined
  return { text: plainWord(one.text + next.text), first: one.text.length }
}

/** A stem that has nothing of the second word is the first one's alone: "copad" is one of "copa". */
const joinedTerm = (stems: ReadonlyMap<string, Stemmed>, joined: ReturnType<typeof joinedAt>): ReadonlyArray<string> => {
  const word = joined === undefined ? undefined : stems.get(joined.text)
  return word?.stems.every((stem) => stem.length > joined!.first) === true ? termOf(word) : []
}

interface HowMeant {
  readonly stems: ReadonlyMap<string, Stemmed>
  readonly near: boolean
  readonly begun: boolean
}

/** What a word is met by: itself, what it begins, what it may have been meant as; if that is nothing, its two halves. */
const optionsOf = async (
  asked: Asked,
  language: string,
  word: SearchWord,
  { stems, near, begun }: HowMeant
): Promise<ReadonlyArray<string>> => {
  const plain = plainWord(word.text)
  const own = stems.get(plain)
  const others = [...(begun ? await begunBy(asked, language, plain) : []), ...(near ? await nearTo(asked, language, word, begun) : [])]
  const parts = own?.isKnown === true || others.length > 0 ? [] : await partedTerms(asked, language, word)
  const begins = begun ? [`${lexeme(plain)}:*`] : []
  return [...new Set([...termOf(own), ...others.map(lexeme), ...begins, ...parts])]
}

const partedTerms = async (asked: Asked, language: string, word: SearchWord): Promise<ReadonlyArray<string>> => {
  const parts = partsOf(word)
  const stems = await stemmed(asked, language, parts.flat())
  const first = parts.find((all) => all.every((part) => stems.get(part)?.isKnown === true))
  return first === undefined ? [] : [allOf(first.map((part) => anyOf(termOf(stems.get(part)))))]
}

/** The stems of words that differ by a letter or two from one, or whose beginnings do. */
const nearTo = async (asked: Asked, language: string, { kind, text }: SearchWord, prefix: boolean): Promise<ReadonlyArray<string>> => {
  const plain = plainWord(text)
  const most = typosIn(plain)
  if (kind !== "word" || most === 0) return []
  const all = await likeWord(asked, language, plain, { most, prefix })
  const distanceTo = (word: string): number =>
    Math.min(wordDistance(plain, word, most), prefix && word.length > plain.length ? beginningDistance(plain, word, most) : most + 1)
  const near = all.map(({ word, stems }) => ({ stems, distance: distanceTo(word) })).filter(({ distance }) => distance <= most)
  const nearest = near.sort((a, b) => a.distance - b.distance).slice(0, MOST_NEAR)
  return [...new Set(nearest.flatMap(({ stems }) => stems))]
}

/** A question has only so much room. */
const MOST_NEAR = 500

const termOf = (word: Stemmed | undefined): ReadonlyArray<string> =>
  word === undefined || word.stems.length === 0 ? [] : [allOf(word.stems.map(lexeme))]

const allOf = (terms: ReadonlyArray<string>): string => terms.filter((term) => term !== "").join(" & ")

const anyOf = (terms: ReadonlyArray<string>): string => (terms.length === 0 ? "" : `(${[...new Set(terms)].join(" | ")})`)
