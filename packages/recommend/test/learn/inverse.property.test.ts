import fc from "fast-check"
import { assert, it } from "vitest"

import { entry, negateInverse, symmetric } from "../../src/learn/inverse.ts"
import { atOnce } from "../../src/learn/steps.ts"

/** A positive definite matrix of a size: the Gram matrix of some small integers, with a ridge. */
const matrices = fc.integer({ min: 1, max: 150 }).chain((size) =>
  fc.record({
    size: fc.constant(size),
    columns: fc.array(fc.array(fc.integer({ min: -2, max: 2 }), { minLength: size, maxLength: size }), { minLength: 1, maxLength: 5 }),
    ridge: fc.integer({ min: 1, max: 20 })
  })
)

it("gives the negative of the inverse, for sizes that fill blocks and tiles and for those that do not", () => {
  fc.assert(
    fc.property(matrices, ({ columns, ridge, size }) => {
      const matrix = symmetric(size)
      const before = Array.from({ length: size }, (_, row) =>
        Array.from({ length: size }, (_, column) => {
          const product = columns.reduce((sum, values) => sum + values[row]! * values[column]!, 0)
          return product + (row === column ? ridge : 0)
        })
      )
      before.forEach((values, row) => matrix.values.set(values.slice(0, row + 1), row * matrix.stride))
      atOnce(negateInverse(matrix))
      let worst = 0
      before.forEach((values, row) => {
        for (let column = 0; column < size; column++) {
          const product = values.reduce((sum, value, at) => sum - value * entry(matrix, at, column), 0)
          worst = Math.max(worst, Math.abs(product - (row === column ? 1 : 0)))
        }
      })
      assert.isBelow(worst, 1e-9)
    }),
    { numRuns: 30 }
  )
})
