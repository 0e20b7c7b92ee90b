import { searchWords, type SearchWord, unaccented } from "@omni/catalog/search"
import SearchableMap from "minisearch/SearchableMap"

import { type Column, floats, ordinals } from "./columns.ts"
import { type Stemmer, Stems, withoutTilde } from "./stems.ts"

/** In which texts a term stands, and how much it says there. */
export interface Postings {
  readonly texts: Column<Uint32Array>
  readonly weights: Column<Float32Array>
}

/** How much a word says by where it stands, and how many words there usually are: what stands among few says more. */
export const FIELDS = {
  name: { weight: 8, usual: 6 },
  brand: { weight: 4, usual: 2 },
  attributes: { weight: 2, usual: 12 },
  description: { weight: 1, usual: 40 }
} as const

export type Field = keyof typeof FIELDS

/** The words of all texts in one language. */
export class Vocabulary {
  readonly stems: Stems
  /** Words as they are written, without accents, and the terms that they are found by. */
  readonly words = new SearchableMap<Array<number>>()
  readonly #terms = new Map<string, number>()
  /** Words that were entered before, and their terms: most of a text are. */
  readonly #entered = new Map<string, ReadonlyArray<number>>()
  readonly postings: Array<Postings> = []

  constructor(stemmer: Stemmer | undefined, stems = new Stems(stemmer)) {
    this.stems = stems
  }

  term(term: string): number | undefined {
    return this.#terms.get(term)
  }

  /** Adds a text under its number. Numbers ascend. */
  add(text: number, fields: Readonly<Partial<Record<Field, string>>>): void {
    const weights = new Map<number, number>()
    for (const [field, value] of Object.entries(fields) as ReadonlyArray<[Field, string]>) {
      const { weight, usual } = FIELDS[field]
      const words = searchWords(value)
      const counts = new Map<number, number>()
      for (const [at, word] of words.entries()) {
        for (const term of this.#enter(word)) counts.set(term, (counts.get(term) ?? 0) + 1)
        const next = words[at + 1]
        // What is written with a hyphen is also written without.
        if (next !== undefined && value[word.end] === "-" && next.start === word.end + 1) {
          for (const term of this.#enter({ ...word, kind: "word", text: word.text + next.text }))
            counts.set(term, (counts.get(term) ?? 0) + 1)
        }
      }
      // BM25F: each further time says less, and among many words each says less.
      const length = 1.2 * (0.25 + 0.75 * (words.length / usual))
      for (const [term, count] of counts) weights.set(term, (weights.get(term) ?? 0) + (weight * count * 2.2) / (count + length))
    }
    for (const [term, weight] of weights) {
      const { texts, weights: all } = this.postings[term]!
      texts.push(text)
      all.push(weight)
    }
  }

  #enter(word: SearchWord): ReadonlyArray<number> {
    const key = word.kind === "word" && word.number === undefined ? word.text : `${word.kind} ${word.number ?? ""} ${word.text}`
    const entered = this.#entered.get(key)
    if (entered !== undefined) return entered
    const terms = this.#enterNew(word)
    if (this.#entered.size < MOST_ENTERED) this.#entered.set(key, terms)
    return terms
  }

  #enterNew(word: SearchWord): ReadonlyArray<number> {
    const terms = this.stems.of(word, false).map((term) => this.#number(term))
    const plain = unaccented(word.text)
    // Whoever writes ñ means it: those terms that are without are not found by it.
    const meant = plain.includes("ñ") ? this.stems.of(word, true).map((term) => this.#number(term)) : terms
    for (const written of new Set([plain, withoutTilde(plain), ...(word.number === undefined ? [] : [word.number])])) {
      const found = written.includes("ñ") ? meant : terms
      const known = this.words.get(written)
      if (known === undefined) this.words.set(written, [...found])
      else for (const term of found) if (!known.includes(term)) known.push(term)
    }
    return terms
  }

  #number(term: string): number {
    const known = this.#terms.get(term)
    if (known !== undefined) return known
    const number = this.postings.length
    this.#terms.set(term, number)
    this.postings.push({ texts: ordinals(4), weights: floats(4) })
    return number
  }

  /**
   * The same words for texts that have other numbers now; `GONE` for those that are there no more. Terms keep theirs. `after` is told of so many entries that were
   * looked at, and may wait.
   */
  async keeping(texts: Uint32Array, after: (entries: number) => Promise<void> | undefined): Promise<Vocabulary> {
    const kept = new Vocabulary(undefined, this.stems)
    for (const [term, number] of this.#terms) {
      kept.#terms.set(term, number)
      const { texts: from, weights } = this.postings[number]!
      const to: Postings = { texts: ordinals(4), weights: floats(4) }
      for (let at = 0; at < from.length; at++) {
        const text = texts[from.values[at]!]!
        if (text === GONE) continue
        to.texts.push(text)
        to.weights.push(weights.values[at]!)
      }
      kept.postings[number] = to
      // An entry is looked at in a fraction of the time that a row takes.
      await after(1 + from.length / 32)
    }
    for (const [written, terms] of this.words) {
      if (terms.some((term) => kept.postings[term]!.texts.length > 0)) kept.words.set(written, terms)
      await after(1)
    }
    return kept
  }
}

/** So many words are remembered. */
const MOST_ENTERED = 100_000

/** What stands for a text that is there no more. */
export const GONE = 0xffffffff
