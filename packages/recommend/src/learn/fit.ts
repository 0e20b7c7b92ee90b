import type { Counts } from "./counts.ts"
import { interests } from "./history.ts"
import { chosen, type Judge, judged, SHOWN, type Trial, trialOf, type Tried, type Worth } from "./judge.ts"
import { type Links, linksBy } from "./links.ts"
import { best } from "./recommend.ts"
import { type RepeatsBy, repeatsBy } from "./repeats.ts"
import { againOf } from "./rows.ts"
import type { Settings } from "./settings.ts"
import type { Steps } from "./steps.ts"
import { type Table, tableOf, trendPriorOf, trendsOf } from "./table.ts"

/** The ridges that are tried, the usual one first. */
const RIDGES = [200, 25, 50, 100, 400, 800] as const

/** The most wanted items that ridges are tried on: what fits them fits all, and takes an eighth of the time of twice as many. */
const TRIED = 800

/** By how many standard errors a ridge, or a way to judge repeats, has to be better than the usual one. The latter is hard to beat. */
const ERRORS = { ridge: 1, repeats: 2 }

/** The settings with what they leave open decided by what the latest fifth of the orders would have shown. */
export function* fitted(counts: Counts): Steps<Settings & { readonly ridge: number }> {
  const { settings } = counts
  const { ridge } = settings
  if (ridge !== undefined && settings.repeatsBy !== undefined) return { ...settings, ridge }
  const trial = yield* trialOf(counts)
  const table = yield* tableOf(trial.past, trial.at)
  const { ratios, sales } = trendsOf(table, settings.trendPrior ?? trendPriorOf(table))
  const repeats = settings.repeatsBy ?? (yield* wayOf(trial, table, sales, settings))
  return { ...settings, repeatsBy: repeats, ridge: settings.ridge ?? (yield* ridgeOf(trial, table, ratios, settings)) }
}

const bestOf = (scores: Iterable<readonly [item: string, score: number]>, exclude?: ReadonlySet<string>): ReadonlyArray<string> =>
  best(new Map(scores), { limit: SHOWN, exclude }).map(({ item }) => item)

/** Which way to judge repeats would have found best what was ordered again: personal frequency, unless another is clearly better. */
function* wayOf({ at, judges }: Trial, table: Table, sales: Float64Array, settings: Settings): Steps<RepeatsBy> {
  const asked = judges.filter(({ again }) => again.size > 0)
  const again = againOf(table)
  const numbers = new Map(table.items.map((item, number) => [item, number]))
  function* tried(way: RepeatsBy): Steps<Tried<RepeatsBy>> {
    const recent = way === "frequency" ? table.ordered : sales
    const known = (item: string) => ({ again: again[numbers.get(item)!]!, recent: recent[numbers.get(item)!]! })
    const worth: Array<Worth> = []
    for (const judge of asked) {
      const found = repeatsBy(way, judge.history, at, settings.repeatHalfLifeDays, known)
      worth.push(judged(bestOf(found.map(({ item, score }) => [item, score])), judge.again))
      yield
    }
    return { way, worth }
  }
  return chosen([yield* tried("frequency"), yield* tried("returns"), yield* tried("sales")], ERRORS.repeats)
}

/** Which ridge would have found best what was new: the usual one, unless another is clearly better. */
function* ridgeOf(trial: Trial, table: Table, ratios: Float64Array, settings: Settings): Steps<number> {
  const judges = trial.judges.filter(({ fresh }) => fresh.size > 0)
  const known = judges.map(({ history }) => new Set(history.flatMap(({ items, kind }) => (kind === "order" ? items : []))))
  const linksWith = yield* linksBy(table, Math.min(settings.dense, TRIED))
  function* tried(ridge: number): Steps<Tried<number>> {
    const links = yield* linksWith(ridge)
    const scores = yield* scoresOf(judges, table, links, trial.at, settings)
    const worth: Array<Worth> = []
    for (const [judge, { fresh }] of judges.entries()) {
      const found = links.dense.map((item, place) => [table.items[item]!, scores[judge]![place]! * ratios[item]!] as const)
      worth.push(judged(bestOf(found, known[judge]), fresh))
      yield
    }
    return { way: ridge, worth }
  }
  const [usual, ...others] = RIDGES
  if (judges.length === 0) return usual
  const ways: [Tried<number>, ...Array<Tried<number>>] = [yield* tried(usual)]
  for (const other of others) ways.push(yield* tried(other))
  return chosen(ways, ERRORS.ridge)
}

/** For each judge what is expected of each of the dense items but for its trend: its mean, and what interest beside the means adds to it. */
function* scoresOf(
  judges: ReadonlyArray<Judge>,
  table: Table,
  { dense, means, write }: Links,
  at: number,
  settings: Settings
): Steps<ReadonlyArray<Float64Array>> {
  const interested = new Map(dense.map((item) => [table.items[item]!, new Array<readonly [judge: number, strength: number]>()]))
  for (const [judge, { history }] of judges.entries()) {
    for (const { item, strength } of interests(history, at, settings).slice(0, settings.seeds))
      interested.get(item)?.push([judge, strength])
    yield
  }
  const scores = judges.map(() => new Float64Array(dense.length))
  const bases = Float64Array.from(dense, (item) => means[item]!)
  const row = new Float64Array(table.items.length)
  for (const item of dense) {
    write(item, row)
    const links = Float64Array.from(dense, (other) => row[other]!)
    addTo(bases, links, -means[item]!)
    for (const [judge, strength] of interested.get(table.items[item]!)!) addTo(scores[judge]!, links, strength)
    yield
  }
  for (const own of scores) addTo(own, bases, 1)
  return scores
}

const addTo = (sums: Float64Array, values: Float64Array, times: number): void => {
  for (let at = 0; at < sums.length; at++) sums[at]! += times * values[at]!
}
