import { type Basket, type History, learn, replenish } from "@omni/recommend"

import { type Case, type DataFile, defineSuite, type Options } from "../../../scripts/conform/suite.ts"
import { splitAt, splitOf } from "./recommend/split.ts"
import { isTransactions, transactionsOf } from "./recommend/transactions.ts"

const DAY = 86_400_000

/** By person and item that were bought again before the split and are expected to be once more: when. */
const expectedOf = (train: ReadonlyArray<Basket>, at: number): ReadonlyMap<string, number> => {
  const { items } = learn(train, { now: at })
  const rhythms = new Map(items.flatMap(({ item, rhythm }) => (rhythm === undefined ? [] : [[item, rhythm] as const])))
  return new Map(
    [...Map.groupBy(train, ({ person }) => person ?? "")].flatMap(([person, history]) =>
      replenish(history, rhythms, at).map(({ expectedAt, item }) => [`${person} ${item}`, expectedAt] as const)
    )
  )
}

/** By person and item: when it was bought first from the split on. */
const boughtNext = (history: History): ReadonlyMap<string, number> => {
  const next = new Map<string, number>()
  for (const { at, items, person } of history) {
    for (const item of items) {
      const key = `${person} ${item}`
      next.set(key, Math.min(at, next.get(key) ?? Infinity))
    }
  }
  return next
}

/** By person and item, where it was not as many the last time as the time before. */
const changed = (train: History): ReadonlySet<string> => {
  const last = new Map<string, number>()
  const differing = new Set<string>()
  for (const { items, person, quantities } of train.toSorted((left, right) => left.at - right.at))
    for (const [place, item] of items.entries()) {
      const key = `${person} ${item}`
      const quantity = quantities?.[place] ?? 1
      if ((last.get(key) ?? quantity) === quantity) differing.delete(key)
      else differing.add(key)
      last.set(key, quantity)
    }
  return differing
}

const errorsOf = (daysOff: ReadonlyArray<number>) => {
  const sorted = daysOff.toSorted((left, right) => left - right)
  return { mean: daysOff.reduce((sum, value) => sum + value, 0) / daysOff.length, median: sorted[sorted.length >> 1] ?? Number.NaN }
}

const rounded = (_key: string, value: unknown): unknown => (typeof value === "number" ? Number(value.toPrecision(4)) : value)

interface Input {
  readonly figure: number
}

function* targets(file: DataFile, options: Options): Iterable<Case<Input>> {
  const at = splitAt(options["split"])
  const { baskets } = transactionsOf(file.text)
  const { train } = splitOf(baskets, at)
  const next = boughtNext(baskets.filter((basket) => basket.at >= at))
  const knowing = expectedOf(train, at)
  const ignoring = expectedOf(
    train.map((basket) => ({ ...basket, quantities: undefined })),
    at
  )
  const differing = changed(train)
  const met = [...next].filter(([key]) => knowing.has(key) && ignoring.has(key))
  for (const [who, keys] of [
    ["all that was bought again", met],
    ["of which the last time another quantity than before", met.filter(([key]) => differing.has(key))]
  ] as const) {
    const daysOff = (expected: ReadonlyMap<string, number>) =>
      errorsOf(keys.map(([key, bought]) => Math.abs(bought - (expected.get(key) ?? 0)) / DAY))
    const [ours, without] = [daysOff(knowing), daysOff(ignoring)]
    console.log(JSON.stringify({ "days off": who, times: keys.length, "with quantities": ours, without: without }, rounded))
    if (keys.length > 0)
      yield {
        name: `${file.name} / days off, ${who}, beside no quantities`,
        input: { figure: ours.mean },
        want: { atMost: without.mean * (1 + 1 / Math.sqrt(keys.length)) }
      }
  }
}

const isTarget = (want: unknown): want is { readonly atMost: number } => typeof want === "object" && want !== null && "atMost" in want

/**
 * Replenishment: a file of transactions in the form of UCI Online Retail or of The Complete Journey, split at the date `--split`. What was bought again before is expected at a date; how many days
 * the next purchase is from it, with quantities and with no account of them. With them it may be no worse, but for what is chance among so few.
 */
export const suite = defineSuite<Input>({
  name: "replenishment",
  accepts: (file) => /\.csv(\.gz)?$/.test(file.name) && isTransactions(file.text),
  cases: targets,
  run: ({ figure }) => figure,
  agrees: (want, got) => isTarget(want) && typeof got === "number" && got <= want.atMost
})
