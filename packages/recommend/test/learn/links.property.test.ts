import { countsOf, learn, type Settings, settingsOf } from "@omni/recommend"
import fc from "fast-check"
import { assert, it } from "vitest"

import { linksOf } from "../../src/learn/links.ts"
import { atOnce } from "../../src/learn/steps.ts"
import { tableOf } from "../../src/learn/table.ts"
import { NOW, someBaskets } from "./baskets.ts"

const learnt = (baskets: Parameters<typeof countsOf>[0], changed: Partial<Settings> & { readonly ridge: number }) => {
  const settings = { ...settingsOf(changed), ridge: changed.ridge }
  const table = atOnce(tableOf(countsOf(baskets, settings), NOW))
  const links = atOnce(linksOf(table, settings))
  const size = table.items.length
  const rows = Array.from({ length: size }, (_, item) => {
    const row = new Float64Array(size)
    links.write(item, row)
    return row
  })
  /** The Gram matrix around the means, straight from its definition. */
  const matrix = table.persons.map(({ items, strengths }) => {
    const row = Array.from(links.means, (mean) => -mean)
    items.forEach((item, at) => (row[item] = row[item]! + strengths[at]!))
    return row
  })
  const gram = (left: number, right: number): number => matrix.reduce((sum, row) => sum + row[left]! * row[right]!, 0)
  return { table, links, rows, gram, size }
}

it("is the ridge regression of each item on all others: no weight could be moved for the better", () => {
  fc.assert(
    fc.property(someBaskets, fc.integer({ min: 1, max: 50 }), (baskets, ridge) => {
      const { gram, rows, size } = learnt(baskets, { ridge })
      for (let i = 0; i < size; i++) {
        for (let j = 0; j < size; j++) {
          if (i === j) assert.equal(rows[i]![i], 0)
          else {
            const predicted = rows.reduce((sum, row, k) => sum + gram(j, k) * row[i]!, 0)
            assert.closeTo(predicted + ridge * rows[j]![i]!, gram(j, i), 1e-8)
          }
        }
      }
    })
  )
})

it("expects on average what is there: bases and links at the means give the shares, also where neighbours were cut off", () => {
  fc.assert(
    fc.property(someBaskets, fc.integer({ min: 1, max: 8 }), (baskets, neighbours) => {
      const { items, popular } = learn(baskets, { now: NOW, settings: { neighbours, trendPrior: 1e15, ridge: 2 } })
      const [everybody] = popular
      const orders = baskets.filter(({ kind }) => kind === "order")
      const perPerson = Math.max(1, orders.length) / Math.max(1, new Set(orders.map(({ id, person }) => person ?? id)).size)
      const shares = new Map(everybody?.items.map((item, at) => [item, (everybody.weights[at] ?? 0) * perPerson]))
      everybody?.items.forEach((item, at) => {
        const links = items.reduce((sum, row) => sum + (shares.get(row.item) ?? 0) * (row.weights[row.items.indexOf(item)] ?? 0), 0)
        assert.closeTo((everybody.bases?.[at] ?? 0) + links, everybody.weights[at] ?? 0, 1e-3)
      })
    })
  )
})

it("gives items beyond the dense ones the first order of the same", () => {
  fc.assert(
    fc.property(someBaskets, (baskets) => {
      const ridge = 10
      const { gram, rows, size, table } = learnt(baskets, { ridge, dense: 0 })
      const both = (left: number, right: number) => table.persons.some(({ items }) => items.includes(left) && items.includes(right))
      for (let j = 0; j < size; j++) {
        const norm = table.persons.reduce((sum, { items, strengths }) => sum + (strengths[items.indexOf(j)] ?? 0) ** 2, ridge)
        for (let i = 0; i < size; i++) if (i !== j && both(j, i)) assert.closeTo(rows[j]![i]!, gram(j, i) / norm, 1e-9)
      }
    })
  )
})
