import { compareScores, intervalOf, npsOf, tally, varianceOf, waldInterval, weightedScore, zOf, normalBelow } from "@omni/nps"
import fc from "fast-check"
import { assert, it } from "vitest"

const scores = fc.array(fc.oneof({ weight: 9, arbitrary: fc.integer({ min: 0, max: 10 }) }, fc.constantFrom(-1, 11, 4.5, Number.NaN)), {
  minLength: 1,
  maxLength: 300
})
const answered = scores.filter((all) => tally(all).excluded < all.length)

/** The score as a survey's first spreadsheet has it: a column of 100, 0 and −100, its mean and its variance. */
const naive = (all: ReadonlyArray<number>) => {
  const column = all
    .filter((score) => Number.isInteger(score) && score >= 0 && score <= 10)
    .map((score) => (score > 8 ? 100 : score < 7 ? -100 : 0))
  const mean = column.reduce<number>((sum, value) => sum + value, 0) / column.length
  const variance = column.reduce<number>((sum, value) => sum + (value - mean) ** 2, 0) / column.length
  return { mean, variance, error: Math.sqrt(variance / column.length) }
}

it("is the mean of a column of 100, 0 and -100, in any order", () => {
  fc.assert(
    fc.property(answered, (all) => {
      const counts = tally(all)
      const { error, mean, variance } = naive(all)
      assert.closeTo(npsOf(counts), mean, 1e-9)
      assert.closeTo(varianceOf(counts) * 10_000, variance, 1e-6)
      assert.closeTo(waldInterval(counts).standardError, error, 1e-6)
      assert.deepEqual(tally(all.toReversed()), counts)
      const weighted = weightedScore(all.map((score) => ({ score, weight: 1 })))
      assert.closeTo(weighted.score, mean, 1e-9)
      assert.closeTo(weighted.standardError, error, 1e-6)
    })
  )
})

it("mirrors: promoters for detractors turn the interval round", () => {
  fc.assert(
    fc.property(answered, fc.constantFrom(0.8, 0.95, 0.99), (all, confidence) => {
      const { detractors, passives, promoters } = tally(all)
      const there = intervalOf({ promoters, passives, detractors }, { confidence })
      const back = intervalOf({ promoters: detractors, passives, detractors: promoters }, { confidence })
      assert.closeTo(there.score, 0 - back.score, 1e-9)
      assert.closeTo(there.low, 0 - back.high, 1e-9)
      assert.isTrue(-100 <= there.low && there.low < there.high && there.high <= 100)
    })
  )
})

it("grows surer with more of the same answers, and wider with more confidence", () => {
  fc.assert(
    fc.property(answered, fc.integer({ min: 2, max: 50 }), (all, times) => {
      const { detractors, passives, promoters } = tally(all)
      const more = { promoters: promoters * times, passives: passives * times, detractors: detractors * times }
      const few = intervalOf({ promoters, passives, detractors })
      assert.isBelow(intervalOf(more).margin, few.margin)
      assert.isAbove(intervalOf({ promoters, passives, detractors }, { confidence: 0.99 }).margin, few.margin)
      assert.closeTo(compareScores(more, more).p, 1, 1e-12)
    })
  )
})

it("turns the normal distribution round and back", () => {
  fc.assert(
    fc.property(fc.double({ min: 1e-6, max: 1 - 1e-6, noNaN: true }), (confidence) => {
      const z = zOf(confidence)
      assert.closeTo(normalBelow(z) - normalBelow(-z), confidence, 1e-13)
    })
  )
})
