import { asTyped, beginningDistance, searchWords, type SearchWord, typosIn, unaccented, wordDistance } from "./words.ts"

/** What a shopper sees of a product that was found. */
interface Named {
  readonly name: string
  readonly brand?: string
  readonly description?: string
}

/**
 * What was typed as it was read where that was not to the letter, by the names, brands and descriptions of what was found; `undefined`: no word of it is found there in
 * another spelling. Of several spellings the nearest is taken, then the most frequent.
 */
export const meantBy = (text: string, found: ReadonlyArray<Named>, prefix: boolean): string | undefined => {
  const typed = searchWords(text)
  const times = new Map<string, number>()
  for (const { name, brand = "", description = "" } of found) {
    for (const word of new Set(searchWords(`${name} ${brand} ${description}`).map((one) => one.text)))
      times.set(word, (times.get(word) ?? 0) + 1)
  }
  let meant = ""
  let [end, isOther] = [0, false]
  for (const word of typed) {
    const spelling = nearest(word, times, prefix && word === typed.at(-1))
    if (spelling !== undefined) isOther = true
    meant += text.slice(end, word.start) + (spelling ?? text.slice(word.start, word.end))
    end = word.end
  }
  return isOther ? meant + text.slice(end) : undefined
}

/** The nearest other spelling of a word; `undefined` for one that is spelt so somewhere, or nowhere nearly so. */
const nearest = ({ kind, text }: SearchWord, times: ReadonlyMap<string, number>, isBegun: boolean): string | undefined => {
  const typed = unaccented(text)
  const most = kind === "word" ? typosIn(typed) : 0
  let best: { readonly word: string; readonly distance: number; readonly count: number } | undefined
  for (const [word, count] of times) {
    const plain = asTyped(word, typed)
    if (plain === typed || (isBegun && plain.startsWith(typed))) return undefined
    const whole = wordDistance(typed, plain, most)
    const distance = isBegun && whole > most ? beginningDistance(typed, plain, most) : whole
    if (distance > most || (best !== undefined && (distance > best.distance || (distance === best.distance && count <= best.count))))
      continue
    best = { word, distance, count }
  }
  return best?.word
}
