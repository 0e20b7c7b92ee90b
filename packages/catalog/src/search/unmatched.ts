import { NO_COUNTS } from "./answer.ts"
import { searchCode } from "./codes.ts"
import type { SearchAnswer, SearchRequest } from "./port.ts"
import { searchWords, stopWords } from "./words.ts"

/** Of a text that nothing has so many words are looked for one by one. */
const MOST_WORDS = 8

/** The words of a text that nothing has, as they were typed: each is asked for alone. */
export const unmatchedIn = async (
  request: SearchRequest,
  ask: (request: SearchRequest) => Promise<SearchAnswer>
): Promise<ReadonlyArray<string>> => {
  const { text, languages, prefix } = request
  const all = searchWords(text)
  const words = new Map(
    all
      .filter((word) => !languages.some((language) => stopWords(language).has(word.text)))
      .slice(0, MOST_WORDS)
      .map((word) => [text.slice(word.start, word.end), word] as const)
  )
  if (words.size < 2) return [...words.keys()]
  const answers = await Promise.all(
    [...words].map(([typed, word]) =>
      ask({ ...request, ...NO_COUNTS, text: typed, code: searchCode(typed), prefix: prefix && word === all.at(-1), limit: 1 })
    )
  )
  return [...words.keys()].filter((_, at) => answers[at]!.total === 0)
}
