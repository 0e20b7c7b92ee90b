import type { Basket, History } from "@omni/recommend"

import { figuresOf } from "./measure.ts"
import type { Recommend } from "./methods.ts"

/** The share of the baskets that a peer's setting is chosen on. */
const KEPT = 0.2

/**
 * The setting of a peer that finds best what is new in the latest fifth of the baskets before the split, having learnt from
 * those before them: by the mean of recall and NDCG of ten. So a peer has what ours has, and sees nothing after the split.
 */
export const tuned = <Setting>(
  train: ReadonlyArray<Basket>,
  settings: readonly [Setting, ...ReadonlyArray<Setting>],
  learn: (train: ReadonlyArray<Basket>, settings: ReadonlyArray<Setting>) => ReadonlyArray<Recommend>
): Setting => {
  const times = train.map(({ at }) => at).sort((left, right) => left - right)
  const cut = times[Math.floor(times.length * (1 - KEPT))] ?? 0
  const known = train.filter(({ at }) => at < cut)
  const before = Map.groupBy(known, ({ person }) => person ?? "")
  const after = Map.groupBy(
    train.filter(({ at }) => at >= cut),
    ({ person }) => person ?? ""
  )
  const asked = [...after].flatMap(([person, later]) => {
    const history = before.get(person)
    return history === undefined ? [] : [{ history, wanted: newIn(history, later) }]
  })
  const methods = asked.length === 0 ? [] : learn(known, settings)
  const worth = methods.map((recommend) => {
    const figures = figuresOf(
      asked.map(({ history, wanted }) => ({ given: recommend(history, "new"), wanted })),
      0
    )
    return figures["recall@10"] + figures["ndcg@10"]
  })
  const best = worth.indexOf(Math.max(...worth))
  return settings[best] ?? settings[0]
}

const newIn = (history: History, later: History): ReadonlySet<string> => {
  const had = new Set(history.flatMap(({ items }) => items))
  return new Set(later.flatMap(({ items }) => items.filter((item) => !had.has(item))))
}
