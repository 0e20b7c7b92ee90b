import type { Basket } from "./basket.ts"
import { type Counts, countsOf } from "./counts.ts"
import { fitted } from "./fit.ts"
import { linksOf } from "./links.ts"
import type { Model } from "./model.ts"
import { rhythmsOf } from "./rhythm.ts"
import { itemRows, popularRows } from "./rows.ts"
import { type Settings, settingsOf } from "./settings.ts"
import { ordersPerPerson, tableOf, trendPriorOf, trendsOf } from "./table.ts"

export interface LearnOptions {
  /** The instant that the model is of; that of the last basket unless told. */
  readonly now?: number | undefined
  readonly settings?: Partial<Settings> | undefined
  /** The segments that people's popularity is also counted in, by person. */
  readonly segments?: ReadonlyMap<string, string> | undefined
}

/** Learns from baskets in any order. Law: the model of baskets is the model of their counts. */
export const learn = (baskets: Iterable<Basket>, options: LearnOptions = {}): Model =>
  modelOf(countsOf(baskets, settingsOf(options.settings)), options)

const lastOf = ({ persons }: Counts): number => {
  let last = 0
  for (const history of persons.values()) last = Math.max(last, history[0]?.at ?? 0)
  return last
}

/**
 * The model of counts that were kept. Law: it is the same in whatever order the baskets came. It takes the settings of
 * the counts, decides what they leave open, and takes at the most `dense`² × 8 bytes beside what it reads and gives.
 */
export const modelOf = (counts: Counts, options: Omit<LearnOptions, "settings"> = {}): Model => {
  const at = options.now ?? lastOf(counts)
  const decided = fitted(counts)
  const table = tableOf(counts, at, (person) => options.segments?.get(person))
  const settings = { ...decided, trendPrior: decided.trendPrior ?? trendPriorOf(table) }
  const orders = ordersPerPerson(table)
  const { ratios, sales } = trendsOf(table, settings.trendPrior)
  const outlook = ratios.map((trend) => trend / orders)
  const learnt = {
    table,
    links: linksOf(table, settings),
    outlook,
    sales: settings.repeatsBy === "frequency" ? table.ordered : sales,
    settings
  }
  const items = itemRows(learnt, rhythmsOf(counts.persons.values()))
  return { at, settings, items, popular: popularRows(learnt, items) }
}
