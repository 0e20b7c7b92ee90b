import { type SearchWord, unaccented } from "@omni/catalog/search"
import { stemmer as english } from "@orama/stemmers/english"
import { stemmer as spanish } from "@orama/stemmers/spanish"

/** Brings a word to what it has in common with its other forms. */
export type Stemmer = (word: string) => string

/** The stemmer takes some nouns for verbs, but not their plurals: mujer, collar. And it does not know jersey, jerséis. */
const spanishSingular = (word: string): string =>
  word.replace(/([aeiáéí]r)es$/, "$1").replace(/([aeoáéó])[iy]s?$/, (_, vowel: string) => `${unaccented(vowel)}y`)

/** Snowball's stemmers by language. */
export const STEMMERS: Readonly<Record<string, Stemmer>> = {
  en: english,
  // Its plural writes z as c: luz, luces.
  es: (word) => spanish(spanishSingular(word)).replace(/z$/, "c")
}

/** The terms of words in one language. */
export class Stems {
  readonly #stem: Stemmer
  readonly #known = new Map<string, ReadonlyArray<string>>()

  constructor(stem: Stemmer = (word) => word) {
    this.#stem = stem
  }

  /**
   * What a word is kept and found by: its stem, without accents. Many write without them, and some endings are known by theirs only, so the stem of the word
   * without accents is another. A word with ñ is found by n too; whoever writes ñ means it.
   */
  of(word: SearchWord, asked: boolean): ReadonlyArray<string> {
    if (word.kind === "number") return [word.text]
    if (word.kind === "measure") return asked ? [word.text] : [word.text, word.number!]
    const key = asked ? `?${word.text}` : word.text
    const known = this.#known.get(key)
    if (known !== undefined) return known
    const found = this.#stems(word.text, asked)
    if (this.#known.size < 100_000) this.#known.set(key, found)
    return found
  }

  #stems(text: string, asked: boolean): ReadonlyArray<string> {
    const plain = unaccented(text)
    const forms = [...new Set([unaccented(this.#stem(text)), unaccented(this.#stem(plain))])]
    if (asked || !plain.includes("ñ")) return forms
    return [...new Set([...forms, ...forms.map(withoutTilde), unaccented(this.#stem(withoutTilde(plain)))])]
  }
}

export const withoutTilde = (text: string): string => text.replaceAll("ñ", "n")
