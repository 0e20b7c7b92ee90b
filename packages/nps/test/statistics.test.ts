import {
  compareScores,
  EmptySample,
  intervalOf,
  InvalidStatistic,
  kindOf,
  normalBelow,
  npsOf,
  postStratified,
  sampleSize,
  standardErrorOf,
  tally,
  varianceOf,
  waldInterval,
  weightedScore,
  zOf
} from "@omni/nps"
import { assert, it } from "vitest"

const counts = (promoters: number, passives: number, detractors: number) => ({ promoters, passives, detractors })

it("has the figures that are published", () => {
  assert.equal(npsOf(counts(10, 5, 5)), 25)
  assert.closeTo(npsOf(counts(3, 2, 1)) / 100, 1 / 3, 1e-12)
  assert.closeTo(varianceOf(counts(3, 2, 1)), 5 / 9, 1e-12)
  assert.closeTo(standardErrorOf(counts(3, 2, 1)) / 100, 0.304, 5e-4)
  assert.closeTo(standardErrorOf(counts(1, 1, 1)) / 100, 0.471, 5e-4)
  assert.closeTo(standardErrorOf(counts(1, 0, 1)) / 100, 0.707, 5e-4)
  const whuber = waldInterval(counts(162, 108, 54))
  assert.closeTo(whuber.standardError, 4.141, 5e-4)
  assert.closeTo(whuber.margin, 8.116, 5e-4)
})

it("counts the covariance of promoters and detractors, which makes the interval wider", () => {
  const { margin, score } = waldInterval(counts(250, 675, 75))
  assert.equal(score, 17.5)
  assert.closeTo(margin, 3.363, 5e-4)
})

it("is unsure also when all agree", () => {
  const wald = waldInterval(counts(10, 0, 0))
  assert.deepEqual([wald.low, wald.high], [100, 100])
  const { high, low, score } = intervalOf(counts(10, 0, 0))
  assert.deepEqual([score, high], [100, 100])
  assert.closeTo(low, 47.5, 0.05)
})

it("keeps the promise of 95 % for shares of .6 and .1, by exact enumeration", () => {
  const coverage = (n: number): number => {
    const logs = [0]
    for (let k = 1; k <= n; k++) logs[k] = (logs[k - 1] ?? 0) + Math.log(k)
    const log = (k: number): number => logs[k] ?? 0
    let covered = 0
    for (let p = 0; p <= n; p++) {
      for (let d = 0; p + d <= n; d++) {
        const { high, low } = intervalOf(counts(p, n - p - d, d))
        const chance = Math.exp(
          log(n) - log(p) - log(d) - log(n - p - d) + p * Math.log(0.6) + d * Math.log(0.1) + (n - p - d) * Math.log(0.3)
        )
        if (low <= 50 && 50 <= high) covered += chance
      }
    }
    return covered
  }
  assert.closeTo(coverage(10), 0.947, 5e-4)
  assert.closeTo(coverage(30), 0.95, 5e-4)
  assert.closeTo(coverage(100), 0.951, 5e-4)
})

it("says how many to ask", () => {
  assert.deepEqual([sampleSize(10), sampleSize(5)], [385, 1537])
  assert.deepEqual([sampleSize(10, { variance: 0.67 }), sampleSize(5, { variance: 0.67 })], [258, 1030])
  const n = sampleSize(10, { population: 1000 })
  assert.equal(n, 278)
  assert.isAtMost(waldInterval(counts(n / 2, 0, n / 2), { population: 1000 }).margin, 10)
  assert.equal(sampleSize(1, { population: 50 }), 50)
  assert.throws(() => sampleSize(0), InvalidStatistic)
})

it("knows the normal distribution", () => {
  assert.closeTo(zOf(0.95), 1.959963984540054, 1e-14)
  assert.closeTo(zOf(0.9), 1.6448536269514722, 1e-14)
  assert.closeTo(zOf(0.99), 2.5758293035489004, 1e-13)
  assert.closeTo(zOf(0.999999), 4.891638475698, 1e-9)
  assert.closeTo(normalBelow(1), 0.8413447460685429, 1e-15)
  assert.deepEqual([normalBelow(0), normalBelow(-40), normalBelow(40)], [0.5, 0, 1])
  for (const confidence of [0, 1, -1, Number.NaN]) assert.throws(() => zOf(confidence), InvalidStatistic)
})

it("tells noise from a difference", () => {
  const noise = compareScores(counts(100, 60, 40), counts(90, 70, 40))
  assert.equal(noise.difference, 5)
  assert.isAbove(noise.p, 0.4)
  const real = compareScores(counts(1000, 600, 400), counts(700, 600, 700))
  assert.isBelow(real.p, 1e-6)
  assert.deepEqual(compareScores(counts(1, 2, 3), counts(1, 2, 3)), { difference: 0, z: 0, p: 1 })
})

it("asks a finite population: everybody leaves no error", () => {
  assert.equal(standardErrorOf(counts(50, 0, 50), 100), 0)
  assert.closeTo(standardErrorOf(counts(25, 0, 25), 101), 100 * Math.sqrt(1 / 50) * Math.sqrt(51 / 100), 1e-12)
  assert.equal(standardErrorOf(counts(1, 0, 0), 1), 0)
  assert.throws(() => standardErrorOf(counts(50, 0, 50), 99), InvalidStatistic)
})

it("weighs answers and groups", () => {
  const even = weightedScore([9, 10, 8, 3, 42].map((score) => ({ score, weight: 2 })))
  assert.deepEqual([even.score, even.n], [npsOf(counts(2, 1, 1)), 4])
  assert.closeTo(even.standardError, standardErrorOf(counts(2, 1, 1)), 1e-12)
  const skewed = weightedScore([
    { score: 10, weight: 3 },
    { score: 0, weight: 1 }
  ])
  assert.deepEqual([skewed.score, skewed.n], [50, 1.6])
  const groups = postStratified([
    { share: 3, counts: counts(10, 0, 10) },
    { share: 1, counts: counts(10, 0, 0) }
  ])
  assert.equal(groups.score, 25)
  assert.closeTo(groups.standardError, 100 * 0.75 * Math.sqrt(1 / 20), 1e-12)
  assert.throws(() => weightedScore([{ score: 3, weight: -1 }]), InvalidStatistic)
  assert.throws(() => weightedScore([{ score: 3, weight: 0 }]), EmptySample)
  assert.throws(() => postStratified([{ share: 0, counts: counts(1, 1, 1) }]), InvalidStatistic)
})

it("leaves out what is no score, and has none of nothing", () => {
  assert.deepEqual(tally([0, 6, 7, 8, 9, 10, -1, 11, 42, 4.5, Number.NaN]), { ...counts(2, 2, 2), excluded: 5 })
  assert.throws(() => npsOf(tally([42])), EmptySample)
  assert.throws(() => npsOf(counts(1, -1, 1)), InvalidStatistic)
  assert.throws(() => npsOf(counts(Number.NaN, 1, 1)), InvalidStatistic)
  assert.throws(() => kindOf(11), InvalidStatistic)
  assert.equal(npsOf(counts(1, 0, 0)), 100)
})
