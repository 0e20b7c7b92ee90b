/** Figures of a method over everybody who was asked, each a mean from 0 to 1. */
export interface Figures {
  /** Of the items wanted (of ten, when there are more), the share among the first ten. */
  readonly "recall@10": number
  /** The same, where a hit counts 1 / log2(1 + its place), as a share of the best order. */
  readonly "ndcg@10": number
  /** The share of persons with a hit among the first ten. */
  readonly hitRate: number
  /** The share of the items sold before the split that were given to anybody. */
  readonly coverage: number
  readonly persons: number
}

const SHOWN = 10
const gain = (place: number): number => 1 / Math.log2(place + 2)
const best = Array.from({ length: SHOWN + 1 }, (_, count) => Array.from({ length: count }, (_, at) => gain(at)).reduce((a, b) => a + b, 0))

/** Measures answers, each with what was wanted. Who wanted nothing of the kind is not counted. */
export const figuresOf = (
  answers: Iterable<{ readonly given: ReadonlyArray<string>; readonly wanted: ReadonlySet<string> }>,
  catalogue: number
): Figures => {
  const shown = new Set<string>()
  const sums = { recall: 0, ndcg: 0, hits: 0, persons: 0 }
  for (const { given, wanted } of answers) {
    if (wanted.size === 0) continue
    const most = Math.min(SHOWN, wanted.size)
    const places = given.slice(0, SHOWN).flatMap((item, place) => (wanted.has(item) ? [place] : []))
    for (const item of given.slice(0, SHOWN)) shown.add(item)
    sums.persons++
    sums.recall += places.length / most
    sums.ndcg += places.reduce((sum, place) => sum + gain(place), 0) / (best[most] ?? 1)
    sums.hits += places.length > 0 ? 1 : 0
  }
  const mean = (sum: number): number => (sums.persons === 0 ? 0 : sum / sums.persons)
  return {
    "recall@10": mean(sums.recall),
    "ndcg@10": mean(sums.ndcg),
    hitRate: mean(sums.hits),
    coverage: catalogue === 0 ? 0 : shown.size / catalogue,
    persons: sums.persons
  }
}
