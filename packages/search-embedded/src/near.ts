import type SearchableMap from "minisearch/SearchableMap"

/** Longer ones are not taken for words that somebody has mistyped so: there are too many pairs. */
const MOST_LETTERS = 40

/**
 * The words that differ by so many mistakes at most, and perhaps some that differ by more. Two letters that changed places are one mistake, but two in the tree of
 * words: so what was typed is looked for with any two of its letters put back, too, and with any two pairs.
 */
export const nearTo = <A>(words: SearchableMap<A>, typed: string, most: number): ReadonlyMap<string, A> => {
  const found = new Map<string, A>()
  const take = (word: string, mistakes: number): void => {
    if (mistakes > 0) for (const [written, [value]] of words.fuzzyGet(word, mistakes)) found.set(written, value)
    else if (words.has(word)) found.set(word, words.get(word)!)
  }
  take(typed, most)
  if (typed.length > MOST_LETTERS) return found
  for (const [one, at] of swapped(typed, 0)) {
    take(one, most - 1)
    if (most > 1) for (const [two] of swapped(one, at + 2)) take(two, most - 2)
  }
  return found
}

/** A word with two letters that stand beside each other in each other's place, from a place on; and where. */
const swapped = (word: string, from: number): ReadonlyArray<readonly [word: string, at: number]> => {
  const all: Array<readonly [string, number]> = []
  for (let at = from; at + 1 < word.length; at++) {
    if (word[at] !== word[at + 1]) all.push([word.slice(0, at) + word[at + 1]! + word[at]! + word.slice(at + 2), at])
  }
  return all
}
