import type { Basket, History } from "@omni/recommend"

import { negateInverse, type Symmetric, symmetric } from "../../src/learn/inverse.ts"
import { atOnce } from "../../src/learn/steps.ts"
import { boughtBy, byScore, type Method, type Recommend, SHOWN, soldOf } from "./methods.ts"
import { tuned } from "./tuned.ts"

/** The most sold items that the inverse is of: 4,000 take 128 MB and some 32 thousand million multiplications. */
const MOST = 4_000

/** The most sold items that λ is chosen on. */
const TRIED = 1_500

/** What Steck takes for his three data sets. Which of them is chosen by each file, on what lies before the split. */
const LAMBDAS = [500, 200, 1_000] as const

const itemsOf = (train: ReadonlyArray<Basket>, most: number): ReadonlyArray<string> =>
  [...soldOf(train)]
    .sort(byScore)
    .slice(0, most)
    .map(([item]) => item)

const gramOf = (histories: Iterable<ReadonlySet<string>>, items: ReadonlyArray<string>): Symmetric => {
  const places = new Map(items.map((item, place) => [item, place]))
  const gram = symmetric(items.length)
  for (const history of histories) {
    const rows = [...history].flatMap((item) => places.get(item) ?? []).sort((left, right) => left - right)
    rows.forEach((row, at) => {
      for (let left = 0; left <= at; left++) gram.values[row * gram.stride + rows[left]!]!++
    })
  }
  return gram
}

/** B as rows of the whole matrix: -P_ji / P_ii, and 0 on the diagonal. */
const weightsOf = (gram: Symmetric, lambda: number): Float32Array => {
  const { size, stride } = gram
  const inverse = { size, stride, values: gram.values.slice() }
  for (let item = 0; item < size; item++) inverse.values[item * stride + item]! += lambda
  atOnce(negateInverse(inverse))
  const { values } = inverse
  const weights = new Float32Array(size * size)
  for (let j = 0; j < size; j++) {
    for (let i = 0; i < size; i++) {
      const negated = j >= i ? values[j * stride + i]! : values[i * stride + j]!
      weights[j * size + i] = i === j ? 0 : -negated / values[i * stride + i]!
    }
  }
  return weights
}

const recommendBy = (items: ReadonlyArray<string>, weights: Float32Array): Recommend => {
  const places = new Map(items.map((item, place) => [item, place]))
  const scores = new Float64Array(items.length)
  return (history, kind) => {
    const had = boughtBy(history)
    if (had.size === 0) return []
    scores.fill(0)
    for (const item of had) {
      const row = places.get(item)
      if (row === undefined) continue
      for (let at = 0, from = row * items.length; at < items.length; at++) scores[at]! += weights[from + at]!
    }
    const order = items.flatMap((item, at) => (had.has(item) === (kind === "repeats") ? [[item, scores[at]!] as const] : []))
    // The items are sorted by how much they are sold, and the sort is stable: so they are where nothing else tells them apart.
    return order
      .sort((left, right) => right[1] - left[1])
      .slice(0, SHOWN)
      .map(([item]) => item)
  }
}

const personsOf = (train: ReadonlyArray<Basket>): ReadonlyMap<string, History> => Map.groupBy(train, ({ person }) => person ?? "")

const learnt = (train: ReadonlyArray<Basket>, most: number, lambdas: ReadonlyArray<number>): ReadonlyArray<Recommend> => {
  const items = itemsOf(train, most)
  const gram = gramOf([...personsOf(train).values()].map(boughtBy), items)
  return lambdas.map((lambda) => recommendBy(items, weightsOf(gram, lambda)))
}

/** Steck 2019, "Embarrassingly Shallow Autoencoders for Sparse Data": who bought what, with neither times nor counts. */
export const ease: Method = {
  name: "EASE",
  learn: (train, _now, note) => {
    const lambda = tuned(train, LAMBDAS, (known, lambdas) => learnt(known, TRIED, lambdas))
    const all = soldOf(train).size
    note(`λ ${lambda}${MOST < all ? `; on the ${MOST} most sold of ${all} items` : ""}`)
    return learnt(train, MOST, [lambda])[0]!
  }
}
