import type { PopularRow } from "../learn/model.ts"
import type { Settings as LearnSettings } from "../learn/settings.ts"
import { sorted, type Steps } from "../learn/steps.ts"
import type { LearntFrom } from "./histories.ts"

/** What is popular in a segment in a season. */
export interface SeasonalRow extends PopularRow {
  readonly season: string
}

/** Items that are kept of a season: more than any slot shows. */
const MOST = 200

interface Sum {
  readonly segment: string
  readonly season: string
  readonly items: Map<string, number>
}

/**
 * What sold in each season, for everybody ("") and in each segment, most first, whatever the year: the worth of the baskets, undecayed, for
 * most of a year has gone by when a season comes again.
 */
export function* popularBySeason(histories: Iterable<LearntFrom>, { worth }: LearnSettings): Steps<ReadonlyArray<SeasonalRow>> {
  const sums = new Map<string, Sum>()
  const sumOf = (segment: string, season: string): Sum => {
    const key = JSON.stringify([segment, season])
    const sum = sums.get(key) ?? { segment, season, items: new Map<string, number>() }
    sums.set(key, sum)
    return sum
  }
  for (const { history, seasons, segment } of histories) {
    history.forEach(({ items, kind }, at) => {
      for (const name of segment === undefined ? [""] : ["", segment]) {
        const { items: counts } = sumOf(name, seasons[at] ?? "")
        for (const item of new Set(items)) counts.set(item, (counts.get(item) ?? 0) + worth[kind])
      }
    })
    yield
  }
  const rows: Array<SeasonalRow> = []
  for (const { items, season, segment } of sums.values()) {
    const all = yield* sorted([...items], (a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
    const most = all.slice(0, MOST)
    rows.push({ segment, season, items: most.map(([item]) => item), weights: most.map(([, weight]) => weight) })
  }
  return rows
}
