import { asTyped, searchWords, stopWords, typosIn, unaccented, wordDistance } from "./words.ts"

/** Where in a text something stands that was looked for: `[start, end)` in UTF-16 units, in order, none over another. */
export type Highlights = ReadonlyArray<readonly [start: number, end: number]>

/**
 * The words of a text that somebody has looked for: the same but for accents, with another ending, begun by the last word typed, or, where an answer is corrected, a
 * letter or two apart.
 */
export const highlight = (
  text: string,
  typed: string,
  { prefix, corrected, language }: { readonly prefix: boolean; readonly corrected: boolean; readonly language: string }
): Highlights => {
  const all = searchWords(typed)
  const telling = all.filter((word) => !stopWords(language).has(word.text))
  const wanted = (telling.length > 0 ? telling : all).map((word) => ({ ...word, plain: unaccented(word.text) }))
  const last = wanted.at(-1)
  return searchWords(text).flatMap(({ text: word, number, start, end }): Highlights => {
    const marks = wanted.flatMap((one): ReadonlyArray<number> => {
      const plain = asTyped(word, one.plain)
      if (prefix && one === last && plain.startsWith(one.plain)) return [start + one.text.length]
      if (one.plain === plain || one.plain === number || isInflected(one.plain, plain)) return [end]
      if (corrected && one.kind === "word") {
        const most = typosIn(one.plain)
        if (most > 0 && wordDistance(one.plain, plain, most) <= most) return [end]
      }
      return []
    })
    return marks.length === 0 ? [] : [[start, Math.min(end, Math.max(...marks))]]
  })
}

/** Whether two words differ by an ending only: of four letters and more they share all but three. */
const isInflected = (a: string, b: string): boolean => {
  let shared = 0
  while (shared < a.length && shared < b.length && a[shared] === b[shared]) shared++
  return shared >= 4 && a.length - shared <= 2 && b.length - shared <= 3 && shared >= Math.min(a.length, b.length) - 1
}
