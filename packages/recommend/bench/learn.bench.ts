import { type Basket, forYou, learn, type Rows, seeds } from "@omni/recommend"
import { CholeskyDecomposition, inverse, Matrix } from "ml-matrix"

import { compare, isLong, millisOf } from "../../../scripts/bench/harness.ts"
import { stream } from "../../../scripts/bench/stream.ts"
import { negateInverse, symmetric } from "../src/learn/inverse.ts"
import { atOnce } from "../src/learn/steps.ts"

const next = stream(11)
const NOW = 1_700_000_000_000
const LINES = 20
const [rows, items, persons] = isLong ? [300_000, 3_000, 3_300] : [30_000, 800, 500]

/** An item, of which low numbers are much more frequent, out of the quarter of the range that a person keeps to, mostly. */
const itemFor = (person: number): string => {
  const rank = Math.floor(items ** next()) - 1
  return `item-${next() < 0.7 ? (rank * 4 + person) % items : rank}`
}

const baskets = Array.from({ length: rows / LINES }, (_, at): Basket => {
  const person = Math.floor(next() * persons)
  const lines = Array.from({ length: LINES }, () => itemFor(person))
  return { id: `order-${at}`, kind: "order", person: `person-${person}`, at: NOW - Math.floor(next() * 300 * 86_400_000), items: lines }
})

await compare({
  bench: "recommend",
  case: `learning from ${rows} rows of ${items} items`,
  unit: "ms",
  better: "lower",
  ours: () => millisOf(() => learn(baskets, { now: NOW })),
  peers: {},
  rounds: isLong ? 1 : 3
})

const model = learn(baskets, { now: NOW })
const byItem = new Map(model.items.map((row) => [row.item, row]))

// Why models are learnt anew: little of one would be left.
const LATER = NOW + 600_000
await compare({
  bench: "recommend",
  case: "rows of a model that are as they were, an order and ten minutes later",
  unit: "%",
  better: "higher",
  ours: () => {
    const later = learn([...baskets, ...baskets.slice(0, 1).map((basket) => ({ ...basket, id: "one more", at: LATER }))], { now: LATER })
    const same = later.items.filter((row) => JSON.stringify(row) === JSON.stringify(byItem.get(row.item)))
    return (100 * same.length) / later.items.length
  },
  peers: {},
  rounds: 1
})
const histories = [...Map.groupBy(baskets, ({ person }) => person).values()].slice(0, 200)

/** The rows that an answer reads, and no others. */
const rowsFor = (history: ReadonlyArray<Basket>): Rows => ({
  items: new Map(
    seeds(history, NOW, model.settings)
      .flatMap((item) => byItem.get(item) ?? [])
      .map((row) => [row.item, row])
  ),
  popular: model.popular[0],
  settings: model.settings
})

const asked = histories.map((history) => ({ history, rows: rowsFor(history) }))

await compare({
  bench: "recommend",
  case: "for one person, rows at hand",
  unit: "ms",
  better: "lower",
  ours: async () => {
    const all = await millisOf(() => {
      for (const { history, rows: known } of asked) forYou(known, history, { now: NOW, limit: 10, repeats: "both" })
    })
    return all / asked.length
  },
  peers: {}
})

const size = isLong ? 1_500 : 400
const gram = Matrix.eye(size, size).mul(50)
for (let row = 0; row < size; row++) {
  for (let column = 0; column <= row; column++) {
    const shared = next() < 0.2 ? 1 : 0
    if (row !== column) gram.set(row, column, shared).set(column, row, shared)
    else gram.set(row, row, 50 + size)
  }
}

const swept = () => {
  const matrix = symmetric(size)
  for (let row = 0; row < size; row++)
    for (let column = 0; column <= row; column++) matrix.values[row * matrix.stride + column] = gram.get(row, column)
  atOnce(negateInverse(matrix))
}

await compare({
  bench: "recommend",
  case: `inverse of a Gram matrix of ${size} items`,
  unit: "ms",
  better: "lower",
  ours: () => millisOf(swept),
  peers: {
    "ml-matrix, Cholesky": () => millisOf(() => new CholeskyDecomposition(gram).solve(Matrix.eye(size, size))),
    "ml-matrix, LU": () => millisOf(() => inverse(gram))
  },
  rounds: 3
})
