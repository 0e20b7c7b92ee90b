import type { Basket } from "./basket.ts"
import { type Counts, countsOf } from "./counts.ts"
import { decay, weigh } from "./history.ts"
import type { ItemRow, Model, PopularRow, Rhythm } from "./model.ts"
import { type Settings, settingsOf } from "./settings.ts"

/** The instant that the model is of (that of the last basket unless told), and what settings are changed. */
export interface LearnOptions {
  readonly now?: number | undefined
  readonly settings?: Partial<Settings> | undefined
  /** The segment that a person's popularity is also counted in. */
  readonly segment?: ((person: string) => string | undefined) | undefined
}

/** Learns from baskets in any order. Law: the model of the baskets is the model of their counts. */
export const learn = (baskets: Iterable<Basket>, options: LearnOptions = {}): Model =>
  modelOf(countsOf(baskets, settingsOf(options.settings)), options)

/** The model of counts that were kept. Deterministic, and the same in whatever order the baskets came. */
export const modelOf = (counts: Counts, options: LearnOptions = {}): Model => {
  const settings = counts.settings
  const histories = [...counts.persons].sort(([left], [right]) => (left < right ? -1 : 1)).map(([, history]) => history)
  const now = options.now ?? histories.reduce((last, history) => Math.max(last, history[0]?.at ?? 0), 0)
  return { at: now, settings, items: itemRows(histories, now, settings), popular: popularRows(histories, now, settings, options) }
}

const bump = (table: Map<string, Map<string, number>>, row: string, column: string, by: number): void => {
  const found = table.get(row) ?? new Map<string, number>()
  table.set(row, found.set(column, (found.get(column) ?? 0) + by))
}

const itemRows = (histories: ReadonlyArray<ReadonlyArray<Basket>>, now: number, settings: Settings): ReadonlyArray<ItemRow> => {
  const alike = new Map<string, Map<string, number>>()
  const together = new Map<string, Map<string, number>>()
  for (const history of histories) {
    const weights = weigh(history, now, settings).slice(0, 300)
    for (const [row, left] of weights) for (const [column, right] of weights) bump(alike, row, column, left * right)
    for (const { items, kind } of history) {
      if (kind !== "order") continue
      for (const row of new Set(items)) for (const column of new Set(items)) bump(together, row, column, 1)
    }
  }
  return [...alike].map(([item, columns]) => {
    const own = columns.get(item) ?? 1
    const nearest = [...columns]
      .filter(([other]) => other !== item)
      .map(([other, sum]) => [other, sum / Math.sqrt(own * (alike.get(other)?.get(other) ?? 1))] as const)
      .sort((left, right) => right[1] - left[1] || (left[0] < right[0] ? -1 : 1))
      .slice(0, settings.neighbours)
    const counted = together.get(item)
    return {
      item,
      of: counted?.get(item) ?? 0,
      items: nearest.map(([other]) => other),
      weights: nearest.map(([, weight]) => weight),
      together: nearest.map(([other]) => counted?.get(other) ?? 0),
      rhythm: rhythmOf(item, histories)
    }
  })
}

const rhythmOf = (_item: string, _histories: ReadonlyArray<ReadonlyArray<Basket>>): Rhythm | undefined => undefined

const popularRows = (
  histories: ReadonlyArray<ReadonlyArray<Basket>>,
  now: number,
  settings: Settings,
  { segment }: LearnOptions
): ReadonlyArray<PopularRow> => {
  const sums = new Map<string, Map<string, number>>([["", new Map()]])
  for (const history of histories) {
    const person = history[0]?.person
    const own = person === undefined ? undefined : segment?.(person)
    for (const { at, items, kind } of history) {
      const worth = settings.worth[kind] * decay(at, now, settings.popularHalfLifeDays)
      for (const item of new Set(items)) for (const name of own === undefined ? [""] : ["", own]) bump(sums, name, item, worth)
    }
  }
  return [...sums].map(([name, items]) => {
    const most = [...items].sort((left, right) => right[1] - left[1] || (left[0] < right[0] ? -1 : 1)).slice(0, settings.popular)
    return { segment: name, items: most.map(([item]) => item), weights: most.map(([, weight]) => weight) }
  })
}
